"""What can happen to calls: past participles, as in `events`. `CallEvent` is the explicit union of all of them.

A leg is a call with one other party. Whoever begins one names it, and no name is ever used again.
"""

from dataclasses import dataclass

from device.wire.messages import MessageKey
from hub.core.speech_acts import SpeechAct


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The centre can speak: from now on there are calls. `build` is for people."""

    build: str


@dataclass(frozen=True, slots=True)
class VoiceLost:
    """The centre cannot speak (any more): every leg, saying and recording is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallArrived:
    """Somebody calls. `unit_id` is None where it is not proven to be a unit.

    `alarm` is the unit's open alarm, `call_id` the order by which it was told to call.
    """

    leg: str
    unit_id: str | None
    caller: str
    alarm: MessageKey | None = None
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class LegRinging:
    """It rings at the other end."""

    leg: str


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """The leg stands."""

    leg: str


@dataclass(frozen=True, slots=True)
class LegHeard:
    """The first sound came."""

    leg: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """A leg is over: said once for every leg, whoever ended it; `status` is the last of SIP, 0 where there was none."""

    leg: str
    status: int
    reason: str = ""
    is_silence: bool = False


@dataclass(frozen=True, slots=True)
class KeyHeard:
    """The other party pressed a key."""

    leg: str
    key: str


@dataclass(frozen=True, slots=True)
class SayingEnded:
    """A saying is over: said once for every one."""

    saying: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """A recording is closed, in good order or after a crash; `key_id` names the key that opens it."""

    recording_id: str
    file: str
    seconds: float
    key_id: str


@dataclass(frozen=True, slots=True)
class RecordingDeleted:
    """A recording is gone for ever."""

    recording_id: str


@dataclass(frozen=True, slots=True)
class SpeechActed:
    """An operator asks something of an incident's call; `request_id` asks for a `Reply`."""

    request_id: str
    operator: str
    incident_id: int
    act: SpeechAct


@dataclass(frozen=True, slots=True)
class SoundTestAsked:
    """Somebody wants to know how a unit sounds; `request_id` asks for a `Reply`, the unit says `SoundTested`."""

    request_id: str
    unit_id: str


CallEvent = (
    VoiceStarted
    | VoiceLost
    | CallArrived
    | LegRinging
    | LegAnswered
    | LegHeard
    | LegEnded
    | KeyHeard
    | SayingEnded
    | RecordingEnded
    | RecordingDeleted
    | SpeechActed
    | SoundTestAsked
)
