"""MainStore: commits the centre's records, and tells a new life of the program what earlier ones knew.

Rules: when `save` returns, a power cut loses nothing of it. One writer: the thread that saves first. After any error
the file is closed, and opened anew by the next `save`. A full disk is given the reserve, a broken file is replaced
(`mending`), each once a `save`; then the error goes up.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from hub.adapters.store.connections import as_adapter_error, connect_reader, is_corrupt, is_full, transaction
from hub.adapters.store.mending import mend
from hub.adapters.store.migrations import open_main
from hub.adapters.store.places import Places
from hub.adapters.store.reserve import Reserve
from hub.adapters.store.snapshot import read_snapshot
from hub.adapters.store.tables import TABLES, Row
from hub.adapters.store.troubles import Part, Troubles
from hub.core.events import Snapshot
from hub.core.records import Record, Session, UnreadableMessage

log = logging.getLogger(__name__)

UNREADABLE_KEPT = 10_000
SESSIONS_KEPT_S = 90 * 86_400.0

_TRIM_UNREADABLE = "DELETE FROM unreadable WHERE id <= (SELECT max(id) FROM unreadable) - ?"
_TRIM_SESSIONS = "DELETE FROM sessions WHERE coalesce(ended_s, expires_s) < ?"

Batch = dict[type[Record], list[Row]]


class MainStore:
    """The file `poga.sqlite`."""

    def __init__(
        self, places: Places, troubles: Troubles, reserve: Reserve, wall: Callable[[], float] = time.time
    ) -> None:
        """Name the file; it is opened by the first `save`."""
        self._places = places
        self._troubles = troubles
        self._reserve = reserve
        self._wall = wall
        self._connection: sqlite3.Connection | None = None
        self._writer: int | None = None

    def load_snapshot(self) -> Snapshot:
        """Return what the file knows. Never raises: what cannot be read is told, and the centre begins without it.

        Without the file the ids of incidents begin where no earlier life has been, so that none is written over later.
        """
        try:
            with closing(connect_reader(self._places.main)) as connection:
                return read_snapshot(connection)
        except sqlite3.Error as error:
            reason = f"the centre began without its register: {as_adapter_error(error, self._places.main)}"
            self._troubles.begin(Part.MAIN_FILE, f"{reason}, then restart it")
            return Snapshot(last_incident_id=int(self._wall()))

    def save(self, records: Sequence[Record]) -> None:
        """Commit all records in one act, in order, or none. Raises AdapterError."""
        self._be_the_writer()
        batch: Batch = {}
        for record in records:
            batch.setdefault(type(record), []).append(TABLES[type(record)].row_of(record))
        try:
            self._commit_with_remedies(batch)
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise as_adapter_error(error, self._places.main) from error

    def close(self) -> None:
        """Close the file; may be called twice, and by any thread once nobody saves any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _be_the_writer(self) -> None:
        self._writer = self._writer or threading.get_ident()
        if self._writer != threading.get_ident():
            raise RuntimeError("two threads save records: the runtime's must be the only one")

    def _commit_with_remedies(self, batch: Batch) -> None:
        try:
            self._commit(batch)
        except UnicodeEncodeError as error:
            log.error("a text that UTF-8 cannot hold is kept with `?` in it: %s", error.reason)
            self._commit({record_type: [_encodable(row) for row in rows] for record_type, rows in batch.items()})
        except sqlite3.Error as error:
            self.close()
            if not self._found_remedy(error):
                raise
            self._commit(batch)

    def _commit(self, batch: Batch) -> None:
        if self._connection is None:
            self._connection = open_main(self._places.main)
        connection = self._connection
        with transaction(connection):
            for record_type, rows in batch.items():
                connection.executemany(TABLES[record_type].insert, rows)
            if UnreadableMessage in batch:
                connection.execute(_TRIM_UNREADABLE, (UNREADABLE_KEPT,))
            if Session in batch:
                connection.execute(_TRIM_SESSIONS, (self._wall() - SESSIONS_KEPT_S,))

    def _found_remedy(self, error: sqlite3.Error) -> bool:
        if is_full(error, self._places.main) and self._reserve.give_away():
            self._troubles.begin(Part.DISK, f"{as_adapter_error(error, self._places.main)}; the reserve is in use")
            return True
        if not is_corrupt(error):
            return False
        done = mend(self._places, self._wall())
        if done is not None:
            self._troubles.begin(Part.MAIN_FILE, done)
        return True


def _encodable(row: Row) -> Row:
    return tuple(cell.encode(errors="replace").decode() if isinstance(cell, str) else cell for cell in row)
