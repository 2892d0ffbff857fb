"""Whether the centre hears its units: it does when both connections stand, and is deaf when either is lost.

Rules: what is reported after `stop` is swallowed here. `BrokerConnected` and `BrokerLost` come in turn, and a failure
is told once until the centre hears again: a broker that refuses every attempt must not fill the record.
"""

import threading

from hub.core import events as ev
from hub.ports import Report

ADAPTER = "broker"


class Hearing:
    """What both connections and the writer tell, as the events of one adapter."""

    def __init__(self, lines: frozenset[str]) -> None:
        """Begin deaf; `lines` are the connections that must stand."""
        self._lines = lines
        self._lock = threading.Lock()
        self._standing: set[str] = set()
        self._told: set[str] = set()
        self._report: Report | None = None

    def start(self, report: Report) -> None:
        """Report to `report` from now on."""
        self._report = report

    def stop(self) -> None:
        """Report nothing any more."""
        self._report = None

    def report(self, event: ev.Event) -> None:
        """Report an event, from any thread."""
        report = self._report
        if report is not None:
            report(event)

    @property
    def is_hearing(self) -> bool:
        """Tell whether every connection stands."""
        with self._lock:
            return self._standing == self._lines

    def stood(self, line: str) -> None:
        """Note that a connection stands."""
        with self._lock:
            self._standing.add(line)
            if self._standing == self._lines:
                self._told.clear()
                self.report(ev.BrokerConnected())

    def fell(self, line: str, reason: str) -> None:
        """Note that a connection is lost."""
        with self._lock:
            was_hearing = self._standing == self._lines
            self._standing.discard(line)
            if was_hearing:
                self.report(ev.BrokerLost(f"{line}: {reason}"))

    def failed(self, reason: str) -> None:
        """Report what a person must see to, once."""
        with self._lock:
            if reason in self._told:
                return
            self._told.add(reason)
        self.report(ev.AdapterFailed(ADAPTER, "", reason[:256], lasting=True))
