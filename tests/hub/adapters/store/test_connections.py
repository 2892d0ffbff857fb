"""How files are opened, and what SQLite's errors mean."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hub.adapters.store import connections
from hub.adapters.store.connections import (
    Durability,
    as_adapter_error,
    connect_reader,
    connect_writer,
    is_full,
    transaction,
)
from hub.ports import PermanentAdapterError, TransientAdapterError


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(("durability", "level"), [(Durability.POWER_CUT, 2), (Durability.CRASH, 1)])
def test_a_writer_writes_ahead_and_syncs_as_promised(tmp_path: Path, durability: Durability, level: int) -> None:
    with closing(connect_writer(tmp_path / "file", durability)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (5_000,)
        assert connection.execute("PRAGMA journal_size_limit").fetchone() == (64 * 1024**2,)


def test_a_reader_neither_makes_nor_changes_a_file(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect_reader(tmp_path / "none")
    with closing(connect_writer(tmp_path / "it's 100% mine?#.sqlite", Durability.CRASH)) as writer:
        writer.execute("CREATE TABLE t (x)")
        with closing(connect_reader(tmp_path / "it's 100% mine?#.sqlite")) as reader:
            assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.execute("INSERT INTO t VALUES (1)")


def test_opening_a_file_again_drops_no_lock_of_its_readers(tmp_path: Path) -> None:
    """Locks belong to the process: closing any descriptor of the file would drop all of SQLite's."""
    path = tmp_path / "file"
    with closing(connect_writer(path, Durability.CRASH)) as first:
        first.execute("CREATE TABLE t (x)")
        before = _locks_on(path)
        assert before
        connect_writer(path, Durability.CRASH).close()
        assert _locks_on(path) == before


def test_what_fails_in_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    with closing(connect_writer(tmp_path / "file", Durability.CRASH)) as connection:
        connection.execute("CREATE TABLE t (x UNIQUE)")
        with pytest.raises(sqlite3.IntegrityError), transaction(connection):
            connection.executemany("INSERT INTO t VALUES (?)", [(1,), (1,)])
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (sqlite3.SQLITE_BUSY, TransientAdapterError, "another program has locked it for 5 s"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, TransientAdapterError, "another program"),
        (sqlite3.SQLITE_FULL, PermanentAdapterError, "the disk is full: make 64 MiB free"),
        (sqlite3.SQLITE_CORRUPT, PermanentAdapterError, "the file is broken"),
        (sqlite3.SQLITE_CORRUPT_VTAB, PermanentAdapterError, "the file is broken"),
        (sqlite3.SQLITE_NOTADB, PermanentAdapterError, "the file is broken"),
        (sqlite3.SQLITE_IOERR_READ, PermanentAdapterError, "the file is broken"),
        (sqlite3.SQLITE_IOERR_FSYNC, PermanentAdapterError, "the disk fails"),
        (sqlite3.SQLITE_READONLY, PermanentAdapterError, "must own"),
        (sqlite3.SQLITE_CANTOPEN, PermanentAdapterError, "must own"),
        (sqlite3.SQLITE_CONSTRAINT, PermanentAdapterError, "OperationalError: as SQLite says it"),
    ],
)
def test_an_error_names_the_file_and_the_remedy(tmp_path: Path, code: int, kind: type, says: str) -> None:
    error = as_adapter_error(sqlite_error(code), tmp_path / "poga.sqlite")
    assert type(error) is kind
    assert str(error).startswith(f"{tmp_path / 'poga.sqlite'}: ")
    assert says in str(error)


def test_a_full_disk_is_known_by_whatever_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    assert is_full(OSError(errno.ENOSPC, "full"), path)
    assert not is_full(OSError(errno.EACCES, "denied"), path)
    assert not is_full(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), path)
    monkeypatch.setattr(connections, "FULL_BELOW_BYTES", 2**62)
    assert is_full(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), path)
    assert is_full(sqlite_error(sqlite3.SQLITE_CANTOPEN), path)
    assert not is_full(sqlite_error(sqlite3.SQLITE_CORRUPT), path)
    assert not is_full(sqlite_error(sqlite3.SQLITE_IOERR_WRITE), tmp_path / "gone" / "file")


def _locks_on(path: Path) -> list[str]:
    """Return the kernel's list of locks on a file, without their order."""
    inode = f":{path.stat().st_ino} "
    return sorted(line.split(maxsplit=1)[1] for line in Path("/proc/locks").read_text().splitlines() if inode in line)
