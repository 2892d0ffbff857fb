"""What each message of a unit means to the incidents: the one place where bodies become incidents and signals."""

from dataclasses import dataclass, replace

from device.wire import messages as wire
from device.wire.vocabulary import Urgency
from hub.core import events as ev
from hub.core import ingest
from hub.core.caseload import Caseload
from hub.core.commands import Orders
from hub.core.effects import Effect
from hub.core.incidents import Case
from hub.core.moment import Moment
from hub.core.records import EntryKind, Incident, IncidentKind, OrderState, Priority
from hub.core.signals import CancelTold, PressedAgain, Restored

EVENTS_LOST = "events_lost"
"""The subject of the incident that tells of messages a unit had to drop; only a person closes it."""
LONGEST_FAULT_NAME = 64
"""As heartbeats carry it."""


@dataclass(frozen=True, slots=True)
class News:
    """A unit's new message, and whether the register knows the unit."""

    unit_id: str
    urgency: Urgency
    message: wire.Message
    is_known_unit: bool


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

    def read(self, news: News, now: Moment) -> Reading:  # noqa: C901, PLR0911 - a case a body
        """Return what a new message leads to. Nothing on the alarm topic is ever passed over."""
        match news.message.body:
            case wire.AlarmRaised() as body:
                return self._alarm(news, news.message.key, body.trigger.name, now)
            case wire.AlarmJoined() as body:
                return self._alarm(news, body.alarm, body.trigger.name, now)
            case wire.CancelPressed() as body:
                case = self._cases.find_alarm(news.unit_id, body.alarm)
                return self._signalled(case, CancelTold(news.message.age_s), now)
            case wire.FaultRaised() as body:
                priority = Priority.URGENT if body.urgent else Priority.NOTICE
                return self._fault(news, _fault_name(body), body.detail, priority, now)
            case wire.FaultRestored() as body:
                case = self._cases.find(IncidentKind.FAULT, news.unit_id, _fault_name(body))
                return self._signalled(case, Restored(), now)
            case wire.EventsLost() as body:
                return self._fault(news, EVENTS_LOST, str(body.count), Priority.NOTICE, now)
            case wire.CommandDone() as body:
                return self._order_done(news.unit_id, body, now)
            case wire.AlarmWithdrawn() | wire.UnitStarted() | wire.SoundTested():
                return Reading([])
            case wire.UnknownBody() as body if news.urgency is Urgency.ALARM:
                return self._alarm(news, news.message.key, body.kind[:64], now)
            case wire.UnknownBody():  # pragma: no branch - the last of the union
                return Reading([])

    def alarm_by_call(self, unit_id: str, alarm: wire.MessageKey | None, now: Moment) -> list[Effect]:
        """Raise an alarm that is known from a unit's call only: the message is on its way, or does not get through."""
        incident = replace(
            self._cases.new(IncidentKind.ALARM, Priority.ALARM, now),
            unit_id=unit_id,
            alarms=() if alarm is None else (alarm,),
        )
        return self._cases.open(incident, EntryKind.RAISED_BY_CALL, now)

    def alarm_by_heartbeat(
        self, unit_id: str, alarm: wire.MessageKey, is_known_unit: bool, now: Moment
    ) -> list[Effect]:
        """Raise an alarm that is known from a heartbeat only: its own message does not get through."""
        case = self._cases.find(IncidentKind.ALARM, unit_id)
        if case is not None and not case.incident.alarms:
            return case.adopt(alarm, "", None, now, None)
        if case is not None:
            return self._cases.signal(case, PressedAgain(alarm, "", None), now)
        incident = self._alarm_incident(unit_id, alarm, is_known_unit, now)
        return self._cases.open(incident, EntryKind.RAISED_BY_HEARTBEAT, now)

    def fault_by_heartbeat(self, unit_id: str, fault: str, is_known_unit: bool, now: Moment) -> list[Effect]:
        """Raise a fault again that a unit still has long after somebody closed it."""
        incident = replace(
            self._cases.new(IncidentKind.FAULT, Priority.URGENT, now),
            unit_id=unit_id,
            subject=fault,
            is_known_unit=is_known_unit,
        )
        return self._cases.open(incident, EntryKind.RAISED_BY_HEARTBEAT, now)

    def unreadable(self, event: ev.UnreadableArrived, is_known_unit: bool, now: Moment) -> list[Effect]:
        """Raise one incident a unit for alarms that cannot be read: somebody may have pressed."""
        if event.urgency is not Urgency.ALARM or self._cases.find(IncidentKind.UNREADABLE, event.unit_id):
            return []
        incident = replace(
            self._cases.new(IncidentKind.UNREADABLE, Priority.ALARM, now),
            unit_id=event.unit_id,
            detail=event.problem,
            is_known_unit=is_known_unit,
        )
        return self._cases.open(incident, EntryKind.RAISED, now)

    def _alarm(self, news: News, alarm: wire.MessageKey, trigger: str, now: Moment) -> Reading:
        """Open an alarm, or join it to the one the unit has open."""
        message = news.message
        case = self._cases.find(IncidentKind.ALARM, news.unit_id)
        if case is None:
            return self._open_alarm(news, alarm, trigger, now)
        if not case.incident.alarms:
            pressed_s = ingest.happened_s(message, now.wall_s)
            return Reading(case.adopt(alarm, trigger, pressed_s, now, message.age_s), case.incident.incident_id)
        if alarm == message.key and alarm in case.incident.alarms:
            case.learn(trigger, ingest.happened_s(message, now.wall_s), now, message.age_s)
            return Reading(case.saved(), case.incident.incident_id)
        effects = self._cases.signal(case, PressedAgain(alarm, trigger, message.age_s), now)
        return Reading(effects, case.incident.incident_id)

    def _open_alarm(self, news: News, alarm: wire.MessageKey, trigger: str, now: Moment) -> Reading:
        message = news.message
        incident = replace(
            self._alarm_incident(news.unit_id, alarm, news.is_known_unit, now),
            subject=trigger,
            is_late=ingest.is_late(message),
            pressed_s=ingest.happened_s(message, now.wall_s),
        )
        effects = self._cases.open(incident, EntryKind.RAISED, now, message.age_s)
        if self._orders.has_waiting_about(
            news.unit_id, alarm
        ):  # pressed after the close: that word is not true any more
            order = wire.RequeueAlarm(alarm=alarm)
            effects += self._orders.issue(news.unit_id, order, incident.incident_id, now)
        return Reading(effects, incident.incident_id)

    def _alarm_incident(self, unit_id: str, alarm: wire.MessageKey, is_known_unit: bool, now: Moment) -> Incident:
        incident = self._cases.new(IncidentKind.ALARM, Priority.ALARM, now)
        return replace(incident, unit_id=unit_id, alarms=(alarm,), is_known_unit=is_known_unit)

    def _fault(self, news: News, subject: str, detail: str, priority: Priority, now: Moment) -> Reading:
        case = self._cases.find(IncidentKind.FAULT, news.unit_id, subject)
        if case is not None:
            return Reading([], case.incident.incident_id)
        incident = replace(
            self._cases.new(IncidentKind.FAULT, priority, now),
            unit_id=news.unit_id,
            subject=subject,
            detail=detail,
            is_known_unit=news.is_known_unit,
            is_late=ingest.is_late(news.message),
        )
        effects = self._cases.open(incident, EntryKind.RAISED, now, news.message.age_s)
        return Reading(effects, incident.incident_id)

    def _order_done(self, unit_id: str, body: wire.CommandDone, now: Moment) -> Reading:
        record, effects = self._orders.finished(unit_id, body)
        if record is None:
            return Reading([])
        case = self._cases.get(record.incident_id)
        if case is None:
            return Reading(effects, record.incident_id)
        kind = EntryKind.ORDER_DONE if record.state is OrderState.DONE else EntryKind.ORDER_FAILED
        case.note(kind, now, unit_id, record.order.kind)
        return Reading(effects + case.saved(), record.incident_id)

    def _signalled(self, case: Case | None, signal: CancelTold | Restored, now: Moment) -> Reading:
        if case is None:
            return Reading([])
        return Reading(self._cases.signal(case, signal, now), case.incident.incident_id)


def _fault_name(body: wire.FaultRaised | wire.FaultRestored) -> str:
    """Return the fault as incidents and heartbeats name it: `code`, or `code:subject`."""
    return (f"{body.fault}:{body.subject}" if body.subject else str(body.fault))[:LONGEST_FAULT_NAME]
