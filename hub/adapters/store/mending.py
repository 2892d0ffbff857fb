"""A main file that is broken or gone: put aside, the newest good backup in its place, and saved what can be read of it.

Rules: the centre always gets a file it can write to, and somebody is told what happened. Rows of the broken file are
newer than the backup's and win; only rows that still are records are taken.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from hub.adapters.store.backups import Backup, copy_for_use, list_backups, new_main, swap_in
from hub.adapters.store.connections import connect_reader, transaction
from hub.adapters.store.integrity import Aside, Finding, Health, examine
from hub.adapters.store.migrations import open_main
from hub.adapters.store.places import Places
from hub.adapters.store.tables import TABLES, Row, Table
from hub.ports import AdapterError

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 1_000
OVERLAP_S = 3_600.0
"""Messages are taken from so long before the backup: the clock may have been set in between."""


def mend(places: Places, now_s: float) -> str | None:
    """Make sure that there is a main file that can be used; return what had to be done, None where nothing.

    Raises:
        StoreFromTheFutureError: a later release wrote the file.
        sqlite3.Error, OSError: nothing can be said or done now (locked, full, no right).
    """
    finding = examine(places.main)
    match finding.health:
        case Health.GOOD:
            return None
        case Health.MISSING | Health.EMPTY if not list_backups(places):
            return None  # the first start
        case _:
            return _replace(places, finding, now_s)


def _replace(places: Places, finding: Finding, now_s: float) -> str:
    """Make the new file whole before it takes the place: a crash on the way changes nothing."""
    backup, new = _copy_newest(places)
    with closing(open_main(new)) as connection:
        rows = 0 if finding.health is Health.MISSING else _take_over(places.main, connection, backup)
    aside = swap_in(new, places, Aside.BROKEN, now_s)
    return _tell(places, finding, backup, aside, rows)


def _copy_newest(places: Places) -> tuple[Backup | None, Path]:
    """Return the newest good backup with a copy of it, or an empty file."""
    for backup in list_backups(places):
        try:
            finding = examine(backup.path)
            if finding.health is Health.GOOD:
                return backup, copy_for_use(backup.path, places)
            log.error("%s cannot be restored: %s", backup.path, finding.detail)
        except (AdapterError, sqlite3.Error, OSError) as error:
            log.error("%s cannot be restored: %s", backup.path, error)
    return None, new_main(places)


def _take_over(broken: Path, connection: sqlite3.Connection, backup: Backup | None) -> int:
    """Save what can be read of a broken file; return the number of rows."""
    since_s = backup.made_s if backup else 0.0
    count = 0
    try:
        with closing(connect_reader(broken)) as source:
            for table in TABLES.values():
                count += _take_table(table, source, connection, since_s)
    except sqlite3.Error as error:
        log.error("no more rows were saved from %s: %s", broken, error)
    return count


def _take_table(table: Table[Any], source: sqlite3.Connection, connection: sqlite3.Connection, since_s: float) -> int:
    rows = _readable(table, source, since_s, _missing(table, source, connection))
    count = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        with transaction(connection):
            connection.executemany(table.insert, batch)
        count += len(batch)
    return count


def _missing(table: Table[Any], source: sqlite3.Connection, connection: sqlite3.Connection) -> dict[str, str]:
    """Return the columns that a file of an earlier release does not have yet, and what they are by default."""
    describe = f"PRAGMA table_info({table.name})"
    there = {column for _, column, *_ in source.execute(describe)}
    defaults = {column: default for _, column, _, _, default, _ in connection.execute(describe)}
    return {column: defaults[column] or "NULL" for column in table.columns if there and column not in there}


def _readable(
    table: Table[Any], source: sqlite3.Connection, since_s: float, missing: Mapping[str, str]
) -> Iterator[Row]:
    """Yield every row that can be read, from both ends towards the break."""
    newer = "WHERE t.received_s >= ?" if "received_s" in table.columns else "WHERE ? IS NOT NULL"
    overlap_s = OVERLAP_S if table.key else 0.0  # without a key a row would be saved twice, and so from both ends
    for direction in ("ASC", "DESC") if table.key else ("ASC",):
        order = ", ".join(f"t.{column} {direction}" for column in table.order)
        try:
            for record in table.records(
                source.execute(table.select(f"{newer} ORDER BY {order}", missing), (since_s - overlap_s,))
            ):
                yield table.row_of(record)
        except sqlite3.DatabaseError as error:
            log.error("a part of %s cannot be read: %s", table.name, error)
        else:
            return


def _tell(places: Places, finding: Finding, backup: Backup | None, aside: Path | None, rows: int) -> str:
    told = [f"{places.main.name}: {finding.detail}"]
    if aside is not None:
        told.append(f"kept as {aside.name}")
    if backup is None:
        told.append("no good backup, so a new file was begun")
    else:
        made = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(backup.made_s))
        told.append(f"the backup of {made} was restored")
    if rows:
        told.append(f"{rows} rows were saved from the broken file")
    return "; ".join(told)
