"""Whether a main file is whole, and how one that is not is moved out of the way.

Rules: a file is never deleted, it is put aside with its write-ahead log, the log first: a log that is left alone would
be played into the file that takes the place. Only what speaks against the file itself makes it broken; a lock or a full
disk does not.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hub.adapters.store.connections import connect_reader, is_corrupt, sync_folder
from hub.adapters.store.migrations import MAIN, applied, refuse_future

STAMP = "%Y%m%dT%H%M%SZ"


class Health(StrEnum):
    """What a file is found to be."""

    GOOD = "good"
    MISSING = "missing"
    EMPTY = "empty"
    BROKEN = "broken"


class Aside(StrEnum):
    """Why a file was put aside."""

    BROKEN = "broken"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Finding:
    """A file's health, and what is wrong with it."""

    health: Health
    detail: str = ""


def examine(path: Path) -> Finding:
    """Look through a whole main file or a backup of one; changes nothing.

    Raises:
        StoreFromTheFutureError: a later release wrote it.
        sqlite3.Error, OSError: it cannot be looked at now, which says nothing about the file.
    """
    log_bytes = _size(log_of(path))
    if not path.exists():
        return Finding(Health.BROKEN, "only its log is left") if log_bytes else Finding(Health.MISSING, "it is missing")
    if path.stat().st_size == 0:  # SQLite would take it for a new one, and delete the log
        return Finding(Health.BROKEN if log_bytes else Health.EMPTY, "it has no bytes")
    try:
        with closing(connect_reader(path)) as connection:
            return _examine_open(connection, path)
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error):
            raise
        return Finding(Health.BROKEN, str(error))


def put_aside(path: Path, why: Aside, now_s: float) -> Path:
    """Move a file and its log to a name that tells when and why; return that name. Raises OSError."""
    stamp = time.strftime(STAMP, time.gmtime(now_s))
    aside, count = path.with_name(f"{path.name}.{why}-{stamp}"), 1
    while aside.exists() or log_of(aside).exists():
        count += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{count}")
    if log_of(path).exists():
        log_of(path).rename(log_of(aside))
    index_of(path).unlink(missing_ok=True)
    if path.exists():
        path.rename(aside)
    sync_folder(path.parent)
    return aside


def has_remains(path: Path) -> bool:
    """Tell whether there is a file, or a log without its file, in which something may stand."""
    return path.exists() or _size(log_of(path)) > 0


def log_of(path: Path) -> Path:
    """Return where SQLite keeps a file's write-ahead log."""
    return path.with_name(f"{path.name}-wal")


def index_of(path: Path) -> Path:
    """Return where SQLite keeps the index of a file's log: worth nothing without a program that uses it."""
    return path.with_name(f"{path.name}-shm")


def _examine_open(connection: sqlite3.Connection, path: Path) -> Finding:
    refuse_future(connection, MAIN, path)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        return Finding(Health.EMPTY, "it has no tables")
    if not applied(connection, MAIN):
        return Finding(Health.BROKEN, "it is a database, but not Poga's")
    (problem,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return Finding(Health.GOOD) if problem == "ok" else Finding(Health.BROKEN, problem.splitlines()[-1])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
