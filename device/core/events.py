"""What can happen to a unit: past participles. The journal records them, a replay feeds them again.

`Event` is the explicit union of all of them; every part of the core answers every event.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import Command, MessageKey


class StartCause(StrEnum):
    """Why the program started."""

    POWER_ON = "power_on"
    RESTART = "restart"
    WATCHDOG = "watchdog"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Started:
    """The program runs. `waiting` is what the outbox still holds (at most one window), all alarms among it."""

    epoch: str
    boot_id: str
    cause: StartCause
    software: str
    waiting: tuple[Outgoing, ...] = ()
    more_waiting: bool = False
    open_alarm: AlarmRecord | None = None


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The program is asked to end."""


@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """The earliest of the core's deadlines has come."""


@dataclass(frozen=True, slots=True)
class TriggerActivated:
    """A contact closed (or a pendant called): a press."""

    trigger_id: str


@dataclass(frozen=True, slots=True)
class TriggerReleased:
    """The contact is open again."""

    trigger_id: str


@dataclass(frozen=True, slots=True)
class TriggerFoundActive:
    """The contact was closed already when the program started: a fault, not a press."""

    trigger_id: str


@dataclass(frozen=True, slots=True)
class CancelActivated:
    """The cancel button was pressed."""


@dataclass(frozen=True, slots=True)
class ReceiptArrived:
    """The centre has committed these messages."""

    keys: tuple[MessageKey, ...]


@dataclass(frozen=True, slots=True)
class CommandArrived:
    """An order came from the centre."""

    command: Command


@dataclass(frozen=True, slots=True)
class MessageUnreadable:
    """Something came from the centre that cannot be read."""

    topic: str
    problem: str


@dataclass(frozen=True, slots=True)
class PathOpened:
    """The path carries messages to the broker."""

    path: str


@dataclass(frozen=True, slots=True)
class PathClosed:
    """The path carries nothing any more."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class CentreHeard:
    """The centre's own retained state was renewed, or says that it is gone."""

    is_alive: bool
    beat: int


@dataclass(frozen=True, slots=True)
class WaitingLoaded:
    """More of what the outbox holds, oldest first; `more` tells whether that was all."""

    messages: tuple[Outgoing, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class OutboxTrimmed:
    """The outbox was full and dropped its oldest events."""

    count: int


@dataclass(frozen=True, slots=True)
class OutboxFailed:
    """The outbox's file cannot be used; `put_aside` where a new one took its place."""

    reason: str
    put_aside: bool


@dataclass(frozen=True, slots=True)
class OutboxRecovered:
    """The outbox stores again."""


@dataclass(frozen=True, slots=True)
class PowerRead:
    """Mains and battery as measured; None where the unit cannot know."""

    mains: bool | None
    battery_percent: float | None


@dataclass(frozen=True, slots=True)
class HealthRead:
    """Readings for the heartbeat; None where the unit cannot know."""

    temperature_c: float | None = None
    disk_free_mb: float | None = None


@dataclass(frozen=True, slots=True)
class OutboxRead:
    """How many messages wait."""

    depth: int


@dataclass(frozen=True, slots=True)
class AdapterFailed:
    """A door could not do what was asked. `effect` is the effect's name; `lasting` failures need a person."""

    adapter: str
    effect: str
    reason: str
    lasting: bool
    message: Outgoing | None = field(default=None)


@dataclass(frozen=True, slots=True)
class AdapterRecovered:
    """A door that had failed works again."""

    adapter: str


Event = (
    Started
    | StopRequested
    | DeadlineReached
    | TriggerActivated
    | TriggerReleased
    | TriggerFoundActive
    | CancelActivated
    | ReceiptArrived
    | CommandArrived
    | MessageUnreadable
    | PathOpened
    | PathClosed
    | CentreHeard
    | WaitingLoaded
    | OutboxTrimmed
    | OutboxFailed
    | OutboxRecovered
    | OutboxRead
    | PowerRead
    | HealthRead
    | AdapterFailed
    | AdapterRecovered
)
ALL_EVENTS: tuple[type, ...] = get_args(Event)
