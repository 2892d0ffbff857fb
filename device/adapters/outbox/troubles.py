"""What keeps the outbox from its work, told once when it begins and once when nothing of it is left.

Called from the runtime's thread and from the writer's.
"""

import logging
import threading
from enum import StrEnum

from device.core.events import OutboxFailed, OutboxRecovered
from device.ports import Report

log = logging.getLogger(__name__)

REASON_LENGTH = 200
"""Characters: a reason goes into a message's `detail`."""


class Trouble(StrEnum):
    """What can be wrong."""

    NO_FILE = "no_file"
    NO_RESERVE = "no_reserve"
    STALLED = "stalled"


class Troubles:
    """The set of what is wrong now."""

    def __init__(self, report: Report) -> None:
        """Begin with nothing wrong."""
        self._report = report
        self._present: set[Trouble] = set()
        self._lock = threading.Lock()

    def begin(self, trouble: Trouble, reason: str) -> None:
        """Note it; the first one is reported."""
        with self._lock:
            if trouble in self._present:
                return
            log.error("%s: %s", trouble, reason)
            if not self._present:
                self._report(OutboxFailed(reason[:REASON_LENGTH], put_aside=False))
            self._present.add(trouble)

    def end(self, *troubles: Trouble) -> None:
        """Note that these are over; the end of the last one is reported."""
        with self._lock:
            if self._present.isdisjoint(troubles):
                return
            self._present.difference_update(troubles)
            if not self._present:
                log.info("the outbox works again")
                self._report(OutboxRecovered())

    def hold_up(self) -> bool:
        """Tell whether an act would wait in vain now."""
        with self._lock:
            return not self._present.isdisjoint({Trouble.NO_FILE, Trouble.STALLED})

    def has(self, trouble: Trouble) -> bool:
        """Tell whether this is wrong now."""
        with self._lock:
            return trouble in self._present
