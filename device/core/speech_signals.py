"""What an event means to the call; `core/speech.py` turns events, orders and its own deadlines into signals."""

from dataclasses import dataclass
from typing import get_args

from device.wire.vocabulary import CallPurpose, SpeechMode


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call is wanted: an alarm is open, or the centre has ordered it under a name (`call_id`)."""

    purpose: CallPurpose = CallPurpose.SPEAK
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Urged:
    """Somebody presses again, or the alarm waits for an operator again."""


@dataclass(frozen=True, slots=True)
class AlarmOver:
    """The alarm that was open is not open any more."""


@dataclass(frozen=True, slots=True)
class VoiceCame:
    """There is a voice."""


@dataclass(frozen=True, slots=True)
class VoiceGone:
    """There is no voice any more, and no call of it is left."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The centre calls to speak, and may."""

    call: str


@dataclass(frozen=True, slots=True)
class AnnouncementArrived:
    """The centre calls to say something."""

    call: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """Somebody is there: it rings, or is on its way."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The call stands, by signalling."""


@dataclass(frozen=True, slots=True)
class AnnouncementAnswered:
    """The call that was ordered to say something stands."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The first sound came."""


@dataclass(frozen=True, slots=True)
class NoticeSaid:
    """The room was told that it can be heard."""


@dataclass(frozen=True, slots=True)
class NextTarget:
    """This target cannot be reached, and there is another."""


@dataclass(frozen=True, slots=True)
class CallAgain:
    """The call is over, and it is wanted at once."""


@dataclass(frozen=True, slots=True)
class CallLater:
    """The call is over, and it is wanted after a pause."""


@dataclass(frozen=True, slots=True)
class CallOver:
    """The call is over, and no other is wanted."""


@dataclass(frozen=True, slots=True)
class ClearedDown:
    """The centre has ended the call and keeps the alarm open: it does not want to be called."""


@dataclass(frozen=True, slots=True)
class SpeechSet:
    """The centre says who hears whom, and how loud. None: as it is."""

    mode: SpeechMode | None = None
    volume: int | None = None


Signal = (
    Wanted
    | Urged
    | AlarmOver
    | VoiceCame
    | VoiceGone
    | Arrived
    | AnnouncementArrived
    | Progressed
    | Answered
    | AnnouncementAnswered
    | Heard
    | NoticeSaid
    | NextTarget
    | CallAgain
    | CallLater
    | CallOver
    | ClearedDown
    | SpeechSet
)
ALL_SIGNALS: tuple[type, ...] = get_args(Signal)
