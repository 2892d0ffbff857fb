"""The outbox's file: SQLite, and nothing that could not be read by hand with its shell.

Rules: used by one thread; each method is one transaction, on disk when it returns (WAL, synchronous=FULL); where it
raises sqlite3.Error it has changed nothing. `id` is the order of storing.
"""

import logging
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from device.adapters.outbox.limits import Limits
from device.adapters.outbox.rows import COLUMNS, Row, alarm_of, message_of, row_of, row_of_alarm
from device.adapters.outbox.schema import BrokenFileError, check, make
from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import MessageKey
from device.wire.vocabulary import ClockQuality, Urgency

log = logging.getLogger(__name__)

AGED_AT_ONCE = 500
"""Rows that one trimming by age takes, so that no alarm waits for it."""
HEADER_BYTES = 20
"""The beginning of the file format: its name, the page size, then the versions that may write and read it."""

_INSERT = """
    INSERT INTO waiting (epoch, seq, urgency, kind, body, mono_s, boot_id, wall_s, wall_quality)
    VALUES (:epoch, :seq, :urgency, :kind, :body, :mono_s, :boot_id, :wall_s, :wall_quality)
    ON CONFLICT (epoch, seq) DO NOTHING"""
_FORGET = "DELETE FROM waiting WHERE epoch = ? AND seq = ? RETURNING urgency"
_COUNT = "SELECT urgency, count(*) FROM waiting WHERE urgency IN ('alarm', 'event') GROUP BY urgency"
_TRIM_EVENTS = "DELETE FROM waiting WHERE id IN (SELECT id FROM waiting WHERE urgency = 'event' ORDER BY id LIMIT ?)"
_TRIM_ALARMS = """
    DELETE FROM waiting WHERE id IN (
        SELECT id FROM waiting WHERE urgency = 'alarm' ORDER BY kind = 'alarm_raised', id LIMIT ?
    )"""
_TRIM_AGED = """
    DELETE FROM waiting WHERE id IN (
        SELECT id FROM waiting WHERE urgency = 'event' AND CASE
            WHEN boot_id = :boot_id THEN :mono_s - mono_s > :max_age_s
            ELSE :wall_quality = :good AND wall_quality = :good AND :wall_s - wall_s > :max_age_s
        END ORDER BY id LIMIT :at_once
    )"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: all alarms, then the oldest events. `lost`: rows that could not be read and are gone."""

    messages: tuple[Outgoing, ...]
    more: bool
    lost: int


class OutboxFile:
    """The open file."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open the file; make it where there is none. Raises BrokenFileError, sqlite3.Error or OSError."""
        is_new = not path.exists()
        if not is_new:
            _refuse_what_is_no_database(path)
        connection = sqlite3.connect(path, timeout=limits.busy_timeout_s)
        try:
            connection.text_factory = read_text
            self._db = Database(connection, execute_plugins=False)
            (make if is_new else check)(self._db)
            self._counts = self._count()
        except UnicodeDecodeError as error:  # SQLite quotes a damaged schema in its message, whatever its bytes are
            connection.close()
            raise BrokenFileError("damaged: its schema is not text") from error
        except BaseException:
            connection.close()
            raise
        self._limits = limits
        self._newest: Outgoing | None = None

    @property
    def depth(self) -> int:
        """How many messages wait."""
        return sum(self._counts.values())

    def store(self, message: Outgoing, opens: AlarmRecord | None = None) -> int:
        """Keep a message, once; with it the alarm it opens. Return how many had to go for it."""
        counts = dict(self._counts)
        with self._db.atomic():
            counts[message.urgency] += self._db.conn.execute(_INSERT, row_of(message)).rowcount
            if opens is not None:
                self._write_alarm(opens)
            trimmed = self._trim(counts)
        self._counts, self._newest = counts, message
        return trimmed

    def forget(self, keys: Iterable[MessageKey]) -> None:
        """Let go of messages; unknown ones are no mistake."""
        counts = dict(self._counts)
        with self._db.atomic():
            for key in keys:
                for (urgency,) in self._db.conn.execute(_FORGET, (key.epoch, key.seq)).fetchall():
                    counts[urgency] -= 1
        self._counts = counts

    def save_alarm(self, record: AlarmRecord | None) -> None:
        """Keep the open alarm; None: none is open."""
        with self._db.atomic():
            self._write_alarm(record)

    def open_alarm(self) -> AlarmRecord | None:
        """Return the open alarm, None where none is open or its row cannot be read."""
        row = next(self._db.table("open_alarm").rows_where("id = 1"), None)
        try:
            return alarm_of(row) if row else None
        except ValueError as error:
            log.error("the record of the open alarm cannot be read: %s", error)
            return None

    def waiting(self, limit: int) -> Waiting:
        """Return all alarms and the oldest `limit` events, each oldest first."""
        lost = 0
        while True:
            messages, more, unreadable = self._read(limit)
            dropped = self._drop(unreadable)
            lost += dropped
            if not (dropped and more):  # else the dropped rows stood before others that can be read
                return Waiting(tuple(messages), more, lost)

    def trim_aged(self) -> int:
        """Let go of events too old by the newest message's own time, some at once; return how many.

        An age is known within one boot by the monotonic clock, across boots only where a network set both clocks.
        """
        if self._newest is None:
            return 0
        now = row_of(self._newest)
        bounds = {"good": ClockQuality.NETWORK, "max_age_s": self._limits.max_age_s, "at_once": AGED_AT_ONCE}
        with self._db.atomic():
            trimmed = self._db.conn.execute(_TRIM_AGED, now | bounds).rowcount
        self._counts[Urgency.EVENT] -= trimmed
        return trimmed

    def adopt(self, rows: Iterable[Row], record: AlarmRecord | None) -> int:
        """Take over what was saved of a broken file, in its order. Return how many are new."""
        before = self.depth
        with self._db.atomic():
            known = ({name: row.get(name) for name in ("id", *COLUMNS)} for row in rows)
            self._db.table("waiting").insert_all(known, ignore=True)
            if record is not None:
                self._write_alarm(record)
        self._counts = self._count()
        return self.depth - before

    def prove(self) -> None:
        """Commit something, so that it is known whether the disk takes it."""
        self._db.execute("INSERT INTO openings VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1")

    def checkpoint(self) -> None:
        """Carry the log over into the file; in a quiet moment, so that no commit has to do it."""
        self._db.conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Close the file. Never raises."""
        with suppress(sqlite3.Error):
            self._db.close()

    def _read(self, limit: int) -> tuple[list[Outgoing], bool, list[int]]:
        """Return the messages, whether there are more events, and the ids of rows nobody can read."""
        table = self._db.table("waiting")
        alarms = list(table.rows_where("urgency = 'alarm'", order_by="id"))
        events = list(table.rows_where("urgency = 'event'", order_by="id", limit=limit + 1))
        messages: list[Outgoing] = []
        unreadable: list[int] = []
        for row in (*alarms, *events[:limit]):
            try:
                messages.append(message_of(row))
            except ValueError as error:
                log.error("a waiting message cannot be read: %s", error)
                unreadable.append(row["id"])
        return messages, len(events) > limit, unreadable

    def _count(self) -> dict[str, int]:
        counts: dict[str, int] = dict.fromkeys(Urgency, 0)
        return counts | dict(self._db.conn.execute(_COUNT).fetchall())

    def _write_alarm(self, record: AlarmRecord | None) -> None:
        if record is None:
            self._db.table("open_alarm").delete_where()
        else:
            self._db.table("open_alarm").insert({"id": 1, **row_of_alarm(record)}, replace=True)

    def _trim(self, counts: dict[str, int]) -> int:
        """Make the file keep its bounds, within the open transaction; return how many had to go."""
        alarms = events = 0
        if (excess := counts[Urgency.ALARM] - self._limits.max_alarms) > 0:
            alarms = self._db.conn.execute(_TRIM_ALARMS, (excess,)).rowcount
            counts[Urgency.ALARM] -= alarms
        if (excess := sum(counts.values()) - self._limits.max_messages) > 0:
            events = self._db.conn.execute(_TRIM_EVENTS, (max(excess, self._limits.trim_at_once),)).rowcount
            counts[Urgency.EVENT] -= events
        return alarms + events

    def _drop(self, ids: list[int]) -> int:
        """Let go of rows nobody can read, or they would be found again for ever; a disk that is full keeps them."""
        if not ids:
            return 0
        try:
            with self._db.atomic():
                for row_id in ids:
                    self._db.table("waiting").delete(row_id)
        except sqlite3.Error as error:
            log.error("%d unreadable messages stay: %s", len(ids), error)
            return 0
        self._counts = self._count()
        return len(ids)


def read_text(raw: bytes) -> str:
    """Return text whatever its bytes are: a damaged cell must not make its table unreadable."""
    return raw.decode(errors="replace")


def _refuse_what_is_no_database(path: Path) -> None:
    """Tell what SQLite does not: it takes an empty file for a new one, and a damaged version for a read-only one."""
    if not path.is_file():
        raise BrokenFileError("not a file")
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if not header:
        raise BrokenFileError("empty: not even the beginning of a database is left")
    if not header.startswith(b"SQLite format 3\0") or not {*header[18:20]} <= {1, 2}:
        raise BrokenFileError("not a database, or its header is damaged")
