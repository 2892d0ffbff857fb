"""What a unit does to the world: imperatives. Performed in order, each by the one adapter that names it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import Heartbeat, Message, MessageKey
from device.wire.vocabulary import SpeechMode, Urgency


class Light(StrEnum):
    """The light's grammar: told apart by shape, not colour."""

    STEADY = "steady"
    BREATH = "breath"
    DOUBLE_BLINK = "double_blink"
    FLICKER = "flicker"
    CALLING = "calling"
    BRIGHT = "bright"
    PULSE = "pulse"
    DARK = "dark"


class Prompt(StrEnum):
    """Spoken forms, at most six words each; the words stand in `device/prompts/words.toml`."""

    READY = "ready"
    WILL_CALL = "will_call"
    CALLING = "calling"
    NO_CONNECTION = "no_connection"
    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CENTRE_LOST = "centre_lost"
    MAINS_LOST = "mains_lost"
    BATTERY_LOW = "battery_low"
    BUTTON_STUCK = "button_stuck"
    MICROPHONE_OPEN = "microphone_open"
    CALL_ENDED = "call_ended"


@dataclass(frozen=True, slots=True)
class Store:
    """Keep a message on disk until its receipt, and with it, in one act, the alarm it opens."""

    message: Outgoing
    opens: AlarmRecord | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """The centre has these: take them from the outbox."""

    keys: tuple[MessageKey, ...]


@dataclass(frozen=True, slots=True)
class SaveAlarm:
    """Keep the open alarm (None: none is open) across a restart."""

    record: AlarmRecord | None


@dataclass(frozen=True, slots=True)
class LoadWaiting:
    """Report the oldest `limit` waiting events that are on disk (`WaitingLoaded`)."""

    limit: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Send a message on its urgency's topic."""

    urgency: Urgency
    message: Message


@dataclass(frozen=True, slots=True)
class PublishHeartbeat:
    """Send a heartbeat."""

    heartbeat: Heartbeat


@dataclass(frozen=True, slots=True)
class ChangeCentre:
    """Leave this centre and try the next one of the list."""


@dataclass(frozen=True, slots=True)
class Indicate:
    """Shine like this until told otherwise."""

    light: Light


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this now, instead of whatever is being said."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class WriteJournal:
    """Write the journal's memory down: something worth a later look has happened."""

    reason: str


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Call a target of the settings. `alarm` is what it is about, `call_id` the centre's name for what it ordered."""

    call: str
    target: int
    alarm: MessageKey | None = None
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """Answer a call that arrived; it is silent both ways until `SetSpeech`."""

    call: str


@dataclass(frozen=True, slots=True)
class EndCall:
    """Give up, refuse or hang up a call; `status` is the refusal's. One that is gone already is no mistake."""

    call: str
    status: int = 603


@dataclass(frozen=True, slots=True)
class SetSpeech:
    """Let the room hear and be heard like this. `volume` is 0 to 10, 6 as it comes."""

    call: str
    mode: SpeechMode
    volume: int


@dataclass(frozen=True, slots=True)
class TestSound:
    """Play a chirp and listen for it (`SoundTested`)."""


Effect = (
    Store
    | Forget
    | SaveAlarm
    | LoadWaiting
    | Publish
    | PublishHeartbeat
    | ChangeCentre
    | Indicate
    | Speak
    | WriteJournal
    | PlaceCall
    | AnswerCall
    | EndCall
    | SetSpeech
    | TestSound
)
ALL_EFFECTS: tuple[type, ...] = get_args(Effect)
OF_VOICE: tuple[type[Effect], ...] = (PlaceCall, AnswerCall, EndCall, SetSpeech, TestSound)
"""What a unit without a voice never does."""
