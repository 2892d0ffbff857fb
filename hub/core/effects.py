"""What the centre does to the world: imperatives.

The runtime performs every `Save` of a batch in one commit, and only then the rest, in order: no receipt is ever ahead
of the store. Where the store cannot commit, receipts wait, and the rest goes on.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from device.wire.messages import CentreState, Command, MessageKey
from hub.core.records import Incident, Record, TimelineEntry


class Problem(StrEnum):
    """Why an operator's act was not done."""

    NO_SUCH_INCIDENT = "no_such_incident"
    TAKEN = "taken"
    NOT_YOURS = "not_yours"
    NOT_ACCEPTED = "not_accepted"
    CLOSED = "closed"
    NO_OUTCOME = "no_outcome"
    STORE_FAILED = "store_failed"


@dataclass(frozen=True, slots=True)
class Save:
    """Keep a record."""

    record: Record


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """Tell a unit that its message is committed. `token` lets the broker's adapter acknowledge it, too."""

    unit_id: str
    key: MessageKey
    token: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Let the broker forget a message that gets no receipt: it could not be read, and is kept."""

    token: int


@dataclass(frozen=True, slots=True)
class SendCommand:
    """Send an order to a unit."""

    unit_id: str
    command: Command


@dataclass(frozen=True, slots=True)
class PublishCentre:
    """Renew the centre's retained state."""

    state: CentreState


@dataclass(frozen=True, slots=True)
class Show:
    """Show an incident's new state, and the timeline entries that led to it, on every screen."""

    incident: Incident
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Relay:
    """Tell the outside of an incident nobody attends to."""

    incident: Incident
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a console's request: done, or the problem; `owner` says who was first."""

    request_id: str
    problem: Problem | None = None
    owner: str = ""


Effect = Save | SendReceipt | Acknowledge | SendCommand | PublishCentre | Show | Relay | Reply
ALL_EFFECTS: tuple[type, ...] = get_args(Effect)
