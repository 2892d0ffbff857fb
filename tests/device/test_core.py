"""The unit's core as a whole: it answers every event in every situation, and keeps its promises in any history.

A history is any sequence of events at any moments, as chance has it; what must hold is checked after each.
"""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from device.core import events as ev
from device.core import timings
from device.core.effects import ALL_EFFECTS, Effect, Light, Publish, Store
from device.core.moment import Moment
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.unit import LocalUnit
from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose, Rung
from tests.device.core.life import (
    BEGAN_S,
    BUTTON,
    CORD,
    EARLIER,
    EPOCH,
    PENDANT,
    TRIGGERS,
    Life,
    at,
    connected,
    key,
    waiting_alarm,
    waiting_event,
)
from tests.device.core.talk import CALLS, in_speech, talking

COMMAND = wire.Command(command_id="order", order=wire.AnswerAlarm(alarm=key(2)))
EVENTS: tuple[ev.Event, ...] = (
    ev.Started(EPOCH, "boot-1", ev.StartCause.WATCHDOG, "test", (waiting_event(1),), True, None),
    ev.StopRequested(),
    ev.DeadlineReached(),
    ev.TriggerActivated("button"),
    ev.TriggerReleased("button"),
    ev.TriggerFoundActive("cord"),
    ev.CancelActivated(),
    ev.ReceiptArrived((key(2),)),
    ev.CommandArrived(COMMAND),
    ev.MessageUnreadable("poga/1/unit-1/receipt", "not_json"),
    ev.PathOpened("ethernet"),
    ev.PathClosed("ethernet", "cut"),
    ev.CentreHeard(True, 99),
    ev.WaitingLoaded((waiting_event(3), waiting_alarm(4)), more=True),
    ev.OutboxTrimmed(3),
    ev.OutboxFailed("full", put_aside=False),
    ev.OutboxRecovered(),
    ev.OutboxRead(2),
    ev.PowerRead(False, 5.0),
    ev.HealthRead(20.0, 100.0),
    ev.AdapterFailed("outbox", "Store", "full", lasting=False, message=waiting_event(5)),
    ev.AdapterRecovered("prompts"),
    ev.VoiceStarted("PJSIP 2.17"),
    ev.VoiceLost("killed"),
    ev.CallArrived("in-1", CallPurpose.SPEAK, is_from_centre=True),
    ev.CallProgressed("out-1", 180),
    ev.CallAnswered("out-1"),
    ev.CallHeard("out-1"),
    ev.CallEnded("out-1", 486, "busy", is_silence=False),
    ev.KeyHeard("out-1", "4"),
    ev.SoundLost("unplugged"),
    ev.SoundFound("USB Speakerphone"),
    ev.SoundTested(ev.SoundTest(is_heard=True, level_db=-20.5, delay_ms=80.0, lowest_hz=300.0, highest_hz=7000.0)),
)


def begun() -> LocalUnit:
    return Life().unit


def in_pre_alarm() -> LocalUnit:
    life = connected()
    life.press(CORD)
    return life.unit


def in_alarm() -> LocalUnit:
    life = connected()
    life.press()
    return life.unit


def answered() -> LocalUnit:
    life = connected()
    life.press()
    life.receive(life.alarm_key())
    life.order(wire.AnswerAlarm(alarm=life.alarm_key()))
    return life.unit


SITUATIONS: tuple[Callable[[], LocalUnit], ...] = (
    lambda: LocalUnit((BUTTON, CORD)),
    lambda: talking().unit,
    lambda: in_speech().unit,
    begun,
    lambda: connected().unit,
    in_pre_alarm,
    in_alarm,
    answered,
)


@pytest.mark.parametrize(("situation", "event"), [*itertools.product(range(len(SITUATIONS)), EVENTS)])
def test_every_event_is_answered_in_every_situation(situation: int, event: ev.Event) -> None:
    unit = SITUATIONS[situation]()
    effects = unit.handle(event, at(2))
    assert {type(effect) for effect in effects} <= set(ALL_EFFECTS)
    assert unit.next_deadline() is None or isinstance(unit.next_deadline(), float)


def test_no_event_is_left_out() -> None:
    assert {type(event) for event in EVENTS} == set(ev.ALL_EVENTS)


# --- any history ---

MOST_IN_MEMORY = timings.HELD_IN_MEMORY + timings.ALARMS_WAITING + 10
TRIGGER_IDS = st.sampled_from((BUTTON.trigger_id, PENDANT.trigger_id, CORD.trigger_id, "unheard-of"))
OLD_KEYS = st.integers(1, 40).map(lambda seq: key(seq, EARLIER))


class AnyHistory(RuleBasedStateMachine):
    """One life of a unit, and everything that can befall it."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = LocalUnit(TRIGGERS, CALLS)
        self.now_s = BEGAN_S
        self.history: list[tuple[ev.Event, Moment, list[Effect]]] = []
        self.light = Light.DARK
        self.stored: list[Outgoing] = []
        self.known: set[wire.MessageKey] = set()
        self.answered: set[wire.MessageKey] = set()
        self.may_have_ended: set[wire.MessageKey] = set()
        self.open: wire.OpenAlarm | None = None

    def happen(self, event: ev.Event) -> None:
        now = Moment(self.now_s)
        effects = self.unit.handle(event, now)
        self.history.append((event, now, effects))
        for effect in effects:
            if isinstance(effect, Store):
                self.stored.append(effect.message)
                self.known.add(effect.message.key)
            elif isinstance(effect, Publish):
                assert effect.message.key in self.known, "sent before it was stored"
            self.light = getattr(effect, "light", self.light)
        self._check_alarm()

    def _check_alarm(self) -> None:
        before, self.open = self.open, self.unit.alarm.open_alarm()
        if before is not None and (self.open is None or self.open.alarm != before.alarm):
            assert before.alarm in self.may_have_ended, "an alarm ended that nobody has reset"
        if self.light is Light.BRIGHT:
            assert self.open is not None, "shines as answered without an alarm"
            assert self.open.alarm in self.answered, "shines as answered, and nobody has answered"

    def pass_deadlines(self, until_s: float) -> None:
        while (due_s := self.unit.next_deadline()) is not None and due_s <= until_s:
            self.now_s = max(self.now_s, due_s)
            self.happen(ev.DeadlineReached())
            due_s = self.unit.next_deadline()
            assert due_s is None or due_s > self.now_s, "the loop would spin"
        self.now_s = until_s

    @rule(seconds=st.sampled_from((0.0, 0.01, 0.5, 4.0, 9.99, 31.0, 61.0, 700.0)))
    def wait(self, seconds: float) -> None:
        self.pass_deadlines(self.now_s + seconds)

    @precondition(lambda self: not self.history)
    @rule(events=st.integers(0, 3), has_alarm=st.booleans(), rung=st.sampled_from((None, *Rung)), record=st.booleans())
    def start(self, events: int, has_alarm: bool, rung: Rung | None, record: bool) -> None:
        alarms = (waiting_alarm(9, CORD),) if has_alarm else ()
        waiting = (*alarms, *(waiting_event(seq) for seq in range(1, events + 1)))
        open_alarm = AlarmRecord(key(9, EARLIER), rung, CORD.trigger_id) if record else None
        self.known.update(message.key for message in waiting)
        if rung is Rung.ANSWERED and record:
            self.answered.add(key(9, EARLIER))
        self.happen(ev.Started(EPOCH, "boot-1", ev.StartCause.POWER_ON, "test", waiting, events == 3, open_alarm))

    @rule(
        trigger_id=TRIGGER_IDS, kind=st.sampled_from((ev.TriggerActivated, ev.TriggerReleased, ev.TriggerFoundActive))
    )
    def touch(
        self, trigger_id: str, kind: type[ev.TriggerActivated | ev.TriggerReleased | ev.TriggerFoundActive]
    ) -> None:
        self.happen(kind(trigger_id))

    @rule(trigger_id=TRIGGER_IDS, times=st.sampled_from((2, 70)))
    def press_often(self, trigger_id: str, times: int) -> None:
        for _ in range(times):
            self.happen(ev.TriggerActivated(trigger_id))

    @rule()
    def cancel(self) -> None:
        self.happen(ev.CancelActivated())

    @rule(data=st.data(), everything=st.booleans())
    def receive(self, data: st.DataObject, everything: bool) -> None:
        known = sorted(self.known, key=str) or [key(1)]
        keys = known if everything else data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
        self.happen(ev.ReceiptArrived(tuple(keys)))

    @rule(
        kind=st.sampled_from((wire.AnswerAlarm, wire.RequeueAlarm, wire.ResetAlarm)),
        other=st.none() | OLD_KEYS,
        command_id=st.integers(1, 200).map(str),
    )
    def order_about_alarm(
        self,
        kind: type[wire.AnswerAlarm | wire.RequeueAlarm | wire.ResetAlarm],
        other: wire.MessageKey | None,
        command_id: str,
    ) -> None:
        alarm = other or (self.open.alarm if self.open else key(1))
        if kind is wire.AnswerAlarm:
            self.answered.add(alarm)
        if kind is wire.ResetAlarm:
            self.may_have_ended.add(alarm)
        self.happen(ev.CommandArrived(wire.Command(command_id=command_id, order=kind(alarm=alarm))))

    @rule(interval_s=st.sampled_from((5.0, 30.0, 3600.0)), command_id=st.integers(1, 200).map(str))
    def set_heartbeat(self, interval_s: float, command_id: str) -> None:
        order = wire.SetHeartbeat(interval_s=interval_s)
        self.happen(ev.CommandArrived(wire.Command(command_id=command_id, order=order)))

    @rule(path=st.sampled_from(("ethernet", "mobile")), is_open=st.booleans())
    def line(self, path: str, is_open: bool) -> None:
        self.happen(ev.PathOpened(path) if is_open else ev.PathClosed(path, "cut"))

    @rule(is_alive=st.booleans(), beat=st.integers(0, 5))
    def hear_centre(self, is_alive: bool, beat: int) -> None:
        self.happen(ev.CentreHeard(is_alive, beat))

    @rule(seqs=st.lists(st.integers(1, 200), max_size=100, unique=True), more=st.booleans(), has_alarm=st.booleans())
    def load(self, seqs: list[int], more: bool, has_alarm: bool) -> None:
        messages = tuple(waiting_alarm(9) if seq == 9 and has_alarm else waiting_event(seq) for seq in seqs)
        self.known.update(message.key for message in messages)
        self.happen(ev.WaitingLoaded(messages, more))

    @rule(data=st.data(), everything=st.booleans())
    def refuse_to_store(self, data: st.DataObject, everything: bool) -> None:
        messages = self.stored if everything else self.stored[-1:]
        for message in tuple(messages):
            self.happen(ev.AdapterFailed("outbox", "Store", "full", lasting=False, message=message))

    @rule(event=st.sampled_from(EVENTS[1:]))
    def anything(self, event: ev.Event) -> None:
        if isinstance(event, ev.CommandArrived):
            self.answered.add(key(2))
        if isinstance(event, ev.WaitingLoaded):
            self.known.update(message.key for message in event.messages)
        if isinstance(event, ev.AdapterFailed) and event.message is not None:
            self.known.add(event.message.key)
        self.happen(event)

    @rule(times=st.sampled_from((2, 100)))
    def flood(self, times: int) -> None:
        for number in range(times):
            self.happen(ev.PowerRead(True, 10.0 if number % 2 else 90.0))

    @invariant()
    def memory_is_bounded(self) -> None:
        mail = self.unit._mail
        assert len(mail._under_way) <= MOST_IN_MEMORY
        assert len(mail._received) <= timings.RECEIVED_REMEMBERED
        assert len(self.unit._commands._done) <= timings.COMMANDS_REMEMBERED

    def teardown(self) -> None:
        """Live the same history again: it must be decided the same."""
        again = LocalUnit(TRIGGERS, CALLS)
        for event, now, effects in self.history:
            assert again.handle(event, now) == effects


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=30, stateful_step_count=30)
