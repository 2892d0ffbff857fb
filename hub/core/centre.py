"""ReceivingCentre: hands each event to the parts of the core and gathers their effects."""

from collections import deque
from dataclasses import replace

from device.wire import messages as wire
from hub.core import events as ev
from hub.core import timings
from hub.core.call_events import CallEvent, VoiceLost, VoiceStarted
from hub.core.calls import Calls
from hub.core.caseload import NO_CONSOLE, Caseload
from hub.core.commands import Orders
from hub.core.effects import Acknowledge, Effect, PublishCentre, Relay, Reply, Save, SendReceipt
from hub.core.healing import Healing
from hub.core.ingest import Ingest
from hub.core.moment import NEVER, Moment
from hub.core.reading import News, Reader
from hub.core.records import (
    EntryKind,
    IncidentKind,
    IncidentState,
    OrderRecord,
    Priority,
    ReceivedMessage,
    Unit,
    UnreadableMessage,
)
from hub.core.signals import Restored
from hub.core.supervision import Supervision
from hub.core.switchboard import Switchboard
from hub.core.timings import Timings

VOICE = "voice"
"""What the incident about the centre's voice is called."""


class ReceivingCentre:
    """Everything the centre decides."""

    def __init__(self, plan: Timings) -> None:
        """Take the durations of this organisation."""
        self._plan = plan
        self._ingest = Ingest()
        self._orders = Orders(self._watches)
        self._cases = Caseload(self._orders, plan)
        self._reader = Reader(self._cases, self._orders)
        self._supervision = Supervision(self._cases)
        self._healing = Healing(self._cases, self._orders, self._ingest, self._reader, self._supervision)
        self._calls = Calls(Switchboard(self._cases, self._orders), self._reader)
        self._beat = 0
        self._beat_due_s = NEVER
        self._no_console_at_s = NEVER
        self._broker_fault_at_s = NEVER
        self._voice_fault_at_s = NEVER
        self._voice_problem = ""
        self._broker_stable_at_s = NEVER
        self._broker_losses_s: deque[float] = deque(maxlen=timings.BROKER_FLAPS)

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        """Return what is to be done about an event, in order; calls are brought to what is so after every one."""
        return self._decide(event, now) + self._calls.settle(now)

    def _decide(self, event: ev.Event, now: Moment) -> list[Effect]:  # noqa: C901, PLR0911, PLR0912 - a case an event
        if isinstance(event, CallEvent):
            return self._voice_changed(event, now) + self._calls.handle(event, now)
        match event:
            case ev.MessageArrived():
                return self._message_arrived(event, now)
            case ev.UnreadableArrived():
                return self._unreadable_arrived(event, now)
            case ev.HeartbeatsArrived():
                return self._heartbeats_arrived(event, now)
            case ev.PresenceArrived():
                return self._orders.unit_appeared(event.unit_id, now) if event.online else []
            case ev.DeadlineReached():
                return self._deadline_reached(now)
            case ev.OperatorActed():
                return self._operator_acted(event, now)
            case ev.RecordsEdited():
                return self._records_edited(event, now)
            case ev.ConsolesChanged():
                return self._consoles_changed(event, now)
            case ev.BrokerConnected():
                return self._broker_connected(now)
            case ev.BrokerLost():
                return self._broker_lost(now)
            case ev.RelayDone():
                return self._relay_done(event, now)
            case ev.AdapterFailed():
                return self._adapter_failed(event, now)
            case ev.AdapterRecovered():
                return self._trouble_over(IncidentKind.CENTRE, event.adapter, now)
            case ev.Started():
                return self._started(event, now)
            case ev.StopRequested():  # pragma: no branch - the last of the union
                return [PublishCentre(wire.CentreState(alive=False, interval_s=timings.BEAT_S))]

    def _watches(self, unit_id: str) -> bool:
        return self._supervision.watches(unit_id)

    def next_deadline(self) -> float:
        """Return the monotonic moment at which `DeadlineReached` is due."""
        return min(
            self._beat_due_s,
            self._no_console_at_s,
            self._broker_fault_at_s,
            self._broker_stable_at_s,
            self._cases.next_deadline(),
            self._orders.next_deadline(),
            self._supervision.next_deadline(),
            self._calls.next_deadline(),
            self._voice_fault_at_s,
        )

    # --- what units say ---

    def _message_arrived(self, event: ev.MessageArrived, now: Moment) -> list[Effect]:
        key = event.message.key
        receipt = SendReceipt(event.unit_id, key, event.token)
        effects = self._supervision.heard({event.unit_id}, now)
        if self._ingest.has_seen(event.unit_id, key):
            return [*effects, receipt]
        is_known = self._supervision.knows(event.unit_id)
        reading = self._reader.read(News(event.unit_id, event.urgency, event.message, is_known), now)
        self._ingest.take(event.unit_id, key)
        record = ReceivedMessage(event.unit_id, event.urgency, event.message, now.wall_s, is_known, reading.incident_id)
        return [*effects, Save(record), *reading.effects, receipt]

    def _unreadable_arrived(self, event: ev.UnreadableArrived, now: Moment) -> list[Effect]:
        record = UnreadableMessage(event.topic, event.payload, event.problem, event.detail, now.wall_s)
        effects = self._reader.unreadable(event, self._supervision.knows(event.unit_id), now)
        return [Save(record), *effects, Acknowledge(event.token)]

    def _heartbeats_arrived(self, event: ev.HeartbeatsArrived, now: Moment) -> list[Effect]:
        effects = self._supervision.heard({beat.unit_id for beat in event.beats}, now)
        for beat in event.beats:
            effects += self._healing.compare(beat, now)
        return effects

    # --- what people do ---

    def _operator_acted(self, event: ev.OperatorActed, now: Moment) -> list[Effect]:
        case = self._cases.get(event.incident_id)
        effects = self._cases.act(case, event, now)
        if case is not None and case.incident.state is IncidentState.CLOSED:
            self._supervision.closed_by_hand(case.incident, now)
            self._calls.alarm_closed(case.incident, now)
        return effects

    def _records_edited(self, event: ev.RecordsEdited, now: Moment) -> list[Effect]:
        effects: list[Effect] = [Save(record) for record in event.records]
        for record in event.records:
            self._calls.take(record)
            if isinstance(record, Unit):
                effects += self._supervision.unit_saved(record, now)
            if isinstance(record, Unit) and not record.is_in_service:
                effects += self._told_of_failed(self._orders.unit_left(record.unit_id), now)
        return [*effects, Reply(event.request_id)]

    def _consoles_changed(self, event: ev.ConsolesChanged, now: Moment) -> list[Effect]:
        self._cases.consoles_changed(event.operators, now)
        self._calls.consoles_changed(event.operators, event.speaking)
        if event.operators:
            self._no_console_at_s = NEVER
            return self._trouble_over(IncidentKind.NO_CONSOLE, "", now)
        if self._no_console_at_s == NEVER and self._cases.find(IncidentKind.NO_CONSOLE) is None:
            self._no_console_at_s = now.mono_s + self._plan.no_console_after_s
        return []

    # --- the centre itself ---

    def _started(self, event: ev.Started, now: Moment) -> list[Effect]:
        snapshot = event.snapshot
        self._ingest.begin(snapshot.seen)
        self._orders.begin(event.epoch, snapshot.orders, now)
        self._cases.begin(snapshot.incidents, snapshot.last_incident_id, now)
        self._supervision.begin(snapshot.units, snapshot.incidents)
        self._calls.begin(event.epoch, snapshot, now)
        self._no_console_at_s = now.mono_s + self._plan.no_console_after_s
        self._broker_fault_at_s = now.mono_s + timings.BROKER_FAULT_AFTER_S
        return []

    def _broker_connected(self, now: Moment) -> list[Effect]:
        self._broker_fault_at_s = NEVER
        self._broker_stable_at_s = now.mono_s + timings.BROKER_STABLE_AFTER_S
        self._supervision.hears_again(now)
        return [self._renew(now)]

    def _broker_lost(self, now: Moment) -> list[Effect]:
        self._supervision.became_deaf()
        self._beat_due_s = self._broker_stable_at_s = NEVER
        self._broker_fault_at_s = min(self._broker_fault_at_s, now.mono_s + timings.BROKER_FAULT_AFTER_S)
        self._broker_losses_s.append(now.mono_s)
        if not self._flaps(now):
            return []
        return self._trouble(IncidentKind.CENTRE, "broker", "the connection to the broker comes and goes", now)

    def _flaps(self, now: Moment) -> bool:
        """Tell whether the connection was lost too often lately."""
        losses_s = self._broker_losses_s
        return len(losses_s) == timings.BROKER_FLAPS and now.mono_s - losses_s[0] <= timings.BROKER_FLAPS_WITHIN_S

    def _deadline_reached(self, now: Moment) -> list[Effect]:
        effects: list[Effect] = []
        if now.mono_s >= self._no_console_at_s:
            effects += self._no_console(now)
        if now.mono_s >= self._broker_fault_at_s:
            self._broker_fault_at_s = NEVER
            effects += self._trouble(IncidentKind.CENTRE, "broker", "the centre is not connected to its broker", now)
        if now.mono_s >= self._broker_stable_at_s:
            self._broker_stable_at_s = NEVER
            effects += self._trouble_over(IncidentKind.CENTRE, "broker", now)
        if now.mono_s >= self._beat_due_s:
            effects.append(self._renew(now))
        if now.mono_s >= self._voice_fault_at_s:
            self._voice_fault_at_s = NEVER
            effects += self._trouble(IncidentKind.CENTRE, VOICE, self._voice_problem, now)
        effects += self._cases.deadline_reached(now)
        effects += self._told_of_failed(self._orders.deadline_reached(now), now)
        effects += self._calls.deadline_reached(now)
        return effects + self._supervision.deadline_reached(now)

    def _told_of_failed(self, effects: list[Effect], now: Moment) -> list[Effect]:
        """Add to what ends orders that their incidents tell of it."""
        for record in [effect.record for effect in effects if isinstance(effect, Save)]:
            case = self._cases.get(record.incident_id) if isinstance(record, OrderRecord) else None
            if isinstance(record, OrderRecord) and case is not None:
                case.note(EntryKind.ORDER_FAILED, now, record.unit_id, record.order.kind)
                effects = effects + case.saved()
        return effects

    def _voice_changed(self, event: CallEvent, now: Moment) -> list[Effect]:
        """Tell of a voice that does not come back by itself; and that it has."""
        if isinstance(event, VoiceLost):
            self._voice_problem = event.reason
            self._voice_fault_at_s = min(self._voice_fault_at_s, now.mono_s + timings.VOICE_FAULT_AFTER_S)
        if not isinstance(event, VoiceStarted):
            return []
        self._voice_fault_at_s = NEVER
        return self._trouble_over(IncidentKind.CENTRE, VOICE, now)

    def _no_console(self, now: Moment) -> list[Effect]:
        """Tell that nobody looks; a centre that watches over nobody yet waits for its first unit."""
        if not self._supervision.has_units:
            self._no_console_at_s = now.mono_s + self._plan.no_console_after_s
            return []
        self._no_console_at_s = NEVER
        return self._trouble(IncidentKind.NO_CONSOLE, "", NO_CONSOLE, now)

    def _renew(self, now: Moment) -> Effect:
        """Renew the retained state; the wall clock makes a beat that no earlier life has used."""
        self._beat = max(self._beat + 1, int(now.wall_s))
        self._beat_due_s = now.mono_s + timings.BEAT_S
        return PublishCentre(wire.CentreState(alive=True, beat=self._beat, interval_s=timings.BEAT_S))

    def _relay_done(self, event: ev.RelayDone, now: Moment) -> list[Effect]:
        case = self._cases.get(event.incident_id)
        if case is None:
            return []
        kind = EntryKind.RELAYED if event.is_done else EntryKind.RELAY_FAILED
        case.note(kind, now, event.relay, event.detail)
        return case.saved()

    def _adapter_failed(self, event: ev.AdapterFailed, now: Moment) -> list[Effect]:
        return self._trouble(IncidentKind.CENTRE, event.adapter, event.reason, now) if event.lasting else []

    def _trouble(self, kind: IncidentKind, subject: str, detail: str, now: Moment) -> list[Effect]:
        """Raise an incident about the centre itself, once, and tell the outside: the screens may be what is broken."""
        if self._cases.find(kind, subject=subject) is not None:
            return []
        incident = replace(self._cases.new(kind, Priority.URGENT, now), subject=subject, detail=detail)
        return [*self._cases.open(incident, EntryKind.RAISED, now), Relay(incident, detail)]

    def _trouble_over(self, kind: IncidentKind, subject: str, now: Moment) -> list[Effect]:
        case = self._cases.find(kind, subject=subject)
        return self._cases.signal(case, Restored(), now) if case is not None else []
