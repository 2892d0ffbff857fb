"""A broken file is put aside, a new one started, and what can still be read of the old one is saved.

Nothing here may keep an alarm from being stored: where the old file cannot be read, it is kept for a later look, and
that is all. Only what the file itself does wrong puts it aside; a disk that is full or gone does not.
"""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from device.adapters.outbox.file import OutboxFile, read_text
from device.adapters.outbox.limits import Limits
from device.adapters.outbox.rows import Row, alarm_of
from device.adapters.outbox.schema import BrokenFileError
from device.core.outgoing import AlarmRecord

log = logging.getLogger(__name__)

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""Errors that only a broken file gives, at any time."""
_SURROUNDINGS = frozenset(
    {
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""Errors on opening that are the disk's or another program's doing; any other is the file's."""
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What reading a broken file raises; the second, when SQLite quotes damaged text in its message."""
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file; why the one before it was put aside, None where it was not."""

    file: OutboxFile
    put_aside_because: str | None = None


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's primary error code, 0 where the error came from elsewhere."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def open_outbox(path: Path, limits: Limits) -> Opened:
    """Open the file, or a new one in the place of a broken one.

    Raises:
        sqlite3.Error, OSError: the disk takes no file now; what stands there is left as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return Opened(OutboxFile(path, limits))
    except BrokenFileError as error:
        reason = str(error)
    except sqlite3.Error as error:
        if code_of(error) in _SURROUNDINGS:
            raise
        reason = str(error)
    return start_anew(path, limits, reason)


def start_anew(path: Path, limits: Limits, reason: str) -> Opened:
    """Put the file aside and open a new one with what can be saved. Raises sqlite3.Error or OSError."""
    aside = _put_aside(path, limits.put_aside_kept)
    log.error("%s is broken and now %s: %s", path, aside.name, reason)
    file = OutboxFile(path, limits)
    _save(aside, file, limits)
    return Opened(file, reason)


def _put_aside(path: Path, keep: int) -> Path:
    """Rename the file and its log, keep the newest `keep` of such files; return where it is now."""
    pattern = re.compile(re.escape(path.name) + r"\.broken-(\d+)")
    found = {int(match[1]): entry for entry in path.parent.iterdir() if (match := pattern.fullmatch(entry.name))}
    number = max(found, default=0) + 1
    aside = path.with_name(f"{path.name}.broken-{number}")
    path.rename(aside)
    for ending in _BESIDE:
        if (beside := Path(f"{path}{ending}")).exists():
            beside.rename(f"{aside}{ending}")
    for old in sorted(found)[: max(0, len(found) + 1 - keep)]:
        _remove(found[old])
    return aside


def _remove(aside: Path) -> None:
    for path in (aside, *(Path(f"{aside}{ending}") for ending in _BESIDE)):
        if path.is_file():  # a directory that somebody put here by mistake is not ours to empty
            path.unlink()


def _save(aside: Path, file: OutboxFile, limits: Limits) -> None:
    """Carry over every row that can be read, from both ends towards the damage."""
    try:
        with closing(sqlite3.connect(aside)) as connection:
            connection.text_factory = read_text
            connection.execute("PRAGMA writable_schema = ON")  # a damaged index is no reason not to read its table
            old = Database(connection, execute_plugins=False)
            record = _saved_alarm(old)
            saved = 0
            for order in ("id", "id DESC"):
                rows = old.table("waiting").rows_where(order_by=order, limit=limits.max_messages)
                saved += file.adopt(_until_damaged(rows), record)
    except _UNREADABLE as error:
        log.error("nothing more can be saved of %s: %s", aside.name, error)
    else:
        log.warning("saved %d messages of %s", saved, aside.name)


def _until_damaged(rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except _UNREADABLE as error:
        log.warning("the broken file can be read no further: %s", error)


def _saved_alarm(old: Database) -> AlarmRecord | None:
    row = next(_until_damaged(old.table("open_alarm").rows_where("id = 1")), None)
    try:
        return alarm_of(row) if row else None
    except (ValueError, KeyError) as error:
        log.warning("the record of the open alarm cannot be saved: %s", error)
        return None
