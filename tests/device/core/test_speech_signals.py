"""What the calls and keys of the far end come to mean: who is let in, and who hears whom."""

import pytest

from device.core import effects as fx
from device.core import events as ev
from device.core import timings
from device.core.call import CallState
from device.core.effects import EndCall, Light, PlaceCall, Prompt, SetSpeech
from device.wire.vocabulary import CallPurpose, SpeechMode
from tests.device.core.life import of_kind
from tests.device.core.talk import in_alarm, in_speech, of_calls, talking

HOUR_S = timings.ANSWERED_BY_ITSELF_FOR_S


def kinds(effects: list[fx.Effect]) -> list[type]:
    return [type(effect) for effect in effects]


# --- who may call ---


@pytest.mark.parametrize("purpose", CallPurpose)
def test_a_stranger_is_never_answered(purpose: CallPurpose) -> None:
    for life in (talking(), in_alarm(), in_speech()):
        assert of_calls(life.arrive(purpose, is_from_centre=False)) == [EndCall("in-1", 603)]


def test_the_centre_is_answered_in_an_alarm_instead_of_the_call_that_still_rings() -> None:
    life = in_alarm()
    life.ring()
    assert of_calls(life.arrive()) == [EndCall("out-1"), fx.AnswerCall("in-1")]
    assert of_calls(life.speak())[-1] == SetSpeech("in-1", SpeechMode.DUPLEX, timings.VOLUME)


def test_a_call_of_the_centre_that_stays_silent_gives_way_to_an_own_one() -> None:
    life = in_alarm()
    life.arrive()
    assert kinds(of_calls(life.wait(timings.SOUND_WITHIN_S + 0.1)))[:2] == [EndCall, PlaceCall]


def test_the_centre_is_answered_for_an_hour_after_an_alarm_and_no_longer() -> None:
    life = in_speech()
    life.reset()
    life.wait(HOUR_S - 60)
    assert fx.AnswerCall("in-1") in life.arrive()
    life.speak()
    life.last_words()
    life.end()
    assert (life.state, life.last_words()) == (CallState.IDLE, [Prompt.CALL_ENDED])
    life.wait(60)
    assert of_calls(life.arrive()) == [EndCall("in-2", 603)]


def test_a_room_that_has_not_called_is_not_heard() -> None:
    assert of_calls(talking().arrive()) == [EndCall("in-1", 603)]


def test_a_withdrawn_press_lets_nobody_in() -> None:
    life = talking()
    life.happen(ev.TriggerActivated("cord"), ev.CancelActivated())
    assert of_calls(life.arrive()) == [EndCall("in-1", 603)]


def test_whoever_calls_while_they_speak_finds_it_busy() -> None:
    life = in_speech()
    assert of_calls(life.arrive()) == [EndCall("in-1", 486)]
    assert of_calls(life.arrive(CallPurpose.ANNOUNCE)) == [EndCall("in-2", 486)]


def test_an_announcement_is_heard_at_any_time_and_the_room_is_not() -> None:
    life = talking()
    assert of_calls(life.arrive(CallPurpose.ANNOUNCE)) == [
        fx.AnswerCall("in-1"),
        SetSpeech("in-1", SpeechMode.SPEAK, timings.VOLUME),
    ]
    assert life.light() is Light.STEADY
    assert of_calls(life.key("4") + life.key("7")) == [SetSpeech("in-1", SpeechMode.SPEAK, timings.VOLUME)] * 2
    life.end()
    assert life.state is CallState.IDLE


def test_a_press_while_something_is_announced_calls_at_once() -> None:
    life = talking()
    life.arrive(CallPurpose.ANNOUNCE)
    assert kinds(of_calls(life.press()))[:2][:2] == [EndCall, PlaceCall]


def test_an_announcement_in_an_alarm_is_followed_by_the_call() -> None:
    life = in_alarm()
    assert kinds(of_calls(life.arrive(CallPurpose.ANNOUNCE))) == [EndCall, fx.AnswerCall, SetSpeech]
    assert of_calls(life.key("0"))[:2] == [EndCall("in-1"), PlaceCall("out-2", 0, life.alarm_key())]


def test_an_announcement_outlives_the_reset_and_calls_nobody_after_it() -> None:
    life = in_alarm()
    life.arrive(CallPurpose.ANNOUNCE)
    assert of_kind(EndCall, life.reset()) == []
    life.end()
    assert life.state is CallState.IDLE


# --- keys ---


def test_the_operators_keys_say_who_hears_whom_and_how_loud() -> None:
    life = in_speech()
    told = [life.key(key) for key in "7841339A"]
    assert [[(one.mode, one.volume) for one in of_kind(SetSpeech, effects)] for effects in told] == [
        [(SpeechMode.LISTEN, 6)],
        [(SpeechMode.SPEAK, 6)],
        [(SpeechMode.DUPLEX, 6)],
        [(SpeechMode.DUPLEX, 7)],
        [(SpeechMode.DUPLEX, 6)],
        [(SpeechMode.DUPLEX, 5)],
        [],
        [],
    ]


def test_a_volume_has_its_ends() -> None:
    life = in_speech()
    for key_ in "1" * 6:
        life.key(key_)
    assert of_calls(life.key("1")) == []
    for key_ in "3" * 10:
        life.key(key_)
    assert of_calls(life.key("3")) == []


def test_a_key_in_a_call_that_is_gone_is_nothing() -> None:
    life = in_speech()
    assert of_calls(life.happen(ev.KeyHeard("out-9", "0"), ev.CallProgressed("out-9", 180))) == []


def test_the_light_of_an_open_microphone_gives_way_to_a_pre_alarm_only() -> None:
    life = in_speech()
    life.reset()
    life.arrive()
    life.speak()
    life.last_words()
    life.happen(ev.TriggerActivated("cord"))
    assert (life.light(), life.last_words()) == (Light.FLICKER, [])
    life.wait(10.1)
    assert life.light() is Light.PULSE
