"""What the page shows of a call is what the unit has decided, and is not there when the call is gone."""

from typing import Any

import pytest

from device.core import events as ev
from device.core.effects import AnswerCall, EndCall, Indicate, Light, PlaceCall, SetSpeech
from device.simulator.call_seen import CallSeen
from device.wire.vocabulary import SpeechMode


def shown(call: CallSeen, *names: str) -> tuple[Any, ...]:
    return tuple(call.plain()[name] for name in names)


def standing() -> CallSeen:
    call = CallSeen()
    call.take_event(ev.VoiceStarted("2.17"))
    call.take_effect(PlaceCall("out-1", 0))
    call.take_event(ev.CallAnswered("out-1"))
    call.take_effect(SetSpeech("out-1", SpeechMode.DUPLEX, 7))
    return call


def test_a_call_is_seen_from_its_beginning_on() -> None:
    call = CallSeen()
    assert shown(call, "stage", "has_voice", "voice") == ("none", False, "")
    call.take_event(ev.VoiceStarted("2.17"))
    assert shown(call, "has_voice", "voice") == (True, "2.17")
    call.take_effect(PlaceCall("out-1", 0))
    call.take_event(ev.CallProgressed("out-1", 100))
    assert shown(call, "stage") == ("calling",)
    call.take_event(ev.CallProgressed("out-1", 180))
    assert shown(call, "stage") == ("ringing",)
    call.take_event(ev.CallAnswered("out-1"))
    assert shown(call, "stage", "microphone", "loudspeaker") == ("answered", False, False)
    assert not call.is_open


@pytest.mark.parametrize(
    ("mode", "microphone", "loudspeaker"),
    [
        (SpeechMode.DUPLEX, True, True),
        (SpeechMode.LISTEN, True, False),
        (SpeechMode.SPEAK, False, True),
        (SpeechMode.SILENT, False, False),
    ],
)
def test_who_hears_whom_is_seen(mode: SpeechMode, microphone: bool, loudspeaker: bool) -> None:
    call = standing()
    call.take_effect(SetSpeech("out-1", mode, 3))
    assert shown(call, "microphone", "loudspeaker", "volume") == (microphone, loudspeaker, 3)
    assert call.hears_the_room is microphone


@pytest.mark.parametrize(
    "end",
    [EndCall("out-1"), ev.CallEnded("out-1", 200, "", is_silence=False), ev.VoiceLost("killed"), PlaceCall("out-2", 0)],
)
def test_nothing_is_open_when_the_call_is_gone(end: Any) -> None:
    call = standing()
    take = call.take_effect if isinstance(end, EndCall | PlaceCall) else call.take_event
    take(end)
    assert shown(call, "microphone", "loudspeaker", "volume") == (False, False, None)


def test_what_is_said_of_another_call_changes_nothing() -> None:
    call = standing()
    before = call.plain()
    for event in (
        ev.CallEnded("out-9", 200, "", is_silence=False),
        ev.CallProgressed("out-9", 180),
        ev.CallAnswered("out-9"),
        ev.DeadlineReached(),
    ):
        call.take_event(event)
    for effect in (EndCall("out-9"), SetSpeech("out-9", SpeechMode.SILENT, 1), Indicate(Light.STEADY)):
        call.take_effect(effect)
    assert call.plain() == before


def test_a_call_that_came_in_is_seen_too() -> None:
    call = CallSeen()
    call.take_effect(AnswerCall("in-1"))
    call.take_effect(SetSpeech("in-1", SpeechMode.SPEAK, 6))
    assert shown(call, "stage", "loudspeaker") == ("answered", True)


def test_a_voice_that_is_lost_says_why() -> None:
    call = standing()
    call.take_event(ev.VoiceLost("pjsua2 is not installed"))
    assert shown(call, "has_voice", "voice") == (False, "pjsua2 is not installed")
