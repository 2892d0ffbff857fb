"""One centre in a test: its core is handed events in simulated time, and what it keeps, sends and shows is gathered.

Rules: a deadline that is handled must not be due any more, else the real loop would spin; no message is kept twice;
that is checked everywhere. Units in `alive` send heartbeats by themselves while time passes.
"""

from dataclasses import replace
from typing import TypeVar

from device.wire import messages as wire
from device.wire.vocabulary import Rung, Urgency
from hub.core import events as ev
from hub.core.call_events import SpeechActed
from hub.core.call_records import CallLeg, Recording
from hub.core.centre import ReceivingCentre
from hub.core.effects import Effect, Problem, Relay, Reply, Save, SendCommand, SendReceipt
from hub.core.moment import Moment
from hub.core.records import (
    EntryKind,
    Incident,
    IncidentKind,
    IncidentState,
    OrderRecord,
    Outcome,
    ReceivedMessage,
    TimelineEntry,
    Unit,
)
from hub.core.speech_acts import SpeechAct
from hub.core.timings import Timings
from tests.played_voice import PlayedVoice

E = TypeVar("E")

EPOCH = "a" * 16
BEGAN_S = 1000.0
WALL_S = 1_700_000_000.0
HEARTBEAT_S = 30.0
HOME = "home-1"
BUTTON = wire.TriggerInfo(trigger_id="button", name="Big button", device_type="0004")
CORD = wire.TriggerInfo(trigger_id="cord", name="Bathroom cord", device_type="0004")


def at(seconds: float) -> Moment:
    """Return the moment so long after the beginning."""
    return Moment(BEGAN_S + seconds, WALL_S + seconds)


def key(seq: int, epoch: str = EPOCH) -> wire.MessageKey:
    """Return the key of a message."""
    return wire.MessageKey(epoch=epoch, seq=seq)


def homes(count: int) -> tuple[Unit, ...]:
    """Return units of a register, all in service."""
    return tuple(Unit(f"home-{number}") for number in range(1, count + 1))


def raised(trigger: wire.TriggerInfo = BUTTON) -> wire.AlarmRaised:
    """Return what a press says."""
    return wire.AlarmRaised(trigger=trigger, status_code="0010")


def joined(alarm: wire.MessageKey, trigger: wire.TriggerInfo = CORD) -> wire.AlarmJoined:
    """Return what a further press says."""
    return wire.AlarmJoined(alarm=alarm, trigger=trigger, status_code="0010")


def fault(name: str = "mains_lost", subject: str = "", urgent: bool = False) -> wire.FaultRaised:
    """Return what a fault says."""
    return wire.FaultRaised(fault=name, status_code="0085", urgent=urgent, subject=subject, detail="why")


def restored(name: str = "mains_lost", subject: str = "") -> wire.FaultRestored:
    """Return what the end of a fault says."""
    return wire.FaultRestored(fault=name, status_code="0086", subject=subject)


def of_kind(kind: type[E], effects: list[Effect]) -> list[E]:
    """Return the effects of one kind."""
    return [effect for effect in effects if isinstance(effect, kind)]


def orders(effects: list[Effect]) -> list[wire.Order]:
    """Return the orders that go out, in order."""
    return [effect.command.order for effect in of_kind(SendCommand, effects)]


def relayed(effects: list[Effect]) -> list[int]:
    """Return the incidents that the outside is told of."""
    return [effect.incident.incident_id for effect in of_kind(Relay, effects)]


class Shift:
    """A centre from its start on."""

    def __init__(
        self,
        units: tuple[Unit, ...] = (Unit(HOME),),
        operators: tuple[str, ...] = ("anna", "boris"),
        snapshot: ev.Snapshot | None = None,
        plan: Timings | None = None,
        is_connected: bool = True,
    ) -> None:
        """Start it with these operators on shift, connected to its broker."""
        self.centre = ReceivingCentre(plan or Timings())
        self.voice = PlayedVoice(self.happen)
        self.now_s = BEGAN_S
        self.incidents: dict[int, Incident] = {}
        self.timeline: list[TimelineEntry] = []
        self.orders: dict[str, OrderRecord] = {}
        self.messages: dict[tuple[str, wire.MessageKey], ReceivedMessage] = {}
        self.legs: dict[str, CallLeg] = {}
        self.recordings: dict[str, Recording] = {}
        self.alive = {unit.unit_id for unit in units}
        self.lived: list[tuple[ev.Event, Moment, list[Effect]]] = []
        self._beats_due_s = BEGAN_S + HEARTBEAT_S
        self._seqs: dict[str, int] = {}
        snapshot = snapshot or ev.Snapshot()
        self.incidents.update({incident.incident_id: incident for incident in snapshot.incidents})
        self.begun = self.happen(ev.Started("life", replace(snapshot, units=units)))
        if is_connected:
            self.begun += self.happen(ev.BrokerConnected())
        if operators:
            self.begun += self.console(*operators)

    def happen(self, event: ev.Event) -> list[Effect]:
        """Hand it an event; return what it does about it."""
        effects = self.centre.handle(event, self.moment())
        self.lived.append((event, self.moment(), [*effects]))
        if isinstance(event, ev.DeadlineReached):
            assert self.centre.next_deadline() > self.now_s, "the loop would spin"
        for save in of_kind(Save, effects):
            self._keep(save)
        for effect in effects:
            self.voice.perform(effect)
        self.voice.deliver()
        return effects

    def moment(self) -> Moment:
        """Return now."""
        return Moment(self.now_s, WALL_S + self.now_s - BEGAN_S)

    def wait(self, seconds: float) -> list[Effect]:
        """Let time pass; return what it does meanwhile."""
        end_s = self.now_s + seconds
        done: list[Effect] = []
        while (due_s := min(self.centre.next_deadline(), self._beats_due_s)) <= end_s:
            self.now_s = max(self.now_s, due_s)
            if self.now_s >= self._beats_due_s:
                self._beats_due_s += HEARTBEAT_S
                done += self.happen(ev.HeartbeatsArrived(tuple(map(_beat, sorted(self.alive)))))
            else:
                done += self.happen(ev.DeadlineReached())
        self.now_s = end_s
        return done

    # --- what units do ---

    def say(
        self,
        body: wire.Body,
        unit_id: str = HOME,
        age_s: float | None = 0.0,
        message_key: wire.MessageKey | None = None,
        urgency: Urgency | None = None,
    ) -> list[Effect]:
        """Let a unit say something; each saying has the next key."""
        if message_key is None:
            self._seqs[unit_id] = self._seqs.get(unit_id, 0) + 1
            message_key = key(self._seqs[unit_id])
        is_alarm = isinstance(body, wire.AlarmRaised | wire.AlarmJoined | wire.CancelPressed)
        urgency = urgency or (Urgency.ALARM if is_alarm else Urgency.EVENT)
        message = wire.Message(key=message_key, age_s=age_s, body=body)
        return self.happen(ev.MessageArrived(unit_id, urgency, message, token=1))

    def press(self, unit_id: str = HOME) -> int:
        """Let a client press; return the incident."""
        self.say(raised(), unit_id)
        return self.alarm(unit_id).incident_id

    def beat(
        self,
        unit_id: str = HOME,
        shows: wire.MessageKey | None = None,
        rung: Rung = Rung.RECEIVED,
        faults: tuple[str, ...] = (),
        interval_s: float = HEARTBEAT_S,
    ) -> list[Effect]:
        """Let a unit send a heartbeat."""
        alarm = None if shows is None else wire.OpenAlarm(alarm=shows, rung=rung)
        return self.happen(ev.HeartbeatsArrived((ev.Beat(unit_id, interval_s, alarm, faults),)))

    def answer_orders(self, outcome: str = "done") -> list[Effect]:
        """Let the units answer every order that waits."""
        done: list[Effect] = []
        for order in [order for order in self.orders.values() if order.state == "waiting"]:
            body = wire.CommandDone.model_validate({"command_id": order.command_id, "outcome": outcome})
            done += self.say(body, order.unit_id)
        return done

    # --- what people do ---

    def console(self, *operators: str) -> list[Effect]:
        """Let these operators, and no others, have a live console with a microphone."""
        return self.happen(ev.ConsolesChanged(frozenset(operators), frozenset(operators)))

    def speech(self, incident_id: int, act: SpeechAct, operator: str = "anna") -> Problem | None:
        """Let an operator ask something of a call; return why it was not done."""
        return problem(self.happen(SpeechActed("request", operator, incident_id, act)))

    def act(
        self, incident_id: int, act: ev.Act, operator: str = "anna", text: str = "", outcome: Outcome | None = None
    ) -> list[Effect]:
        """Let an operator act."""
        return self.happen(ev.OperatorActed("request", operator, incident_id, act, text, outcome))

    def accept(self, incident_id: int, operator: str = "anna") -> list[Effect]:
        """Let an operator accept."""
        return self.act(incident_id, ev.Act.ACCEPT, operator)

    def close(self, incident_id: int, operator: str = "anna") -> list[Effect]:
        """Let an operator accept, where that is needed, and close."""
        self.act(incident_id, ev.Act.TAKE_OVER, operator)
        return self.act(incident_id, ev.Act.CLOSE, operator, outcome=Outcome.HELPED)

    # --- what is so ---

    def open(self, kind: IncidentKind | None = None, unit_id: str | None = None) -> list[Incident]:
        """Return the open incidents, oldest first."""
        return [
            incident
            for incident in self.incidents.values()
            if incident.state is not IncidentState.CLOSED
            and kind in (None, incident.kind)
            and unit_id in (None, incident.unit_id)
        ]

    def alarm(self, unit_id: str = HOME) -> Incident:
        """Return the open alarm of a unit."""
        (incident,) = self.open(IncidentKind.ALARM, unit_id)
        return incident

    def history(self, incident_id: int) -> list[EntryKind]:
        """Return the timeline of an incident."""
        entries = [entry for entry in self.timeline if entry.incident_id == incident_id]
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        return [entry.kind for entry in entries]

    def _keep(self, save: Save) -> None:
        match save.record:
            case Incident() as incident:
                self.incidents[incident.incident_id] = incident
            case TimelineEntry() as entry:
                self.timeline.append(entry)
            case CallLeg() as leg:
                self.legs[leg.leg] = leg
            case Recording() as recording:
                self.recordings[recording.recording_id] = recording
            case OrderRecord() as order:
                self.orders[order.command_id] = order
            case ReceivedMessage() as message:
                name = message.unit_id, message.message.key
                assert name not in self.messages, "a message was kept twice"
                self.messages[name] = message
            case _:
                pass


def problem(effects: list[Effect]) -> Problem | None:
    """Return why an act was not done."""
    (reply,) = of_kind(Reply, effects)
    return reply.problem


def receipts(effects: list[Effect]) -> list[wire.MessageKey]:
    """Return what is receipted."""
    return [effect.key for effect in of_kind(SendReceipt, effects)]


def _beat(unit_id: str) -> ev.Beat:
    return ev.Beat(unit_id, HEARTBEAT_S)
