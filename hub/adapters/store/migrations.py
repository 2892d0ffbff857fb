"""The schema of both files, as the steps that made it: a step is never changed or removed once released.

Rules: a step runs in one transaction with the note that it ran; its SQL stands in `steps`. A file with steps that this
program does not know was written by a later release, and is refused. What a table means is told in SCHEMA.md.
"""

import sqlite3
from contextlib import closing
from inspect import cleandoc
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from hub.adapters.store.connections import Durability, connect_reader, connect_writer
from hub.adapters.store.steps import H001, M001, M002
from hub.ports import PermanentAdapterError

MAIN = Migrations("poga")
HEARTBEATS = Migrations("poga-heartbeats")
WAL_PAGES_OF_HEARTBEATS = 4_000
"""Heartbeats touch many pages: they are carried from the log into the file less often than alarms."""


class StoreFromTheFutureError(PermanentAdapterError):
    """A later release has changed this file: only that one, or a later one, may open it."""


def open_main(path: Path) -> sqlite3.Connection:
    """Open a main file to write, up to date. Raises sqlite3.Error, OSError, StoreFromTheFutureError."""
    return _open(connect_writer(path, Durability.POWER_CUT), MAIN, path)


def open_heartbeats(path: Path) -> sqlite3.Connection:
    """Open a file of heartbeats to write, up to date. Raises sqlite3.Error, OSError, StoreFromTheFutureError."""
    return _open(connect_writer(path, Durability.CRASH, WAL_PAGES_OF_HEARTBEATS), HEARTBEATS, path)


def refuse_future(connection: sqlite3.Connection, steps: Migrations, path: Path) -> None:
    """Raise StoreFromTheFutureError where a file has steps that are not known here."""
    unknown = applied(connection, steps) - _known(steps)
    if unknown:
        raise StoreFromTheFutureError(
            f"{path} was written by a later release of Poga (steps {', '.join(sorted(unknown))}):"
            " install that release, or restore a backup that this one has made"
        )


def is_behind(path: Path) -> bool:
    """Tell whether a main file that holds something lacks steps. Raises sqlite3.Error."""
    if not path.exists():
        return False
    with closing(connect_reader(path)) as connection:
        return bool(applied(connection, MAIN)) and bool(MAIN.pending(_database(connection)))


def applied(connection: sqlite3.Connection, steps: Migrations) -> set[str]:
    """Return the names of the steps that a file has behind it; none for a file that is not of this kind."""
    return {step.name for step in steps.applied(_database(connection))}


def _open(connection: sqlite3.Connection, steps: Migrations, path: Path) -> sqlite3.Connection:
    try:
        refuse_future(connection, steps, path)
        database = _database(connection)
        if steps.pending(database):
            steps.apply(database)
    except BaseException:
        connection.close()
        raise
    return connection


def _known(steps: Migrations) -> set[str]:
    with Database(memory=True, execute_plugins=False) as empty:
        return {step.name for step in steps.pending(empty)}


def _database(connection: sqlite3.Connection) -> Database:
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def _run(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(cleandoc(statement))


@MAIN()
def m001_first_release(db: Database) -> None:
    """Everything the first release keeps."""
    _run(db, M001)


@MAIN()
def m002_calls(db: Database) -> None:
    """Who is rung in which order, every leg of a call, recordings, the library of announcements."""
    _run(db, M002)


@HEARTBEATS()
def h001_first_release(db: Database) -> None:
    """The last heartbeat of every unit, and a thinned history."""
    _run(db, H001)
