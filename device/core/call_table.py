"""The call as a table: every state answers every signal.

The whole truth is `TRANSITIONS`; the diagram in the README is drawn from it. The one way to `SPEAKING` leads through
`NOTICE`, in which the room is told; the one ways to a standing call are the centre's call and the centre's answer.
"""

from collections.abc import Callable
from typing import Any

from device.core.call import Call, CallState
from device.core.effects import Effect
from device.core.moment import Moment
from device.core.speech_signals import (
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

Action = Callable[[Call, Any, Moment], list[Effect]]
Row = tuple[CallState, Action] | None
"""The next state and what to do on the way; None: nothing to do, on purpose."""


def answer(call: Call, signal: Signal, now: Moment) -> list[Effect]:
    """Answer a signal by the table."""
    row = TRANSITIONS[call.state][type(signal)]
    if row is None:
        return []
    call.state, action = row
    return action(call, signal, now)


def _nothing(*signals: type) -> dict[type, Row]:
    """Answer these signals with nothing, on purpose."""
    return dict.fromkeys(signals)


_OVER: dict[type, Row] = {  # a call that nobody has spoken in is over
    Urged: None,
    AlarmOver: (CallState.IDLE, Call.rest),
    VoiceCame: None,
    VoiceGone: (CallState.VOICELESS, Call.forget),
    NextTarget: (CallState.PLACING, Call.place_next),
    CallAgain: (CallState.PLACING, Call.place_again),
    CallLater: (CallState.PAUSE, Call.pause),
    CallOver: (CallState.IDLE, Call.rest),
    ClearedDown: (CallState.CLEARED, Call.rest),
}
_SPOKEN = {**_OVER, **_nothing(NextTarget), CallOver: (CallState.IDLE, Call.end)}
_INSTEAD: dict[type, Row] = {  # the unit is free for it, or it is more than what stands
    Wanted: (CallState.PLACING, Call.place),
    Arrived: (CallState.ANSWERED, Call.take),
    AnnouncementArrived: (CallState.ANNOUNCING, Call.take_announcement),
}


def _busy(state: CallState) -> dict[type, Row]:
    """Refuse whoever calls, and stay."""
    return {Arrived: (state, Call.refuse), AnnouncementArrived: (state, Call.refuse)}


TRANSITIONS: dict[CallState, dict[type, Row]] = {
    CallState.VOICELESS: {
        VoiceCame: (CallState.IDLE, Call.rest),
        **_busy(CallState.VOICELESS),
        **_nothing(Wanted, Urged, AlarmOver, VoiceGone, Progressed, Answered, AnnouncementAnswered, Heard, NoticeSaid),
        **_nothing(NextTarget, CallAgain, CallLater, CallOver, ClearedDown, SpeechSet),
    },
    CallState.IDLE: {
        **_INSTEAD,
        VoiceGone: (CallState.VOICELESS, Call.forget),
        **_nothing(Urged, AlarmOver, VoiceCame, Progressed, Answered, AnnouncementAnswered, Heard, NoticeSaid),
        **_nothing(NextTarget, CallAgain, CallLater, CallOver, ClearedDown, SpeechSet),
    },
    CallState.PLACING: {
        **_OVER,
        **_INSTEAD,
        Progressed: (CallState.RINGING, Call.ring),
        Answered: (CallState.ANSWERED, Call.wait_for_sound),
        AnnouncementAnswered: (CallState.ANNOUNCING, Call.announce),
        Heard: (CallState.PLACING, Call.note_sound),
        **_nothing(NoticeSaid, SpeechSet),
    },
    CallState.RINGING: {
        **_OVER,
        **_INSTEAD,
        Answered: (CallState.ANSWERED, Call.wait_for_sound),
        AnnouncementAnswered: (CallState.ANNOUNCING, Call.announce),
        Heard: (CallState.RINGING, Call.note_sound),
        **_nothing(Progressed, NoticeSaid, SpeechSet),
    },
    CallState.ANSWERED: {
        **_OVER,
        **_INSTEAD,
        Heard: (CallState.NOTICE, Call.give_notice),
        SpeechSet: (CallState.ANSWERED, Call.note_speech),
        **_nothing(Progressed, Answered, AnnouncementAnswered, NoticeSaid),
    },
    CallState.NOTICE: {
        **_SPOKEN,
        **_busy(CallState.NOTICE),
        NoticeSaid: (CallState.SPEAKING, Call.speak),
        SpeechSet: (CallState.NOTICE, Call.note_speech),
        **_nothing(Wanted, Progressed, Answered, AnnouncementAnswered, Heard),
    },
    CallState.SPEAKING: {
        **_SPOKEN,
        **_busy(CallState.SPEAKING),
        SpeechSet: (CallState.SPEAKING, Call.set_speech),
        **_nothing(Wanted, Progressed, Answered, AnnouncementAnswered, Heard, NoticeSaid),
    },
    CallState.ANNOUNCING: {
        **_OVER,
        **_INSTEAD,
        AnnouncementArrived: (CallState.ANNOUNCING, Call.refuse),
        AlarmOver: None,  # it is heard to its end
        ClearedDown: None,
        SpeechSet: (CallState.ANNOUNCING, Call.set_volume),
        **_nothing(NextTarget, CallLater, Progressed, Answered, AnnouncementAnswered, Heard, NoticeSaid),
    },
    CallState.PAUSE: {
        **_OVER,
        **_INSTEAD,
        Urged: (CallState.PLACING, Call.place),
        **_nothing(NextTarget, CallLater, Progressed, Answered, AnnouncementAnswered, Heard, NoticeSaid, SpeechSet),
    },
    CallState.CLEARED: {
        **_INSTEAD,
        Urged: (CallState.PLACING, Call.place),
        AlarmOver: (CallState.IDLE, Call.rest),
        VoiceGone: (CallState.VOICELESS, Call.forget),
        **_nothing(VoiceCame, Progressed, Answered, AnnouncementAnswered, Heard, NoticeSaid, NextTarget, CallAgain),
        **_nothing(CallLater, CallOver, ClearedDown, SpeechSet),
    },
}
