"""The store opens whatever state its folder is in, and refuses only what would do harm."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places, StoreFromTheFutureError, list_backups, open_store, opening
from hub.adapters.store.backups import back_up
from hub.core.events import AdapterFailed, Event, Snapshot
from hub.ports import PermanentAdapterError
from tests.hub.adapters.store import samples


def reported(store: OpenStore) -> list[str]:
    """Return what operators are told of as soon as the centre runs."""
    events: list[Event] = []
    store.upkeep.start(events.append)
    return [event.adapter for event in events if isinstance(event, AdapterFailed) and event.lasting]


def test_a_new_folder_becomes_a_store(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "var" / "centre")) as store:
        assert store.trouble is None
        assert store.main.load_snapshot() == Snapshot()
        assert store.reader.homes() == []
        assert store.reader.last_heartbeats() == {}


def test_two_programs_never_share_a_folder(store: OpenStore, folder: Path) -> None:
    with pytest.raises(PermanentAdapterError, match=f"{folder} is in use: stop the centre that runs there first"):
        open_store(folder)
    store.close()
    store.close()
    open_store(folder).close()


def test_a_file_of_a_later_release_is_refused_and_left_alone(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    store.close()
    path = Places(folder).main
    with closing(sqlite3.connect(path)) as connection, connection:
        row = ("poga", "m999_of_tomorrow", "2030-01-01")
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row)
    before = path.read_bytes()
    with pytest.raises(
        StoreFromTheFutureError, match=r"poga\.sqlite was written by a later release .*m999_of_tomorrow"
    ):
        open_store(folder)
    assert path.read_bytes() == before
    with pytest.raises(StoreFromTheFutureError):  # the folder is free again
        open_store(folder)


def test_a_broken_file_is_mended_and_told(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    back_up(Places(folder), samples.NOW_S)
    store.close()
    samples.cut_page(Places(folder).main, 1)
    with closing(open_store(folder, wall=lambda: samples.NOW_S)) as again:
        assert again.trouble is not None
        assert "was restored" in again.trouble
        assert reported(again) == ["store_file"]
        assert again.reader.incident(2) == samples.CLOSED
        again.upkeep.stop()
    with closing(open_store(folder)) as third:
        assert third.trouble is None


def test_a_file_that_cannot_be_opened_now_stops_nobody(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds it: the centre starts, and saves as soon as it is let."""
    monkeypatch.setattr("hub.adapters.store.connections.BUSY_TIMEOUT_S", 0.05)
    store.close()
    with closing(sqlite3.connect(Places(folder).main, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        again = open_store(folder, wall=lambda: samples.NOW_S)
        assert again.trouble is not None
        assert "another program has locked it" in again.trouble
        assert again.main.load_snapshot().last_incident_id == samples.NOW_S
    again.main.save(samples.press(1))
    assert again.reader.incident(1) == samples.incident(1)
    again.close()


def test_a_full_disk_at_the_start_is_given_the_reserve(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    assert Places(folder).reserve.exists()
    calls: list[Path] = []

    def open_main(path: Path) -> sqlite3.Connection:
        calls.append(path)
        if Places(folder).reserve.exists():
            raise OSError(28, "No space left on device", str(path))
        return sqlite3.connect(path)

    monkeypatch.setattr(opening, "open_main", open_main)
    with closing(open_store(folder)) as again:
        assert len(calls) == 2
        assert again.trouble is None


def test_a_disk_that_is_nearly_full_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.store.reserve.ROOMS", 2**40)
    with closing(open_store(folder)) as store:
        assert store.trouble is not None
        assert "nearly full" in store.trouble
        assert reported(store) == ["store_disk"]
        store.upkeep.stop()


def test_a_backup_is_made_before_the_file_is_changed(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.main.save(samples.ALL)
    store.close()
    assert list_backups(Places(folder)) == []
    monkeypatch.setattr(opening, "is_behind", lambda path: True)
    with closing(open_store(folder, wall=lambda: samples.NOW_S)):
        (backup,) = list_backups(Places(folder))
        assert backup.made_s == samples.NOW_S


def test_a_folder_that_cannot_be_made_is_an_error_of_the_port(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PermanentAdapterError, match="file"):
        open_store(tmp_path / "file" / "centre")


def test_a_library_that_is_too_old_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OLDEST_SQLITE", (99, 1, 0))
    with pytest.raises(PermanentAdapterError, match=r"SQLite 99\.1\.0 or later is needed, this Python has 3\."):
        open_store(folder)
