"""What the centre keeps: one frozen record a table row. The store saves them, the console reads them.

A record is saved whole; saving one that exists replaces it. Times are Unix seconds by the centre's clock. What is
personal or secret stands in no `repr`, and so in no log.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from device.wire.messages import Message, MessageKey, Order
from device.wire.vocabulary import Urgency
from hub.core.call_records import CallRecord


class IncidentKind(StrEnum):
    """What an incident is about."""

    ALARM = "alarm"
    FAULT = "fault"
    SILENT = "silent"
    MANY_SILENT = "many_silent"
    UNREADABLE = "unreadable"
    NO_CONSOLE = "no_console"
    CENTRE = "centre"
    STRANGE_CALLS = "strange_calls"


class IncidentState(StrEnum):
    """Where an incident stands."""

    RAISED = "raised"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class Priority(StrEnum):
    """What an operator looks at first."""

    ALARM = "alarm"
    URGENT = "urgent"
    NOTICE = "notice"


class Outcome(StrEnum):
    """How an incident ended."""

    HELPED = "helped"
    HELP_SENT = "help_sent"
    EMERGENCY_SENT = "emergency_sent"
    FALSE_ALARM = "false_alarm"
    TEST = "test"
    NO_ANSWER = "no_answer"
    REPAIRED = "repaired"
    RESTORED = "restored"
    FOLDED = "folded"
    OTHER = "other"


class EntryKind(StrEnum):
    """A rung or an act on an incident's timeline."""

    RAISED = "raised"
    RAISED_BY_HEARTBEAT = "raised_by_heartbeat"
    RAISED_BY_CALL = "raised_by_call"
    PRESSED_AGAIN = "pressed_again"
    CANCEL_PRESSED = "cancel_pressed"
    ACCEPTED = "accepted"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"
    OWNER_LOST = "owner_lost"
    UNSEEN_PRESS = "unseen_press"
    NOTE = "note"
    ORDER_DONE = "order_done"
    ORDER_FAILED = "order_failed"
    ESCALATED = "escalated"
    RELAYED = "relayed"
    RELAY_FAILED = "relay_failed"
    UNIT_JOINED = "unit_joined"
    UNIT_RESTORED = "unit_restored"
    RESTORED = "restored"
    FOLDED = "folded"
    CLOSED = "closed"
    UNIT_CALLED = "unit_called"
    LIST_RUNG = "list_rung"
    ALL_RUNG = "all_rung"
    RUNG_IN_VAIN = "rung_in_vain"
    WAS_BUSY = "was_busy"
    NOT_REACHED = "not_reached"
    NOT_CONFIRMED = "not_confirmed"
    CALL_TAKEN = "call_taken"
    SPEAKING = "speaking"
    CALL_LOST = "call_lost"
    CALL_ENDED = "call_ended"
    VOICE_LOST = "voice_lost"
    CALLED = "called"
    CALLED_BACK = "called_back"
    NOT_CALLED_BACK = "not_called_back"
    PASSED_ON = "passed_on"
    PUT_ON_HOLD = "put_on_hold"
    TAKEN_BACK = "taken_back"
    MODE_SET = "mode_set"
    ANNOUNCED = "announced"
    ANNOUNCED_LIVE = "announced_live"
    ANNOUNCED_BECAUSE = "announced_because"
    ANNOUNCEMENT_PLAYED = "announcement_played"
    ANNOUNCEMENT_CUT = "announcement_cut"
    RECORDED = "recorded"
    CALL_REFUSED = "call_refused"
    CALLS_REFUSED = "calls_refused"


@dataclass(frozen=True, slots=True)
class Incident:
    """All that belongs to one alarm or fault. `units` names several where many are silent at once.

    `accepted_s` is since when somebody has it, None while nobody has: the first answer of all stands on the timeline.
    """

    incident_id: int
    kind: IncidentKind
    priority: Priority
    state: IncidentState
    opened_s: float
    unit_id: str = ""
    subject: str = ""
    detail: str = ""
    is_known_unit: bool = True
    is_late: bool = False
    alarms: tuple[MessageKey, ...] = ()
    units: tuple[str, ...] = ()
    owner: str = ""
    level: int = 0
    entries: int = 0
    pressed_s: float | None = None
    accepted_s: float | None = None
    closed_s: float | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of an incident's timeline; `number` counts in the incident. `age_s`: how long before, at the unit."""

    incident_id: int
    number: int
    at_s: float
    kind: EntryKind
    actor: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message of a unit as it was committed. `incident_id` is 0 where it belongs to none."""

    unit_id: str
    urgency: Urgency
    message: Message
    received_s: float
    is_known_unit: bool
    incident_id: int = 0


@dataclass(frozen=True, slots=True)
class UnreadableMessage:
    """What could not be read, as it came (bounded)."""

    topic: str
    payload: bytes = field(repr=False)
    problem: str
    detail: str
    received_s: float


class OrderState(StrEnum):
    """What became of an order."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order to a unit, repeated until its outcome."""

    command_id: str
    unit_id: str
    incident_id: int
    order: Order
    state: OrderState
    issued_s: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the register. One that is not in service is not supervised."""

    unit_id: str
    name: str = ""
    premises_id: int | None = None
    reporting_time_s: float = 90.0
    heartbeat_s: float = 30.0
    is_in_service: bool = True
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Premises:
    """A home."""

    premises_id: int
    address: str = field(repr=False)
    key_location: str = field(default="", repr=False)
    notes: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A person who may need help, living at a premises."""

    client_id: int
    premises_id: int
    name: str = field(repr=False)
    phone: str = field(default="", repr=False)
    language: str = "en"
    notes: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may sign in. `password_hash` is argon2's; `role` leaves room for the finer ones to come.

    `phone` is rung along with the console; `phone_is_sure`: nobody else answers there, so that no key is needed.
    """

    name: str
    password_hash: str = field(repr=False)
    role: str = "operator"
    language: str = "en"
    is_active: bool = True
    phone: str = field(default="", repr=False)
    phone_is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. Only the hash of its token is kept."""

    token_hash: str = field(repr=False)
    operator: str
    opened_s: float
    expires_s: float
    ended_s: float | None = None


Record = (
    Incident
    | TimelineEntry
    | ReceivedMessage
    | UnreadableMessage
    | OrderRecord
    | Unit
    | Premises
    | Client
    | Operator
    | Session
    | CallRecord
)
