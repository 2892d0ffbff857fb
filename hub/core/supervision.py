"""Who is silent too long, and what that is called.

A unit in service that is not heard for its reporting time is a fault; heard again, the fault ends. After the centre's
own deafness (restart, broker gone) nobody is called silent before one full reporting time has passed. Many units lost
at once are one incident with one cause, not a hundred, and it changes at most every half second, however many they are.
A heartbeat costs one dictionary write: deadlines are looked at when they come, not moved.
"""

from dataclasses import replace

from hub.core import timings
from hub.core.agenda import Agenda
from hub.core.caseload import Caseload
from hub.core.effects import Effect
from hub.core.incidents import Case
from hub.core.moment import NEVER, Moment
from hub.core.records import EntryKind, Incident, IncidentKind, Priority, Unit
from hub.core.signals import Folded, Restored


class Supervision:
    """When each unit was last heard."""

    def __init__(self, cases: Caseload) -> None:
        """Begin deaf, with no units."""
        self._cases = cases
        self._units: dict[str, Unit] = {}
        self._in_service = 0
        self._heard_s: dict[str, float] = {}
        self._agenda = Agenda[str]()
        self._silent: set[str] = set()
        self._put_off: set[str] = set()
        self._lost_s: dict[str, float] = {}
        self._look_from_s = 0.0
        self._back: set[str] = set()
        self._back_due_s = NEVER
        self._is_deaf = True

    def begin(self, units: tuple[Unit, ...], incidents: tuple[Incident, ...]) -> None:
        """Take over the register, and who was silent already."""
        for unit in units:
            self._take(unit)
        for incident in incidents:
            if incident.kind is IncidentKind.SILENT:
                self._silent.add(incident.unit_id)
            elif incident.kind is IncidentKind.MANY_SILENT:
                self._silent.update(incident.units)

    def knows(self, unit_id: str) -> bool:
        """Tell whether the register has this unit."""
        return unit_id in self._units

    def watches(self, unit_id: str) -> bool:
        """Tell whether this unit is in service."""
        unit = self._units.get(unit_id)
        return unit is not None and unit.is_in_service

    def heartbeat_s(self, unit_id: str) -> float | None:
        """Return how often this unit is to send heartbeats, None for one that is not in the register."""
        unit = self._units.get(unit_id)
        return None if unit is None else unit.heartbeat_s

    @property
    def has_units(self) -> bool:
        """Tell whether any unit is in service."""
        return self._in_service > 0

    def unit_saved(self, unit: Unit, now: Moment) -> list[Effect]:
        """Take a new or changed unit; one taken out of service is silent no more."""
        self._take(unit)
        self._put_off.discard(unit.unit_id)
        if unit.is_in_service:
            self._hear(unit.unit_id, now)
            return []
        self._heard_s.pop(unit.unit_id, None)
        self._agenda.drop(unit.unit_id)
        return self._restore({unit.unit_id} & self._silent, now)

    def became_deaf(self) -> None:
        """Stop judging: the centre hears nobody."""
        self._is_deaf = True

    def hears_again(self, now: Moment) -> None:
        """Give every unit one full reporting time from now."""
        self._is_deaf = False
        for unit in self._units.values():
            if unit.is_in_service and unit.unit_id not in self._put_off:
                self._hear(unit.unit_id, now)

    def heard(self, unit_ids: set[str], now: Moment) -> list[Effect]:
        """Note signs of life; end the faults of those that were silent."""
        for unit_id in unit_ids:
            if unit_id in self._heard_s:
                self._heard_s[unit_id] = now.mono_s
        for unit_id in self._put_off & unit_ids:
            self._put_off.discard(unit_id)
            self._hear(unit_id, now)
        return self._restore(self._silent & unit_ids, now)

    def closed_by_hand(self, incident: Incident, now: Moment) -> None:
        """Raise a unit again later whose silence somebody closed, unless another open incident tells of it."""
        if incident.kind not in (IncidentKind.SILENT, IncidentKind.MANY_SILENT):
            return
        for unit_id in self._silent.intersection((incident.unit_id, *incident.units)):
            if self._tells_of(unit_id):
                continue
            self._silent.discard(unit_id)
            if unit_id in self._heard_s:
                self._put_off.add(unit_id)
                self._agenda.put(unit_id, now.mono_s + timings.STILL_SO_AFTER_S)

    def next_deadline(self) -> float:
        """Return the earliest moment at which somebody may be silent too long, or many have come back."""
        look_s = NEVER if self._is_deaf else max(self._agenda.next_s(), self._look_from_s)
        return min(look_s, self._back_due_s)

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Raise a fault for everybody whose reporting time has passed."""
        effects = self._leave(now) if now.mono_s >= self._back_due_s else []
        if self._is_deaf or now.mono_s < self._look_from_s:
            return effects
        lost: list[str] = []
        for unit_id in self._agenda.take_due(now.mono_s):
            due_s = self._due_s(unit_id)
            if due_s > now.mono_s:
                self._agenda.put(unit_id, due_s)
            elif unit_id not in self._silent:
                lost.append(unit_id)
        return effects + self._lose(lost, now) if lost else effects

    def _take(self, unit: Unit) -> None:
        before = self._units.get(unit.unit_id)
        self._in_service += unit.is_in_service - (before is not None and before.is_in_service)
        self._units[unit.unit_id] = unit

    def _hear(self, unit_id: str, now: Moment) -> None:
        """Count from now."""
        self._heard_s[unit_id] = now.mono_s
        self._agenda.put(unit_id, self._due_s(unit_id))

    def _due_s(self, unit_id: str) -> float:
        return self._heard_s[unit_id] + self._units[unit_id].reporting_time_s

    def _tells_of(self, unit_id: str) -> bool:
        """Tell whether an open incident says that this unit is silent."""
        group = self._cases.find(IncidentKind.MANY_SILENT)
        is_in_group = group is not None and unit_id in group.incident.units
        return is_in_group or self._cases.find(IncidentKind.SILENT, unit_id) is not None

    # --- lost ---

    def _lose(self, lost: list[str], now: Moment) -> list[Effect]:
        self._look_from_s = now.mono_s + timings.GATHERED_FOR_S
        self._silent.update(lost)
        self._put_off.difference_update(lost)
        since_s = now.mono_s - timings.MANY_WITHIN_S
        self._lost_s.update(dict.fromkeys(lost, now.mono_s))
        self._lost_s = {unit_id: at_s for unit_id, at_s in self._lost_s.items() if at_s >= since_s}
        recent = [unit_id for unit_id in self._lost_s if unit_id in self._silent]
        if len(recent) < timings.MANY_LEAST or len(recent) <= timings.MANY_SHARE * self._in_service:
            return [effect for unit_id in lost for effect in self._raise_silent(unit_id, now)]
        group = self._cases.find(IncidentKind.MANY_SILENT)
        return self._raise_many(recent, now) if group is None else self._join(group, recent, now)

    def _raise_silent(self, unit_id: str, now: Moment) -> list[Effect]:
        incident = replace(self._cases.new(IncidentKind.SILENT, Priority.URGENT, now), unit_id=unit_id)
        return self._cases.open(incident, EntryKind.RAISED, now)

    def _raise_many(self, unit_ids: list[str], now: Moment) -> list[Effect]:
        incident = replace(
            self._cases.new(IncidentKind.MANY_SILENT, Priority.URGENT, now),
            subject=str(len(unit_ids)),
            units=tuple(unit_ids),
        )
        return self._cases.open(incident, EntryKind.RAISED, now) + self._fold(unit_ids, incident.incident_id, now)

    def _join(self, group: Case, unit_ids: list[str], now: Moment) -> list[Effect]:
        known = set(group.incident.units)
        joining = [unit_id for unit_id in unit_ids if unit_id not in known]
        units = (*group.incident.units, *joining)
        group.incident = replace(group.incident, units=units, subject=str(len(units)))
        group.note(EntryKind.UNIT_JOINED, now, text=str(len(joining)))
        return group.saved() + self._fold(joining, group.incident.incident_id, now)

    def _fold(self, unit_ids: list[str], into: int, now: Moment) -> list[Effect]:
        """Let the incidents of single units go on as part of the one of many."""
        cases = [self._cases.find(IncidentKind.SILENT, unit_id) for unit_id in unit_ids]
        return [effect for case in cases if case for effect in self._cases.signal(case, Folded(into), now)]

    # --- back ---

    def _restore(self, unit_ids: set[str], now: Moment) -> list[Effect]:
        if not unit_ids:
            return []
        effects: list[Effect] = []
        for unit_id in sorted(unit_ids):
            self._silent.discard(unit_id)
            if unit_id in self._heard_s:
                self._hear(unit_id, now)
            case = self._cases.find(IncidentKind.SILENT, unit_id)
            if case is not None:
                effects += self._cases.signal(case, Restored(), now)
        self._back |= unit_ids
        self._back_due_s = min(self._back_due_s, now.mono_s + timings.GATHERED_FOR_S)
        return effects

    def _leave(self, now: Moment) -> list[Effect]:
        """Take units that are back out of the incident of many; the last one ends it."""
        back, self._back, self._back_due_s = self._back - self._silent, set(), NEVER
        group = self._cases.find(IncidentKind.MANY_SILENT)
        left = back.intersection(group.incident.units) if group else set()
        if group is None or not left:
            return []
        units = tuple(unit_id for unit_id in group.incident.units if unit_id not in left)
        group.incident = replace(group.incident, units=units)
        group.note(EntryKind.UNIT_RESTORED, now, text=str(len(left)))
        return group.saved() if units else self._cases.signal(group, Restored(), now)
