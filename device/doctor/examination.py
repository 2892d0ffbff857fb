"""The examination: every door is opened, everything else is looked at, all at once.

Rules: the doors are opened for real, as the program opens them, and what they report is the finding. Where a unit runs,
its doors are left to it and a centre is only knocked at: a second connection of the same name would throw it out. No
answer in time is a fault.
"""

import platform
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from device import app
from device.config import ConfigError, Settings, read_settings
from device.core import events as ev
from device.core.effects import Effect, Indicate, Light, Prompt, Speak
from device.doctor import sound
from device.doctor.finding import Check, Finding, attention, fault, ok
from device.ports import Adapter, AdapterError, PermanentAdapterError
from device.wire.vocabulary import ClockQuality

LONGEST_S = 9.0
"""Everything together takes no longer."""
KNOCK_S = 5.0
LISTEN_S = 1.5
"""How long a door is listened to: it reports from threads of its own."""
LITTLE_DISK_MB = 200.0
HOT_C = 75.0


def examine(config: Path, substitutes: app.Substitutes = app.THE_REAL_HOME) -> list[Finding]:
    """Look at everything; return what was found, in the order of the list below."""
    machine = f"{platform.system()} {platform.release()} {platform.machine()}"
    versions = ok("versions", f"poga {app.software_version()}, Python {platform.python_version()}, {machine}")
    try:
        settings = read_settings(config)
        program = app.build(settings, substitutes)
    except ConfigError as error:
        return [versions, fault("settings", str(error))]
    names = [trigger.id for trigger in settings.triggers]
    told = ok("settings", f"{config}: unit {settings.unit_id}, triggers {', '.join(names)}")
    signs_in = program.is_alone() and program.lifetime.has_folder
    checks: dict[str, Check] = {
        "data folder": partial(_data_folder, settings.data_dir),
        **_doors(settings, program),
        "words": sound.of_words,
        "sound cards": sound.of_sound_cards,
        **{
            f"centre {number + 1}": partial(_centre, settings, number, signs_in)
            for number in range(len(settings.centres))
        },
        "clock": partial(_clock, program),
    }
    try:
        return [versions, told, *_all_at_once(checks, LONGEST_S)]
    finally:
        program.lifetime.end()


def _all_at_once(checks: dict[str, Check], longest_s: float) -> Iterator[Finding]:
    """Do the checks beside each other; one that hangs holds up nobody."""
    found: dict[str, list[Finding]] = {}

    def do(subject: str, check: Check) -> None:
        try:
            found[subject] = list(check())
        except (OSError, ValueError, AdapterError) as error:
            found[subject] = [fault(subject, f"{type(error).__name__}: {error}")]

    threads = [threading.Thread(target=do, args=item, daemon=True) for item in checks.items()]
    for thread in threads:
        thread.start()
    ends_s = time.monotonic() + longest_s
    for thread in threads:
        thread.join(max(0.0, ends_s - time.monotonic()))
    for subject in checks:
        yield from found.get(subject) or [fault(subject, f"no answer within {longest_s:g} s")]


# --- the doors ---


def _doors(settings: Settings, program: app.Program) -> dict[str, Check]:
    """Return a check for each door, unless a running unit has them open."""
    if not program.is_alone():
        seen = "a unit runs here; its buttons, light, loudspeaker, microphone and outbox are its own"
        return {
            "doors": lambda: [ok("doors", seen, "its log tells of them: journalctl -u poga-device")],
            "voice": partial(sound.of_voice, settings, None),
        }
    by_name = {adapter.name: adapter for adapter in program.adapters}
    effects: dict[str, tuple[Effect, ...]] = {
        "outbox": (),
        "triggers": (),
        "indicators": (Indicate(Light.DOUBLE_BLINK),),
        "prompts": (Speak(Prompt.READY),),
        "power": (),
        "health": (),
    }
    doors: dict[str, Check] = {
        name: partial(_door, by_name[name], acts) for name, acts in effects.items() if name in by_name
    }
    # One after the other: a sound card often bears only one of them.
    doors["prompts"] = partial(_in_turn, doors["prompts"], partial(sound.of_voice, settings, program.voice))
    return doors


def _in_turn(*checks: Check) -> Iterator[Finding]:
    for check in checks:
        yield from check()


def _door(adapter: Adapter, acts: tuple[Effect, ...]) -> Iterator[Finding]:
    """Open a door, have it act, listen to it, close it."""
    heard: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
    try:
        adapter.start(heard.put)
        for effect in acts:
            adapter.perform(effect)
        time.sleep(LISTEN_S)
    except AdapterError as error:
        yield fault(adapter.name, str(error))
        return
    finally:
        adapter.stop()
    events = [heard.get() for _ in range(heard.qsize())]
    findings = [finding for event in events for finding in _meaning(adapter.name, event)]
    yield from findings or [ok(adapter.name, "opened, nothing to complain of")]


def _meaning(name: str, event: ev.Event) -> Iterator[Finding]:
    match event:
        case ev.AdapterFailed(reason=reason) | ev.OutboxFailed(reason=reason):
            yield fault(name, reason)
        case ev.OutboxRead(depth):
            yield ok(name, f"{depth} messages wait for the centre")
        case ev.TriggerFoundActive(trigger_id):
            remedy = "let go of it; where nobody holds it, look at its wire and at the setting `contact`"
            yield attention(name, f"{trigger_id} is held", remedy)
        case ev.PowerRead(mains=True):
            yield ok(name, "the mains are there")
        case ev.PowerRead(mains=mains):
            seen = "it cannot be known whether the mains are there" if mains is None else "the unit runs on its battery"
            yield attention(name, seen, "look at the plug and at the setting `mains_pin`")
        case ev.HealthRead(temperature_c=celsius):
            seen = "temperature not known" if celsius is None else f"{celsius:.0f} °C"
            is_hot = celsius is not None and celsius > HOT_C
            yield attention(name, seen, "give the unit air") if is_hot else ok(name, seen)
        case _:
            pass


# --- what is no door ---


def _data_folder(folder: Path) -> Iterator[Finding]:
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(b"poga")
            file.flush()
    except OSError as error:
        remedy = "alarms would be kept in memory only; give the program's user a folder it can write to"
        yield fault("data folder", f"{folder} cannot be written: {error.strerror}", remedy)
        return
    free_mb = shutil.disk_usage(folder).free / 1e6
    seen = f"{folder}: {free_mb:,.0f} MB free"
    yield ok("data folder", seen) if free_mb > LITTLE_DISK_MB else attention("data folder", seen, "make room")


def _centre(settings: Settings, number: int, signs_in: bool) -> Iterator[Finding]:
    centre, subject = settings.centres[number], f"centre {number + 1}"
    began_s = time.monotonic()
    try:
        met = app.visit(settings, number, KNOCK_S, signs_in=signs_in)
    except PermanentAdapterError as error:
        yield fault(subject, f"{centre.host}:{centre.port}: {error}")
        return
    except (OSError, AdapterError) as error:
        remedy = "look at the cable, the router and the address; if they are right, ask the centre"
        yield fault(subject, f"{centre.host}:{centre.port} cannot be reached: {error}", remedy)
        return
    seen = f"{centre.host}:{centre.port} answers after {(time.monotonic() - began_s) * 1000:.0f} ms, {met}"
    untried = "" if signs_in else "the password was not tried: that would throw a running unit out"
    if centre.tls:
        yield ok(subject, seen, untried)
    else:
        yield attention(subject, seen, "; ".join(filter(None, (untried, "set `tls` unless it is this machine"))))


def _clock(program: app.Program) -> Iterator[Finding]:
    moment = program.clock()
    shown = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(moment.wall_s))
    if moment.clock is ClockQuality.NETWORK:
        yield ok("clock", f"{shown}, kept right by a time service")
    else:
        seen = f"{shown}, {'never set' if moment.clock is ClockQuality.UNSET else 'not kept right by a time service'}"
        yield attention("clock", seen, "alarms go out all the same; `timedatectl` tells why")
