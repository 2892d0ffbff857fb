"""What an event means to the alarm; `core/unit.py` and `core/commands.py` turn events into signals."""

from dataclasses import dataclass
from typing import get_args

from device.core.triggers import Trigger
from device.wire.messages import MessageKey


@dataclass(frozen=True, slots=True)
class Pressed:
    """A trigger without a pre-alarm asks for help."""

    trigger: Trigger


@dataclass(frozen=True, slots=True)
class PressedTentatively:
    """A trigger with a pre-alarm asks for help: it can still be withdrawn."""

    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The client pressed cancel."""


@dataclass(frozen=True, slots=True)
class PreAlarmOver:
    """The time to withdraw has passed."""


@dataclass(frozen=True, slots=True)
class Received:
    """The centre has committed this alarm."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An operator has accepted this alarm."""


@dataclass(frozen=True, slots=True)
class Requeued:
    """The alarm waits for an operator again."""


@dataclass(frozen=True, slots=True)
class ResetOrdered:
    """The operator has closed this alarm."""


@dataclass(frozen=True, slots=True)
class ResetOvertaken:
    """The operator has closed this alarm, and the last press of this trigger has not reached the centre yet."""

    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Recalled:
    """The centre has this alarm of ours open, and we have forgotten it: a disk was lost, or full."""

    alarm: MessageKey


Press = Pressed | PressedTentatively
Signal = Press | Cancelled | PreAlarmOver | Received | Answered | Requeued | ResetOrdered | ResetOvertaken | Recalled
ALL_SIGNALS: tuple[type, ...] = get_args(Signal)
