"""A call as screens show it: whole, at every change, and once more when it is over."""

from dataclasses import dataclass, field
from enum import StrEnum

from device.wire.vocabulary import SpeechMode
from hub.core.call_records import PartKind


class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    """Nobody at the centre speaks yet; `rings` says whether somebody is rung."""
    CALLING_BACK = "calling_back"
    """The unit is told to call, and has not yet."""
    SPEAKING = "speaking"
    HELD = "held"
    BROKEN = "broken"
    """The unit's call is lost; it calls again by itself."""
    ENDED = "ended"


class PartState(StrEnum):
    """Where one party of a call stands."""

    RINGING = "ringing"
    CONFIRMING = "confirming"
    """A telephone was answered; a person must press a key there."""
    SPEAKING = "speaking"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class PartView:
    """One party. `name` is an operator, or whose number it is; times are Unix seconds."""

    leg: str
    kind: PartKind
    state: PartState
    since_s: float
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    is_browser: bool = False
    is_muted: bool = False
    volume: int = 6


@dataclass(frozen=True, slots=True)
class CallView:
    """One call. `volume` is the unit's loudspeaker's; `saying` is what is read to the unit now, empty where nothing."""

    conversation: int
    incident_id: int
    unit_id: str
    state: CallState
    since_s: float
    answered_s: float | None = None
    parts: tuple[PartView, ...] = ()
    mode: SpeechMode = SpeechMode.DUPLEX
    volume: int = 6
    is_recorded: bool = False
    is_announcement: bool = False
    saying: str = field(default="", repr=False)
