"""The one call: targets in their order, pauses that grow, one call at a time, and a microphone that is announced."""

import pytest
from hypothesis import settings

from device.core import effects as fx
from device.core import timings
from device.core.call import BUSY, NO_CALLS, Call, CallPlan, CallState
from device.core.call_table import answer
from device.core.speech_signals import (
    AnnouncementArrived,
    Answered,
    Arrived,
    CallAgain,
    CallLater,
    Heard,
    NextTarget,
    NoticeSaid,
    Progressed,
    Signal,
    SpeechSet,
    Urged,
    VoiceCame,
    Wanted,
)
from device.wire.vocabulary import CallPurpose, SpeechMode
from tests.device.core.any_call import AnyCall
from tests.device.core.life import at, key

PLAN = CallPlan((20.0, 30.0, 10.0), notice_s=1.5)


def call_after(*signals: Signal, plan: CallPlan = PLAN) -> Call:
    call = Call(plan)
    call.alarm = key(2)
    for signal in (VoiceCame(), *signals):
        answer(call, signal, at(0))
    return call


def waits_s(call: Call) -> float | None:
    """Return how long it waits, as seen from the beginning."""
    return None if call.due_s is None else round(call.due_s - at(0).mono_s, 3)


def test_every_call_has_a_name_of_its_own_and_says_what_it_is_about() -> None:
    call = call_after()
    assert answer(call, Wanted(), at(0)) == [fx.PlaceCall("out-1", 0, key(2))]
    assert answer(call, NextTarget(), at(0)) == [fx.EndCall("out-1"), fx.PlaceCall("out-2", 1, key(2))]
    assert answer(call, Wanted(CallPurpose.SPEAK, "c-7"), at(0)) == [
        fx.EndCall("out-2"),
        fx.PlaceCall("out-3", 0, key(2), "c-7"),
    ]
    assert answer(call, NextTarget(), at(0))[1] == fx.PlaceCall("out-4", 1, key(2), "c-7")


def test_what_the_centre_ordered_is_said_until_the_alarm_calls_for_itself() -> None:
    call = call_after(Wanted(CallPurpose.SPEAK, "c-7"))
    assert answer(call, CallAgain(), at(0))[1] == fx.PlaceCall("out-2", 0, key(2))


def test_a_target_that_says_nothing_has_four_seconds_one_that_rings_its_own_time() -> None:
    call = call_after(Wanted())
    assert waits_s(call) == timings.PROVISIONAL_WITHIN_S
    answer(call, NextTarget(), at(0))
    answer(call, Progressed(), at(1))
    assert waits_s(call) == 31
    answer(call, Progressed(), at(2))
    assert waits_s(call) == 31, "a second word gives no second time"


def test_an_answer_has_four_seconds_to_be_heard() -> None:
    assert waits_s(call_after(Wanted(), Answered())) == timings.SOUND_WITHIN_S
    assert waits_s(call_after(Arrived("in-1"))) == timings.SOUND_WITHIN_S


def test_pauses_grow_to_the_last_and_begin_anew_when_somebody_was_heard() -> None:
    call = call_after(Wanted())
    pauses = []
    for _ in range(5):
        answer(call, CallLater(), at(0))
        pauses.append(waits_s(call))
        answer(call, CallAgain(), at(0))
    assert pauses == [2, 5, 10, 10, 10]
    for signal in (Answered(), Heard(), CallLater()):
        answer(call, signal, at(0))
    assert waits_s(call) == 2


def test_somebody_who_presses_again_is_called_for_at_once_and_from_the_first_target() -> None:
    call = call_after(Wanted(), NextTarget(), NextTarget(), CallLater())
    assert not call.has_another_target
    assert answer(call, Urged(), at(1)) == [fx.PlaceCall("out-4", 0, key(2))]
    answer(call, CallLater(), at(1))
    assert waits_s(call) == 3


@pytest.mark.parametrize("mode", SpeechMode)
def test_the_room_is_told_before_it_is_heard_and_the_centre_may_choose_meanwhile(mode: SpeechMode) -> None:
    call = call_after(Wanted(), Answered())
    assert answer(call, SpeechSet(volume=9), at(0)) == []
    assert answer(call, Heard(), at(1)) == [fx.Speak(fx.Prompt.MICROPHONE_OPEN)]
    assert waits_s(call) == 2.5
    assert answer(call, SpeechSet(mode=mode), at(2)) == []
    assert answer(call, NoticeSaid(), at(2.5)) == [fx.SetSpeech("out-1", mode, 9)]
    assert waits_s(call) == 2.5 + timings.LONGEST_CALL_S


def test_a_call_begins_as_if_no_other_had_been() -> None:
    call = call_after(Wanted(), Answered(), Heard(), NoticeSaid(), SpeechSet(SpeechMode.SILENT, 0))
    for signal in (CallAgain(), Answered(), Heard()):
        answer(call, signal, at(0))
    assert answer(call, NoticeSaid(), at(0)) == [fx.SetSpeech("out-2", SpeechMode.DUPLEX, timings.VOLUME)]


def test_an_announcement_is_heard_at_once_and_its_microphone_stays_closed_whatever_is_asked() -> None:
    call = call_after()
    assert answer(call, AnnouncementArrived("in-1"), at(0)) == [
        fx.AnswerCall("in-1"),
        fx.SetSpeech("in-1", SpeechMode.SPEAK, timings.VOLUME),
    ]
    louder = SpeechSet(SpeechMode.DUPLEX, 10)
    assert answer(call, louder, at(0)) == [fx.SetSpeech("in-1", SpeechMode.SPEAK, 10)]


def test_who_calls_while_a_call_stands_is_told_that_it_is_busy() -> None:
    call = call_after(Wanted(), Answered(), Heard())
    assert answer(call, Arrived("in-1"), at(0)) == [fx.EndCall("in-1", BUSY)]
    assert (call.state, call.name) == (CallState.NOTICE, "out-1")


def test_a_unit_calls_nobody_unless_it_is_told_whom() -> None:
    assert NO_CALLS.ring_times_s == ()
    assert not Call(NO_CALLS).has_another_target


def test_speech_without_a_call_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="no call is kept in state idle"):
        call_after().speak(NoticeSaid(), at(0))


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=60, stateful_step_count=40)
