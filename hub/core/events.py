"""What can happen to the centre: past participles. `Event` is the explicit union of all of them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from device.wire.messages import Message, OpenAlarm
from device.wire.vocabulary import Urgency
from hub.core.call_events import CallEvent
from hub.core.call_records import CallList, Organisation, Recording
from hub.core.ingest import SeenSeqs
from hub.core.records import Client, Incident, Operator, OrderRecord, Outcome, Record, Unit


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the store knew when the program started; `seen` holds the message keys taken, by unit and epoch.

    `recordings` are those that are not deleted.
    """

    units: tuple[Unit, ...] = ()
    incidents: tuple[Incident, ...] = ()
    orders: tuple[OrderRecord, ...] = ()
    seen: dict[str, dict[str, SeenSeqs]] = field(default_factory=dict)
    last_incident_id: int = 0
    clients: tuple[Client, ...] = ()
    operators: tuple[Operator, ...] = ()
    call_lists: tuple[CallList, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    recordings: tuple[Recording, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """The program runs. `epoch` is random: no order of this life has the id of another's."""

    epoch: str
    snapshot: Snapshot = field(repr=False)


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The program is asked to end."""


@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """The earliest of the core's deadlines has come."""


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A unit's message, not yet committed. `token` is the adapter's, for the acknowledgement after the commit."""

    unit_id: str
    urgency: Urgency
    message: Message
    token: int = 0


@dataclass(frozen=True, slots=True)
class UnreadableArrived:
    """Something on a unit's alarm or event topic that cannot be read."""

    topic: str
    unit_id: str
    urgency: Urgency
    payload: bytes = field(repr=False)
    problem: str
    detail: str
    token: int = 0


@dataclass(frozen=True, slots=True)
class Beat:
    """What the core needs of one heartbeat."""

    unit_id: str
    interval_s: float
    alarm: OpenAlarm | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeartbeatsArrived:
    """A batch of heartbeats, committed already."""

    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class PresenceArrived:
    """A unit's connection was born, or has died."""

    unit_id: str
    online: bool


@dataclass(frozen=True, slots=True)
class BrokerConnected:
    """The centre hears the units (both connections stand)."""


@dataclass(frozen=True, slots=True)
class BrokerLost:
    """The centre is deaf: no unit can be called silent now."""

    reason: str


@dataclass(frozen=True, slots=True)
class ConsolesChanged:
    """Which operators have a live console on shift now; `speaking` are those of them whose console has a microphone."""

    operators: frozenset[str]
    speaking: frozenset[str] = frozenset()


class Act(StrEnum):
    """What an operator can do with an incident."""

    ACCEPT = "accept"
    TAKE_OVER = "take_over"
    RELEASE = "release"
    NOTE = "note"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class OperatorActed:
    """An operator did something with an incident; `request_id` asks for a `Reply`."""

    request_id: str
    operator: str
    incident_id: int
    act: Act
    text: str = field(default="", repr=False)
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class RecordsEdited:
    """Somebody edited the register, or the console needs something kept; `request_id` asks for a `Reply`."""

    request_id: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class RelayDone:
    """A relay has told somebody outside, or could not."""

    relay: str
    incident_id: int
    is_done: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AdapterFailed:
    """A door could not do what was asked."""

    adapter: str
    effect: str
    reason: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class AdapterRecovered:
    """A door that had failed works again."""

    adapter: str


Event = (
    Started
    | StopRequested
    | DeadlineReached
    | MessageArrived
    | UnreadableArrived
    | HeartbeatsArrived
    | PresenceArrived
    | BrokerConnected
    | BrokerLost
    | ConsolesChanged
    | OperatorActed
    | RecordsEdited
    | RelayDone
    | CallEvent
    | AdapterFailed
    | AdapterRecovered
)
ALL_EVENTS: tuple[type, ...] = get_args(Event)
