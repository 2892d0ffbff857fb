"""What a unit does to the world: imperatives. Performed in order, each by the one adapter that names it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import Heartbeat, Message, MessageKey
from device.wire.vocabulary import Urgency


class Light(StrEnum):
    """The light's grammar: told apart by shape, not colour."""

    STEADY = "steady"
    BREATH = "breath"
    DOUBLE_BLINK = "double_blink"
    FLICKER = "flicker"
    CALLING = "calling"
    BRIGHT = "bright"
    DARK = "dark"


class Prompt(StrEnum):
    """Spoken forms, at most six words each; the words stand in `device/prompts/words.toml`."""

    READY = "ready"
    WILL_CALL = "will_call"
    CALLING = "calling"
    NO_CONNECTION = "no_connection"
    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CENTRE_LOST = "centre_lost"
    MAINS_LOST = "mains_lost"
    BATTERY_LOW = "battery_low"
    BUTTON_STUCK = "button_stuck"


@dataclass(frozen=True, slots=True)
class Store:
    """Keep a message on disk until its receipt, and with it, in one act, the alarm it opens."""

    message: Outgoing
    opens: AlarmRecord | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """The centre has these: take them from the outbox."""

    keys: tuple[MessageKey, ...]


@dataclass(frozen=True, slots=True)
class SaveAlarm:
    """Keep the open alarm (None: none is open) across a restart."""

    record: AlarmRecord | None


@dataclass(frozen=True, slots=True)
class LoadWaiting:
    """Report the oldest `limit` waiting events that are on disk (`WaitingLoaded`)."""

    limit: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Send a message on its urgency's topic."""

    urgency: Urgency
    message: Message


@dataclass(frozen=True, slots=True)
class PublishHeartbeat:
    """Send a heartbeat."""

    heartbeat: Heartbeat


@dataclass(frozen=True, slots=True)
class ChangeCentre:
    """Leave this centre and try the next one of the list."""


@dataclass(frozen=True, slots=True)
class Indicate:
    """Shine like this until told otherwise."""

    light: Light


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this now, instead of whatever is being said."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class WriteJournal:
    """Write the journal's memory down: something worth a later look has happened."""

    reason: str


Effect = (
    Store
    | Forget
    | SaveAlarm
    | LoadWaiting
    | Publish
    | PublishHeartbeat
    | ChangeCentre
    | Indicate
    | Speak
    | WriteJournal
)
ALL_EFFECTS: tuple[type, ...] = get_args(Effect)
