"""The shape of the outbox's file: its settings, its tables, its migrations; and whether a file has it.

A migration is added, never changed: files made by every released version must open.
"""

from sqlite_utils import Database, Migrations

from device.adapters.outbox.rows import ALARM_COLUMNS, COLUMNS

WAL_LIMIT_BYTES = 1024 * 1024
"""The write-ahead log is cut to this when it is begun anew, should it ever have grown beyond."""
SETTINGS = ("journal_mode=WAL", "synchronous=FULL", f"journal_size_limit={WAL_LIMIT_BYTES}", "temp_store=MEMORY")
TABLES = {"waiting": COLUMNS, "open_alarm": ALARM_COLUMNS, "openings": ("count",)}
"""What the program reads and writes; every table has an `id` as well."""

_KINDS: dict[str, type] = {"seq": int, "mono_s": float, "wall_s": float}


class BrokenFileError(Exception):
    """What stands at the path is no outbox, or no whole one: it must be put aside."""


def m001_waiting_messages_and_open_alarm(db: Database) -> None:
    """Make the tables. Alarms have an index of their own, so that they are found at once among 50,000 events."""
    columns = ("epoch", "seq", "urgency", "kind", "body", "mono_s", "boot_id", "wall_s", "wall_quality")
    waiting = db.table("waiting")
    waiting.create({"id": int} | {name: _KINDS.get(name, str) for name in columns}, pk="id", not_null=columns)
    waiting.create_index(["epoch", "seq"], unique=True)
    db.execute("CREATE INDEX waiting_alarms ON waiting (id) WHERE urgency = 'alarm'")
    db.table("open_alarm").create({"id": int, "epoch": str, "seq": int, "rung": str, "trigger_id": str}, pk="id")
    db.table("openings").create({"id": int, "count": int}, pk="id")


MIGRATIONS = (m001_waiting_messages_and_open_alarm,)
_migrations = Migrations("outbox")
for _step in MIGRATIONS:
    _migrations()(_step)


def make(db: Database) -> None:
    """Make the tables of a new file, in the file itself and not only in its log. Raises sqlite3.Error."""
    _set_up(db)
    _migrations.apply(db)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def check(db: Database) -> None:
    """Bring a file to the newest shape. Raises sqlite3.Error, or BrokenFileError where it is damaged or another's."""
    _set_up(db)
    (verdict,) = db.conn.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise BrokenFileError(f"damaged: {verdict}")
    if _migrations.migrations_table not in db.table_names():
        raise BrokenFileError("the database of another program, or its tables are lost")
    applied = {step.name for step in _migrations.applied(db)}
    if not applied <= {step.__name__ for step in MIGRATIONS}:
        raise BrokenFileError("written by a newer version of this program")
    _migrations.apply(db)
    for table, columns in TABLES.items():
        if not {column.name for column in db.table(table).columns} >= {"id", *columns}:
            raise BrokenFileError(f"its table {table} has not the columns it must have")


def _set_up(db: Database) -> None:
    for setting in SETTINGS:
        db.conn.execute(f"PRAGMA {setting}").fetchall()
