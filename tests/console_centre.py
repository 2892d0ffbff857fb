"""A centre with the real core, loop, store and console; the broker and the relays are played, and so are the homes.

Everything a test does goes in as an event, as it would from the world; `Room` answers orders as a unit does.
"""

import asyncio
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from device.wire import messages as wire
from device.wire.codec import encode
from device.wire.vocabulary import ClockQuality, CommandOutcome, FaultCode, StatusCode, Urgency
from hub.adapters.store import SqliteReader, open_store
from hub.adapters.voice.absent import NoVoice
from hub.adapters.voice.adapter import Voice
from hub.console import Console, ConsoleSettings
from hub.console.passwords import Passwords
from hub.console.throttle import Guesses
from hub.core import effects as fx
from hub.core import events as ev
from hub.core.centre import ReceivingCentre
from hub.core.moment import Moment
from hub.core.records import Client, Incident, Operator, Premises, Record, Session, Unit
from hub.core.timings import Timings
from hub.ports import Recordings, Report
from hub.runtime import Runtime
from tests.centre_voice import FakeVoice
from tests.waiting import until

EPOCH = "00000000000000aa"
PASSWORD = "rain on tin roofs"
PASSWORD_HASH = asyncio.run(Passwords().hash(PASSWORD))


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat as the store takes it."""

    unit_id: str
    heard_s: float
    payload: bytes


class Rooms:
    """The units: take orders, and do them while `obey` holds."""

    name = "rooms"
    performs: tuple[type[fx.Effect], ...] = (
        fx.SendReceipt,
        fx.Acknowledge,
        fx.SendCommand,
        fx.PublishCentre,
        fx.Relay,
    )

    def __init__(self) -> None:
        self.obey = True
        self.receipts: list[fx.SendReceipt] = []
        self.relayed: list[fx.Relay] = []
        self._report: Report = lambda _: None
        self._seq = 1_000_000

    def start(self, report: Report) -> None:
        self._report = report
        report(ev.BrokerConnected())

    def perform(self, effect: fx.Effect) -> None:
        match effect:
            case fx.SendReceipt():
                self.receipts.append(effect)
            case fx.Relay():
                self.relayed.append(effect)
            case fx.SendCommand() if self.obey:
                self._seq += 1
                body = wire.CommandDone(command_id=effect.command.command_id, outcome=CommandOutcome.DONE)
                message = wire.Message(key=wire.MessageKey(epoch=EPOCH, seq=self._seq), age_s=0.0, body=body)
                self._report(ev.MessageArrived(effect.unit_id, Urgency.EVENT, message))

    def stop(self) -> None:
        self._report = lambda _: None


class Centre:
    """A running centre, and what happens to it."""

    def __init__(
        self,
        folder: Path,
        plan: Timings | None = None,
        voice: FakeVoice | Voice | None = None,
        recordings: Recordings | None = None,
        **settings: object,
    ) -> None:
        self.folder = folder
        self.voice = voice
        self.recordings = recordings
        self.plan = plan or Timings(no_console_after_s=3600.0)
        self.settings = ConsoleSettings(**{"port": 0, **settings})  # type: ignore[arg-type]
        self.rooms = Rooms()
        self.checks = {"loop": True, "store": True, "broker": True}
        self.heard: list[ev.Event] = []
        self._seq = int(time.time() * 1000)

    def start(self) -> "Centre":
        """Start; a second time it is a restart, on the same port."""
        self.store = open_store(self.folder)
        self.console = Console(
            self.settings,
            self.store.reader,
            checks=lambda: self.checks,
            measures=lambda: {"answers_total": 42.0},
            speech=self.voice,
            recordings=self.recordings,
        )
        self.runtime = Runtime(
            ReceivingCentre(self.plan),
            self.store.main,
            [self.rooms, self.voice or NoVoice(), self.console],
            lambda: Moment(time.monotonic(), time.time()),
            lambda: None,
        )
        self.heard = []
        report = self.runtime.report

        def overheard(event: ev.Event) -> None:
            self.heard.append(event)
            report(event)

        self.runtime.report = overheard  # type: ignore[method-assign]
        started = ev.Started(secrets.token_hex(4), self.store.main.load_snapshot())
        self._thread = threading.Thread(target=self.runtime.run, args=(started,), name="centre")
        self._thread.start()
        until(lambda: self.console.is_serving, "the console serves")
        self.settings = replace(self.settings, port=int(self.console.url.rsplit(":", 1)[1]))
        return self

    def stop(self) -> None:
        """End as the program ends."""
        self.runtime.stop()
        self._thread.join(30)
        assert not self._thread.is_alive()
        self.store.close()

    @property
    def url(self) -> str:
        return self.console.url

    @property
    def reader(self) -> SqliteReader:
        return self.store.reader

    def forgive(self) -> None:
        """Forget every wrong try at a password."""
        assert self.console._parts is not None
        self.console._parts.guesses = Guesses()

    # --- the register ---

    def keep(self, *records: Record) -> None:
        """Have records kept, and wait until they are."""
        self.runtime.report(ev.RecordsEdited("", records))
        until(lambda: all(self._has(record) for record in records), "the records are kept")

    def add_home(self, number: int, name: str, address: str, **more: str) -> str:
        """Add an invented home; return its unit."""
        unit_id = f"unit-{number:03}"
        phone = f"+371 2000 {number:04}"
        self.keep(
            Premises(number, address, more.get("key", ""), more.get("place_notes", "")),
            Unit(unit_id, more.get("stands", "hall"), number),
            Client(number, number, name, phone, more.get("language", "lv"), more.get("notes", "")),
        )
        return unit_id

    def add_operator(self, name: str, role: str = "operator", language: str = "en") -> None:
        """Add an operator with the password of the tests."""
        self.keep(Operator(name, PASSWORD_HASH, role, language))

    def session_of(self, name: str, lasts_s: float = 3600.0) -> str:
        """Open a session; return what its cookie holds."""
        token = secrets.token_urlsafe(16)
        now_s = time.time()
        self.keep(Session(hashlib.sha256(token.encode()).hexdigest(), name, now_s, now_s + lasts_s))
        return token

    # --- the homes ---

    def press(self, unit_id: str, trigger: str = "kitchen", age_s: float | None = 0.0) -> Incident:
        """Press a trigger; return the incident once the store has it."""
        self.send_press(unit_id, trigger, age_s)
        until(lambda: self._open(unit_id, "alarm") is not None, "the alarm is open")
        found = self._open(unit_id, "alarm")
        assert found is not None
        return found

    def send_press(self, unit_id: str, trigger: str = "kitchen", age_s: float | None = 0.0) -> None:
        """Press a trigger, whatever becomes of it."""
        info = wire.TriggerInfo(trigger_id="b1", name=trigger, device_type="0004")
        self._send(unit_id, Urgency.ALARM, wire.AlarmRaised(trigger=info, status_code="0010"), age_s)

    def press_again(self, incident: Incident, trigger: str = "bathroom") -> None:
        """Press another trigger of a unit that has an alarm open."""
        info = wire.TriggerInfo(trigger_id="b2", name=trigger, device_type="0004")
        body = wire.AlarmJoined(alarm=incident.alarms[0], trigger=info, status_code="0010")
        self._send(incident.unit_id, Urgency.ALARM, body, 0.0)

    def break_mains(self, unit_id: str) -> None:
        """Take a unit's mains away."""
        self._send(
            unit_id,
            Urgency.EVENT,
            wire.FaultRaised(fault=FaultCode.MAINS_LOST, status_code=StatusCode.MAINS_FAILED, urgent=False),
        )

    def stick(self, unit_id: str, trigger: str) -> None:
        """Let a trigger of a unit be stuck."""
        self._send(
            unit_id,
            Urgency.EVENT,
            wire.FaultRaised(
                fault=FaultCode.TRIGGER_HELD, status_code=StatusCode.FAILURE, urgent=True, subject=trigger
            ),
        )

    def beat(self, unit_id: str, ago_s: float = 0.0, faults: tuple[str, ...] = (), mains: bool = True) -> None:
        """Let a unit say how it is."""
        heartbeat = wire.Heartbeat(
            epoch=EPOCH,
            uptime_s=90_061.0,
            interval_s=30.0,
            software="0.1.0",
            faults=faults,
            paths=(wire.PathHealth(name="line", is_up=True), wire.PathHealth(name="mobile", is_up=True)),
            mains=mains,
            battery_percent=98.0 if mains else 61.0,
            clock=ClockQuality.NETWORK,
        )
        self.store.heartbeats.save([Beat(unit_id, time.time() - ago_s, encode(heartbeat))])

    def trouble(self, adapter: str, reason: str) -> None:
        """Let a part of the centre fail for good."""
        self.runtime.report(ev.AdapterFailed(adapter, "Save", reason, lasting=True))

    def garble(self, unit_id: str, payload: bytes, urgency: Urgency = Urgency.ALARM) -> None:
        """Let something unreadable come in."""
        topic = f"poga/1/{unit_id}/{urgency}"
        self.runtime.report(ev.UnreadableArrived(topic, unit_id, urgency, payload, "not_json", "line 1 column 1"))

    def _send(self, unit_id: str, urgency: Urgency, body: wire.Body, age_s: float | None = 0.0) -> None:
        self._seq += 1
        message = wire.Message(key=wire.MessageKey(epoch=EPOCH, seq=self._seq), age_s=age_s, body=body)
        self.runtime.report(ev.MessageArrived(unit_id, urgency, message))

    def _open(self, unit_id: str, kind: str) -> Incident | None:
        found = self.store.reader.open_incidents()
        return next((one for one in found if one.unit_id == unit_id and one.kind == kind), None)

    def _has(self, record: Record) -> bool:
        reader = self.store.reader
        match record:
            case Operator():
                return reader.operator(record.name) == record
            case Session():
                return reader.session(record.token_hash) is not None
            case Unit():
                return reader.home(record.unit_id) is not None
            case Premises():
                return reader.premises(record.premises_id) is not None
            case Client():
                return reader.client(record.client_id) is not None
            case _:
                return True


@contextmanager
def running(folder: Path, plan: Timings | None = None, **more: Any) -> Iterator[Centre]:
    """Run a centre for as long as it is needed; more is for `Centre`."""
    centre = Centre(folder, plan, **more).start()
    try:
        yield centre
    finally:
        centre.stop()
