"""The stage of the demo: a centre with invented clients, a real broker, and one process a virtual home.

Rules: everything lives in one temporary folder and ends with the program; only loopback is listened on.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from device.voice.client import engine_problem
from device.voice.messages import Protocol
from hub import app
from hub.adapters.enrolled import enrol
from hub.adapters.store import open_store
from hub.config import BrokerSettings, ConsoleSettings, Settings, VoiceSettings
from hub.console.passwords import Passwords
from hub.core.records import Operator
from hub.demo import invented

OPERATOR = "demo"
USUAL_PORT = 8080
READY_WITHIN_S = 60.0
TURN_S = 0.02
END_WITHIN_S = 10.0


class StageError(Exception):
    """The demo could not be set up; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the demo is to show."""

    units: int = 1
    language: str = "en"
    opens_browser: bool = False


@dataclass(frozen=True, slots=True)
class VirtualHome:
    """A running virtual home."""

    unit_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A running centre with its homes. `why_silent` says why nobody can speak here, where it is so."""

    console_url: str
    operator: str
    password: str
    homes: tuple[VirtualHome, ...]
    why_silent: str = ""


@contextlib.contextmanager
def staged(choice: Choice, console_port: int = 0) -> Iterator[Stage]:
    """Set everything up; take it down at the end. Raises StageError, AdapterError."""
    logging.basicConfig(level=logging.ERROR)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="poga-demo-")))
        settings = Settings(
            name="Poga demo",
            data_dir=folder / "centre",
            broker=BrokerSettings(port=0),
            console=ConsoleSettings(port=console_port),
            voice=VoiceSettings(port=0, protocols=(Protocol.UDP,)),  # no trunk: no telephone can be called from here
        )
        password = f"demo-{secrets.token_hex(4)}"
        _write_register(settings, choice, password)
        program = app.build(settings)
        stack.enter_context(_running(program))
        why_silent = _await_voice(program)
        homes = [
            stack.enter_context(_virtual_home(folder, program, choice, number)) for number in range(1, choice.units + 1)
        ]
        yield Stage(program.console.url, OPERATOR, password, tuple(homes), why_silent)


def usual_port() -> int:
    """Return the console's usual port where it is free, else 0."""
    try:
        with socket.create_server(("127.0.0.1", USUAL_PORT)):
            return USUAL_PORT
    except OSError:
        return 0


def _write_register(settings: Settings, choice: Choice, password: str) -> None:
    store = open_store(settings.data_dir / app.STORE)
    try:
        hashed = asyncio.run(Passwords().hash(password))
        operator = Operator(OPERATOR, hashed, role="administrator", language=choice.language)
        store.main.save([operator, *invented.homes(choice.units)])
    finally:
        store.close()


@contextlib.contextmanager
def _running(program: app.Program) -> Iterator[None]:
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            program.run()
        except BaseException as error:  # noqa: BLE001 - told to who waits below
            trouble.append(error)

    thread = threading.Thread(target=run, name="centre")
    thread.start()
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not program.is_ready:
            if trouble:
                raise trouble[0]
            if time.monotonic() > deadline:
                raise StageError("the centre is not ready after a minute; `poga-hub doctor` looks for the reason")
            time.sleep(TURN_S)
        yield
    finally:
        program.stop()
        thread.join(END_WITHIN_S)


def _await_voice(program: app.Program) -> str:
    """Return when calls can come; or, why they never will."""
    if problem := engine_problem():
        return problem
    deadline = time.monotonic() + READY_WITHIN_S
    while not (program.voice and program.voice.is_ready):
        if time.monotonic() > deadline:
            return "the voice engine does not start; `poga-hub doctor` looks for the reason"
        time.sleep(TURN_S)
    return ""


@contextlib.contextmanager
def _virtual_home(folder: Path, program: app.Program, choice: Choice, number: int) -> Iterator[VirtualHome]:
    unit = enrol(app.units_folder(program.settings), invented.unit_id(number))
    home = folder / unit.unit_id
    home.mkdir(mode=0o700)
    secret, ready = home / "password", home / "ready.json"
    secret.touch(mode=0o600)
    secret.write_text(unit.password)
    command = [
        sys.executable, "-m", "device", "simulate",
        "--unit-id", unit.unit_id,
        "--centre", f"127.0.0.1:{program.broker_port}",
        "--password-file", str(secret),
        "--data", str(home / "data"),
        "--language", choice.language,
        "--ready-file", str(ready),
    ]  # fmt: skip
    if program.voice and program.voice.is_running:
        command += ["--call", f"sip:{app.CENTRE_USER}@{program.voice.addresses[0]}"]
    log = (home / "log").open("wb")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
    try:
        yield VirtualHome(unit.unit_id, _address(process, ready, home / "log"))
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_WITHIN_S)
        process.kill()
        log.close()


def _address(process: "subprocess.Popen[bytes]", ready: Path, log: Path) -> str:
    deadline = time.monotonic() + READY_WITHIN_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise StageError(f"a virtual home did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(TURN_S)
    port = json.loads(ready.read_text())["port"]
    return f"http://127.0.0.1:{port}/"
