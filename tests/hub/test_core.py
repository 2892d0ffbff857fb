"""The centre's core as a whole: it answers every event in every situation, and keeps its promises in any history.

A history is any sequence of events at any moments, as chance has it; what must hold is checked after each.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome, Rung, Urgency
from hub.core import call_events as cev
from hub.core import events as ev
from hub.core.agenda import SWEPT_FROM
from hub.core.centre import ReceivingCentre
from hub.core.effects import ALL_EFFECTS, SendReceipt
from hub.core.ingest import SeenSeqs
from hub.core.records import Incident, IncidentKind, IncidentState, OrderState, Outcome, Unit
from hub.core.speech_acts import HangUp
from hub.core.timings import Timings
from tests.hub.core.shift import EPOCH, HOME, Shift, at, fault, homes, joined, key, of_kind, raised, restored

EVENTS: tuple[ev.Event, ...] = (
    ev.Started("another", ev.Snapshot(units=(Unit(HOME),))),
    ev.StopRequested(),
    ev.DeadlineReached(),
    ev.MessageArrived(HOME, Urgency.ALARM, wire.Message(key=key(7), body=raised())),
    ev.UnreadableArrived("poga/1/home-1/alarm", HOME, Urgency.ALARM, b"?", "not_json", ""),
    ev.HeartbeatsArrived((ev.Beat(HOME, 30.0, wire.OpenAlarm(alarm=key(1), rung=Rung.ANSWERED), ("mains_lost",)),)),
    ev.PresenceArrived(HOME, online=True),
    ev.BrokerConnected(),
    ev.BrokerLost("gone"),
    ev.ConsolesChanged(frozenset({"boris"})),
    ev.OperatorActed("request", "boris", 1, ev.Act.TAKE_OVER),
    ev.RecordsEdited("request", (Unit(HOME, is_in_service=False),)),
    ev.RelayDone("webhook", 1, is_done=True),
    cev.VoiceStarted("an engine"),
    cev.VoiceLost("killed"),
    cev.CallArrived("in-1", HOME, "sip:home-1@127.0.0.1", alarm=key(7)),
    cev.LegRinging("in-1"),
    cev.LegAnswered("in-1"),
    cev.LegHeard("in-1"),
    cev.LegEnded("in-1", 200),
    cev.KeyHeard("in-1", "1"),
    cev.SayingEnded("say-1", is_complete=True),
    cev.RecordingEnded("1", "1.sound", 12.0, "key"),
    cev.RecordingDeleted("1"),
    cev.SpeechActed("request", "boris", 1, HangUp()),
    cev.SoundTestAsked("request", HOME),
    ev.AdapterFailed("store", "Save", "full", lasting=True),
    ev.AdapterRecovered("store"),
)


def not_begun() -> ReceivingCentre:
    return ReceivingCentre(Timings())


def quiet() -> ReceivingCentre:
    return Shift().centre


def in_alarm() -> ReceivingCentre:
    shift = Shift()
    shift.press()
    return shift.centre


def answered() -> ReceivingCentre:
    shift = Shift()
    shift.accept(shift.press())
    return shift.centre


def in_trouble() -> ReceivingCentre:
    shift = Shift(homes(10), operators=())
    shift.alive.clear()
    shift.say(fault())
    shift.wait(200)
    shift.happen(ev.BrokerLost("gone"))
    shift.wait(40)
    return shift.centre


SITUATIONS = (not_begun, quiet, in_alarm, answered, in_trouble)


@pytest.mark.parametrize(("situation", "event"), [*itertools.product(SITUATIONS, EVENTS)])
def test_every_event_is_answered_in_every_situation(situation: Callable[[], ReceivingCentre], event: ev.Event) -> None:
    centre = situation()
    effects = centre.handle(event, at(300))
    assert {type(effect) for effect in effects} <= set(ALL_EFFECTS)
    assert isinstance(centre.next_deadline(), float)


def test_no_event_is_left_out() -> None:
    assert {type(event) for event in EVENTS} == set(ev.ALL_EVENTS)


# --- any history ---

UNITS = homes(7)
UNIT_IDS = st.sampled_from([unit.unit_id for unit in UNITS] + ["stranger"])
KEYS = st.builds(key, st.integers(1, 30), st.sampled_from((EPOCH, "b" * 16)))
OPERATORS = st.sampled_from(("anna", "boris"))
INCIDENT_IDS = st.integers(0, 12)
BODIES: st.SearchStrategy[wire.Body] = st.one_of(
    st.just(raised()),
    KEYS.map(joined),
    st.builds(wire.CancelPressed, alarm=KEYS),
    st.sampled_from((fault(), fault("battery_low", urgent=True), restored(), restored("battery_low"))),
    st.just(wire.EventsLost(count=3)),
    st.builds(
        wire.CommandDone, command_id=st.integers(1, 9).map("life-{}".format), outcome=st.sampled_from(CommandOutcome)
    ),
    st.just(wire.UnknownBody.model_validate({"kind": "new"})),
    st.just(wire.UnitStarted(cause="unknown", software="1")),
)


class AnyHistory(RuleBasedStateMachine):
    """One life of a centre, and everything that can befall it."""

    @initialize(operators=st.sets(OPERATORS))
    def start(self, operators: set[str]) -> None:
        self.shift = Shift(UNITS, tuple(sorted(operators)))
        self.before: dict[int, Incident] = {}

    @rule(
        unit_id=UNIT_IDS,
        body=BODIES,
        message_key=KEYS,
        urgency=st.sampled_from(Urgency),
        age_s=st.none() | st.just(5.0),
    )
    def say(self, unit_id: str, body: wire.Body, message_key: wire.MessageKey, urgency: Urgency, age_s: Any) -> None:
        effects = self.shift.say(body, unit_id, age_s, message_key, urgency)
        for receipt in of_kind(SendReceipt, effects):
            assert (receipt.unit_id, receipt.key) in self.shift.messages, "a receipt without a commit"

    @rule(unit_id=UNIT_IDS, urgency=st.sampled_from(Urgency))
    def mumble(self, unit_id: str, urgency: Urgency) -> None:
        self.shift.happen(ev.UnreadableArrived("topic", unit_id, urgency, b"?", "not_json", ""))

    @rule(
        unit_id=UNIT_IDS,
        shows=st.none() | KEYS,
        rung=st.sampled_from(Rung),
        faults=st.sets(st.sampled_from(("mains_lost", "battery_low"))),
        interval_s=st.sampled_from((30.0, 60.0)),
    )
    def beat(
        self, unit_id: str, shows: wire.MessageKey | None, rung: Rung, faults: set[str], interval_s: float
    ) -> None:
        self.shift.beat(unit_id, shows, rung, tuple(sorted(faults)), interval_s)

    @rule(alive=st.sets(UNIT_IDS))
    def change_who_is_alive(self, alive: set[str]) -> None:
        self.shift.alive = alive

    @rule(seconds=st.sampled_from((0.0, 0.3, 12.0, 31.0, 95.0, 700.0)))
    def wait(self, seconds: float) -> None:
        self.shift.wait(seconds)

    @rule()
    def wait_for_hours(self) -> None:
        self.shift.alive = set()
        self.shift.wait(5 * 3600.0)

    @rule(
        incident_id=INCIDENT_IDS,
        act=st.sampled_from(ev.Act),
        operator=OPERATORS,
        outcome=st.none() | st.sampled_from(Outcome),
    )
    def act(self, incident_id: int, act: ev.Act, operator: str, outcome: Outcome | None) -> None:
        self.shift.act(incident_id, act, operator, "words", outcome)

    @rule(operators=st.sets(OPERATORS))
    def change_shift(self, operators: set[str]) -> None:
        self.shift.console(*operators)

    @rule()
    def answer_orders(self) -> None:
        for order in [order for order in self.shift.orders.values() if order.state is OrderState.WAITING]:
            done = wire.CommandDone(command_id=order.command_id, outcome=CommandOutcome.DONE)
            self.shift.say(done, order.unit_id, message_key=key(len(self.shift.messages) + 100))

    @rule(unit_id=UNIT_IDS, in_service=st.booleans(), reporting_time_s=st.sampled_from((60.0, 90.0)))
    def edit(self, unit_id: str, in_service: bool, reporting_time_s: float) -> None:
        unit = Unit(unit_id, reporting_time_s=reporting_time_s, is_in_service=in_service)
        self.shift.happen(ev.RecordsEdited("request", (unit,)))

    @rule(event=st.sampled_from([event for event in EVENTS[1:] if not isinstance(event, cev.CallEvent)]))
    def anything(self, event: ev.Event) -> None:
        self.shift.happen(event)

    @invariant()
    def every_incident_is_whole(self) -> None:
        for incident in self.shift.incidents.values():
            is_taken = incident.state in (IncidentState.ACCEPTED, IncidentState.IN_PROGRESS)
            assert incident.state is IncidentState.CLOSED or bool(incident.owner) is is_taken
            assert (incident.outcome is not None) is (incident.state is IncidentState.CLOSED)
            self.shift.history(incident.incident_id)

    @invariant()
    def what_is_closed_stays_closed_and_an_alarm_is_closed_by_a_person(self) -> None:
        before, self.before = self.before, dict(self.shift.incidents)
        for incident_id, was in before.items():
            now = self.before[incident_id]
            assert was.state is not IncidentState.CLOSED or now == was or now.state is IncidentState.CLOSED
        for incident in self.before.values():
            if incident.kind is IncidentKind.ALARM and incident.state is IncidentState.CLOSED:
                assert incident.owner, "an alarm ended without an operator"

    @invariant()
    def every_press_is_in_one_incident(self) -> None:
        for message in self.shift.messages.values():
            body = message.message.body
            if isinstance(body, wire.AlarmRaised | wire.AlarmJoined):
                alarm = body.alarm if isinstance(body, wire.AlarmJoined) else message.message.key
                incident = self.shift.incidents[message.incident_id]
                assert incident.unit_id == message.unit_id
                assert alarm in incident.alarms

    @invariant()
    def a_unit_has_one_alarm_open(self) -> None:
        alarms = [incident.unit_id for incident in self.shift.open(IncidentKind.ALARM)]
        assert len(alarms) == len(set(alarms))

    @invariant()
    def memory_is_bounded(self) -> None:
        centre = self.shift.centre
        still_open = len(self.shift.open())
        assert len(centre._cases._cases) == still_open
        assert len(centre._cases._agenda._heap) <= SWEPT_FROM + 2 * still_open + 1
        assert len(centre._supervision._agenda._heap) <= SWEPT_FROM + 2 * len(UNITS) + 3
        assert len(centre._orders._waiting) == sum(o.state is OrderState.WAITING for o in self.shift.orders.values())

    def teardown(self) -> None:
        """Live the same history again: it must be decided the same."""
        again = ReceivingCentre(Timings())
        for event, now, effects in self.shift.lived:
            assert again.handle(event, now) == effects


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=30, stateful_step_count=25)


def test_a_restart_goes_on_from_what_was_kept() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.accept(incident_id)
    snapshot = ev.Snapshot(
        incidents=tuple(shift.open()),
        orders=tuple(shift.orders.values()),
        seen={HOME: {EPOCH: SeenSeqs(up_to=1)}},
        last_incident_id=incident_id,
    )
    again = Shift(snapshot=snapshot)
    assert again.alarm() == shift.alarm()
    done = wire.CommandDone(command_id=next(iter(shift.orders)), outcome=CommandOutcome.DONE)
    again.say(done, message_key=key(2))
    assert [order.state for order in again.orders.values()] == [OrderState.DONE]
