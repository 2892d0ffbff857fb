"""Every open incident as the screens must show it now.

What the core shows is shown, whether or not the store could keep it: an incident comes from `Show`, never from reading
the store again. Only what is known of the home is read, beside the loop, and added when it comes: a slow register must
not keep an alarm from the screen. After `load`, everything here belongs to the console's loop.
"""

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from hub.console.ladder import Ladder
from hub.console.views import IncidentOut
from hub.core.effects import Show
from hub.core.records import Incident, IncidentState, Priority, TimelineEntry
from hub.ports import HomeView, StoreReader

log = logging.getLogger(__name__)

MOST_SHOWN = 500
"""What a screen can hold; ten thousand faults must not keep the loop from the next alarm."""
ENTRIES_KEPT = 500
LOOK_AGAIN_AFTER_S = 2.0
_RANK = {priority: rank for rank, priority in enumerate((Priority.ALARM, Priority.URGENT, Priority.NOTICE))}


@dataclass(slots=True)
class _Card:
    incident: Incident
    ladder: Ladder = field(default_factory=Ladder)
    entries: deque[TimelineEntry] = field(default_factory=lambda: deque(maxlen=ENTRIES_KEPT))
    home: HomeView | None = None
    home_is_read: bool = False

    def add(self, entries: Iterable[TimelineEntry]) -> None:
        for entry in entries:
            self.ladder = self.ladder.after(entry)
            self.entries.append(entry)

    def view(self) -> IncidentOut:
        return IncidentOut.of(self.incident, self.ladder, self.home, self.home_is_read)


def _urgency(card: _Card) -> tuple[int, int]:
    return _RANK[card.incident.priority], card.incident.incident_id


class Board:
    """The open incidents, most urgent first; `publish` is called with each that has changed."""

    def __init__(self, reader: StoreReader, publish: Callable[[IncidentOut], None]) -> None:
        """Begin empty."""
        self._reader = reader
        self._publish = publish
        self._cards: dict[int, _Card] = {}
        self._to_look_up: asyncio.Queue[str] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="console-homes")

    def load(self) -> None:
        """Take what the store has open. Before the loop runs; raises what the reader raises."""
        for incident in self._reader.open_incidents():
            card = self._cards[incident.incident_id] = _Card(incident)
            card.add(self._reader.timeline(incident.incident_id))
            card.home = self._reader.home(incident.unit_id) if incident.unit_id else None
            card.home_is_read = True

    def show(self, show: Show) -> None:
        """Take an incident's new state, and pass it on at once."""
        incident = show.incident
        card = self._cards.setdefault(incident.incident_id, _Card(incident))
        card.incident = incident
        card.add(show.entries)
        if not incident.unit_id:
            card.home_is_read = True
        elif not card.home_is_read:
            self._to_look_up.put_nowait(incident.unit_id)
        if incident.state is IncidentState.CLOSED:
            del self._cards[incident.incident_id]
        self._publish(card.view())

    def register_changed(self) -> None:
        """Read again what is known of the homes on the board."""
        for unit_id in {card.incident.unit_id for card in self._cards.values() if card.incident.unit_id}:
            self._to_look_up.put_nowait(unit_id)

    def __len__(self) -> int:
        """Return how many incidents are open."""
        return len(self._cards)

    def incidents(self, most: int = MOST_SHOWN) -> list[IncidentOut]:
        """Return the open incidents: alarms first, and of each urgency the one that has waited longest."""
        cards = heapq.nsmallest(most, self._cards.values(), key=_urgency)
        return [card.view() for card in cards]

    def incident(self, incident_id: int) -> IncidentOut | None:
        """Return an open incident."""
        card = self._cards.get(incident_id)
        return card.view() if card else None

    def entries(self, incident_id: int) -> tuple[TimelineEntry, ...]:
        """Return the timeline of an open incident as far as it was shown."""
        card = self._cards.get(incident_id)
        return tuple(card.entries) if card else ()

    async def look_up_homes(self) -> None:
        """Add to the incidents what the register knows, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            unit_id = await self._to_look_up.get()
            try:
                home = await loop.run_in_executor(self._thread, self._reader.home, unit_id)
            except Exception:  # whatever the register's library raises, the alarm stands without an address
                log.exception("the home of %s could not be read, trying again", unit_id)
                loop.call_later(LOOK_AGAIN_AFTER_S, self._to_look_up.put_nowait, unit_id)
                continue
            self._found(unit_id, home)

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _found(self, unit_id: str, home: HomeView | None) -> None:
        for card in self._cards.values():
            if card.incident.unit_id == unit_id and not (card.home_is_read and card.home == home):
                card.home, card.home_is_read = home, True
                self._publish(card.view())
