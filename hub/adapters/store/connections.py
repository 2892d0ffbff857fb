"""How the store's files are opened, and what SQLite's errors mean to whoever must act on them.

Rules: WAL always; a writer begins its transactions itself (IMMEDIATE); a reader can change nothing. Files are the
owner's alone: they hold personal data. References between tables are declared for people and tools, and not enforced:
one that dangles must never keep an alarm out.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from hub.ports import AdapterError, PermanentAdapterError, TransientAdapterError

BUSY_TIMEOUT_S = 5.0
"""How long SQLite waits for another program that has locked a file."""
WAL_LIMIT_BYTES = 64 * 1024**2
"""A write-ahead log that has grown beyond this is cut back at its next restart."""
FREE_BYTES_WANTED = 64 * 1024**2
"""What is asked for where a disk is full."""
FULL_BELOW_BYTES = 1024**2

_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNREADABLE = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}
_PRIMARY = 0xFF


class Durability(StrEnum):
    """How much a commit promises: that it outlives a power cut, or only a crash of the program."""

    POWER_CUT = "FULL"
    CRASH = "NORMAL"


def connect_writer(path: Path, durability: Durability, wal_pages: int = 1_000) -> sqlite3.Connection:
    """Open a file to write, make it where there is none. Raises sqlite3.Error, OSError."""
    _make_private(path)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise OSError(f"{path}: its file system cannot share memory (a network drive?): use a local disk")
        for setting in (
            f"synchronous = {durability}",
            f"wal_autocheckpoint = {wal_pages}",
            f"journal_size_limit = {WAL_LIMIT_BYTES}",
            "foreign_keys = OFF",
            "cell_size_check = ON",
        ):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a file to read. Raises sqlite3.Error, also where there is no file."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything in the block, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def is_corrupt(error: Exception) -> bool:
    """Tell whether the file itself is broken."""
    code = _code_of(error)
    return code & _PRIMARY in _CORRUPT or code in _UNREADABLE


def is_full(error: Exception, path: Path) -> bool:
    """Tell whether the disk of a file is full: SQLite calls it a failing disk, too, or a file that does not open."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    code = _code_of(error) & _PRIMARY
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        free = _free_bytes(path.parent)
        return free is not None and free < FULL_BELOW_BYTES
    return code == sqlite3.SQLITE_FULL


def as_adapter_error(error: Exception, path: Path) -> AdapterError:
    """Return what went wrong with a file, by remedy."""
    code = _code_of(error) & _PRIMARY
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TransientAdapterError(f"{path}: another program has locked it for {BUSY_TIMEOUT_S:g} s: close that one")
    if is_full(error, path):
        return PermanentAdapterError(
            f"{path}: the disk is full: make {FREE_BYTES_WANTED // 1024**2} MiB free on the disk of {path.parent}"
        )
    if is_corrupt(error):
        return PermanentAdapterError(f"{path}: the file is broken ({error}): restart the centre, it restores a backup")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return PermanentAdapterError(
            f"{path}: cannot be opened for writing ({error}): the centre's account must own {path.parent}"
        )
    if code == sqlite3.SQLITE_IOERR:
        return PermanentAdapterError(f"{path}: the disk fails ({error}): look at its cable, its health and its room")
    return PermanentAdapterError(f"{path}: {type(error).__name__}: {error}")


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_private(path: Path) -> None:
    """Make the file where there is none. One that SQLite has open must not be: closing it would drop SQLite's locks."""
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _code_of(error: Exception) -> int:
    code = getattr(error, "sqlite_errorcode", None)  # missing in what the module itself raises
    return code if isinstance(code, int) else -1


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
