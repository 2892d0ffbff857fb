"""What can happen to a unit: past participles. The journal records them, a replay feeds them again.

`Event` is the explicit union of all of them; every part of the core answers every event.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import Command, MessageKey
from device.wire.vocabulary import CallPurpose


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
    """A door could not do what was asked. `effect` is the effect's name; `lasting` failures need a person.

    `is_mistake`: the door did not say what is wrong, it stumbled; nobody knows what else that took away.
    """

    adapter: str
    effect: str
    reason: str
    lasting: bool
    message: Outgoing | None = field(default=None)
    is_mistake: bool = False


@dataclass(frozen=True, slots=True)
class AdapterRecovered:
    """A door that had failed works again."""

    adapter: str


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The voice engine runs; no call of an earlier one is left."""

    build: str


@dataclass(frozen=True, slots=True)
class VoiceLost:
    """The voice engine is gone, and every call with it. Nothing more is said of those."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallArrived:
    """Somebody calls the unit. `is_from_centre` is proven, never only said."""

    call: str
    purpose: CallPurpose
    is_from_centre: bool


@dataclass(frozen=True, slots=True)
class CallProgressed:
    """A provisional answer to a call of ours: 100 is heard from the next hop, 180 rings."""

    call: str
    status: int


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """The call stands, by signalling. It is silent both ways until `SetSpeech`."""

    call: str


@dataclass(frozen=True, slots=True)
class CallHeard:
    """The first sound came from the other side."""

    call: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is over, its name is dead. `is_silence`: no sound came any more, nobody hung up."""

    call: str
    status: int
    reason: str
    is_silence: bool


@dataclass(frozen=True, slots=True)
class KeyHeard:
    """The other side pressed a key: one of 0-9, A-D, * and #."""

    call: str
    key: str


@dataclass(frozen=True, slots=True)
class SoundLost:
    """The room's sound device does not work; it is looked for until it does."""

    reason: str


@dataclass(frozen=True, slots=True)
class SoundFound:
    """The room's sound device works."""

    name: str


@dataclass(frozen=True, slots=True)
class SoundTest:
    """What became of a chirp that was played: how loud, how late and how whole it came back. None: not measured.

    0 dB is as loud as it was played.
    """

    is_heard: bool
    level_db: float | None = None
    delay_ms: float | None = None
    lowest_hz: float | None = None
    highest_hz: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SoundTested:
    """The acoustic test is done."""

    test: SoundTest


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
    | VoiceStarted
    | VoiceLost
    | CallArrived
    | CallProgressed
    | CallAnswered
    | CallHeard
    | CallEnded
    | KeyHeard
    | SoundLost
    | SoundFound
    | SoundTested
)
ALL_EVENTS: tuple[type, ...] = get_args(Event)
