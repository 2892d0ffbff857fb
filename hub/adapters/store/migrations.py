"""The schema of both files, as the steps that made it: a step is never changed or removed once released.

Rules: a step runs in one transaction with the note that it ran. A file with steps that this program does not know was
written by a later release, and is refused. What a table means is told in SCHEMA.md, beside this file.
"""

import sqlite3
from contextlib import closing
from inspect import cleandoc
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from hub.adapters.store.connections import Durability, connect_reader, connect_writer
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


_M001 = (
    """
    CREATE TABLE premises (
        premises_id INTEGER PRIMARY KEY,
        address TEXT NOT NULL,
        key_location TEXT NOT NULL,
        notes TEXT NOT NULL,
        search TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE units (
        unit_id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        premises_id INTEGER REFERENCES premises,
        reporting_time_s REAL NOT NULL,
        heartbeat_s REAL NOT NULL,
        is_in_service INTEGER NOT NULL,
        search TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE clients (
        client_id INTEGER PRIMARY KEY,
        premises_id INTEGER NOT NULL REFERENCES premises,
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        language TEXT NOT NULL,
        notes TEXT NOT NULL,
        search TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX clients_by_premises ON clients (premises_id)",
    """
    CREATE TABLE incidents (
        incident_id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        priority TEXT NOT NULL,
        state TEXT NOT NULL,
        opened_s REAL NOT NULL,
        unit_id TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        is_known_unit INTEGER NOT NULL,
        is_late INTEGER NOT NULL,
        alarms TEXT NOT NULL,
        units TEXT NOT NULL,
        owner TEXT NOT NULL,
        level INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        pressed_s REAL,
        accepted_s REAL,
        closed_s REAL,
        outcome TEXT
    ) STRICT
    """,
    "CREATE INDEX incidents_open ON incidents (incident_id) WHERE state <> 'closed'",
    "CREATE INDEX incidents_by_unit ON incidents (unit_id)",
    "CREATE INDEX incidents_of_many ON incidents (incident_id) WHERE kind = 'many_silent'",
    """
    CREATE TABLE timeline (
        incident_id INTEGER NOT NULL REFERENCES incidents,
        number INTEGER NOT NULL,
        at_s REAL NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        text TEXT NOT NULL,
        age_s REAL,
        PRIMARY KEY (incident_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        unit_id TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        urgency TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        age_s REAL,
        wall_s REAL,
        wall_quality TEXT,
        received_s REAL NOT NULL,
        is_known_unit INTEGER NOT NULL,
        incident_id INTEGER REFERENCES incidents,
        UNIQUE (unit_id, epoch, seq)
    ) STRICT
    """,
    "CREATE INDEX messages_by_unit ON messages (unit_id)",
    """
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        command_id TEXT NOT NULL UNIQUE,
        unit_id TEXT NOT NULL,
        incident_id INTEGER REFERENCES incidents,
        body TEXT NOT NULL,
        state TEXT NOT NULL,
        issued_s REAL NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX orders_by_incident ON orders (incident_id)",
    "CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting'",
    """
    CREATE TABLE unreadable (
        id INTEGER PRIMARY KEY,
        topic TEXT NOT NULL,
        payload BLOB NOT NULL,
        problem TEXT NOT NULL,
        detail TEXT NOT NULL,
        received_s REAL NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE operators (
        name TEXT NOT NULL PRIMARY KEY,
        password_hash TEXT NOT NULL,
        role TEXT NOT NULL,
        language TEXT NOT NULL,
        is_active INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sessions (
        token_hash TEXT NOT NULL PRIMARY KEY,
        operator TEXT NOT NULL REFERENCES operators,
        opened_s REAL NOT NULL,
        expires_s REAL NOT NULL,
        ended_s REAL
    ) STRICT, WITHOUT ROWID
    """,
)


@MAIN()
def m001_first_release(db: Database) -> None:
    """Everything the first release keeps."""
    _run(db, _M001)


_H001 = (
    """
    CREATE TABLE last_heartbeat (
        unit_id TEXT NOT NULL PRIMARY KEY,
        heard_s REAL NOT NULL,
        payload BLOB NOT NULL,
        history_s REAL NOT NULL,
        digest INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        unit_id TEXT NOT NULL,
        heard_s REAL NOT NULL,
        payload BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX history_by_unit ON history (unit_id)",
)


@HEARTBEATS()
def h001_first_release(db: Database) -> None:
    """The last heartbeat of every unit, and a thinned history."""
    _run(db, _H001)
