"""`poga-hub doctor`: what is well and what is not, in words, with what to do. It changes nothing."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from device.voice.client import EngineUnavailableError, probe
from hub import app
from hub.adapters.mosquitto import find_mosquitto
from hub.adapters.relays.apprise import Apprise
from hub.adapters.store import Places, SqliteReader, StoreFromTheFutureError, list_backups
from hub.adapters.store.integrity import Health
from hub.adapters.store.integrity import examine as examine_file
from hub.adapters.voice.adapter import build_of
from hub.config import Settings
from hub.ports import AdapterError
from hub.prompts.spoken import LANGUAGES, SpokenWords

ROOM_BYTES = 500 * 1024**2
BACKUP_AGE_S = 3 * 3600.0
CONNECT_WITHIN_S = 2.0
OLDEST_PYTHON = (3, 11)


class Verdict(StrEnum):
    """How it is."""

    WELL = "ok"
    ATTENTION = "attention"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    what: str
    detail: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after another."""
    yield _versions()
    yield _folder(settings.data_dir)
    yield _store(settings)
    yield _backups(settings)
    yield _broker(settings)
    yield _console(settings)
    yield _voice(settings)
    yield _words()
    yield _relays(settings)
    yield _clock()


def report(findings: Iterator[Finding], say: Callable[[str], None]) -> int:
    """Say every finding; return 1 where one is a fault, else 0."""
    worst = 0
    for finding in findings:
        say(f"{finding.verdict:<9} {finding.what}: {finding.detail}")
        worst |= finding.verdict is Verdict.FAULT
    return int(worst)


def _versions() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    words = f"Poga {app.software_version()}, Python {python}"
    return Finding(Verdict.WELL if sys.version_info >= OLDEST_PYTHON else Verdict.FAULT, "versions", words)


def _folder(folder: Path) -> Finding:
    if not folder.exists():
        return Finding(Verdict.ATTENTION, "data folder", f"{folder} is not there yet; `poga-hub run` makes it")
    free = shutil.disk_usage(folder).free
    words = f"{folder}, {free // 1024**2} MiB free"
    if free < ROOM_BYTES:
        return Finding(Verdict.FAULT, "data folder", f"{words}: make {ROOM_BYTES // 1024**2} MiB free on this disk")
    return Finding(Verdict.WELL, "data folder", words)


def _store(settings: Settings) -> Finding:
    places = Places(settings.data_dir / app.STORE)
    try:
        found = examine_file(places.main)
        if found.health is Health.MISSING:
            return Finding(Verdict.ATTENTION, "store", f"{places.main} is not there yet; `poga-hub run` makes it")
        if found.health is not Health.GOOD:
            words = f"{places.main} is broken ({found.detail}): stop the centre, `poga-hub restore`"
            return Finding(Verdict.FAULT, "store", words)
        with closing(SqliteReader(places)) as reader:
            still_open = len(reader.open_incidents())
    except (StoreFromTheFutureError, AdapterError, OSError) as error:
        return Finding(Verdict.FAULT, "store", str(error))
    return Finding(Verdict.WELL, "store", f"{places.main} is whole; {still_open} incidents are open")


def _backups(settings: Settings) -> Finding:
    backups = list_backups(Places(settings.data_dir / app.STORE))
    if not backups:
        return Finding(Verdict.ATTENTION, "backups", "none yet; the running centre makes one every hour")
    age_s = time.time() - backups[0].made_s
    words = f"{len(backups)}, the newest {age_s / 3600:.1f} h old"
    if age_s > BACKUP_AGE_S:
        return Finding(Verdict.ATTENTION, "backups", f"{words}: is the centre running, and the disk not full?")
    return Finding(Verdict.WELL, "backups", words)


def _broker(settings: Settings) -> Finding:
    wanted = settings.broker
    version = ""
    if wanted.is_embedded:
        try:
            version = f"{find_mosquitto()}, "
        except AdapterError as error:
            return Finding(Verdict.FAULT, "broker", str(error))
    if _answers(wanted.host, wanted.port):
        return Finding(Verdict.WELL, "broker", f"{version}{wanted.host}:{wanted.port} answers")
    remedy = "start the centre: poga-hub run" if wanted.is_embedded else "start that broker, or correct [broker]"
    verdict = Verdict.ATTENTION if wanted.is_embedded else Verdict.FAULT
    return Finding(verdict, "broker", f"{version}nobody answers at {wanted.host}:{wanted.port}: {remedy}")


def _console(settings: Settings) -> Finding:
    wanted = settings.console
    if _answers(wanted.host, wanted.port):
        return Finding(Verdict.WELL, "console", f"{wanted.host}:{wanted.port} answers")
    return Finding(Verdict.ATTENTION, "console", f"nobody answers at {wanted.host}:{wanted.port}: poga-hub run")


def _voice(settings: Settings) -> Finding:
    if not settings.voice.is_on:
        return Finding(Verdict.ATTENTION, "voice", "off: nobody can speak with a client; set voice.is_on")
    try:
        engine = probe()
    except EngineUnavailableError as error:
        return Finding(Verdict.FAULT, "voice", f"{error}; until then nobody can speak with a client")
    if not engine.is_own_build:
        return Finding(Verdict.ATTENTION, "voice", f"{build_of(engine)}: `make pjsua2` builds the one to use")
    return Finding(Verdict.WELL, "voice", build_of(engine))


def _words() -> Finding:
    problems = SpokenWords().problems
    if problems:
        return Finding(Verdict.FAULT, "spoken words", f"{len(problems)} files cannot be played: {problems[0]}")
    missing = [program for program in ("espeak-ng", "sox") if shutil.which(program) is None]
    if missing:
        words = f"texts cannot be read aloud: apt install {' '.join(missing)}"
        return Finding(Verdict.ATTENTION, "spoken words", words)
    return Finding(Verdict.WELL, "spoken words", f"in {', '.join(LANGUAGES)}; texts can be read aloud")


def _relays(settings: Settings) -> Finding:
    count = len(settings.relays.webhooks) + len(settings.relays.apprise)
    for address in settings.relays.apprise:
        way = Apprise(address.get_secret_value())
        try:
            way.check()
        except AdapterError as error:
            return Finding(Verdict.FAULT, "relays", f"{way.name}: {error}")
    if count:
        return Finding(Verdict.WELL, "relays", f"{count} ways out for what nobody attends to")
    words = "none: an alarm that nobody accepts is told to nobody outside; set [relays]"
    return Finding(Verdict.ATTENTION, "relays", words)


def _clock() -> Finding:
    program = shutil.which("timedatectl")
    if program is None:
        return Finding(Verdict.ATTENTION, "clock", "no timedatectl: make sure by other means that the time is right")
    asked = [program, "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
    if answer == "yes":
        return Finding(Verdict.WELL, "clock", "set by the network")
    return Finding(Verdict.ATTENTION, "clock", "not set by the network: records may bear a wrong time")


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), CONNECT_WITHIN_S):
            return True
    except OSError:
        return False
