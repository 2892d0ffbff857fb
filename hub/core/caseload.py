"""Every open incident: raised, found again, signalled, and taken off the list when closed.

An alarm that nobody has goes outside at once while no console is alive. Everything that is asked for every message is
found by unit: a city without mains is ten thousand open faults, and no alarm may wait for them.
"""

from collections.abc import Iterable

from device.wire.messages import MessageKey
from hub.core import events as ev
from hub.core.agenda import Agenda
from hub.core.commands import Orders
from hub.core.effects import Effect, Problem, Relay, Reply
from hub.core.incidents import Case
from hub.core.moment import Moment
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, Priority
from hub.core.signals import AcceptedBy, ClosedBy, NotedBy, ReleasedBy, Signal, TakenOverBy
from hub.core.timings import Timings

NO_CONSOLE = "no console is on shift"


class Caseload:
    """The open incidents, by id."""

    def __init__(self, orders: Orders, plan: Timings) -> None:
        """Begin with none."""
        self._orders = orders
        self._plan = plan
        self._cases: dict[int, Case] = {}
        self._of_unit: dict[str, dict[int, Case]] = {}
        self._agenda = Agenda[int]()
        self._last_id = 0
        self._live: frozenset[str] = frozenset()
        self._speaking: frozenset[str] = frozenset()

    def begin(self, incidents: tuple[Incident, ...], last_id: int, now: Moment) -> None:
        """Take over what earlier lives left open; nobody's console is known to live yet."""
        self._last_id = last_id
        for incident in incidents:
            self._add(Case(incident, self._orders, self._plan, now))
        self.consoles_changed(frozenset(), now)

    def new(self, kind: IncidentKind, priority: Priority, now: Moment) -> Incident:
        """Return an incident as it is to be filled in and opened."""
        return Incident(self._last_id + 1, kind, priority, IncidentState.RAISED, opened_s=now.wall_s)

    def open(self, incident: Incident, entry: EntryKind, now: Moment, age_s: float | None = None) -> list[Effect]:
        """Raise an incident made by `new`."""
        self._last_id = incident.incident_id
        case = Case(incident, self._orders, self._plan, now)
        self._add(case)
        case.note(entry, now, text=incident.subject, age_s=age_s)
        return case.saved() + self._outside(case)

    def find(self, kind: IncidentKind, unit_id: str = "", subject: str = "") -> Case | None:
        """Return the oldest open incident of this kind about this unit (and subject, where one is given)."""
        for case in self.of_unit(unit_id):
            if case.incident.kind is kind and subject in ("", case.incident.subject):
                return case
        return None

    def find_alarm(self, unit_id: str, alarm: MessageKey) -> Case | None:
        """Return the open incident that this alarm of this unit belongs to."""
        case = self.find(IncidentKind.ALARM, unit_id)
        return case if case is not None and alarm in case.incident.alarms else None

    def has_any(self, unit_id: str) -> bool:
        """Tell whether anything about a unit is open."""
        return unit_id in self._of_unit

    def of_unit(self, unit_id: str) -> Iterable[Case]:
        """Return the open incidents about a unit, oldest first; without one, those about the centre."""
        return self._of_unit.get(unit_id, {}).values()

    def faults_of(self, unit_id: str) -> list[Case]:
        """Return the open faults a unit has reported."""
        return [case for case in self.of_unit(unit_id) if case.incident.kind is IncidentKind.FAULT]

    def get(self, incident_id: int) -> Case | None:
        """Return an open incident."""
        return self._cases.get(incident_id)

    def signal(self, case: Case, signal: Signal, now: Moment) -> list[Effect]:
        """Hand an incident a signal; it leaves the list where that closes it."""
        _, effects = self._handle(case, signal, now)
        return effects

    def act(self, case: Case | None, event: ev.OperatorActed, now: Moment) -> list[Effect]:
        """Do what an operator asks, or answer why not. `case` is the incident, None where it is not open."""
        if case is None:
            return [Reply(event.request_id, self.why_not_open(event.incident_id))]
        signal = _signal_of(event)
        if isinstance(signal, Problem):
            return [Reply(event.request_id, signal, case.incident.owner)]
        if event.operator == case.incident.owner:
            case.owner_acted()
        problem, effects = self._handle(case, signal, now)
        self._watch(case, now)
        return [*effects, Reply(event.request_id, problem, case.incident.owner)]

    def why_not_open(self, incident_id: int) -> Problem:
        """Return why nothing can be done with an incident that is not open."""
        return Problem.CLOSED if 0 < incident_id <= self._last_id else Problem.NO_SUCH_INCIDENT

    def consoles_changed(self, live: frozenset[str], now: Moment) -> None:
        """Note whose consoles live; an incident whose operator is gone for too long goes back to everybody."""
        self._live = live
        for case in self._cases.values():
            self._watch(case, now)

    def speaking_changed(self, speaking: frozenset[str], now: Moment) -> None:
        """Note who speaks with a client: nobody who does is gone, wherever the console is."""
        if speaking != self._speaking:
            self._speaking = speaking
            for case in self._cases.values():
                self._watch(case, now)

    def next_deadline(self) -> float:
        """Return the earliest moment at which an incident asks for attention."""
        return self._agenda.next_s()

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Do what is due."""
        due = [self._cases[incident_id] for incident_id in self._agenda.take_due(now.mono_s)]
        return [effect for case in due for signal in case.due(now) for effect in self.signal(case, signal, now)]

    def _handle(self, case: Case, signal: Signal, now: Moment) -> tuple[Problem | None, list[Effect]]:
        had_owner = bool(case.incident.owner)
        problem, effects = case.handle(signal, now)
        if case.incident.state is IncidentState.CLOSED:
            self._remove(case)
            return problem, effects
        self._agenda.put(case.incident.incident_id, case.next_deadline())
        return problem, effects + (self._outside(case) if had_owner and not case.incident.owner else [])

    def _outside(self, case: Case) -> list[Effect]:
        """Tell the outside of an alarm that nobody has and nobody sees."""
        if case.incident.priority is not Priority.ALARM or self._live:
            return []
        return [Relay(case.incident, NO_CONSOLE)]

    def _watch(self, case: Case, now: Moment) -> None:
        case.watch_owner(self._live | self._speaking, now)
        if case.incident.incident_id in self._cases:
            self._agenda.put(case.incident.incident_id, case.next_deadline())

    def _add(self, case: Case) -> None:
        incident = case.incident
        self._cases[incident.incident_id] = case
        self._of_unit.setdefault(incident.unit_id, {})[incident.incident_id] = case
        self._agenda.put(incident.incident_id, case.next_deadline())

    def _remove(self, case: Case) -> None:
        incident = case.incident
        self._agenda.drop(incident.incident_id)
        del self._cases[incident.incident_id]
        of_unit = self._of_unit[incident.unit_id]
        del of_unit[incident.incident_id]
        if not of_unit:
            del self._of_unit[incident.unit_id]


def _signal_of(event: ev.OperatorActed) -> Signal | Problem:
    match event.act:
        case ev.Act.ACCEPT:
            return AcceptedBy(event.operator)
        case ev.Act.TAKE_OVER:
            return TakenOverBy(event.operator)
        case ev.Act.RELEASE:
            return ReleasedBy(event.operator)
        case ev.Act.NOTE:
            return NotedBy(event.operator, event.text)
        case ev.Act.CLOSE if event.outcome is None:
            return Problem.NO_OUTCOME
        case ev.Act.CLOSE:  # pragma: no branch - the last act
            return ClosedBy(event.operator, event.outcome, event.text)
