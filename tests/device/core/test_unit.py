"""LocalUnit: what is done first, and what the room sees and hears of an alarm. Every event in any order: test_core."""

from collections.abc import Callable

import pytest

from device.core import events as ev
from device.core import timings
from device.core.effects import (
    Effect,
    Indicate,
    Light,
    Prompt,
    Publish,
    SaveAlarm,
    Speak,
    Store,
    WriteJournal,
)
from device.core.outgoing import AlarmRecord
from device.core.triggers import Trigger
from device.core.unit import LocalUnit
from device.wire import messages as wire
from device.wire.vocabulary import Rung, Urgency
from tests.device.core.life import (
    BUTTON,
    CORD,
    EARLIER,
    PENDANT,
    Life,
    at,
    bodies,
    connected,
    key,
    of_kind,
    outgoing,
    raised,
    waiting_alarm,
    waiting_event,
)


def in_answered_alarm() -> Life:
    """Return a unit whose alarm an operator has."""
    life = connected()
    life.press()
    life.receive(life.alarm_key())
    life.order(wire.AnswerAlarm(alarm=life.alarm_key()))
    return life


# --- order ---


def test_a_press_is_kept_then_sent_then_shown() -> None:
    kinds = [type(effect) for effect in connected().happen(ev.TriggerActivated("button"))]
    assert kinds == [Store, Publish, WriteJournal, Indicate, Speak]


def test_before_its_start_nothing_is_shown() -> None:
    assert of_kind(Indicate, LocalUnit((BUTTON,)).handle(ev.TriggerActivated("button"), at(0))) == []


# --- what the room sees and hears ---


def test_the_ladder_in_light_and_words() -> None:
    life = connected()
    assert (life.light(), life.last_words()) == (Light.STEADY, [Prompt.READY])
    life.press()
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.CALLING])
    alarm = life.alarm_key()
    life.receive(alarm)
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.RECEIVED])
    life.order(wire.AnswerAlarm(alarm=alarm), "1")
    assert (life.light(), life.last_words()) == (Light.BRIGHT, [Prompt.ANSWERED])
    life.order(wire.RequeueAlarm(alarm=alarm), "2")
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.RECEIVED])
    life.order(wire.ResetAlarm(alarm=alarm), "3")
    assert (life.light(), life.last_words()) == (Light.STEADY, [Prompt.CLOSED])
    life.wait(timings.WORDS_APART_S)
    assert life.last_words() == [Prompt.READY]


def test_the_end_of_a_pre_alarm_says_that_it_calls() -> None:
    life = connected()
    life.last_words()
    life.press(CORD)
    assert life.light() is Light.FLICKER
    life.wait(9.9)
    assert life.last_words() == [Prompt.WILL_CALL, Prompt.WILL_CALL]
    life.wait(0.2)
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.CALLING])


def test_a_withdrawal_is_said() -> None:
    life = connected()
    life.press(CORD)
    life.last_words()
    life.happen(ev.CancelActivated())
    assert (life.light(), life.last_words()) == (Light.STEADY, [Prompt.WITHDRAWN])


def test_a_start_without_a_line_is_said_and_not_passed_over_in_silence() -> None:
    life = Life()
    assert (life.light(), life.last_words()) == (Light.BREATH, [])
    life.wait(60)
    assert (life.light(), life.last_words()) == (Light.BREATH, [Prompt.CENTRE_LOST])
    life.connect()
    assert (life.light(), life.last_words()) == (Light.STEADY, [Prompt.READY])


@pytest.mark.parametrize("break_line", [Life.disconnect, Life.freeze_centre])
def test_a_press_that_nobody_can_hear_is_said_to_be_so(break_line: Callable[[Life], object]) -> None:
    life = connected()
    break_line(life)
    life.wait(60)
    life.last_words()
    life.press()
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.NO_CONNECTION])


@pytest.mark.parametrize("break_line", [Life.disconnect, Life.freeze_centre])
def test_no_operator_is_promised_where_no_word_of_the_centre_comes(break_line: Callable[[Life], object]) -> None:
    life = in_answered_alarm()
    break_line(life)
    life.wait(60)
    assert life.light() is Light.CALLING, "what the centre has received is true still, what an operator does may not be"
    life.connect()
    assert life.light() is Light.BRIGHT


def test_a_short_break_of_the_line_takes_no_promise_back() -> None:
    life = in_answered_alarm()
    life.disconnect()
    life.wait(10)
    assert life.light() is Light.BRIGHT


def test_a_further_press_without_a_line_is_not_shown_as_answered() -> None:
    life = in_answered_alarm()
    life.disconnect()
    life.last_words()
    life.press(PENDANT)
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.NO_CONNECTION])
    life.connect()
    assert life.light() is Light.BRIGHT


def test_a_press_that_the_operator_could_not_know_of_outlives_the_close() -> None:
    life = in_answered_alarm()
    first = life.alarm_key()
    life.press(PENDANT)
    life.last_words()
    effects = life.order(wire.ResetAlarm(alarm=first), "close")
    assert raised(PENDANT) in bodies(effects)
    assert life.alarm_key() != first
    assert (life.light(), life.last_words()) == (Light.CALLING, [Prompt.CALLING])


def test_a_press_that_the_centre_has_confirmed_ends_with_the_close() -> None:
    life = in_answered_alarm()
    life.press(PENDANT)
    life.receive_all()
    life.order(wire.ResetAlarm(alarm=life.alarm_key()), "close")
    assert life.light() is Light.STEADY


def test_a_receipt_of_something_else_moves_nothing() -> None:
    life = connected()
    life.press()
    life.receive(key(1), key(99))
    assert life.unit.alarm.open_alarm() == wire.OpenAlarm(alarm=life.alarm_key(), rung=Rung.RAISED)


@pytest.mark.parametrize(
    ("event", "light"),
    [
        (ev.AdapterFailed("prompts", "Speak", "no card", lasting=True), Light.DOUBLE_BLINK),
        (ev.TriggerFoundActive("cord"), Light.DOUBLE_BLINK),
        (ev.PowerRead(None, 5.0), Light.DOUBLE_BLINK),
        (ev.OutboxFailed("full", put_aside=False), Light.DOUBLE_BLINK),
    ],
)
def test_a_fault_is_shown_and_never_hides_an_alarm(event: ev.Event, light: Light) -> None:
    life = connected()
    life.happen(event)
    assert life.light() is light
    life.press()
    assert life.light() is Light.CALLING


def test_an_unconfigured_contact_calls_all_the_same() -> None:
    life = connected()
    life.press(Trigger("?", "?"))
    assert life.light() is Light.CALLING


# --- a restart ---


def test_a_restart_goes_on_with_the_alarm_and_promises_nothing_before_the_centre_is_heard() -> None:
    life = Life(open_alarm=AlarmRecord(key(7, EARLIER), Rung.ANSWERED, "button"))
    assert life.light() is Light.CALLING
    life.connect()
    assert life.light() is Light.BRIGHT
    life.order(wire.ResetAlarm(alarm=key(7, EARLIER)))
    assert life.light() is Light.STEADY


def test_a_restart_in_a_pre_alarm_calls() -> None:
    life = Life(open_alarm=AlarmRecord(key(7, EARLIER), None, "cord"))
    effects = life.connect()
    assert next(p.message.key for p in of_kind(Publish, effects) if p.urgency is Urgency.ALARM) == key(7, EARLIER)


def test_an_alarm_that_comes_late_from_a_slow_disk_is_shown_too() -> None:
    life = connected()
    effects = life.happen(ev.WaitingLoaded((waiting_alarm(7), waiting_event(8)), more=False))
    assert SaveAlarm(AlarmRecord(key(7, EARLIER), Rung.RAISED, "button")) in effects
    assert of_kind(Publish, effects)[0].message.age_s == pytest.approx(life.now_s - at(-10).mono_s)
    assert life.light() is Light.CALLING


# --- the outbox ---


def kept_after(event: ev.Event, life: Life) -> list[Effect]:
    return [effect for effect in life.happen(event) if isinstance(effect, Store | SaveAlarm)]


def test_a_disk_that_works_again_gets_the_alarm_and_what_waits() -> None:
    life = connected()
    (store,) = of_kind(Store, life.press())
    life.happen(ev.AdapterFailed("outbox", "Store", "full", lasting=False, message=store.message))
    kept = kept_after(ev.OutboxRecovered(), life)
    assert [type(effect) for effect in kept] == [Store, SaveAlarm]
    assert kept[0] == Store(store.message)


def test_a_new_file_gets_everything_that_is_open() -> None:
    life = connected()
    (store,) = of_kind(Store, life.press())
    kept = kept_after(ev.OutboxFailed("damaged", put_aside=True), life)
    assert kept[:2] == [Store(store.message), SaveAlarm(AlarmRecord(store.message.key, Rung.RAISED, "button"))]


def test_what_the_outbox_dropped_is_reported() -> None:
    assert wire.EventsLost(count=3) in bodies(connected().happen(ev.OutboxTrimmed(3)))


def test_an_event_too_many_for_a_full_outbox_does_not_begin_an_endless_story() -> None:
    life = connected()
    life.freeze_centre()
    stored = sum(len(of_kind(Store, life.happen(ev.OutboxTrimmed(1)))) for _ in range(100))
    assert stored == 1


def test_a_stop_is_written_down() -> None:
    assert WriteJournal("stop requested") in connected().happen(ev.StopRequested())


def test_what_waits_from_earlier_lives_is_sent_when_the_line_opens() -> None:
    body = wire.EventsLost(count=1)
    life = Life(waiting=(outgoing(key(3, EARLIER), Urgency.EVENT, body),))
    assert body in bodies(life.connect())
