"""What an event means to one incident; `core/centre.py` and `core/register.py` turn events into signals."""

from dataclasses import dataclass
from typing import get_args

from device.wire.messages import MessageKey
from hub.core.records import Outcome


@dataclass(frozen=True, slots=True)
class PressedAgain:
    """The client pressed once more. `alarm` is the unit's open alarm: a new one where the unit had lost the first."""

    alarm: MessageKey
    trigger: str
    age_s: float | None


@dataclass(frozen=True, slots=True)
class CancelTold:
    """The client pressed cancel."""

    age_s: float | None


@dataclass(frozen=True, slots=True)
class AcceptedBy:
    """An operator takes it."""

    operator: str


@dataclass(frozen=True, slots=True)
class TakenOverBy:
    """An operator takes it from another."""

    operator: str


@dataclass(frozen=True, slots=True)
class ReleasedBy:
    """Its operator gives it back to everybody."""

    operator: str


@dataclass(frozen=True, slots=True)
class NotedBy:
    """An operator writes something down."""

    operator: str
    text: str


@dataclass(frozen=True, slots=True)
class ClosedBy:
    """Its operator ends it."""

    operator: str
    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class OwnerLost:
    """Its operator has had no live console for too long."""


@dataclass(frozen=True, slots=True)
class PressUnseen:
    """Its operator did nothing about another press."""


@dataclass(frozen=True, slots=True)
class StepDue:
    """The next step of the escalation is due."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What it is about is as it must be again."""


@dataclass(frozen=True, slots=True)
class Folded:
    """It goes on as part of another incident."""

    into: int


Signal = (
    PressedAgain
    | CancelTold
    | AcceptedBy
    | TakenOverBy
    | ReleasedBy
    | NotedBy
    | ClosedBy
    | OwnerLost
    | PressUnseen
    | StepDue
    | Restored
    | Folded
)
ALL_SIGNALS: tuple[type, ...] = get_args(Signal)
OPERATOR_SIGNALS = (AcceptedBy, TakenOverBy, ReleasedBy, NotedBy, ClosedBy)
