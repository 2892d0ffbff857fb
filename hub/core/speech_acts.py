"""What an operator can ask of a call: one dataclass an act, imperatives. `SpeechAct` is the union of all.

To answer a call is none of them: it is answered where it rings.
"""

from dataclasses import dataclass, field

from device.wire.vocabulary import SpeechMode
from hub.core.call_records import Callee


@dataclass(frozen=True, slots=True)
class CallBack:
    """Speak with the client, who has no call now: the unit is told to call."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, for everybody in it."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Let nobody hear me, or let them hear me again."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SetMode:
    """Let room and operator hear each other, or only one the other."""

    mode: SpeechMode


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Make the unit's loudspeaker, or what comes from `leg`, louder or softer: 0 to 10, 6 is as it comes."""

    volume: int
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Let the client wait without hearing or being heard, or take the client back."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """Give the call to somebody else, who is rung; I stay until they answer."""

    address: Callee


@dataclass(frozen=True, slots=True)
class Add:
    """Call somebody else (a contact, a service) into the call; where there is none, one with me begins."""

    address: Callee


@dataclass(frozen=True, slots=True)
class Drop:
    """Let one party leave the call."""

    leg: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Have words read aloud in the room; `library` is their name where they are ready-made."""

    text: str = field(repr=False)
    language: str
    reason: str = field(default="", repr=False)
    library: str = ""


@dataclass(frozen=True, slots=True)
class AnnounceLive:
    """Speak through the unit's loudspeaker; its microphone stays closed."""

    reason: str = field(default="", repr=False)


BeginningAct = CallBack | Add | Announce | AnnounceLive
"""What begins a call where there is none."""
ActInCall = HangUp | Mute | SetMode | SetVolume | Hold | Transfer | Drop
SpeechAct = BeginningAct | ActInCall
