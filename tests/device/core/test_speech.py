"""Speech: who is called and when, what the room is told before it is heard, and what comes after a call."""

import pytest

from device.core import effects as fx
from device.core import events as ev
from device.core import timings
from device.core.call import CallPlan, CallState
from device.core.effects import EndCall, Indicate, Light, PlaceCall, Prompt, Publish, SetSpeech, Speak, Store
from device.core.outgoing import AlarmRecord
from device.wire import messages as wire
from device.wire.vocabulary import Rung, SpeechMode
from tests.device.core.life import EARLIER, PENDANT, Life, connected, key, of_kind
from tests.device.core.talk import CALLS, NOTICE_S, Talk, in_alarm, in_speech, of_calls, talking


def kinds(effects: list[fx.Effect]) -> list[type]:
    return [type(effect) for effect in effects]


# --- an alarm calls ---


def test_a_press_is_kept_sent_and_called_for_before_it_is_shown() -> None:
    done = kinds(talking().happen(ev.TriggerActivated("button")))
    assert [kind for kind in done if kind in (Store, Publish, PlaceCall, Indicate)] == [
        Store,
        Publish,
        PlaceCall,
        Indicate,
    ]


def test_the_call_says_which_alarm_it_is_about() -> None:
    life = talking()
    (placed,) = of_kind(PlaceCall, life.press())
    assert placed == PlaceCall("out-1", 0, life.alarm_key())


def test_a_unit_calls_though_its_line_is_dead() -> None:
    life = Talk(calls=CALLS)
    life.happen(ev.VoiceStarted("test"))
    assert of_kind(PlaceCall, life.press())


def test_a_unit_without_targets_never_speaks_of_a_voice() -> None:
    life = connected()
    effects = life.happen(ev.VoiceStarted("test")) + life.press() + life.wait(600)
    assert [effect for effect in effects if isinstance(effect, fx.OF_VOICE)] == []
    assert not life.unit.speech.has_targets


def test_a_press_that_may_still_be_withdrawn_calls_nobody() -> None:
    life = talking()
    life.happen(ev.TriggerActivated("cord"))
    assert of_kind(PlaceCall, life.wait(9)) == []
    assert len(of_kind(PlaceCall, life.wait(1.1))) == 1


def test_silence_busy_and_an_unanswered_ring_each_lead_to_the_next_target() -> None:
    life = in_alarm()
    assert of_calls(life.wait(3.9)) == []
    assert of_kind(PlaceCall, life.wait(0.2)) == [PlaceCall("out-2", 1, life.alarm_key())]
    life = in_alarm()
    assert of_kind(PlaceCall, life.end(486)) == [PlaceCall("out-2", 1, life.alarm_key())]
    life = in_alarm()
    life.ring()
    assert of_kind(PlaceCall, life.wait(19.9)) == []
    assert of_kind(EndCall, life.wait(0.2)) == [EndCall("out-1")]
    life.ring()
    assert of_kind(PlaceCall, life.wait(29)) == [], "every target has its own time"


def test_the_round_begins_again_after_pauses_for_as_long_as_the_alarm_is_open() -> None:
    life = in_alarm()
    placed = [(0.0, 0)]
    began_s = life.now_s
    for _ in range(9):
        life.end(603)
        while life.state is CallState.PAUSE:
            life.wait(0.5)
        placed.append((life.now_s - began_s, life.unit.speech._call._target))
    assert placed == [(0, 0), (0, 1), (2, 0), (2, 1), (7, 0), (7, 1), (17, 0), (17, 1), (27, 0), (27, 1)]
    assert len(of_kind(PlaceCall, life.wait(3600))) > 300, "without end"


def test_a_target_that_was_given_up_and_answers_late_is_not_heard() -> None:
    life = in_alarm()
    life.wait(4.1)
    late = life.happen(ev.CallAnswered("out-1"), ev.CallHeard("out-1"), ev.CallEnded("out-1", 200, "late", False))
    assert of_calls(late) == []
    assert life.state is CallState.PLACING


def test_a_further_press_does_not_wait_for_the_pause() -> None:
    life = in_alarm(CallPlan((20.0,)))
    life.end(486)
    assert life.state is CallState.PAUSE
    assert of_kind(PlaceCall, life.press(PENDANT)) == [PlaceCall("out-2", 0, life.alarm_key())]


# --- somebody is there ---


def test_the_light_shines_and_the_words_are_said_before_the_microphone_opens() -> None:
    life = in_alarm()
    life.ring()
    life.last_words()
    assert of_calls(life.happen(ev.CallAnswered(life.call))) == [], "an answer alone is nobody"
    assert of_calls(life.happen(ev.CallHeard(life.call))) == [Speak(Prompt.MICROPHONE_OPEN)]
    assert life.light() is Light.PULSE
    assert of_calls(life.wait(NOTICE_S - 0.1)) == []
    assert of_calls(life.wait(0.2)) == [SetSpeech("out-1", SpeechMode.DUPLEX, timings.VOLUME)]


def test_sound_that_comes_before_the_answer_opens_nothing() -> None:
    life = in_alarm()
    life.ring()
    assert of_calls(life.happen(ev.CallHeard(life.call))) == []
    assert life.light() is Light.CALLING
    assert of_calls(life.happen(ev.CallAnswered(life.call))) == [Speak(Prompt.MICROPHONE_OPEN)]


def test_an_answer_without_sound_is_hung_up_and_the_next_target_called() -> None:
    life = in_alarm()
    life.happen(ev.CallAnswered(life.call))
    assert kinds(of_calls(life.wait(timings.SOUND_WITHIN_S + 0.1)))[:2] == [EndCall, PlaceCall]


def test_while_it_rings_the_room_hears_how_far_the_alarm_is_and_in_a_call_nothing() -> None:
    life = in_alarm()
    life.ring()
    life.receive(life.alarm_key())
    assert life.last_words() == [Prompt.CALLING, Prompt.RECEIVED]
    life.speak()
    life.accept()
    life.press()
    life.wait(30)
    assert life.last_words() == [Prompt.MICROPHONE_OPEN]


def test_when_the_call_is_over_the_room_hears_how_far_the_alarm_is() -> None:
    life = in_speech()
    life.receive(life.alarm_key())
    life.accept()
    life.last_words()
    life.end()
    assert (life.light(), life.last_words()) == (Light.BRIGHT, [Prompt.ANSWERED])


def test_the_reset_ends_the_call_and_says_so_when_nobody_speaks_any_more() -> None:
    life = in_speech()
    life.last_words()
    effects = life.reset()
    assert of_calls(effects) == [EndCall("out-1"), Speak(Prompt.CLOSED)]
    assert life.state is CallState.IDLE


def test_a_reset_that_a_press_has_crossed_calls_about_the_new_alarm() -> None:
    life = in_speech()
    life.happen(ev.TriggerActivated("pendant"))
    effects = of_calls(life.reset())
    assert effects[:2] == [EndCall("out-1"), PlaceCall("out-2", 0, life.alarm_key())]


def test_an_alarm_that_opens_in_a_call_with_the_centre_goes_on_with_it() -> None:
    life = in_speech()
    life.reset()
    life.arrive()
    life.speak()
    assert of_calls(life.press()) == []
    assert life.state is CallState.SPEAKING
    assert kinds(of_calls(life.end(is_silence=True)))[:1] == [PlaceCall]


# --- a call that is over while the alarm is open ---


def test_a_call_that_falls_silent_is_placed_again_at_once() -> None:
    life = in_speech()
    assert of_kind(PlaceCall, life.end(is_silence=True)) == [PlaceCall("out-2", 0, life.alarm_key())]


def test_a_call_that_somebody_hung_up_is_placed_again_where_no_operator_has_the_alarm() -> None:
    life = in_speech()
    life.end()
    assert life.state is CallState.PAUSE
    assert len(of_kind(PlaceCall, life.wait(2.1))) == 1


@pytest.mark.parametrize("how", ["hangs up", "presses 0", "orders it"])
def test_an_operator_who_has_the_alarm_and_ends_the_call_is_not_called_again(how: str) -> None:
    life = in_speech()
    life.accept()
    if how == "hangs up":
        life.end()
    elif how == "presses 0":
        assert of_kind(EndCall, life.key("0")) == [EndCall("out-1")]
    else:
        assert of_kind(EndCall, life.order(wire.EndCall(alarm=life.alarm_key()), "end")) == [EndCall("out-1")]
    assert life.state is CallState.CLEARED
    assert of_kind(PlaceCall, life.wait(600)) == []


def test_after_it_was_cleared_down_a_press_and_a_wait_for_an_operator_call_again() -> None:
    life = in_speech()
    life.accept()
    life.key("0")
    assert len(of_kind(PlaceCall, life.press())) == 1
    life.speak()
    life.key("0")
    assert len(of_kind(PlaceCall, life.order(wire.RequeueAlarm(alarm=life.alarm_key()), "requeue"))) == 1


@pytest.mark.parametrize("goes", [ev.CentreHeard(False, 0), ev.PathClosed("ethernet", "reset")])
def test_a_centre_that_goes_away_has_not_cleared_down(goes: ev.Event) -> None:
    """A centre that is stopped in good order hangs up, before or after it says that it goes."""
    before = in_speech()
    before.accept()
    before.end()
    assert before.state is CallState.CLEARED
    assert len(of_kind(PlaceCall, before.happen(goes))) == 1
    after = in_speech()
    after.accept()
    after.happen(goes)
    after.end()
    assert len(of_kind(PlaceCall, after.wait(2.1))) == 1


def test_a_call_of_an_hour_is_ended_and_placed_anew() -> None:
    life = in_speech()
    assert kinds(of_calls(life.wait(timings.LONGEST_CALL_S)))[:2] == [EndCall, PlaceCall]


# --- the voice engine ---


@pytest.mark.parametrize("prepare", [Talk.ring, Talk.answer, Talk.speak])
def test_a_voice_that_is_lost_in_a_call_calls_again_as_soon_as_it_is_back(prepare: object) -> None:
    life = in_alarm()
    assert callable(prepare)
    prepare(life)
    assert of_kind(EndCall, life.happen(ev.VoiceLost("killed"))) == [], "no call of it is left"
    assert life.state is CallState.VOICELESS
    assert life.light() is Light.CALLING, "the alarm itself never notices"
    assert len(of_kind(PlaceCall, life.happen(ev.VoiceStarted("test")))) == 1


def test_a_voice_that_starts_anew_without_a_word_of_its_end_is_no_other() -> None:
    life = in_speech()
    assert kinds(of_calls(life.happen(ev.VoiceStarted("test"))))[:1] == [PlaceCall]


def test_an_alarm_of_an_earlier_life_is_called_for_when_the_voice_is_there() -> None:
    life = Talk(open_alarm=AlarmRecord(key(7, EARLIER), Rung.ANSWERED, "button"), calls=CALLS)
    assert of_kind(PlaceCall, life.begun) == []
    assert of_kind(PlaceCall, life.happen(ev.VoiceStarted("test"))) == [PlaceCall("out-1", 0, key(7, EARLIER))]


def test_life_without_calls_is_as_it_was() -> None:
    life: Life = connected()
    life.press()
    assert life.unit.speech.state is CallState.VOICELESS
