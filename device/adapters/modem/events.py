"""What a modem's driver reports: of itself, its SIM and network, texts and calls.

Rules: an event says what is known, never what is hoped: `TextTaken` is the network's word that it will try, not a
receipt. Whether anything reached the centre, only the centre says. Who wrote or called, and what, stands in no event's
printed form: that ends up in logs.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from device.adapters.modem.at.answers import FoundOperator, Operator, Signal
from device.adapters.modem.at.facts import NetworkTime, Registering, SimState, Technology


@dataclass(frozen=True, slots=True)
class Identity:
    """Which modem this is; `serial` is its IMEI."""

    manufacturer: str
    model: str
    revision: str
    serial: str
    profile: str


@dataclass(frozen=True, slots=True)
class ModemFound:
    """The modem answers and says who it is."""

    identity: Identity


@dataclass(frozen=True, slots=True)
class ModemReady:
    """Texts can be sent and received, and calls made, as far as the network lets them."""


@dataclass(frozen=True, slots=True)
class ModemLost:
    """The modem cannot be used, and what to do; it is being tried again. A call that stood is over."""

    reason: str
    is_lasting: bool


@dataclass(frozen=True, slots=True)
class PowerWeak:
    """The modem says that its power is too low."""


class PinRefusal(StrEnum):
    """Why no PIN is given to the SIM."""

    NOT_SET = "no PIN is set: give the SIM's PIN in the settings, or take the PIN off the SIM with a telephone"
    WRONG = "the SIM refused this PIN, it is not tried again: correct the setting, or take the PIN off the SIM"
    TRIES_LEFT = "only one try is left before the SIM locks itself: enter the PIN in a telephone, then put it back"
    MALFORMED = "the PIN that is set is not four to eight digits: correct the setting"


@dataclass(frozen=True, slots=True)
class SimChanged:
    """The SIM's state is this now; with a PIN that is missing or wrong, what to do."""

    state: SimState
    refusal: PinRefusal | None = None


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """Where the modem stands with its network now."""

    state: Registering
    technology: Technology
    operator: Operator | None

    @property
    def is_roaming(self) -> bool:
        """Whether it is another's network."""
        return self.state is Registering.ROAMING


@dataclass(frozen=True, slots=True)
class SignalMeasured:
    """How strongly the modem hears its cell; reported with every look."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class OperatorsFound:
    """Whose networks are in reach here, after a scan; none where the modem could not say."""

    found: tuple[FoundOperator, ...]


@dataclass(frozen=True, slots=True)
class NetworkTimeHeard:
    """What time the network says it is, at the moment of this report."""

    time: NetworkTime


@dataclass(frozen=True, slots=True)
class TextTaken:
    """The network took the text, all its parts, and will try to deliver it. No receipt."""

    ticket: int


@dataclass(frozen=True, slots=True)
class TextDelivered:
    """The network says that the text reached a telephone."""

    ticket: int


@dataclass(frozen=True, slots=True)
class TextFailed:
    """The text was not sent, or the network gave it up."""

    ticket: int
    reason: str
    is_lasting: bool


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A text came in. It stays on the SIM until `forget(key)`: say that as soon as it is stored elsewhere."""

    key: int
    sender: str = field(repr=False)
    text: str = field(repr=False)
    sent_at_s: float | None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class StorageFilled:
    """The SIM has no room for another text."""


class CallEnd(StrEnum):
    """Why a call, or an attempt, is over."""

    HUNG_UP_HERE = "we hung up"
    HUNG_UP_THERE = "the other side hung up"
    BUSY = "busy"
    NO_ANSWER = "no answer"
    NO_CONNECTION = "no connection"
    REFUSED = "the modem refused"
    FORBIDDEN = "a number that is never called"
    MODEM_LOST = "the modem went away"


@dataclass(frozen=True, slots=True)
class CallDialled:
    """A number is being called."""

    call: int
    number: str


@dataclass(frozen=True, slots=True)
class CallAlerted:
    """It rings there."""

    call: int
    number: str


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """Speech stands; `has_sound` is False where the modem refused to give the sound to this unit."""

    call: int
    number: str
    is_incoming: bool
    has_sound: bool


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """This number did not answer; the next one of the list is called, or the call ends."""

    call: int
    number: str
    end: CallEnd


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over, and no further number is tried."""

    call: int
    end: CallEnd
    was_answered: bool


@dataclass(frozen=True, slots=True)
class CallIgnored:
    """Somebody called whom this unit does not answer; empty for a hidden number."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToneReceived:
    """The other side pressed a key."""

    call: int
    tone: str


ModemEvent = (
    ModemFound
    | ModemReady
    | ModemLost
    | PowerWeak
    | SimChanged
    | NetworkChanged
    | SignalMeasured
    | OperatorsFound
    | NetworkTimeHeard
    | TextTaken
    | TextDelivered
    | TextFailed
    | TextReceived
    | StorageFilled
    | CallDialled
    | CallAlerted
    | CallAnswered
    | AttemptEnded
    | CallEnded
    | CallIgnored
    | ToneReceived
)
