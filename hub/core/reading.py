"""What each message of a unit means to the incidents: the one place where bodies become incidents and signals."""

from dataclasses import dataclass

from device.wire import messages as wire
from device.wire.vocabulary import Urgency
from hub.core import events as ev
from hub.core import ingest
from hub.core.caseload import Caseload
from hub.core.commands import Orders
from hub.core.effects import Effect
from hub.core.incidents import Case
from hub.core.moment import Moment
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, OrderState, Priority
from hub.core.signals import CancelTold, PressedAgain, Restored

EVENTS_LOST = "events_lost"
"""The subject of the incident that tells of messages a unit had to drop; only a person closes it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message led to; `incident_id` is 0 where it belongs to no incident."""

    effects: list[Effect]
    incident_id: int = 0


class Reader:
    """Reads new messages (repetitions never come here)."""

    def __init__(self, cases: Caseload, orders: Orders) -> None:
        """Take the incidents and orders that messages are about."""
        self._cases = cases
        self._orders = orders

    def read(  # noqa: C901, PLR0911 - a case a body
        self, event: ev.MessageArrived, is_known_unit: bool, now: Moment
    ) -> Reading:
        """Return what a new message leads to. Nothing on the alarm topic is ever passed over."""
        message = event.message
        match message.body:
            case wire.AlarmRaised() as body:
                return self._alarm(event, message.key, body.trigger.name, is_known_unit, now)
            case wire.AlarmJoined() as body:
                return self._alarm(event, body.alarm, body.trigger.name, is_known_unit, now)
            case wire.CancelPressed() as body:
                return self._cancel(event, body, now)
            case wire.FaultRaised() as body:
                return self._fault(event, body, is_known_unit, now)
            case wire.FaultRestored() as body:
                return self._fault_over(event.unit_id, body, now)
            case wire.EventsLost() as body:
                return self._raise_fault(event, EVENTS_LOST, str(body.count), Priority.NOTICE, is_known_unit, now)
            case wire.CommandDone() as body:
                return self._order_done(event.unit_id, body, now)
            case wire.AlarmWithdrawn() | wire.UnitStarted():
                return Reading([])
            case wire.UnknownBody() as body if event.urgency is Urgency.ALARM:
                return self._alarm(event, message.key, body.kind[:64], is_known_unit, now)
            case wire.UnknownBody():
                return Reading([])

    def alarm_by_heartbeat(
        self, unit_id: str, alarm: wire.MessageKey, is_known_unit: bool, now: Moment
    ) -> list[Effect]:
        """Raise an alarm that is known from a heartbeat only: its own message does not get through."""
        case = self._cases.find(IncidentKind.ALARM, unit_id)
        if case is not None:
            return self._cases.signal(case, PressedAgain(alarm, "", None), now)
        incident = self._alarm_incident(unit_id, alarm, "", is_known_unit, now)
        return self._cases.open(incident, EntryKind.RAISED_BY_HEARTBEAT, now)

    def unreadable(self, event: ev.UnreadableArrived, is_known_unit: bool, now: Moment) -> list[Effect]:
        """Raise one incident a unit for alarms that cannot be read: somebody may have pressed."""
        if event.urgency is not Urgency.ALARM or self._cases.find(IncidentKind.UNREADABLE, event.unit_id):
            return []
        incident = Incident(
            incident_id=self._cases.next_id(),
            kind=IncidentKind.UNREADABLE,
            priority=Priority.ALARM,
            state=IncidentState.RAISED,
            opened_s=now.wall_s,
            unit_id=event.unit_id,
            detail=event.problem,
            is_known_unit=is_known_unit,
        )
        return self._cases.open(incident, EntryKind.RAISED, now)

    def _alarm(
        self, event: ev.MessageArrived, alarm: wire.MessageKey, trigger: str, is_known_unit: bool, now: Moment
    ) -> Reading:
        """Open an alarm, or join it to the one the unit has open."""
        age_s = event.message.age_s
        case = self._cases.find(IncidentKind.ALARM, event.unit_id)
        if case is not None:
            if alarm == event.message.key and alarm in case.incident.alarms:  # known from a heartbeat until now
                case.note(EntryKind.RAISED, now, text=trigger, age_s=age_s)
                return Reading(case.saved(), case.incident.incident_id)
            effects = self._cases.signal(case, PressedAgain(alarm, trigger, age_s), now)
            return Reading(effects, case.incident.incident_id)
        incident = self._alarm_incident(event.unit_id, alarm, trigger, is_known_unit, now, event.message)
        return Reading(self._cases.open(incident, EntryKind.RAISED, now, age_s), incident.incident_id)

    def _alarm_incident(
        self,
        unit_id: str,
        alarm: wire.MessageKey,
        trigger: str,
        is_known_unit: bool,
        now: Moment,
        message: wire.Message | None = None,
    ) -> Incident:
        return Incident(
            incident_id=self._cases.next_id(),
            kind=IncidentKind.ALARM,
            priority=Priority.ALARM,
            state=IncidentState.RAISED,
            opened_s=now.wall_s,
            unit_id=unit_id,
            subject=trigger,
            is_known_unit=is_known_unit,
            is_late=message is not None and ingest.is_late(message),
            alarms=(alarm,),
            pressed_s=ingest.happened_s(message, now.wall_s) if message else None,
        )

    def _cancel(self, event: ev.MessageArrived, body: wire.CancelPressed, now: Moment) -> Reading:
        case = self._cases.find_alarm(event.unit_id, body.alarm)
        return self._signalled(case, CancelTold(event.message.age_s), now)

    def _fault(self, event: ev.MessageArrived, body: wire.FaultRaised, is_known_unit: bool, now: Moment) -> Reading:
        priority = Priority.URGENT if body.urgent else Priority.NOTICE
        return self._raise_fault(event, _fault_name(body), body.detail, priority, is_known_unit, now)

    def _raise_fault(
        self, event: ev.MessageArrived, subject: str, detail: str, priority: Priority, is_known_unit: bool, now: Moment
    ) -> Reading:
        case = self._cases.find(IncidentKind.FAULT, event.unit_id, subject)
        if case is not None:
            return Reading([], case.incident.incident_id)
        incident = Incident(
            incident_id=self._cases.next_id(),
            kind=IncidentKind.FAULT,
            priority=priority,
            state=IncidentState.RAISED,
            opened_s=now.wall_s,
            unit_id=event.unit_id,
            subject=subject,
            detail=detail,
            is_known_unit=is_known_unit,
            is_late=ingest.is_late(event.message),
        )
        effects = self._cases.open(incident, EntryKind.RAISED, now, event.message.age_s)
        return Reading(effects, incident.incident_id)

    def _fault_over(self, unit_id: str, body: wire.FaultRestored, now: Moment) -> Reading:
        return self._signalled(self._cases.find(IncidentKind.FAULT, unit_id, _fault_name(body)), Restored(), now)

    def _order_done(self, unit_id: str, body: wire.CommandDone, now: Moment) -> Reading:
        record, effects = self._orders.finished(unit_id, body)
        case = self._cases.get(record.incident_id) if record else None
        if record is None or case is None:
            return Reading(effects, record.incident_id if record else 0)
        kind = EntryKind.ORDER_DONE if record.state is OrderState.DONE else EntryKind.ORDER_FAILED
        case.note(kind, now, unit_id, record.order.kind)
        return Reading(effects + case.saved(), record.incident_id)

    def _signalled(self, case: Case | None, signal: CancelTold | Restored, now: Moment) -> Reading:
        if case is None:
            return Reading([])
        return Reading(self._cases.signal(case, signal, now), case.incident.incident_id)


def _fault_name(body: wire.FaultRaised | wire.FaultRestored) -> str:
    """Return the fault as incidents name it: `code`, or `code:subject`."""
    return f"{body.fault}:{body.subject}" if body.subject else str(body.fault)
