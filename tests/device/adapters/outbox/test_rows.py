"""Messages as rows, and back."""

from typing import Any

import pytest

from device.adapters.outbox.rows import COLUMNS, alarm_of, message_of, row_of, row_of_alarm
from device.wire.messages import (
    AlarmJoined,
    AlarmRaised,
    AlarmWithdrawn,
    Body,
    CancelPressed,
    CommandDone,
    EventsLost,
    FaultRaised,
    FaultRestored,
    UnitStarted,
    UnknownBody,
    WallTime,
)
from device.wire.vocabulary import ClockQuality, CommandOutcome, FaultCode, Rung, Urgency
from tests.device.adapters.outbox.material import TRIGGER, alarm, key, message, record

BODIES: list[Body] = [
    AlarmRaised(trigger=TRIGGER, status_code="0010"),
    AlarmJoined(alarm=key(1), trigger=TRIGGER, status_code="0010"),
    AlarmWithdrawn(trigger=TRIGGER),
    CancelPressed(alarm=key(1)),
    FaultRaised(fault=FaultCode.MAINS_LOST, status_code="0085", urgent=False, detail="„strāva” питание ⚡"),
    FaultRestored(fault="a_fault_of_tomorrow", status_code="0086", subject="sos"),
    UnitStarted(cause="power_on", software="1.0"),
    EventsLost(count=3),
    CommandDone(command_id="c-1", outcome=CommandOutcome.REFUSED),
    UnknownBody.model_validate({"kind": "fall_seen", "height_m": 1.5, "rooms": ["hall", {"floor": 2}]}),
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
@pytest.mark.parametrize("urgency", Urgency)
def test_a_message_comes_back_as_it_was(body: Body, urgency: Urgency) -> None:
    wall = WallTime(unix_s=1_800_000_000.123, quality=ClockQuality.NETWORK)
    original = message(2**53, body, urgency, mono_s=0.1 + 0.2, wall=wall)
    row = row_of(original)
    assert tuple(row) == COLUMNS
    assert message_of(row | {"id": 7}) == original


@pytest.mark.parametrize("rung", [None, *Rung])
def test_the_open_alarm_comes_back_as_it_was(rung: Rung | None) -> None:
    assert alarm_of(row_of_alarm(record(5, rung)) | {"id": 1}) == record(5, rung)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("epoch", "not hexadecimal"),
        ("seq", 0),
        ("urgency", "soon"),
        ("body", '{"kind": "alarm_rai'),
        ("body", "[]"),
        ("body", b"\x00\xff"),
        ("body", '{"kind": "alarm_raised"}'),
        ("mono_s", None),
        ("boot_id", 3),
        ("wall_quality", "�"),
    ],
)
def test_a_damaged_row_is_a_value_error(column: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        message_of(row_of(alarm(1)) | {column: value})


def test_a_damaged_alarm_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="rung"):
        alarm_of(row_of_alarm(record(1)) | {"rung": "heard"})
