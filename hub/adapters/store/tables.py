"""Records as rows of the main file, and back: one `Table` a record type.

Rules: a row is written by hand-written SQL that inserts it or, where its key exists, changes it in place. Bodies and
orders stand as the wire's own JSON, so that one of a kind this program does not know comes back whole.
"""

import dataclasses
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter

from device.wire.messages import Body, Message, MessageKey, Order, WallTime
from device.wire.vocabulary import ClockQuality, Urgency
from hub.adapters.store.search import searchable
from hub.core.call_records import (
    AfterCycle,
    Announcement,
    CallLeg,
    CallList,
    CallOrder,
    Hours,
    Listening,
    Member,
    Organisation,
    PartKind,
    Recording,
)
from hub.core.records import (
    Client,
    EntryKind,
    Incident,
    IncidentKind,
    IncidentState,
    Operator,
    OrderRecord,
    OrderState,
    Outcome,
    Premises,
    Priority,
    ReceivedMessage,
    Record,
    Session,
    TimelineEntry,
    Unit,
    UnreadableMessage,
)

log = logging.getLogger(__name__)

R = TypeVar("R")
Cell = str | int | float | bytes | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """Where records of one type stand. An empty `key`: every record is a row of its own."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    row_of: Callable[[R], Row]
    record_of: Callable[[Any], R]
    """Takes a row of `columns`; raises ValueError (pydantic's, an enum's) or TypeError where it is no such record."""
    derived: tuple[str, ...] = ()
    """Columns that are written after `columns` and never read back."""
    order: tuple[str, ...] = ()
    """The columns by which the rows stand in the file, oldest first where they are numbered."""

    @property
    def insert(self) -> str:
        """Return the statement that writes a row of `row_of`."""
        columns = (*self.columns, *self.derived)
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of this file
        if not self.key:
            return statement
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in self.key)
        act = f"UPDATE SET {changes}" if changes else "NOTHING"
        return f"{statement} ON CONFLICT ({', '.join(self.key)}) DO {act}"

    def select(self, rest: str = "", missing: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the statement that reads rows for `record_of`; `rest` goes on after FROM, the table being `t`.

        `missing` are columns that the file does not have yet, and what stands for them.
        """
        columns = ", ".join(missing.get(column, f"t.{column}") for column in self.columns)
        return f"SELECT {columns} FROM {self.name} AS t {rest}"  # noqa: S608 - as above

    def records(self, rows: Iterable[Any]) -> Iterator[R]:
        """Yield the records of rows; one that is none is logged and left out: it must not hide the others."""
        for row in rows:
            try:
                record = self.record_of(row)
            except (ValueError, TypeError) as error:
                log.error("a row of %s is no record: %s", self.name, error)
            else:
                yield record


@dataclass(frozen=True, slots=True)
class _Form:
    """How a field's value stands in a cell, and in which column where that has another name."""

    write: Callable[[Any], Cell]
    read: Callable[[Any], Any]
    column: str = ""


def _same(value: Any) -> Any:
    return value


_FLAG = _Form(int, bool)
_INCIDENT = _Form(lambda number: number or None, lambda cell: cell or 0)
_NAMES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
_KEYS: TypeAdapter[tuple[MessageKey, ...]] = TypeAdapter(tuple[MessageKey, ...])
_BODY: TypeAdapter[Body] = TypeAdapter(Body)
_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_MEMBERS: TypeAdapter[tuple[Member, ...]] = TypeAdapter(tuple[Member, ...])
_HOURS: TypeAdapter[tuple[Hours, ...]] = TypeAdapter(tuple[Hours, ...])


def _enum(kind: type[StrEnum], column: str = "") -> _Form:
    return _Form(
        lambda member: None if member is None else str(member), lambda c: None if c is None else kind(c), column
    )


def _json(adapter: TypeAdapter[Any], column: str = "") -> _Form:
    return _Form(lambda value: adapter.dump_json(value).decode(), adapter.validate_json, column)


def _plain_table(
    record_type: type[R],
    name: str,
    key: tuple[str, ...],
    forms: dict[str, _Form],
    search: Callable[[R], str] | None = None,
    numbered: bool = False,
) -> Table[R]:
    """Return the table of a record whose every field is a column, in its order."""
    fields = tuple(field.name for field in dataclasses.fields(cast(Any, record_type)))
    writers = [(field, forms[field].write) if field in forms else (field, _same) for field in fields]
    readers = [(index, forms[field].read) for index, field in enumerate(fields) if field in forms]

    def row_of(record: R) -> Row:
        row: Row = tuple(write(getattr(record, field)) for field, write in writers)
        return (*row, search(record)) if search is not None else row

    def record_of(row: Any) -> R:
        values = list(row)
        for index, read in readers:
            values[index] = read(values[index])
        return record_type(*values)

    columns = tuple((forms[field].column or field) if field in forms else field for field in fields)
    derived = ("search",) if search is not None else ()
    return Table(name, key, columns, row_of, record_of, derived, order=("id",) if numbered else key)


def _message_row(record: ReceivedMessage) -> Row:
    message = record.message
    return (
        record.unit_id,
        message.key.epoch,
        message.key.seq,
        str(record.urgency),
        message.body.kind,
        message.body.model_dump_json(),
        message.age_s,
        message.wall.unix_s if message.wall else None,
        str(message.wall.quality) if message.wall else None,
        record.received_s,
        int(record.is_known_unit),
        record.incident_id or None,
    )


def _message_record(row: Any) -> ReceivedMessage:
    unit_id, epoch, seq, urgency, _, body, age_s, wall_s, wall_quality, received_s, is_known_unit, incident_id = row
    has_wall = wall_s is not None and wall_quality is not None
    return ReceivedMessage(
        unit_id=unit_id,
        urgency=Urgency(urgency),
        message=Message(
            key=MessageKey(epoch=epoch, seq=seq),
            age_s=age_s,
            wall=WallTime(unix_s=wall_s, quality=ClockQuality(wall_quality)) if has_wall else None,
            body=_BODY.validate_json(body),
        ),
        received_s=received_s,
        is_known_unit=bool(is_known_unit),
        incident_id=incident_id or 0,
    )


PREMISES = _plain_table(
    Premises, "premises", ("premises_id",), {}, search=lambda record: searchable(record.address, record.notes)
)
UNITS = _plain_table(
    Unit, "units", ("unit_id",), {"is_in_service": _FLAG}, search=lambda record: searchable(record.unit_id, record.name)
)
CLIENTS = _plain_table(
    Client,
    "clients",
    ("client_id",),
    {},
    search=lambda record: searchable(record.name, record.notes, phone=record.phone),
)
INCIDENTS = _plain_table(
    Incident,
    "incidents",
    ("incident_id",),
    {
        "kind": _enum(IncidentKind),
        "priority": _enum(Priority),
        "state": _enum(IncidentState),
        "outcome": _enum(Outcome),
        "is_known_unit": _FLAG,
        "is_late": _FLAG,
        "alarms": _json(_KEYS),
        "units": _json(_NAMES),
    },
)
TIMELINE = _plain_table(TimelineEntry, "timeline", ("incident_id", "number"), {"kind": _enum(EntryKind)})
ORDERS = _plain_table(
    OrderRecord,
    "orders",
    ("command_id",),
    {"incident_id": _INCIDENT, "order": _json(_ORDER, column="body"), "state": _enum(OrderState)},
    numbered=True,
)
MESSAGES: Table[ReceivedMessage] = Table(
    name="messages",
    key=("unit_id", "epoch", "seq"),
    columns=(
        *("unit_id", "epoch", "seq", "urgency", "kind", "body", "age_s", "wall_s", "wall_quality"),
        *("received_s", "is_known_unit", "incident_id"),
    ),
    row_of=_message_row,
    record_of=_message_record,
    order=("id",),
)
UNREADABLE = _plain_table(UnreadableMessage, "unreadable", (), {}, numbered=True)
OPERATORS = _plain_table(Operator, "operators", ("name",), {"is_active": _FLAG, "phone_is_sure": _FLAG})
SESSIONS = _plain_table(Session, "sessions", ("token_hash",), {})
ORGANISATIONS = _plain_table(Organisation, "organisations", ("organisation",), {"records_calls": _FLAG})
CALL_LISTS = _plain_table(
    CallList,
    "call_lists",
    ("list_id",),
    {
        "members": _json(_MEMBERS),
        "order": _enum(CallOrder, column="call_order"),
        "after": _enum(AfterCycle, column="after_cycle"),
        "is_escalation": _FLAG,
        "languages": _json(_NAMES),
        "hours": _json(_HOURS),
        "is_active": _FLAG,
    },
)
CALL_LEGS = _plain_table(
    CallLeg,
    "call_legs",
    ("leg",),
    {"kind": _enum(PartKind), "is_incoming": _FLAG, "is_silence": _FLAG},
    numbered=True,
)
RECORDINGS = _plain_table(Recording, "recordings", ("recording_id",), {})
LISTENINGS = _plain_table(Listening, "listenings", ("recording_id", "at_s", "operator"), {})
ANNOUNCEMENTS = _plain_table(Announcement, "announcements", ("name", "language"), {"is_active": _FLAG})

TABLES: dict[type[Record], Table[Any]] = {
    Premises: PREMISES,
    Unit: UNITS,
    Client: CLIENTS,
    Incident: INCIDENTS,
    TimelineEntry: TIMELINE,
    ReceivedMessage: MESSAGES,
    OrderRecord: ORDERS,
    UnreadableMessage: UNREADABLE,
    Operator: OPERATORS,
    Session: SESSIONS,
    Organisation: ORGANISATIONS,
    CallList: CALL_LISTS,
    CallLeg: CALL_LEGS,
    Recording: RECORDINGS,
    Listening: LISTENINGS,
    Announcement: ANNOUNCEMENTS,
}
"""Every record type; what others refer to comes first."""
