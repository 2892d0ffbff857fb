"""What the centre does to the world: imperatives.

The runtime performs every `Save` of a batch in one commit, and only then the rest, in order: no receipt is ever ahead
of the store. Where the store cannot commit, receipts wait, and the rest goes on.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from device.wire.messages import CentreState, Command, MessageKey
from device.wire.vocabulary import CallPurpose
from hub.core.call_records import Address
from hub.core.call_view import CallView
from hub.core.records import Incident, Record, TimelineEntry


class Problem(StrEnum):
    """Why an operator's act was not done."""

    NO_SUCH_INCIDENT = "no_such_incident"
    TAKEN = "taken"
    NOT_YOURS = "not_yours"
    NOT_ACCEPTED = "not_accepted"
    CLOSED = "closed"
    NO_OUTCOME = "no_outcome"
    STORE_FAILED = "store_failed"
    NO_VOICE = "no_voice"
    NO_CALL = "no_call"
    NO_SUCH_LEG = "no_such_leg"
    NO_UNIT = "no_unit"
    NO_WAY_TO_SPEAK = "no_way_to_speak"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Save:
    """Keep a record."""

    record: Record


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """Tell a unit that its message is committed. `token` lets the broker's adapter acknowledge it, too."""

    unit_id: str
    key: MessageKey
    token: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Let the broker forget a message that gets no receipt: it could not be read, and is kept."""

    token: int


@dataclass(frozen=True, slots=True)
class SendCommand:
    """Send an order to a unit."""

    unit_id: str
    command: Command


@dataclass(frozen=True, slots=True)
class PublishCentre:
    """Renew the centre's retained state."""

    state: CentreState


@dataclass(frozen=True, slots=True)
class Show:
    """Show an incident's new state, and the timeline entries that led to it, on every screen."""

    incident: Incident
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Relay:
    """Tell the outside of an incident nobody attends to."""

    incident: Incident
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a console's request: done, or the problem; `owner` says who was first."""

    request_id: str
    problem: Problem | None = None
    owner: str = ""


# --- speech ---


class Prompt(StrEnum):
    """What the centre itself says, in the listener's language."""

    GREETING = "greeting"
    LOOKING = "looking"
    STILL_LOOKING = "still_looking"
    ANSWERED = "answered"
    BROKEN = "broken"
    HOLD = "hold"
    RECORDED = "recorded"
    NOBODY = "nobody"
    CONFIRM = "confirm"
    """To a telephone: a client needs help, press 1 to speak with them."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Prompts, one after the other."""

    prompts: tuple[Prompt, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text, read aloud."""

    text: str = field(repr=False)
    language: str


Words = Spoken | Text


@dataclass(frozen=True, slots=True)
class Part:
    """One leg of a conversation: whether it hears the others, whether they hear it, and how loud (1 is as it comes)."""

    leg: str
    hears: bool = True
    is_heard: bool = True
    gain: float = 1.0


@dataclass(frozen=True, slots=True)
class Ring:
    """Call somebody. The leg is named here, and no name is ever used again; `purpose` matters to units alone."""

    leg: str
    address: Address
    incident_id: int
    purpose: CallPurpose = CallPurpose.SPEAK


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """Answer a call that came in."""

    leg: str


@dataclass(frozen=True, slots=True)
class RefuseCall:
    """Refuse a call that came in."""

    leg: str
    status: int


@dataclass(frozen=True, slots=True)
class EndCall:
    """End a leg: hang up, or stop ringing. Nothing where it has ended already."""

    leg: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Let these legs hear each other from now on, and no others of the conversation; without any it is over."""

    conversation: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """Say something to one leg; nobody else hears it."""

    saying: str
    leg: str
    words: Words


@dataclass(frozen=True, slots=True)
class StopSaying:
    """Fall silent. Nothing where it has ended already."""

    saying: str


@dataclass(frozen=True, slots=True)
class RecordCall:
    """Record a conversation: the unit on the left, everybody else on the right. A known id goes on in its file."""

    conversation: int
    recording_id: str
    incident_id: int
    unit_leg: str


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Close a recording."""

    recording_id: str


@dataclass(frozen=True, slots=True)
class DeleteRecording:
    """Delete a recording for ever."""

    recording_id: str
    file: str


@dataclass(frozen=True, slots=True)
class ShowCall:
    """Show a call on every screen."""

    call: CallView


VoiceEffect = (
    Ring | AnswerCall | RefuseCall | EndCall | Bridge | Say | StopSaying | RecordCall | StopRecording | DeleteRecording
)
Effect = Save | SendReceipt | Acknowledge | SendCommand | PublishCentre | Show | Relay | Reply | VoiceEffect | ShowCall
VOICE_EFFECTS: tuple[type[VoiceEffect], ...] = get_args(VoiceEffect)
ALL_EFFECTS: tuple[type, ...] = get_args(Effect)
