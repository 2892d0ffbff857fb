"""The alarm sequence: every state answers every signal, exactly as the table says."""

import itertools

import pytest

from device.core import timings
from device.core.alarm import RUNGS, TRANSITIONS, AlarmSequence, State
from device.core.effects import (
    ALL_EFFECTS,
    Effect,
    Prompt,
    Publish,
    SaveAlarm,
    Speak,
    Store,
    WriteJournal,
)
from device.core.outgoing import AlarmRecord
from device.core.signals import (
    ALL_SIGNALS,
    Answered,
    Cancelled,
    PreAlarmOver,
    Pressed,
    PressedTentatively,
    Recalled,
    Received,
    Requeued,
    ResetOrdered,
    ResetOvertaken,
    Signal,
)
from device.core.transmission import Transmission
from device.core.triggers import Triggers
from device.wire import messages as wire
from device.wire.vocabulary import Rung, Urgency
from tests.device.core.life import (
    BUTTON,
    CORD,
    EARLIER,
    EPOCH,
    PENDANT,
    TRIGGERS,
    at,
    bodies,
    key,
    of_kind,
    raised,
    waiting_alarm,
    waiting_event,
)

SIGNALS: tuple[Signal, ...] = (
    Pressed(PENDANT),
    PressedTentatively(CORD),
    Cancelled(),
    PreAlarmOver(),
    Received(),
    Answered(),
    Requeued(),
    ResetOrdered(),
    ResetOvertaken(PENDANT),
    Recalled(key(9)),
)
WAY_TO: dict[State, tuple[Signal, ...]] = {
    State.NORMAL: (),
    State.PRE_ALARM: (PressedTentatively(CORD),),
    State.RAISED: (Pressed(BUTTON),),
    State.RECEIVED: (Pressed(BUTTON), Received()),
    State.ANSWERED: (Pressed(BUTTON), Received(), Answered()),
}
RAISES = [Store, Publish, WriteJournal]
TELLS = [Store, Publish]
ENDS = [SaveAlarm, Speak, WriteJournal]
EXPECTED: dict[tuple[State, type], tuple[State, list[type]]] = {
    (State.NORMAL, Pressed): (State.RAISED, RAISES),
    (State.NORMAL, PressedTentatively): (State.PRE_ALARM, [SaveAlarm]),
    (State.NORMAL, Recalled): (State.RECEIVED, [SaveAlarm, WriteJournal]),
    (State.PRE_ALARM, Pressed): (State.RAISED, [*TELLS, *RAISES]),  # of another trigger: raised and joined
    (State.PRE_ALARM, PressedTentatively): (State.RAISED, RAISES),
    (State.PRE_ALARM, Cancelled): (State.NORMAL, [SaveAlarm, Store, Publish, Speak]),
    (State.PRE_ALARM, PreAlarmOver): (State.RAISED, RAISES),
    (State.RAISED, Received): (State.RECEIVED, [SaveAlarm]),
    (State.RAISED, Requeued): (State.RECEIVED, [SaveAlarm]),
    (State.RAISED, Answered): (State.ANSWERED, [SaveAlarm]),
    (State.RECEIVED, Answered): (State.ANSWERED, [SaveAlarm]),
    (State.ANSWERED, Requeued): (State.RECEIVED, [SaveAlarm]),
}
IN_AN_ALARM: dict[type, tuple[State | None, list[type]]] = {  # None: where it stood
    Pressed: (None, TELLS),
    PressedTentatively: (None, TELLS),
    Cancelled: (None, TELLS),
    ResetOrdered: (State.NORMAL, ENDS),
    ResetOvertaken: (State.RAISED, RAISES),
}
EXPECTED |= {
    (state, signal): (to or state, effects) for state in RUNGS for signal, (to, effects) in IN_AN_ALARM.items()
}


def sequence(*signals: Signal) -> AlarmSequence:
    """Return an alarm sequence with an open line, after some signals."""
    mail = Transmission()
    mail.begin(EPOCH, "boot-1", (), False, at(0))
    mail.path_opened(at(0))
    alarm = AlarmSequence(Triggers(TRIGGERS), mail)
    for signal in signals:
        alarm.handle(signal, at(0))
    return alarm


def kinds(effects: list[Effect]) -> list[type]:
    return [type(effect) for effect in effects]


def test_the_table_knows_every_state_and_every_signal() -> None:
    assert set(TRANSITIONS) == set(State) == set(WAY_TO)
    assert all(set(row) == set(ALL_SIGNALS) == {type(signal) for signal in SIGNALS} for row in TRANSITIONS.values())


@pytest.mark.parametrize(
    ("state", "signal"),
    [*itertools.product(State, SIGNALS)],
    ids=lambda part: getattr(part, "name", type(part).__name__),
)
def test_every_state_answers_every_signal(state: State, signal: Signal) -> None:
    alarm = sequence(*WAY_TO[state])
    assert alarm.state is state
    effects = alarm.handle(signal, at(1))
    next_state, expected = EXPECTED.get((state, type(signal)), (state, []))
    assert alarm.state is next_state
    assert kinds(effects) == expected
    assert set(kinds(effects)) <= set(ALL_EFFECTS)


def test_only_the_operators_reset_leaves_a_raised_alarm() -> None:
    ways_out = {
        (state, signal)
        for state, row in TRANSITIONS.items()
        for signal, cell in row.items()
        if state in RUNGS and cell is not None and cell[0] not in RUNGS
    }
    assert ways_out == {(state, ResetOrdered) for state in RUNGS}


def test_an_alarm_is_stored_with_its_record_before_it_is_sent() -> None:
    store, publish, _ = sequence().handle(Pressed(BUTTON), at(0))
    assert isinstance(store, Store)
    assert isinstance(publish, Publish)
    assert store.opens == AlarmRecord(key(1), Rung.RAISED, "button")
    assert store.message.body == publish.message.body == raised(BUTTON)
    assert publish.urgency is Urgency.ALARM


def test_a_pre_alarm_ends_by_itself_after_its_time() -> None:
    alarm = sequence(PressedTentatively(CORD))
    assert alarm.next_deadline() == at(CORD.pre_alarm_s).mono_s
    alarm.handle(PreAlarmOver(), at(10))
    assert alarm.next_deadline() is None


def test_the_press_in_a_pre_alarm_is_kept_and_raised_under_the_same_key() -> None:
    alarm = sequence()
    assert alarm.handle(PressedTentatively(CORD), at(0)) == [SaveAlarm(AlarmRecord(key(1), None, "cord"))]
    assert alarm.open_alarm() is None, "the centre is not told of what may be withdrawn"
    (store,) = of_kind(Store, alarm.handle(PreAlarmOver(), at(10)))
    assert store.message.key == key(1)
    assert store.message.body == raised(CORD)


def test_a_second_press_in_a_pre_alarm_means_now_and_tells_of_another_trigger() -> None:
    assert bodies(sequence(PressedTentatively(CORD)).handle(PressedTentatively(CORD), at(1))) == [raised(CORD)]
    effects = sequence(PressedTentatively(CORD)).handle(Pressed(PENDANT), at(1))
    joined = wire.AlarmJoined(alarm=key(1), trigger=PENDANT.info(), status_code=PENDANT.status_code)
    assert bodies(effects) == [raised(CORD), joined]


def test_a_withdrawal_is_reported_once_and_names_the_trigger() -> None:
    alarm = sequence(PressedTentatively(CORD))
    effects = alarm.handle(Cancelled(), at(1))
    assert effects[0] == SaveAlarm(None)
    assert bodies(effects) == [wire.AlarmWithdrawn(trigger=CORD.info())]
    assert of_kind(Publish, effects)[0].urgency is Urgency.EVENT
    assert effects[-1] == Speak(Prompt.WITHDRAWN)
    assert alarm.handle(Cancelled(), at(2)) == []


def test_a_press_during_an_alarm_joins_it_as_urgently() -> None:
    effects = sequence(Pressed(BUTTON)).handle(PressedTentatively(CORD), at(1))
    assert bodies(effects) == [wire.AlarmJoined(alarm=key(1), trigger=CORD.info(), status_code=CORD.status_code)]
    assert of_kind(Publish, effects)[0].urgency is Urgency.ALARM


def test_cancel_during_an_alarm_is_told_and_changes_nothing() -> None:
    alarm = sequence(Pressed(BUTTON), Received())
    assert bodies(alarm.handle(Cancelled(), at(1))) == [wire.CancelPressed(alarm=key(1))]
    assert alarm.state is State.RECEIVED


def test_every_rung_is_kept_and_named_in_heartbeats() -> None:
    alarm = sequence(Pressed(BUTTON))
    for signal, rung in ((Received(), Rung.RECEIVED), (Answered(), Rung.ANSWERED), (Requeued(), Rung.RECEIVED)):
        assert alarm.handle(signal, at(1)) == [SaveAlarm(AlarmRecord(key(1), rung, "button"))]
        assert alarm.open_alarm() == wire.OpenAlarm(alarm=key(1), rung=rung)
        assert alarm.kept() == SaveAlarm(AlarmRecord(key(1), rung, "button"))
    alarm.handle(ResetOrdered(), at(2))
    assert alarm.open_alarm() is None
    assert alarm.kept() == SaveAlarm(None)


def test_presses_that_nobody_hears_are_bounded() -> None:
    alarm = sequence()
    told = sum(len(of_kind(Store, alarm.handle(Pressed(BUTTON), at(n)))) for n in range(1_000))
    told += len(of_kind(Store, alarm.handle(Cancelled(), at(1_000))))
    assert told == timings.ALARMS_WAITING


def test_a_reset_that_a_press_has_crossed_raises_that_press_anew() -> None:
    alarm = sequence(Pressed(BUTTON), Received(), Answered())
    assert not alarm.has_unheard_press()
    assert alarm.reset_ordered() == ResetOrdered()
    alarm.handle(Pressed(PENDANT), at(1))
    assert alarm.has_unheard_press()
    assert alarm.reset_ordered() == ResetOvertaken(PENDANT)
    (store,) = of_kind(Store, alarm.handle(alarm.reset_ordered(), at(2)))
    assert store.opens == AlarmRecord(key(3), Rung.RAISED, "pendant")
    assert store.message.body == raised(PENDANT)
    assert alarm.reset_ordered() == ResetOrdered(), "the press is the new alarm's own, no further one is unheard"


def test_an_action_outside_its_state_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="no alarm is kept"):
        sequence().join(Pressed(BUTTON), at(0))


# --- a restart ---


@pytest.mark.parametrize("rung", [Rung.RECEIVED, Rung.ANSWERED])
def test_a_restart_goes_on_where_the_alarm_stood(rung: Rung) -> None:
    alarm = sequence()
    assert alarm.resume(AlarmRecord(key(7, EARLIER), rung, "button"), at(0)) == []
    assert alarm.open_alarm() == wire.OpenAlarm(alarm=key(7, EARLIER), rung=rung)


def test_a_restart_in_the_pre_alarm_raises_it() -> None:
    alarm = sequence()
    (store, publish) = alarm.resume(AlarmRecord(key(7, EARLIER), None, "cord"), at(0))
    assert isinstance(store, Store)
    assert isinstance(publish, Publish)
    assert store.message.key == key(7, EARLIER)
    assert store.opens == AlarmRecord(key(7, EARLIER), Rung.RAISED, "cord")
    assert alarm.state is State.RAISED


def test_a_restart_sends_a_raised_alarm_again_only_where_it_does_not_wait_already() -> None:
    record = AlarmRecord(key(7, EARLIER), Rung.RAISED, "button")
    assert kinds(sequence().resume(record, at(0))) == [Store, Publish]
    mail = Transmission()
    mail.begin(EPOCH, "boot-1", (waiting_alarm(7),), False, at(0))
    assert AlarmSequence(Triggers(TRIGGERS), mail).resume(record, at(0)) == []


def test_a_press_that_came_first_is_not_overwritten_by_what_an_earlier_life_left() -> None:
    alarm = sequence(Pressed(BUTTON))
    assert alarm.resume(AlarmRecord(key(7, EARLIER), Rung.ANSWERED, "cord"), at(0)) == []
    assert alarm.is_open_as(key(1))


def test_an_alarm_that_waits_without_its_record_is_gone_on_with() -> None:
    mail = Transmission()
    waiting = (waiting_alarm(3), waiting_alarm(7, PENDANT), waiting_event(8))
    mail.begin(EPOCH, "boot-1", waiting, False, at(0))
    alarm = AlarmSequence(Triggers(TRIGGERS), mail)
    assert alarm.adopt(waiting, at(0)) == [SaveAlarm(AlarmRecord(key(7, EARLIER), Rung.RAISED, "pendant"))]
    assert alarm.state is State.RAISED
    assert alarm.adopt((waiting_alarm(9),), at(1)) == []


def test_nothing_is_gone_on_with_where_no_alarm_waits() -> None:
    assert sequence().adopt((waiting_event(1),), at(0)) == []
