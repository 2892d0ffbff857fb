"""HeartbeatStore: what units last said of their health, and a thinned history, for the heartbeats' own writer.

Rules: the second file, so that no alarm queues behind heartbeats. Payloads stand as they came and are decoded when they
are read. A unit's history has a row every ten minutes, and one whenever what matters changes. Losing this file loses
nothing that matters: one that is broken, or of a later release, is put aside and a new one begun.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from zlib import crc32

from pydantic_core import from_json

from hub.adapters.store.connections import as_adapter_error, is_corrupt, transaction
from hub.adapters.store.integrity import Aside, put_aside
from hub.adapters.store.migrations import StoreFromTheFutureError, open_heartbeats
from hub.adapters.store.troubles import Part, Troubles

WHAT_MATTERS = ("faults", "mains", "alarm")
HISTORY_EVERY_S = 600.0
HISTORY_KEPT_S = 30 * 86_400.0
HISTORY_ROWS_KEPT = 2_000_000
TRIM_AFTER_ROWS = 1_000
"""The history is trimmed each time it has grown by this much."""

_SAVE_LAST = """
    INSERT INTO last_heartbeat (unit_id, heard_s, payload, history_s, digest) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (unit_id) DO UPDATE SET heard_s = excluded.heard_s, payload = excluded.payload,
        history_s = excluded.history_s, digest = excluded.digest
"""
_SAVE_HISTORY = "INSERT INTO history (unit_id, heard_s, payload) VALUES (?, ?, ?)"
_TRIM_HISTORY = """
    DELETE FROM history WHERE id IN (SELECT id FROM history ORDER BY id LIMIT ?)
        AND (heard_s < ? OR id <= (SELECT max(id) FROM history) - ?)
"""


class HeartbeatRow(Protocol):
    """A heartbeat as it was heard (Unix seconds by the centre's clock)."""

    @property
    def unit_id(self) -> str:
        """Return who sent it."""

    @property
    def heard_s(self) -> float:
        """Return when it was heard."""

    @property
    def payload(self) -> bytes:
        """Return its JSON, as received."""


class HeartbeatStore:
    """The file `heartbeats.sqlite`; one thread saves."""

    def __init__(self, path: Path, troubles: Troubles, wall: Callable[[], float] = time.time) -> None:
        """Name the file; it is opened by the first `save`."""
        self._path = path
        self._troubles = troubles
        self._wall = wall
        self._connection: sqlite3.Connection | None = None
        self._writer: int | None = None
        self._marks: dict[str, tuple[float, int]] = {}
        self._grown = 0

    def prepare(self) -> None:
        """Make the file where there is none, so that it can be read. Raises AdapterError."""
        try:
            self._commit([])
        finally:
            self.close()

    def save(self, rows: Sequence[HeartbeatRow]) -> None:
        """Keep these heartbeats; of several of one unit the last counts. Raises AdapterError."""
        self._writer = self._writer or threading.get_ident()
        if self._writer != threading.get_ident():
            raise RuntimeError("two threads save heartbeats: there must be one only")
        self._commit(rows)

    def close(self) -> None:
        """Close the file; may be called twice, and by any thread once nobody saves any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _commit(self, rows: Sequence[HeartbeatRow]) -> None:
        try:
            try:
                self._write(rows)
            except (sqlite3.Error, StoreFromTheFutureError) as error:
                self.close()
                if isinstance(error, sqlite3.Error) and not is_corrupt(error):
                    raise
                self._begin_anew(error)
                self._write(rows)
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise as_adapter_error(error, self._path) from error

    def _write(self, rows: Sequence[HeartbeatRow]) -> None:
        connection = self._open()
        history: list[tuple[str, float, bytes]] = []
        marks: dict[str, tuple[float, int]] = {}
        for row in rows:
            kept_s, told = marks.get(row.unit_id) or self._marks.get(row.unit_id) or (0.0, 0)
            tells = _digest(row.payload)
            if tells != told or abs(row.heard_s - kept_s) >= HISTORY_EVERY_S:
                history.append((row.unit_id, row.heard_s, row.payload))
                kept_s = row.heard_s
            marks[row.unit_id] = (kept_s, tells)
        last = {row.unit_id: row for row in rows}
        # In the table's own order, neighbours share a page.
        cells = [(unit_id, last[unit_id].heard_s, last[unit_id].payload, *marks[unit_id]) for unit_id in sorted(last)]
        with transaction(connection):
            connection.executemany(_SAVE_LAST, cells)
            connection.executemany(_SAVE_HISTORY, history)
        self._marks.update(marks)
        self._trim(connection, len(history))

    def _open(self) -> sqlite3.Connection:
        """Return the open file; what it knows of each unit's history comes with it."""
        if self._connection is None:
            self._connection = open_heartbeats(self._path)
            known = self._connection.execute("SELECT unit_id, history_s, digest FROM last_heartbeat")
            self._marks = {unit_id: (history_s, digest) for unit_id, history_s, digest in known}
            self._grown = TRIM_AFTER_ROWS
        return self._connection

    def _trim(self, connection: sqlite3.Connection, grown: int) -> None:
        """Let go of the oldest history, twice as fast as it grows."""
        self._grown += grown
        if self._grown >= TRIM_AFTER_ROWS:
            connection.execute(_TRIM_HISTORY, (2 * self._grown, self._wall() - HISTORY_KEPT_S, HISTORY_ROWS_KEPT))
            self._grown = 0

    def _begin_anew(self, error: Exception) -> None:
        """Put the broken file aside in the place of an earlier one."""
        for earlier in self._path.parent.glob(f"{self._path.name}.{Aside.BROKEN}-*"):
            earlier.unlink(missing_ok=True)
        aside = put_aside(self._path, Aside.BROKEN, self._wall())
        self._troubles.begin(Part.HEARTBEATS_FILE, f"{self._path.name}: {error}; kept as {aside.name}, begun anew")


def _digest(payload: bytes) -> int:
    """Return a number that changes with what matters in a heartbeat: its faults, the mains and the open alarm."""
    try:
        told = from_json(payload)
    except ValueError:
        return 0
    return crc32(repr([told.get(field) for field in WHAT_MATTERS]).encode()) if isinstance(told, dict) else 0
