"""What the routing of a waiting call decides, move by move: past participles, for it is as good as done."""

from dataclasses import dataclass
from enum import StrEnum

from hub.core.call_lists import Stage
from hub.core.call_records import Callee, Member


class Missed(StrEnum):
    """Why somebody has not taken the call."""

    UNANSWERED = "unanswered"
    SAID_NO = "said_no"
    NOT_REACHED = "not_reached"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class Rung:
    """Ring there."""

    leg: str
    member: Member
    address: Callee


@dataclass(frozen=True, slots=True)
class Stopped:
    """Stop ringing there, or hang up."""

    leg: str


@dataclass(frozen=True, slots=True)
class Asked:
    """It was answered: ask for the key."""

    leg: str


@dataclass(frozen=True, slots=True)
class Passed:
    """This one does not take it. Without a leg: could not even be rung."""

    member: Member
    why: Missed
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The next stage begins; `round` counts from 1."""

    stage: Stage
    round: int


@dataclass(frozen=True, slots=True)
class Taken:
    """This one has taken the call."""

    leg: str
    member: Member
    address: Callee


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Nobody takes it, and it is no alarm: the call ends."""


Move = Rung | Stopped | Asked | Passed | Entered | Taken | GivenUp
