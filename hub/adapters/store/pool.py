"""Read-only connections to one file, for any number of threads.

Rules: a connection is used by one thread at a time, and every use sees one moment of the file. A few wait for the next
use; a file that was replaced, or failed, gets new ones.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.store.connections import as_adapter_error, connect_reader

IDLE_KEPT = 4


@dataclass(frozen=True, slots=True)
class _Pooled:
    connection: sqlite3.Connection
    file: tuple[int, int]


class ReaderPool:
    """Lends connections."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self._path = path
        self._idle: list[_Pooled] = []
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one read transaction. Raises AdapterError."""
        pooled: _Pooled | None = None
        try:
            pooled = self._take()
            pooled.connection.execute("BEGIN")
            yield pooled.connection
            pooled.connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise as_adapter_error(error, self._path) from error
        finally:
            if pooled is not None:
                self._give_back(pooled)

    def close(self) -> None:
        """Close what is idle, and the rest when it is given back; may be called twice."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for pooled in idle:
            pooled.connection.close()

    def _take(self) -> _Pooled:
        file = self._file()
        with self._lock:
            while self._idle:
                pooled = self._idle.pop()
                if pooled.file == file:
                    return pooled
                pooled.connection.close()
        return _Pooled(connect_reader(self._path), file)

    def _give_back(self, pooled: _Pooled) -> None:
        """Keep it for the next use, unless its use ended in an error."""
        with self._lock:
            if not pooled.connection.in_transaction and not self._is_closed and len(self._idle) < IDLE_KEPT:
                self._idle.append(pooled)
                return
        pooled.connection.close()

    def _file(self) -> tuple[int, int]:
        stat = os.stat(self._path)  # noqa: PTH116 - the quickest way, on every read
        return stat.st_dev, stat.st_ino
