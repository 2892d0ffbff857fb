"""Every open incident: raised, found again, signalled, and taken off the list when closed."""

from device.wire.messages import MessageKey
from hub.core import events as ev
from hub.core.commands import Orders
from hub.core.effects import Effect, Problem, Relay, Reply
from hub.core.incidents import Case
from hub.core.moment import NEVER, Moment
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, Priority
from hub.core.signals import AcceptedBy, ClosedBy, NotedBy, ReleasedBy, Signal, TakenOverBy
from hub.core.timings import Timings


class Caseload:
    """The open incidents, by id."""

    def __init__(self, orders: Orders, plan: Timings) -> None:
        """Begin with none."""
        self._orders = orders
        self._plan = plan
        self._cases: dict[int, Case] = {}
        self._last_id = 0
        self._live: frozenset[str] = frozenset()

    def begin(self, incidents: tuple[Incident, ...], last_id: int, now: Moment) -> None:
        """Take over what earlier lives left open; nobody's console is known to live yet."""
        self._last_id = last_id
        self._cases = {incident.incident_id: Case(incident, self._orders, self._plan, now) for incident in incidents}
        self.consoles_changed(frozenset(), now)

    def open(self, incident: Incident, entry: EntryKind, now: Moment, age_s: float | None = None) -> list[Effect]:
        """Raise an incident (`incident_id` is `next_id()`); with no console alive, an alarm goes outside at once."""
        self._last_id = incident.incident_id
        case = Case(incident, self._orders, self._plan, now)
        self._cases[incident.incident_id] = case
        case.note(entry, now, text=incident.subject, age_s=age_s)
        effects = case.saved()
        if incident.priority is Priority.ALARM and not self._live:
            effects.append(Relay(case.incident, "no console is on shift"))
        return effects

    def next_id(self) -> int:
        """Return the id of the next incident."""
        return self._last_id + 1

    def find(self, kind: IncidentKind, unit_id: str = "", subject: str = "") -> Case | None:
        """Return the oldest open incident of this kind about this unit (and subject, where one is given)."""
        for case in self._cases.values():
            incident = case.incident
            if incident.kind is kind and incident.unit_id == unit_id and subject in ("", incident.subject):
                return case
        return None

    def find_alarm(self, unit_id: str, alarm: MessageKey) -> Case | None:
        """Return the open incident that this alarm of this unit belongs to."""
        case = self.find(IncidentKind.ALARM, unit_id)
        return case if case is not None and alarm in case.incident.alarms else None

    def faulty_units(self) -> set[str]:
        """Return the units with an open fault of their own."""
        return {case.incident.unit_id for case in self._cases.values() if case.incident.kind is IncidentKind.FAULT}

    def faults_of(self, unit_id: str) -> list[Case]:
        """Return the open faults a unit has reported."""
        return [
            case
            for case in self._cases.values()
            if case.incident.kind is IncidentKind.FAULT and case.incident.unit_id == unit_id
        ]

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
            known = 0 < event.incident_id <= self._last_id
            return [Reply(event.request_id, Problem.CLOSED if known else Problem.NO_SUCH_INCIDENT)]
        signal = _signal_of(event)
        if isinstance(signal, Problem):
            return [Reply(event.request_id, signal, case.incident.owner)]
        problem, effects = self._handle(case, signal, now)
        case.watch_owner(self._live | {event.operator}, now)
        return [*effects, Reply(event.request_id, problem, case.incident.owner)]

    def consoles_changed(self, live: frozenset[str], now: Moment) -> None:
        """Note whose consoles live; an incident whose operator is gone for too long goes back to everybody."""
        self._live = live
        for case in self._cases.values():
            case.watch_owner(live, now)

    def next_deadline(self) -> float:
        """Return the earliest moment at which an incident asks for attention."""
        return min((case.next_deadline() for case in self._cases.values()), default=NEVER)

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Do what is due."""
        due = [(case, signal) for case in list(self._cases.values()) for signal in case.due(now)]
        return [effect for case, signal in due for effect in self.signal(case, signal, now)]

    def _handle(self, case: Case, signal: Signal, now: Moment) -> tuple[Problem | None, list[Effect]]:
        problem, effects = case.handle(signal, now)
        if case.incident.state is IncidentState.CLOSED:
            self._cases.pop(case.incident.incident_id, None)
        return problem, effects


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
        case ev.Act.CLOSE:
            if event.outcome is None:
                return Problem.NO_OUTCOME
            return ClosedBy(event.operator, event.outcome, event.text)
