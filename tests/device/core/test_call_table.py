"""The call's table: every state answers every signal, exactly as told here."""

import itertools

import pytest

from device.core import effects as fx
from device.core.call import Call, CallPlan, CallState
from device.core.call_table import TRANSITIONS, answer
from device.core.speech_signals import (
    ALL_SIGNALS,
    AlarmOver,
    AnnouncementAnswered,
    AnnouncementArrived,
    Answered,
    Arrived,
    CallAgain,
    CallLater,
    CallOver,
    ClearedDown,
    Heard,
    NextTarget,
    NoticeSaid,
    Progressed,
    Signal,
    SpeechSet,
    Urged,
    VoiceCame,
    VoiceGone,
    Wanted,
)
from device.wire.vocabulary import SpeechMode
from tests.device.core.life import at

S = CallState
SIGNALS: tuple[Signal, ...] = (
    Wanted(),
    Urged(),
    AlarmOver(),
    VoiceCame(),
    VoiceGone(),
    Arrived("in-9"),
    AnnouncementArrived("in-9"),
    Progressed(),
    Answered(),
    AnnouncementAnswered(),
    Heard(),
    NoticeSaid(),
    NextTarget(),
    CallAgain(),
    CallLater(),
    CallOver(),
    ClearedDown(),
    SpeechSet(mode=SpeechMode.LISTEN, volume=8),
)
PLACED = (VoiceCame(), Wanted())
WAY_TO: dict[CallState, tuple[Signal, ...]] = {
    S.VOICELESS: (),
    S.IDLE: (VoiceCame(),),
    S.PLACING: PLACED,
    S.RINGING: (*PLACED, Progressed()),
    S.ANSWERED: (*PLACED, Progressed(), Answered()),
    S.NOTICE: (*PLACED, Answered(), Heard()),
    S.SPEAKING: (*PLACED, Answered(), Heard(), NoticeSaid()),
    S.ANNOUNCING: (VoiceCame(), AnnouncementArrived("in-1")),
    S.PAUSE: (*PLACED, CallLater()),
    S.CLEARED: (*PLACED, ClearedDown()),
}
END, PLACE, ANSWER, SET, SAY = fx.EndCall, fx.PlaceCall, fx.AnswerCall, fx.SetSpeech, fx.Speak
Expected = dict[type, tuple[CallState, list[type]]]
FREE: Expected = {
    Wanted: (S.PLACING, [PLACE]),
    Arrived: (S.ANSWERED, [ANSWER]),
    AnnouncementArrived: (S.ANNOUNCING, [ANSWER, SET]),
    VoiceGone: (S.VOICELESS, []),
}
OVER: Expected = {
    AlarmOver: (S.IDLE, [END]),
    VoiceGone: (S.VOICELESS, []),
    CallAgain: (S.PLACING, [END, PLACE]),
    CallLater: (S.PAUSE, [END]),
    CallOver: (S.IDLE, [END]),
    ClearedDown: (S.CLEARED, [END]),
}
ON_ITS_WAY: Expected = OVER | {
    NextTarget: (S.PLACING, [END, PLACE]),
    Wanted: (S.PLACING, [END, PLACE]),
    Arrived: (S.ANSWERED, [END, ANSWER]),
    AnnouncementArrived: (S.ANNOUNCING, [END, ANSWER, SET]),
}


def busy(state: CallState) -> Expected:
    return {Arrived: (state, [END]), AnnouncementArrived: (state, [END])}


EXPECTED: dict[CallState, Expected] = {
    S.VOICELESS: {VoiceCame: (S.IDLE, []), **busy(S.VOICELESS)},
    S.IDLE: FREE,
    S.PLACING: ON_ITS_WAY
    | {
        Progressed: (S.RINGING, []),
        Answered: (S.ANSWERED, []),
        AnnouncementAnswered: (S.ANNOUNCING, [SET]),
        Heard: (S.PLACING, []),
    },
    S.RINGING: ON_ITS_WAY
    | {
        Answered: (S.ANSWERED, []),
        AnnouncementAnswered: (S.ANNOUNCING, [SET]),
        Heard: (S.RINGING, []),
    },
    S.ANSWERED: ON_ITS_WAY | {Heard: (S.NOTICE, [SAY]), SpeechSet: (S.ANSWERED, [])},
    S.NOTICE: OVER
    | busy(S.NOTICE)
    | {CallOver: (S.IDLE, [END, SAY]), NoticeSaid: (S.SPEAKING, [SET]), SpeechSet: (S.NOTICE, [])},
    S.SPEAKING: OVER | busy(S.SPEAKING) | {CallOver: (S.IDLE, [END, SAY]), SpeechSet: (S.SPEAKING, [SET])},
    S.ANNOUNCING: {
        Wanted: (S.PLACING, [END, PLACE]),
        Arrived: (S.ANSWERED, [END, ANSWER]),
        AnnouncementArrived: (S.ANNOUNCING, [END]),
        VoiceGone: (S.VOICELESS, []),
        CallAgain: (S.PLACING, [END, PLACE]),
        CallOver: (S.IDLE, [END]),
        SpeechSet: (S.ANNOUNCING, [SET]),
    },
    S.PAUSE: FREE
    | {
        Urged: (S.PLACING, [PLACE]),
        AlarmOver: (S.IDLE, []),
        CallAgain: (S.PLACING, [PLACE]),
        CallOver: (S.IDLE, []),
        ClearedDown: (S.CLEARED, []),
    },
    S.CLEARED: FREE | {Urged: (S.PLACING, [PLACE]), AlarmOver: (S.IDLE, [])},
}


def call_in(state: CallState) -> Call:
    """Return a call that has come to a state."""
    call = Call(CallPlan((20.0, 20.0)))
    for signal in WAY_TO[state]:
        answer(call, signal, at(0))
    assert call.state is state
    return call


def test_the_table_knows_every_state_and_every_signal() -> None:
    assert set(TRANSITIONS) == set(CallState) == set(WAY_TO)
    assert {type(signal) for signal in SIGNALS} == set(ALL_SIGNALS)
    assert all(set(row) == set(ALL_SIGNALS) for row in TRANSITIONS.values())


@pytest.mark.parametrize(
    ("state", "signal"),
    [*itertools.product(CallState, SIGNALS)],
    ids=lambda part: getattr(part, "name", type(part).__name__),
)
def test_every_state_answers_every_signal(state: CallState, signal: Signal) -> None:
    call = call_in(state)
    effects = answer(call, signal, at(1))
    next_state, expected = EXPECTED[state].get(type(signal), (state, []))
    assert call.state is next_state
    assert [type(effect) for effect in effects] == expected


def test_only_a_standing_call_that_was_announced_opens_the_microphone() -> None:
    ways = {
        (state, row[0])
        for state, answers in TRANSITIONS.items()
        for row in answers.values()
        if row is not None and row[0] in (S.NOTICE, S.SPEAKING) and row[0] is not state
    }
    assert ways == {(S.ANSWERED, S.NOTICE), (S.NOTICE, S.SPEAKING)}
