"""Every message on the wire, as pydantic models.

Rules: a field that a reader does not know is ignored, a body whose kind it does not know becomes `UnknownBody`:
units in homes change last, and an alarm from a newer unit is still an alarm. No model holds personal data.
A message is identified by (unit_id, epoch, seq): an epoch is one life of the unit's program, `seq` counts in it, so a
broken or replaced storage can never make a new alarm look like an old one. Times in seconds.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from device.wire.vocabulary import (
    CallPurpose,
    ClockQuality,
    Code3,
    Code4,
    CommandOutcome,
    FaultCode,
    Rung,
    SpeechMode,
)

Epoch = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Name = Annotated[str, StringConstraints(max_length=64)]
Detail = Annotated[str, StringConstraints(max_length=256)]


class Model(BaseModel):
    """Immutable; unknown fields are ignored, numbers are finite."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class MessageKey(Model):
    """Names one message of one unit."""

    epoch: Epoch
    seq: int = Field(ge=1, le=2**53)

    def __str__(self) -> str:
        """Return `epoch:seq`, the form people and logs see."""
        return f"{self.epoch}:{self.seq}"


class WallTime(Model):
    """The unit's idea of the time of day: advice, with its quality."""

    unix_s: float
    quality: ClockQuality


class TriggerInfo(Model):
    """The trigger, in SCAIP's terms, as the installer named it (`name` is a place or a thing, never a person)."""

    trigger_id: Name
    name: Name
    device_type: Code4
    location_code: Code3 = "000"


# --- bodies of what a unit sends ---


class AlarmRaised(Model):
    """A request for help. Its message key names the alarm from now on."""

    kind: Literal["alarm_raised"] = "alarm_raised"
    trigger: TriggerInfo
    status_code: Code4


class AlarmJoined(Model):
    """Another press while `alarm` is open."""

    kind: Literal["alarm_joined"] = "alarm_joined"
    alarm: MessageKey
    trigger: TriggerInfo
    status_code: Code4


class AlarmWithdrawn(Model):
    """A press taken back within its pre-alarm: nobody was called."""

    kind: Literal["alarm_withdrawn"] = "alarm_withdrawn"
    trigger: TriggerInfo


class CancelPressed(Model):
    """Cancel was pressed while `alarm` is open: told to the operator, changes nothing."""

    kind: Literal["cancel_pressed"] = "cancel_pressed"
    alarm: MessageKey


class FaultRaised(Model):
    """Something at the unit is not as it must be."""

    kind: Literal["fault_raised"] = "fault_raised"
    fault: FaultCode | Name
    status_code: Code4
    urgent: bool
    subject: Name = ""
    detail: Detail = ""


class FaultRestored(Model):
    """It is again as it must be."""

    kind: Literal["fault_restored"] = "fault_restored"
    fault: FaultCode | Name
    status_code: Code4
    subject: Name = ""


class UnitStarted(Model):
    """The unit's program began a new life."""

    kind: Literal["unit_started"] = "unit_started"
    cause: Name
    software: Name


class EventsLost(Model):
    """The unit had to drop waiting messages: how many, since it last said so."""

    kind: Literal["events_lost"] = "events_lost"
    count: int = Field(ge=1)


class CommandDone(Model):
    """What became of an order."""

    kind: Literal["command_done"] = "command_done"
    command_id: Name
    outcome: CommandOutcome
    detail: Detail = ""


class SoundTested(Model):
    """What became of a chirp played in the room: how it came back through the microphone. None: not measured.

    0 dB is as loud as it was played; `change_db` is how much louder it came back than in the tests before.
    """

    kind: Literal["sound_tested"] = "sound_tested"
    is_heard: bool
    level_db: float | None = None
    delay_ms: float | None = None
    lowest_hz: float | None = None
    highest_hz: float | None = None
    change_db: float | None = None
    detail: Detail = ""


class UnknownBody(Model):
    """A body of a kind this reader does not know: kept whole, shown as such."""

    model_config = ConfigDict(frozen=True, extra="allow")
    kind: str = "unknown"


KNOWN_BODIES = (
    AlarmRaised,
    AlarmJoined,
    AlarmWithdrawn,
    CancelPressed,
    FaultRaised,
    FaultRestored,
    UnitStarted,
    EventsLost,
    CommandDone,
    SoundTested,
)


_BODY_KINDS = frozenset(str(body.model_fields["kind"].default) for body in KNOWN_BODIES)


def _tag(value: Any, known: frozenset[str]) -> str:
    """Return the kind of a body or order where this reader knows it, else `unknown`."""
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) and kind in known else "unknown"


def _body_tag(value: Any) -> str:
    return _tag(value, _BODY_KINDS)


Body = Annotated[
    Annotated[AlarmRaised, Tag("alarm_raised")]
    | Annotated[AlarmJoined, Tag("alarm_joined")]
    | Annotated[AlarmWithdrawn, Tag("alarm_withdrawn")]
    | Annotated[CancelPressed, Tag("cancel_pressed")]
    | Annotated[FaultRaised, Tag("fault_raised")]
    | Annotated[FaultRestored, Tag("fault_restored")]
    | Annotated[UnitStarted, Tag("unit_started")]
    | Annotated[EventsLost, Tag("events_lost")]
    | Annotated[CommandDone, Tag("command_done")]
    | Annotated[SoundTested, Tag("sound_tested")]
    | Annotated[UnknownBody, Tag("unknown")],
    Discriminator(_body_tag),
]


class Message(Model):
    """What goes on a unit's `alarm` and `event` topics; repeated until its receipt.

    `age_s` is how long before this sending it happened, by the unit's monotonic clock (None: not known any more, the
    unit was switched off in between); the centre takes it from its own time of arrival, so no wall clock is needed.
    """

    key: MessageKey
    age_s: float | None = Field(default=None, ge=0)
    wall: WallTime | None = None
    body: Body

    @field_validator("age_s", "wall", mode="wrap")
    @classmethod
    def _no_time_hides_an_alarm(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Read a time; one that is none is as good as not told, and no reason to refuse what happened."""
        try:
            return read(value)
        except ValidationError:
            return None


# --- what a unit sends without a receipt ---


class PathHealth(Model):
    """One way to the centre, as the unit sees it."""

    name: Name
    is_up: bool


class OpenAlarm(Model):
    """The alarm the unit holds open, and the rung it shows."""

    alarm: MessageKey
    rung: Rung


class Heartbeat(Model):
    """I live: health at this moment. None means this unit cannot know it."""

    epoch: Epoch
    uptime_s: float = Field(ge=0)
    interval_s: float = Field(gt=0)
    software: Name
    alarm: OpenAlarm | None = None
    faults: tuple[Name, ...] = Field(default=(), max_length=64)
    paths: tuple[PathHealth, ...] = Field(default=(), max_length=16)
    mains: bool | None = None
    battery_percent: float | None = Field(default=None, ge=0, le=100)
    temperature_c: float | None = None
    disk_free_mb: float | None = Field(default=None, ge=0)
    clock: ClockQuality = ClockQuality.UNSET
    outbox_depth: int = Field(default=0, ge=0)


class Presence(Model):
    """Retained: birth (`online`) and, as last will, death of a unit's connection."""

    online: bool
    epoch: Epoch


# --- what the centre sends ---


class Receipt(Model):
    """The centre's word that it has committed these messages."""

    keys: tuple[MessageKey, ...] = Field(min_length=1, max_length=200)


class AnswerAlarm(Model):
    """An operator has accepted `alarm`."""

    kind: Literal["answer_alarm"] = "answer_alarm"
    alarm: MessageKey


class RequeueAlarm(Model):
    """Nobody has `alarm` any more, it waits for an operator again: the unit must not go on saying that one has it."""

    kind: Literal["requeue_alarm"] = "requeue_alarm"
    alarm: MessageKey


class ResetAlarm(Model):
    """The operator has closed `alarm`."""

    kind: Literal["reset_alarm"] = "reset_alarm"
    alarm: MessageKey


class SetHeartbeat(Model):
    """Send heartbeats this often from now on."""

    kind: Literal["set_heartbeat"] = "set_heartbeat"
    interval_s: float = Field(ge=5, le=3600)


class PlaceCall(Model):
    """Call the centre now, and say in the call that it is this one: how a unit behind a router is called."""

    kind: Literal["place_call"] = "place_call"
    call_id: Name
    purpose: CallPurpose = CallPurpose.SPEAK


class SetSpeech(Model):
    """Let the room hear and be heard like this in the call that stands. None: as it is. Volume 6 is as it comes."""

    kind: Literal["set_speech"] = "set_speech"
    mode: SpeechMode | None = None
    volume: int | None = Field(default=None, ge=0, le=10)


class EndCall(Model):
    """Clear down; no call about this alarm is placed again unless somebody presses. With `alarm`: only of that one."""

    kind: Literal["end_call"] = "end_call"
    alarm: MessageKey | None = None


class TestSound(Model):
    """Play a chirp and tell how it came back (`SoundTested`)."""

    kind: Literal["test_sound"] = "test_sound"


class UnknownOrder(Model):
    """An order of a kind this unit does not know: answered as unknown."""

    model_config = ConfigDict(frozen=True, extra="allow")
    kind: str = "unknown"


KNOWN_ORDERS = (AnswerAlarm, RequeueAlarm, ResetAlarm, SetHeartbeat, PlaceCall, SetSpeech, EndCall, TestSound)
_ORDER_KINDS = frozenset(str(order.model_fields["kind"].default) for order in KNOWN_ORDERS)


def _order_tag(value: Any) -> str:
    return _tag(value, _ORDER_KINDS)


Order = Annotated[
    Annotated[AnswerAlarm, Tag("answer_alarm")]
    | Annotated[RequeueAlarm, Tag("requeue_alarm")]
    | Annotated[ResetAlarm, Tag("reset_alarm")]
    | Annotated[SetHeartbeat, Tag("set_heartbeat")]
    | Annotated[PlaceCall, Tag("place_call")]
    | Annotated[SetSpeech, Tag("set_speech")]
    | Annotated[EndCall, Tag("end_call")]
    | Annotated[TestSound, Tag("test_sound")]
    | Annotated[UnknownOrder, Tag("unknown")],
    Discriminator(_order_tag),
]


class Command(Model):
    """An order to one unit. The centre repeats it until the unit's `CommandDone`; the unit does each id once."""

    command_id: Name
    order: Order


class CentreState(Model):
    """Retained on the centre's topic, renewed with a new `beat` every `interval_s`; last will: not alive."""

    alive: bool
    beat: int = Field(default=0, ge=0)
    interval_s: float = Field(default=20, gt=0)
