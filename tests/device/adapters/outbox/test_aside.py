"""A broken file is put aside, and what can be read of it is saved."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from device.adapters.outbox.aside import Opened, open_outbox
from device.adapters.outbox.file import OutboxFile
from device.adapters.outbox.limits import Limits
from device.adapters.outbox.rows import row_of
from tests.device.adapters.outbox.material import alarm, event, record, seqs

LIMITS = Limits(busy_timeout_s=0.05)
STORED = 400


@pytest.fixture
def filled(path: Path) -> Path:
    """A file with 400 messages, every tenth of them an alarm, and an open one."""
    file = OutboxFile(path, LIMITS)
    messages = (alarm(seq) if seq % 10 == 0 else event(seq) for seq in range(1, STORED + 1))
    file.adopt((row_of(message) | {"id": message.key.seq} for message in messages), record(10))
    file.close()
    return path


def broken(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir() if ".broken-" in entry.name)


def all_in(opened: Opened) -> list[int]:
    """Everything that waits; the file must take a new alarm, whatever it was made of, and is closed."""
    found = seqs(opened.file.waiting(1_000).messages)
    opened.file.store(alarm(999), record(999))
    assert 999 in seqs(opened.file.waiting(0).messages)
    opened.file.close()
    return found


def test_a_whole_file_stays_where_it_is(filled: Path) -> None:
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because is None
    assert len(all_in(opened)) == STORED
    assert broken(filled) == []


def test_a_missing_directory_is_made(tmp_path: Path) -> None:
    opened = open_outbox(tmp_path / "state" / "poga" / "outbox.db", LIMITS)
    assert opened.put_aside_because is None
    assert all_in(opened) == []


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def only_the_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def a_version_nobody_may_write(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[18] = 9
    path.write_bytes(raw)


def a_schema_that_is_no_text(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", b"CR\xa0\xffTE TABLE"))


def another_programs_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_page_in_the_middle(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    start = raw.index(b'"fault_restored"', len(raw) // 3) // 4096 * 4096
    raw[start : start + 4096] = bytes(4096)
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (empty, "empty"),
        (garbage, "not a database"),
        (only_the_header, "malformed|not a database|damaged"),
        (a_version_nobody_may_write, "its header is damaged"),
        (a_schema_that_is_no_text, "not text|malformed"),
        (another_programs_database, "another program"),
        (a_directory, "not a file"),
    ],
)
def test_what_is_no_outbox_is_put_aside(filled: Path, damage: Callable[[Path], None], reason: str) -> None:
    damage(filled)
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because is not None
    assert any(word in opened.put_aside_because for word in reason.split("|")), opened.put_aside_because
    all_in(opened)
    assert "outbox.db.broken-1" in broken(filled)


def test_what_can_be_read_of_a_torn_file_is_saved(filled: Path) -> None:
    raw = filled.read_bytes()
    filled.write_bytes(raw[: len(raw) * 3 // 4])
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because is not None
    assert opened.file.open_alarm() == record(10)
    saved = all_in(opened)
    assert saved, "the first pages were whole"
    assert set(saved) <= set(range(1, STORED + 1))


def test_messages_before_and_behind_the_damage_are_saved(filled: Path) -> None:
    a_page_in_the_middle(filled)
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because is not None
    saved = all_in(opened)
    assert 0 < len(saved) < STORED
    assert {1, STORED} <= set(saved)
    events = [seq for seq in saved if seq % 10]
    assert events == sorted(events), "the order is kept"


@pytest.mark.parametrize("damage", [a_version_nobody_may_write, a_page_in_the_middle])
def test_messages_that_stand_in_the_log_alone_are_saved(
    filled: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = OutboxFile(filled, LIMITS)
    file.store(alarm(STORED + 1))
    cut = shutil.copytree(filled.parent, tmp_path / "after the cut") / "outbox.db"
    file.close()
    damage(cut)
    opened = open_outbox(cut, LIMITS)
    assert opened.put_aside_because is not None
    assert STORED + 1 in all_in(opened)


def test_messages_of_a_newer_version_are_saved(filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("INSERT INTO _sqlite_migrations VALUES (9, 'outbox', 'm999_of_tomorrow', '')")
        connection.execute("ALTER TABLE waiting ADD COLUMN colour TEXT")
    connection.close()
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because == "written by a newer version of this program"
    assert opened.file.open_alarm() == record(10)
    assert len(all_in(opened)) == STORED


def test_an_index_that_lies_is_noticed(filled: Path) -> None:
    """Else a message is never found again by its key, is never forgotten, and is sent for ever."""
    with sqlite3.connect(filled) as connection:
        connection.execute("DROP INDEX idx_waiting_epoch_seq")
        connection.execute("CREATE UNIQUE INDEX idx_waiting_epoch_seq ON waiting (epoch, seq) WHERE seq > 20")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, ' WHERE seq > 20', '')")
    connection.close()
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because is not None
    assert "missing from index" in opened.put_aside_because
    assert len(all_in(opened)) == STORED


def test_only_the_newest_broken_files_are_kept(path: Path) -> None:
    for _ in range(5):
        path.write_bytes(b"")
        open_outbox(path, LIMITS).file.close()
    assert broken(path) == [f"outbox.db.broken-{number}" for number in (3, 4, 5)]


def test_somebodys_directory_is_never_emptied(path: Path) -> None:
    (path / "photographs").mkdir(parents=True)
    for _ in range(5):
        open_outbox(path, LIMITS).file.close()
        path.write_bytes(b"")
    assert (path.with_name("outbox.db.broken-1") / "photographs").is_dir()


def test_a_file_another_program_has_locked_stays(filled: Path) -> None:
    other = sqlite3.connect(filled)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        open_outbox(filled, LIMITS)
    other.rollback()
    other.close()
    opened = open_outbox(filled, LIMITS)
    assert opened.put_aside_because is None
    assert len(all_in(opened)) == STORED


def test_what_was_committed_before_the_log_was_torn_is_there(path: Path, tmp_path: Path) -> None:
    """A copy of the open file and its log is what a power cut leaves; the log's last frames are torn."""
    file = OutboxFile(path, LIMITS)
    for seq in (1, 2):
        file.store(alarm(seq))
    whole = path.with_name("outbox.db-wal").stat().st_size
    file.store(alarm(3))
    cut = shutil.copytree(path.parent, tmp_path / "after the cut") / "outbox.db"
    file.close()
    log = cut.with_name("outbox.db-wal")
    raw = log.read_bytes()
    log.write_bytes(raw[: (whole + len(raw)) // 2])
    opened = open_outbox(cut, LIMITS)
    assert opened.put_aside_because is None
    assert all_in(opened) == [1, 2]


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_whatever_refuses_an_alarm(filled: Path, seed: int) -> None:
    chance = random.Random(seed)
    file = OutboxFile(filled, LIMITS)
    file.store(alarm(STORED + 1))
    after_a_cut = shutil.copytree(filled.parent, filled.parent / "copy") / "outbox.db"
    file.close()
    victim = chance.choice([after_a_cut, after_a_cut.with_name("outbox.db-wal")])
    raw = bytearray(victim.read_bytes())
    match seed % 3:
        case 0:
            raw = raw[: chance.randrange(len(raw))]
        case 1:
            for _ in range(chance.choice([1, 10, 200])):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        case _:
            start = chance.randrange(len(raw))
            raw[start : start + 5_000] = chance.randbytes(len(raw[start : start + 5_000]))
    victim.write_bytes(raw)
    all_in(open_outbox(after_a_cut, LIMITS))
    again = open_outbox(after_a_cut, LIMITS)
    assert 999 in seqs(again.file.waiting(0).messages)
    again.file.close()
