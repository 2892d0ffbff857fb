"""Whether a main file is whole, and how one that is not is moved away."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places, StoreFromTheFutureError
from hub.adapters.store.integrity import Aside, Health, examine, log_of, put_aside
from tests.hub.adapters.store import samples


@pytest.fixture
def path(store: OpenStore, folder: Path) -> Path:
    """A main file with some content that nobody uses."""
    for number in range(1, 201):
        store.main.save(samples.press(number))
    store.close()
    return Places(folder).main


def test_a_good_file_is_good_while_it_is_in_use_and_after(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    assert log_of(Places(folder).main).exists()
    assert examine(Places(folder).main).health is Health.GOOD
    store.close()
    assert examine(Places(folder).main).health is Health.GOOD


def test_a_missing_and_an_empty_file_are_told_apart_from_broken_ones(tmp_path: Path) -> None:
    assert examine(tmp_path / "none").health is Health.MISSING
    (tmp_path / "empty").touch()
    assert examine(tmp_path / "empty").health is Health.EMPTY
    with closing(sqlite3.connect(tmp_path / "no tables")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert examine(tmp_path / "no tables").health is Health.EMPTY


@pytest.mark.parametrize("where", ["missing", "empty"])
def test_a_log_that_lost_its_file_is_a_broken_store(path: Path, where: str) -> None:
    """SQLite would delete the log with what is in it."""
    log_of(path).write_bytes(b"committed rows")
    path.unlink()
    if where == "empty":
        path.touch()
    assert examine(path).health is Health.BROKEN
    assert log_of(path).exists()


@pytest.mark.parametrize("page", [1, 2, 5, 20])
def test_a_broken_page_is_found(path: Path, page: int) -> None:
    samples.cut_page(path, page)
    assert examine(path).health is Health.BROKEN


def test_a_file_cut_short_is_found(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert examine(path).health is Health.BROKEN


def test_what_is_not_poga_s_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all " * 100)
    assert examine(tmp_path / "text").health is Health.BROKEN
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    assert "not Poga's" in examine(tmp_path / "foreign").detail


def test_a_file_of_a_later_release_is_not_called_broken(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE _sqlite_migrations SET name = 'm999_of_tomorrow' WHERE id = 1")
    samples.cut_page(path, 20)
    with pytest.raises(StoreFromTheFutureError, match="m999_of_tomorrow"):
        examine(path)


def test_a_lock_says_nothing_about_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.store.connections.BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            examine(path)


def test_a_file_is_put_aside_with_its_log_and_never_over_another(path: Path) -> None:
    names = []
    for life in (b"first", b"second"):
        path.write_bytes(life)
        log_of(path).write_bytes(b"log of " + life)
        aside = put_aside(path, Aside.BROKEN, samples.NOW_S)
        assert aside.read_bytes() == life
        assert log_of(aside).read_bytes() == b"log of " + life
        assert not path.exists()
        assert not log_of(path).exists()
        names.append(aside.name)
    assert names == ["poga.sqlite.broken-20260921T141320Z", "poga.sqlite.broken-20260921T141320Z-2"]
