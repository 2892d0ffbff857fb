"""A network of simulated modems with real drivers on them, for tests that wait for what is reported."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from device.adapters.modem import Modem, ModemEvent, ModemReady, ModemSettings
from device.adapters.modem.simulator import Kind, MobileNetwork, SimulatedModem

PATIENCE_S = 40.0
HOME, CENTRE, STRANGER = "+37120000001", "+37120000002", "+37120000009"
"""Invented."""
_Event = TypeVar("_Event", bound=ModemEvent)


class Reports:
    """What one driver has reported so far."""

    def __init__(self) -> None:
        self.events: list[ModemEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: ModemEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(
        self, kind: type[_Event], matches: Callable[[_Event], bool] = lambda _event: True, since: int = 0
    ) -> _Event:
        """Return the first event of this kind from `since` on, when it comes."""

        def find() -> _Event | None:
            return next((e for e in self.events[since:] if isinstance(e, kind) and matches(e)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: find() is not None, PATIENCE_S), (kind, self.events[since:])
            found = find()
        assert found is not None
        return found

    def count(self, kind: type[ModemEvent]) -> int:
        return sum(isinstance(event, kind) for event in self.events)


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.01)


@contextmanager
def simulated(
    network: MobileNetwork,
    link: Path,
    number: str = HOME,
    kind: Kind = Kind.SIM7600,
    *,
    pin: str = "",
    has_sim: bool = True,
) -> Iterator[SimulatedModem]:
    """Have a modem plugged in."""
    modem = SimulatedModem(network, link, number, kind, pin=pin, has_sim=has_sim)
    modem.plug()
    try:
        yield modem
    finally:
        modem.unplug()


@contextmanager
def driven(settings: ModemSettings, power_cycle: Callable[[], None] | None = None) -> Iterator[tuple[Modem, Reports]]:
    """Have a driver running."""
    modem, reports = Modem(settings, power_cycle), Reports()
    modem.start(reports)
    try:
        yield modem, reports
    finally:
        modem.stop()


@contextmanager
def ready(settings: ModemSettings) -> Iterator[tuple[Modem, Reports]]:
    """Have a driver running that has set its modem up."""
    with driven(settings) as (modem, reports):
        reports.wait(ModemReady)
        yield modem, reports
