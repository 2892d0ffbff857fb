"""Messages, and ears for what an outbox reports, for the tests of this folder and the programs they start."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from device.core.events import Event
from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import AlarmJoined, AlarmRaised, Body, FaultRestored, MessageKey, TriggerInfo, WallTime
from device.wire.vocabulary import ClockQuality, Rung, Urgency

EPOCH = "00000000000000aa"
BOOT = "a-boot"
DEADLINE_S = 60.0
"""Long enough for the slowest machine; nothing here is a promise about speed."""
TRIGGER = TriggerInfo(trigger_id="sos", name="Living room", device_type="0004", location_code="043")
E_ = TypeVar("E_")


def key(seq: int, epoch: str = EPOCH) -> MessageKey:
    return MessageKey(epoch=epoch, seq=seq)


def message(
    seq: int,
    body: Body,
    urgency: Urgency = Urgency.EVENT,
    mono_s: float = 100.0,
    boot_id: str = BOOT,
    wall: WallTime | None = None,
) -> Outgoing:
    return Outgoing(key(seq), urgency, body, mono_s, boot_id, wall or WallTime(unix_s=0.0, quality=ClockQuality.UNSET))


def alarm(seq: int) -> Outgoing:
    return message(seq, AlarmRaised(trigger=TRIGGER, status_code="0010"), Urgency.ALARM)


def joined(seq: int) -> Outgoing:
    return message(seq, AlarmJoined(alarm=key(1), trigger=TRIGGER, status_code="0010"), Urgency.ALARM)


def event(seq: int, mono_s: float = 100.0, boot_id: str = BOOT, wall: WallTime | None = None) -> Outgoing:
    return message(seq, FaultRestored(fault="path_lost", status_code="0112"), Urgency.EVENT, mono_s, boot_id, wall)


def record(seq: int, rung: Rung | None = Rung.RAISED) -> AlarmRecord:
    return AlarmRecord(key(seq), rung, "sos")


def seqs(messages: tuple[Outgoing, ...]) -> list[int]:
    return [one.key.seq for one in messages]


class Ears:
    """Hears what is reported, from any thread."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self._lock = threading.Condition()

    def report(self, event: Event) -> None:
        with self._lock:
            self.heard.append(event)
            self._lock.notify_all()

    def all_of(self, kind: type[E_]) -> list[E_]:
        with self._lock:
            return [one for one in self.heard if isinstance(one, kind)]

    def wait_for(self, kind: type[E_], is_it: Callable[[E_], bool] = lambda _: True) -> E_:
        """Return the first event of a kind that `is_it`, when it has come."""

        def found() -> E_ | None:
            return next((one for one in self.heard if isinstance(one, kind) and is_it(one)), None)

        with self._lock:
            if not self._lock.wait_for(lambda: found() is not None, timeout=DEADLINE_S):
                raise AssertionError(f"no {kind.__name__} within {DEADLINE_S:g} s, only {self.heard}")
            one = found()
        assert one is not None
        return one


class Beats:
    """Counts the pulse."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def beat(self, part: str) -> None:
        self.parts.append(part)


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + DEADLINE_S
    while not is_so():
        if time.monotonic() > give_up_at:
            raise AssertionError(f"not within {DEADLINE_S:g} s: {what}")
        time.sleep(0.01)
