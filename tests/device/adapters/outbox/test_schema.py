"""The shape of the file."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from device.adapters.outbox.file import OutboxFile
from device.adapters.outbox.limits import Limits
from device.adapters.outbox.schema import MIGRATIONS, BrokenFileError
from tests.device.adapters.outbox.material import alarm, seqs


@pytest.mark.parametrize("is_new", [True, False])
def test_every_commit_is_on_disk_before_it_returns(path: Path, is_new: bool) -> None:
    if not is_new:
        OutboxFile(path, Limits()).close()
    file = OutboxFile(path, Limits(busy_timeout_s=3))
    settings = ("journal_mode", "synchronous", "busy_timeout", "journal_size_limit", "temp_store")
    values = [file._db.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    file.close()
    full, memory = 2, 2
    assert values == ["wal", full, 3_000, 1024 * 1024, memory]


def test_a_new_files_tables_stand_in_the_file_itself(path: Path) -> None:
    file = OutboxFile(path, Limits())
    try:
        assert path.with_name("outbox.db-wal").stat().st_size == 0
    finally:
        file.close()


def test_migrations_are_applied_once(path: Path) -> None:
    for _ in range(2):
        OutboxFile(path, Limits()).close()
    names = [row["name"] for row in Database(path).table("_sqlite_migrations").rows]
    assert names == [step.__name__ for step in MIGRATIONS]


def test_what_was_stored_is_there_after_opening_again(path: Path) -> None:
    file = OutboxFile(path, Limits())
    file.store(alarm(1))
    file.close()
    file = OutboxFile(path, Limits())
    assert seqs(file.waiting(9).messages) == [1]
    file.close()


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("INSERT INTO _sqlite_migrations VALUES (9, 'outbox', 'm999_of_tomorrow', '')", "a newer version"),
        ("ALTER TABLE waiting DROP COLUMN boot_id", "its table waiting has not the columns"),
        ("DROP TABLE open_alarm", "its table open_alarm has not the columns"),
        ("DROP TABLE _sqlite_migrations", "another program, or its tables are lost"),
    ],
)
def test_a_file_of_another_shape_is_refused(path: Path, sql: str, reason: str) -> None:
    OutboxFile(path, Limits()).close()
    with sqlite3.connect(path) as connection:
        connection.execute(sql)
    connection.close()
    with pytest.raises(BrokenFileError, match=reason):
        OutboxFile(path, Limits())
