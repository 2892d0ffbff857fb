"""Who is silent too long, and what that is called.

A unit in service that is not heard for its reporting time is a fault; heard again, the fault ends. After the centre's
own deafness (restart, broker gone) nobody is called silent before one full reporting time has passed. Many units lost
at once are one incident with one cause, not a hundred. Deadlines stand in a heap that is looked at when its top is due,
so that a heartbeat costs one dictionary write.
"""

import heapq
from collections import deque
from dataclasses import replace

from hub.core import timings
from hub.core.caseload import Caseload
from hub.core.effects import Effect
from hub.core.incidents import Case
from hub.core.moment import NEVER, Moment
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, Priority, Unit
from hub.core.signals import Folded, Restored


class Supervision:
    """When each unit was last heard."""

    def __init__(self, cases: Caseload) -> None:
        """Begin deaf, with no units."""
        self._cases = cases
        self._units: dict[str, Unit] = {}
        self._heard_s: dict[str, float] = {}
        self._due: list[tuple[float, str]] = []
        self._queued: dict[str, float] = {}
        self._silent: set[str] = set()
        self._lost: deque[tuple[float, str]] = deque()
        self._is_deaf = True

    def begin(self, units: tuple[Unit, ...], incidents: tuple[Incident, ...]) -> None:
        """Take over the register, and who was silent already."""
        self._units = {unit.unit_id: unit for unit in units}
        for incident in incidents:
            if incident.kind is IncidentKind.SILENT:
                self._silent.add(incident.unit_id)
            elif incident.kind is IncidentKind.MANY_SILENT:
                self._silent.update(incident.units)

    def knows(self, unit_id: str) -> bool:
        """Tell whether the register has this unit."""
        return unit_id in self._units

    def heartbeat_s(self, unit_id: str) -> float | None:
        """Return how often this unit is to send heartbeats, None for one that is not in the register."""
        unit = self._units.get(unit_id)
        return None if unit is None else unit.heartbeat_s

    @property
    def has_units(self) -> bool:
        """Tell whether any unit is in service."""
        return any(unit.is_in_service for unit in self._units.values())

    def unit_saved(self, unit: Unit, now: Moment) -> list[Effect]:
        """Take a new or changed unit; one taken out of service is silent no more."""
        self._units[unit.unit_id] = unit
        if not unit.is_in_service:
            self._heard_s.pop(unit.unit_id, None)
            return self._restore([unit.unit_id], now)
        self._hear(unit.unit_id, now)
        return []

    def became_deaf(self) -> None:
        """Stop judging: the centre hears nobody."""
        self._is_deaf = True

    def hears_again(self, now: Moment) -> None:
        """Give every unit one full reporting time from now."""
        self._is_deaf = False
        self._due.clear()
        self._queued.clear()
        for unit in self._units.values():
            if unit.is_in_service:
                self._hear(unit.unit_id, now)

    def heard(self, unit_ids: set[str], now: Moment) -> list[Effect]:
        """Note signs of life; end the faults of those that were silent."""
        for unit_id in unit_ids:
            if unit_id in self._heard_s:
                self._heard_s[unit_id] = now.mono_s
        return self._restore(sorted(self._silent & unit_ids), now)

    def closed_by_hand(self, incident: Incident, now: Moment) -> None:
        """Raise a unit again later whose incident was closed although it is silent still."""
        for unit_id in self._silent.intersection((incident.unit_id, *incident.units)):
            self._silent.discard(unit_id)
            self._heard_s[unit_id] = now.mono_s + timings.SILENT_AGAIN_AFTER_S - self._units[unit_id].reporting_time_s
            self._queue(unit_id)

    def next_deadline(self) -> float:
        """Return the earliest moment at which somebody may be silent too long."""
        return self._due[0][0] if self._due and not self._is_deaf else NEVER

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Raise a fault for everybody whose reporting time has passed."""
        if self._is_deaf:
            return []
        lost: list[str] = []
        while self._due and self._due[0][0] <= now.mono_s:
            queued_s, unit_id = heapq.heappop(self._due)
            if self._queued.get(unit_id) != queued_s:
                continue  # another entry of this unit has taken its place
            del self._queued[unit_id]
            if self._due_s(unit_id) > now.mono_s:
                self._queue(unit_id)
            elif unit_id not in self._silent:
                lost.append(unit_id)
        return self._lose(lost, now) if lost else []

    def _hear(self, unit_id: str, now: Moment) -> None:
        self._heard_s[unit_id] = now.mono_s
        self._queue(unit_id)

    def _queue(self, unit_id: str) -> None:
        due_s = self._due_s(unit_id)
        if due_s < NEVER:
            self._queued[unit_id] = due_s
            heapq.heappush(self._due, (due_s, unit_id))

    def _due_s(self, unit_id: str) -> float:
        heard_s = self._heard_s.get(unit_id)
        return NEVER if heard_s is None else heard_s + self._units[unit_id].reporting_time_s

    def _lose(self, lost: list[str], now: Moment) -> list[Effect]:
        self._silent.update(lost)
        self._lost.extend((now.mono_s, unit_id) for unit_id in lost)
        while self._lost and self._lost[0][0] < now.mono_s - timings.MANY_WITHIN_S:
            self._lost.popleft()
        group = self._cases.find(IncidentKind.MANY_SILENT)
        recent = [unit_id for _, unit_id in self._lost if unit_id in self._silent]
        in_service = sum(unit.is_in_service for unit in self._units.values())
        if len(recent) < timings.MANY_LEAST or len(recent) <= timings.MANY_SHARE * in_service:
            return [effect for unit_id in lost for effect in self._raise_silent(unit_id, now)]
        if group is None:
            return self._raise_many(recent, now)
        return self._join(group, lost, now)

    def _raise_silent(self, unit_id: str, now: Moment) -> list[Effect]:
        incident = Incident(
            incident_id=self._cases.next_id(),
            kind=IncidentKind.SILENT,
            priority=Priority.URGENT,
            state=IncidentState.RAISED,
            opened_s=now.wall_s,
            unit_id=unit_id,
        )
        return self._cases.open(incident, EntryKind.RAISED, now)

    def _raise_many(self, unit_ids: list[str], now: Moment) -> list[Effect]:
        incident = Incident(
            incident_id=self._cases.next_id(),
            kind=IncidentKind.MANY_SILENT,
            priority=Priority.URGENT,
            state=IncidentState.RAISED,
            opened_s=now.wall_s,
            subject=str(len(unit_ids)),
            units=tuple(unit_ids),
        )
        effects = self._cases.open(incident, EntryKind.RAISED, now)
        for unit_id in unit_ids:
            case = self._cases.find(IncidentKind.SILENT, unit_id)
            if case is not None:
                effects += self._cases.signal(case, Folded(into=incident.incident_id), now)
        return effects

    def _join(self, group: Case, unit_ids: list[str], now: Moment) -> list[Effect]:
        units = (*group.incident.units, *unit_ids)
        group.incident = replace(group.incident, units=units, subject=str(len(units)))
        group.note(EntryKind.UNIT_JOINED, now, text=str(len(unit_ids)))
        return group.saved()

    def _restore(self, unit_ids: list[str], now: Moment) -> list[Effect]:
        effects: list[Effect] = []
        back = self._silent.intersection(unit_ids)
        self._silent -= back
        for unit_id in sorted(back):
            if unit_id in self._heard_s:
                self._hear(unit_id, now)
            case = self._cases.find(IncidentKind.SILENT, unit_id)
            if case is not None:
                effects += self._cases.signal(case, Restored(), now)
        return effects + self._leave(back, now)

    def _leave(self, back: set[str], now: Moment) -> list[Effect]:
        """Take units that are back out of the incident of many; the last one ends it."""
        group = self._cases.find(IncidentKind.MANY_SILENT)
        left = back.intersection(group.incident.units) if group else set()
        if group is None or not left:
            return []
        units = tuple(unit_id for unit_id in group.incident.units if unit_id not in left)
        group.incident = replace(group.incident, units=units)
        group.note(EntryKind.UNIT_RESTORED, now, text=str(len(left)))
        return group.saved() if units else self._cases.signal(group, Restored(), now)
