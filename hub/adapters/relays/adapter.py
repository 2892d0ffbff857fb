"""The relays' door: whatever goes outside goes every configured way.

Rules: one door for all ways, and a thread for each. Where no way is configured that is said once for each incident: an
escalation that reaches nobody must not look like one that did.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence

from hub.adapters.relays.apprise import Apprise
from hub.adapters.relays.courier import RETRIES_S, Courier
from hub.adapters.relays.notice import notice_of
from hub.adapters.relays.way import Way
from hub.adapters.relays.webhook import Webhook
from hub.core.effects import Effect, Relay
from hub.core.events import RelayDone
from hub.ports import Report

NO_RELAY = "none"
INCIDENTS_REMEMBERED = 10_000


class Relays:
    """Tells the outside of incidents, every way there is."""

    name = "relays"
    performs: tuple[type[Effect], ...] = (Relay,)

    def __init__(
        self,
        ways: Sequence[Way],
        console_url: str = "",
        wall: Callable[[], float] = time.time,
        retries_s: Sequence[float] = RETRIES_S,
    ) -> None:
        """Take the ways; `console_url` is what links in notices begin with, empty: no links."""
        self._couriers = [Courier(way, name, retries_s) for way, name in zip(ways, _names(ways), strict=True)]
        self._console_url = console_url
        self._wall = wall
        self._report: Report | None = None
        self._told: OrderedDict[int, None] = OrderedDict()

    def start(self, report: Report) -> None:
        """Begin to work."""
        self._report = report
        for courier in self._couriers:
            courier.start(report)

    def perform(self, effect: Effect) -> None:
        """Send a notice every way, and return at once; `RelayDone` tells what became of it."""
        if not isinstance(effect, Relay):
            raise TypeError(f"relays do not perform {type(effect).__name__}")
        notice = notice_of(effect, self._console_url, self._wall())
        for courier in self._couriers:
            courier.send(notice)
        if not self._couriers:
            self._say_that_there_is_none(notice.incident_id)

    def stop(self) -> None:
        """Send nothing any more."""
        for courier in self._couriers:
            courier.stop()
        self._report = None

    def _say_that_there_is_none(self, incident_id: int) -> None:
        if incident_id in self._told or self._report is None:
            return
        self._told[incident_id] = None
        if len(self._told) > INCIDENTS_REMEMBERED:
            self._told.popitem(last=False)
        self._report(RelayDone(NO_RELAY, incident_id, False, "no relay is configured"))


def ways_out(webhooks: Sequence[str], apprise: Sequence[str]) -> tuple[Way, ...]:
    """Return the ways of these addresses. Raises ValueError."""
    return (*map(Webhook, webhooks), *map(Apprise, apprise))


def _names(ways: Sequence[Way]) -> Iterator[str]:
    """Return a name for each way; ways of the same name are numbered."""
    count = Counter(way.name for way in ways)
    numbers: Counter[str] = Counter()
    for way in ways:
        numbers[way.name] += 1
        yield f"{way.name} {numbers[way.name]}" if count[way.name] > 1 else way.name
