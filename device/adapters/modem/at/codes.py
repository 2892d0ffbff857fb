"""What a modem says unasked, as it is understood here.

Rules: one class a meaning, whatever the makers call it; nothing of how it is written.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from device.adapters.modem.at.facts import NetworkTime, Registration, SimState


class CallCause(StrEnum):
    """Why a call is over, in the modem's words."""

    NO_CARRIER = "NO CARRIER"
    BUSY = "BUSY"
    NO_ANSWER = "NO ANSWER"
    NO_DIALTONE = "NO DIALTONE"


class Readiness(StrEnum):
    """What a modem says of its own start and end."""

    STARTED = "started anew"
    MESSAGES_USABLE = "can send messages"
    POWER_LOW = "lacks power"
    GOING_DOWN = "switches itself off"


class Storage(Enum):
    """What a two-line code brings."""

    MESSAGE = "+CMT"
    REPORT = "+CDS"
    BROADCAST = "+CBM"


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call comes in; said again with every ring."""

    is_voice: bool = True


@dataclass(frozen=True, slots=True)
class CallerShown:
    """Who calls; empty where the caller hides."""

    number: str


@dataclass(frozen=True, slots=True)
class CallOver:
    """The call, or the attempt, is over."""

    cause: CallCause


@dataclass(frozen=True, slots=True)
class VoiceBegun:
    """The other side answered."""


@dataclass(frozen=True, slots=True)
class VoiceOver:
    """Speech is over."""


@dataclass(frozen=True, slots=True)
class CallMissed:
    """Somebody called and gave up."""


@dataclass(frozen=True, slots=True)
class ToneHeard:
    """The other side pressed a key."""

    tone: str


@dataclass(frozen=True, slots=True)
class MessageStored:
    """A text came in and lies in a storage; `is_report`: it tells of one of ours."""

    storage: str
    index: int
    is_report: bool = False


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A text came in and lies nowhere but here."""

    kind: Storage
    pdu: str


@dataclass(frozen=True, slots=True)
class StorageFull:
    """No further text can come in."""


@dataclass(frozen=True, slots=True)
class RegistrationSeen:
    """The network knows the modem, or does not any more."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class SimSeen:
    """The SIM's state changed."""

    state: SimState


@dataclass(frozen=True, slots=True)
class TimeSeen:
    """The network said what time it is."""

    time: NetworkTime


@dataclass(frozen=True, slots=True)
class ReadinessSeen:
    """The modem starts, or ends."""

    readiness: Readiness


@dataclass(frozen=True, slots=True)
class Notice:
    """Said unasked, and of no meaning here."""

    text: str


@dataclass(frozen=True, slots=True)
class BodyFollows:
    """The first of two lines: the next one is the PDU."""

    kind: Storage


Unsolicited = (
    Ringing
    | CallerShown
    | CallOver
    | VoiceBegun
    | VoiceOver
    | CallMissed
    | ToneHeard
    | MessageStored
    | MessageArrived
    | StorageFull
    | RegistrationSeen
    | SimSeen
    | TimeSeen
    | ReadinessSeen
    | Notice
)
