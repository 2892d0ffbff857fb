"""What is wrong with the store and lasts, told once when it begins and once when it is over.

Rules: it may be told before anybody listens; then it waits. Called from any thread.
"""

import logging
import threading
from enum import StrEnum

from hub.core.events import AdapterFailed, AdapterRecovered
from hub.ports import Report

log = logging.getLogger(__name__)

REASON_LENGTH = 256
"""Characters: a reason is shown on an incident."""


class Part(StrEnum):
    """What can be in trouble, as operators' incidents name it."""

    MAIN_FILE = "store_file"
    HEARTBEATS_FILE = "heartbeats_file"
    DISK = "store_disk"
    BACKUPS = "backups"


class Troubles:
    """The parts in trouble now."""

    def __init__(self) -> None:
        """Begin with none, and nobody listening."""
        self._lock = threading.Lock()
        self._present: dict[Part, str] = {}
        self._report: Report | None = None

    def listen(self, report: Report | None) -> None:
        """Report to this one from now on, first of all what is wrong already; None: to nobody."""
        with self._lock:
            self._report = report
            for part, reason in self._present.items():
                self._tell(part, reason)

    def begin(self, part: Part, reason: str) -> None:
        """Note it; the first reason is the one that is reported."""
        log.error("%s: %s", part, reason)
        with self._lock:
            if part not in self._present:
                self._present[part] = reason
                self._tell(part, reason)

    def end(self, part: Part) -> None:
        """Note that it is over, where it was."""
        with self._lock:
            if self._present.pop(part, None) is not None and self._report is not None:
                self._report(AdapterRecovered(part))

    def of(self, part: Part) -> str | None:
        """Return what is wrong with a part, None where nothing is."""
        with self._lock:
            return self._present.get(part)

    def _tell(self, part: Part, reason: str) -> None:
        if self._report is not None:
            self._report(AdapterFailed(part, "keep", reason[:REASON_LENGTH], lasting=True))
