"""The outbox's door: what the runtime's thread sees of it.

Rules: an alarm waits for its commit, but never long: where the disk does not answer in time the act fails, the core
keeps the message in memory, and a commit that comes late is welcome: a key is stored once. Every `Store` that failed
is followed by `OutboxRecovered` when the disk takes messages again. To forget needs no waiting: what is sent once too
often is only a duplicate.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from device.adapters.outbox.file import OutboxFile
from device.adapters.outbox.limits import Limits
from device.adapters.outbox.troubles import Trouble
from device.adapters.outbox.writer import UnusableError, Writer
from device.core.effects import Effect, Forget, LoadWaiting, SaveAlarm, Store
from device.core.events import Event, OutboxTrimmed
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.timings import WINDOW
from device.ports import PermanentAdapterError, Pulse, Report, TransientAdapterError

log = logging.getLogger(__name__)

DEFAULTS = Limits()
EARLY_REPORTS = 100
"""Events kept for the runtime until it opens the door."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What earlier lives of the program left: all alarms, then the oldest events; `more` wait on disk."""

    waiting: tuple[Outgoing, ...] = ()
    more: bool = False
    open_alarm: AlarmRecord | None = None


class Outbox:
    """Keeps messages until their receipt, and the open alarm, across power cuts."""

    name = "outbox"
    performs: tuple[type[Effect], ...] = (Store, Forget, SaveAlarm, LoadWaiting)

    def __init__(self, path: Path, pulse: Pulse, limits: Limits = DEFAULTS) -> None:
        """Name the file; it is opened by `load` or `start`, whichever comes first."""
        self._limits = limits
        self._writer = Writer(path, pulse, limits, self._tell)
        self._early: deque[Event] = deque(maxlen=EARLY_REPORTS)
        self._report: Report = self._early.append
        self._lock = threading.Lock()
        self._is_stopped = False

    def load(self) -> Loaded:
        """Return what waits, before the runtime starts; nothing, where the file cannot be read in time.

        What could not be read now is reported as `WaitingLoaded` when it can be.
        """
        self._writer.start()
        try:
            return self._writer.submit(self._load).result(timeout=self._limits.load_patience_s)
        except UnusableError as error:
            log.error("the program starts without what waits: %s", error)
        except TimeoutError:
            self._writer.troubles.begin(Trouble.STALLED, _hanging(self._limits.load_patience_s))
            self._writer.owe_load(WINDOW)
        return Loaded()

    def start(self, report: Report) -> None:
        """Report from now on, and what happened until now."""
        with self._lock:
            self._report = report
            while self._early:
                report(self._early.popleft())
        self._writer.start()

    def perform(self, effect: Effect) -> None:
        """Do it; `Store` and `SaveAlarm` are on disk afterwards. Raises AdapterError."""
        if self._is_stopped:
            raise PermanentAdapterError("the outbox is closed")
        match effect:
            case Store():
                self._wait_for(lambda file: self._store(file, effect))
            case SaveAlarm(record):
                self._wait_for(lambda file: file.save_alarm(record))
            case Forget(keys):
                self._submit(lambda file: file.forget(keys))
            case LoadWaiting(limit):
                self._writer.owe_load(limit)
            case _:
                raise PermanentAdapterError(f"{type(effect).__name__} is not for the outbox")

    def stop(self) -> None:
        """Finish what waits and close the file."""
        self._is_stopped = True
        self._writer.stop()
        with self._lock:
            self._report = _tell_nobody

    def _submit(self, work: Callable[[OutboxFile], object]) -> Future[object]:
        try:
            return self._writer.submit(work)
        except UnusableError as error:
            self._writer.troubles.begin(Trouble.STALLED, str(error))
            raise TransientAdapterError(str(error)) from error

    def _wait_for(self, work: Callable[[OutboxFile], object]) -> None:
        done = self._submit(work)
        is_held_up = self._writer.troubles.hold_up()
        try:
            done.result(timeout=0 if is_held_up else self._limits.patience_s)
        except UnusableError as error:
            raise TransientAdapterError(str(error)) from error
        except TimeoutError:
            reason = _hanging(self._limits.patience_s)
            if not is_held_up:
                self._writer.troubles.begin(Trouble.STALLED, reason)
            raise TransientAdapterError(reason) from None

    def _store(self, file: OutboxFile, effect: Store) -> None:
        trimmed = file.store(effect.message, effect.opens)
        if trimmed:
            self._tell(OutboxTrimmed(trimmed))

    def _load(self, file: OutboxFile) -> Loaded:
        waiting = file.waiting(WINDOW)
        if waiting.lost:
            self._tell(OutboxTrimmed(waiting.lost))
        return Loaded(waiting.messages, waiting.more, file.open_alarm())

    def _tell(self, event: Event) -> None:
        with self._lock:
            self._report(event)


def _hanging(patience_s: float) -> str:
    return f"the disk did not answer within {patience_s:g} s"


def _tell_nobody(event: Event) -> None:
    log.debug("not reported, the outbox is closed: %r", event)
