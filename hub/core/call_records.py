"""What the centre keeps of calls: who is rung in which order, every leg with its times, recordings.

Rules as in `records`. A leg is a call with one other party. Addresses name whom the centre can ring; a telephone
number is personal, and stands in no log.
"""

from dataclasses import dataclass, field
from enum import StrEnum

MOST_MEMBERS = 12
"""As many as a list may have."""
RING_TIMES_S = (10, 20, 30)
"""How long a member of a list may be rung."""


@dataclass(frozen=True, slots=True)
class Browser:
    """An operator's console, which has a microphone."""

    operator: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number (E.164) or a SIP URI; `name` is whose it is, for people.

    `is_sure`: only a person can answer there. Anywhere else a mailbox or another number may: whoever answers the
    centre's call for a client has to press a key.
    """

    number: str = field(repr=False)
    name: str = field(default="", repr=False)
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class UnitOf:
    """A unit, called by the centre."""

    unit_id: str


Callee = Browser | Phone
"""Whom an operator can call into a call."""
Address = Callee | UnitOf


class MemberKind(StrEnum):
    """What a member of a call list is."""

    OPERATOR = "operator"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a call list: an operator (rung wherever that one can be reached now), or a number."""

    kind: MemberKind
    name: str
    number: str = field(default="", repr=False)
    is_sure: bool = False


class CallOrder(StrEnum):
    """With whom a list begins."""

    FIXED = "fixed"
    ROTATING = "rotating"


class AfterCycle(StrEnum):
    """What follows a list that nobody has answered; an alarm always goes on."""

    GO_ON = "go_on"
    END = "end"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a list is used: on these days (0 is Monday), from minute to minute of the day, by the centre's clock.

    An end that is not after the beginning is on the next day.
    """

    days: tuple[int, ...]
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom a waiting call is offered to, one after the other.

    Lists are tried by `place`; those of the escalation come last, after every operator on shift was rung at once. An
    empty `languages` or `hours` is: any.
    """

    list_id: int
    name: str
    members: tuple[Member, ...] = ()
    place: int = 0
    order: CallOrder = CallOrder.FIXED
    ring_s: int = 20
    after: AfterCycle = AfterCycle.GO_ON
    is_escalation: bool = False
    languages: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    organisation: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose rules hold. There is one so far, called by the empty name."""

    organisation: str = ""
    name: str = ""
    records_calls: bool = False
    recordings_kept_days: int = 90


class PartKind(StrEnum):
    """Who is at the other end of a leg."""

    UNIT = "unit"
    OPERATOR = "operator"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class CallLeg:
    """One leg with its times; `status` is the last of SIP, 0 where there was none. `name` is whom it was with."""

    leg: str
    incident_id: int
    kind: PartKind
    began_s: float
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    is_incoming: bool = False
    answered_s: float | None = None
    heard_s: float | None = None
    ended_s: float | None = None
    status: int = 0
    reason: str = ""
    is_silence: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """What was said in the calls of one incident. `file` is its name in the folder of recordings, the sound is its own.

    `keep_until_s`: it is deleted then; `deleted_s`: it was.
    """

    recording_id: str
    incident_id: int
    began_s: float
    keep_until_s: float
    organisation: str = ""
    file: str = ""
    seconds: float | None = None
    key_id: str = ""
    deleted_s: float | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """Somebody has listened to a recording."""

    recording_id: str
    operator: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words of the library, in one language; the same `name` stands once for each language."""

    name: str
    language: str
    text: str
    is_active: bool = True


CallRecord = CallList | Organisation | CallLeg | Recording | Listening | Announcement
