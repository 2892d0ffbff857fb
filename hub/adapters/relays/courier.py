"""Takes notices to one way, on a thread of its own: alarms first, each tried again with longer and longer pauses.

Rules: what waits is bounded, the tries are bounded, and every notice ends in exactly one `RelayDone`, unless the centre
stops before. A way that hangs holds up nobody but itself.
"""

import itertools
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from hub.adapters.relays.notice import Notice
from hub.adapters.relays.way import Way
from hub.core.events import RelayDone
from hub.ports import PermanentAdapterError, Report, TransientAdapterError

log = logging.getLogger(__name__)

RETRIES_S = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
MOST_WAITING = 100
STOP_WITHIN_S = 2.0
DETAIL_LENGTH = 256


@dataclass(slots=True)
class _Errand:
    notice: Notice
    number: int
    due_s: float
    tries: int = 0

    def rank(self) -> tuple[bool, int]:
        """Return what goes first: alarms, and then what came first."""
        return (not self.notice.is_alarm, self.number)


class Courier:
    """One way's thread and what waits for it."""

    def __init__(self, way: Way, name: str, retries_s: Sequence[float] = RETRIES_S) -> None:
        """Serve `way`, shown as `name`."""
        self._way = way
        self._name = name
        self._retries_s = retries_s
        self._report: Report | None = None
        self._changed = threading.Condition()
        self._errands: list[_Errand] = []
        self._numbers = itertools.count()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=f"relay {name}", daemon=True)

    def start(self, report: Report) -> None:
        """Begin to work."""
        self._report = report
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing any more; what hangs is left hanging."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_WITHIN_S)
        self._report = None

    def send(self, notice: Notice) -> None:
        """Take a notice; where too many wait, the least of them is given up."""
        with self._changed:
            self._errands.append(_Errand(notice, next(self._numbers), time.monotonic()))
            given_up = max(self._errands, key=_Errand.rank) if len(self._errands) > MOST_WAITING else None
            if given_up is not None:
                self._errands.remove(given_up)
            self._changed.notify()
        if given_up is not None:
            self._done(given_up, False, f"{MOST_WAITING} others wait")

    def _run(self) -> None:
        while (errand := self._next()) is not None:
            errand.tries += 1
            try:
                self._way.tell(errand.notice)
            except TransientAdapterError as error:
                self._again(errand, str(error))
            except PermanentAdapterError as error:
                self._done(errand, False, str(error))
            except Exception as error:  # a mistake in a library must not end this thread
                log.critical("%s: incident %d", self._name, errand.notice.incident_id, exc_info=True)
                self._done(errand, False, f"{type(error).__name__}: {error}")
            else:
                self._done(errand, True, "")

    def _next(self) -> _Errand | None:
        """Wait for what is due, and take it; None at the end."""
        with self._changed:
            while not self._is_stopping:
                now_s = time.monotonic()
                due = [errand for errand in self._errands if errand.due_s <= now_s]
                if due:
                    errand = min(due, key=_Errand.rank)
                    self._errands.remove(errand)
                    return errand
                wake_s = min((errand.due_s for errand in self._errands), default=None)
                self._changed.wait(None if wake_s is None else wake_s - now_s)
        return None

    def _again(self, errand: _Errand, reason: str) -> None:
        if errand.tries > len(self._retries_s):
            self._done(errand, False, f"{reason}, given up after {errand.tries} tries")
            return
        log.warning("%s: incident %d, try %d: %s", self._name, errand.notice.incident_id, errand.tries, reason)
        errand.due_s = time.monotonic() + self._retries_s[errand.tries - 1]
        with self._changed:
            self._errands.append(errand)

    def _done(self, errand: _Errand, is_done: bool, detail: str) -> None:
        incident_id = errand.notice.incident_id
        log.log(
            logging.INFO if is_done else logging.ERROR, "%s: incident %d: %s", self._name, incident_id, detail or "told"
        )
        report = self._report
        if report is not None:
            report(RelayDone(self._name, incident_id, is_done, detail[:DETAIL_LENGTH]))
