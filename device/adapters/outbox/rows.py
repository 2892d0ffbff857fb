"""Messages and the open alarm as rows of the file, and back.

The body stands as the wire's own JSON, so that a body of a kind this program does not know comes back whole.
"""

import json
from typing import Any

from pydantic import TypeAdapter

from device.core.outgoing import AlarmRecord, Outgoing

COLUMNS = ("epoch", "seq", "urgency", "kind", "body", "mono_s", "boot_id", "wall_s", "wall_quality")
ALARM_COLUMNS = ("epoch", "seq", "rung", "trigger_id")

Row = dict[str, Any]
"""A row by column."""

_OUTGOING: TypeAdapter[Outgoing] = TypeAdapter(Outgoing)
_ALARM_RECORD: TypeAdapter[AlarmRecord] = TypeAdapter(AlarmRecord)


def row_of(message: Outgoing) -> Row:
    """Return the row of a message."""
    return {
        "epoch": message.key.epoch,
        "seq": message.key.seq,
        "urgency": str(message.urgency),
        "kind": message.body.kind,
        "body": message.body.model_dump_json(),
        "mono_s": message.mono_s,
        "boot_id": message.boot_id,
        "wall_s": message.wall.unix_s,
        "wall_quality": str(message.wall.quality),
    }


def message_of(row: Row) -> Outgoing:
    """Return the message of a row. Raises ValueError where it is none."""
    return _OUTGOING.validate_python(
        {
            "key": {"epoch": row["epoch"], "seq": row["seq"]},
            "urgency": row["urgency"],
            "body": json.loads(str(row["body"])),
            "mono_s": row["mono_s"],
            "boot_id": row["boot_id"],
            "wall": {"unix_s": row["wall_s"], "quality": row["wall_quality"]},
        }
    )


def row_of_alarm(record: AlarmRecord) -> Row:
    """Return the row of the open alarm."""
    return {
        "epoch": record.key.epoch,
        "seq": record.key.seq,
        "rung": None if record.rung is None else str(record.rung),
        "trigger_id": record.trigger_id,
    }


def alarm_of(row: Row) -> AlarmRecord:
    """Return the open alarm of a row. Raises ValueError where it is none."""
    return _ALARM_RECORD.validate_python(
        {
            "key": {"epoch": row["epoch"], "seq": row["seq"]},
            "rung": row["rung"],
            "trigger_id": row["trigger_id"],
        }
    )
