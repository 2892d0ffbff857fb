"""Copies of the main file, and back."""

import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places, StoreFromTheFutureError, list_backups, open_store, restore
from hub.adapters.store.backups import back_up, kept
from hub.adapters.store.integrity import Health, examine
from hub.ports import AdapterError, PermanentAdapterError
from tests.hub.adapters.store import samples

HOUR_S = 3_600.0
DAY_S = 86_400.0
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's


def test_a_backup_holds_what_was_committed_while_the_centre_runs(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    backup = back_up(Places(folder), samples.NOW_S + 0.9)
    store.main.save(samples.press(3))
    assert backup.path.name == "poga-20260921T141320Z.sqlite"
    assert list_backups(Places(folder)) == [backup]
    assert examine(backup.path).health is Health.GOOD
    with closing(sqlite3.connect(backup.path)) as connection:
        assert connection.execute("SELECT count(*) FROM incidents").fetchone() == (2,)
    assert [path.name for path in backup.path.parent.iterdir()] == [backup.path.name]


def test_ids_stay_the_same_in_a_backup(store: OpenStore, folder: Path) -> None:
    for number in range(20):
        store.main.save([samples.unreadable(number)])
    with closing(sqlite3.connect(Places(folder).main)) as connection, connection:
        connection.execute("DELETE FROM unreadable WHERE id < 15")
    backup = back_up(Places(folder), samples.NOW_S)
    with closing(sqlite3.connect(backup.path)) as connection:
        assert connection.execute("SELECT min(id) FROM unreadable").fetchone() == (15,)


def test_of_the_backups_a_day_of_hours_and_a_week_of_days_stay() -> None:
    start = samples.NOW_S - samples.NOW_S % DAY_S
    made = [start + hour * HOUR_S for hour in range(24 * 30 + 1)]
    stay = sorted(kept(made))
    assert stay[-24:] == made[-24:]
    assert stay[:-24] == [start + day * DAY_S + 23 * HOUR_S for day in (24, 25, 26, 27, 28)]
    assert kept([]) == set()


def test_backups_after_a_long_rest_do_not_push_out_the_older_days() -> None:
    start = samples.NOW_S - samples.NOW_S % DAY_S
    older = [start + day * DAY_S for day in range(3)]
    today = [start + 100 * DAY_S + minute * 60 for minute in range(30)]
    assert kept([*older, *today]) == {*older, *today[-24:]}


def test_those_too_many_go_and_strangers_stay(store: OpenStore, folder: Path) -> None:
    places = Places(folder)
    store.main.save(samples.press(1))
    back_up(places, samples.NOW_S)
    own_copy = places.backups / "poga-before-the-move.sqlite"
    own_copy.touch()
    for minute in range(1, 30):
        back_up(places, samples.NOW_S + 60 * minute)
    assert len(list_backups(places)) == 24
    assert own_copy.exists()


def test_no_room_is_told_before_anything_is_written(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 2 * 1024**2))
    with pytest.raises(PermanentAdapterError, match=r"backups: no room .* 2 MiB are free: make \d+ MiB free"):
        back_up(Places(folder), samples.NOW_S)
    assert list(Places(folder).backups.iterdir()) == []


def test_a_backup_that_fails_leaves_no_half_of_one(store: OpenStore, folder: Path) -> None:
    places = Places(folder)
    store.main.save([record for number in range(1, 201) for record in samples.press(number)])
    store.close()
    samples.cut_page(places.main, 12)
    places.backups.mkdir()
    (places.backups / "unfinished").write_text("of an earlier life")
    with pytest.raises(AdapterError):
        back_up(places, samples.NOW_S)
    assert list(places.backups.iterdir()) == []


def test_a_backup_can_be_restored_and_what_it_replaces_is_kept(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    backup = back_up(Places(folder), samples.NOW_S)
    store.main.save(samples.press(3))
    store.close()
    aside = restore(folder, backup.path, samples.NOW_S)
    assert aside is not None
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM incidents WHERE incident_id = 3").fetchone() == (1,)
    with closing(open_store(folder)) as again:
        assert again.trouble is None
        assert again.reader.incident(2) == samples.CLOSED
        assert again.reader.incident(3) is None
        again.main.save(samples.press(4))
    assert backup.path.exists()


def test_a_restored_file_does_not_take_the_log_of_the_one_before(store: OpenStore, folder: Path) -> None:
    """The centre was killed: its last commits stand in the log alone, and belong to the file put aside."""
    places = Places(folder)
    store.main.save(samples.ALL)
    backup = back_up(places, samples.NOW_S)
    killed = folder.parent / "killed"
    store.main.save(samples.press(3))
    shutil.copytree(folder, killed)
    aside = restore(killed, killed / "backups" / backup.path.name, samples.NOW_S)
    assert aside is not None
    with closing(open_store(killed)) as again:
        assert again.reader.incident(3) is None
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM incidents WHERE incident_id = 3").fetchone() == (1,)


def test_nothing_is_restored_under_a_running_centre(store: OpenStore, folder: Path) -> None:
    backup = back_up(Places(folder), samples.NOW_S)
    with pytest.raises(PermanentAdapterError, match="is in use: stop the centre"):
        restore(folder, backup.path, samples.NOW_S)


@pytest.mark.parametrize("what", ["missing", "broken", "future", "no room"])
def test_a_backup_that_cannot_be_used_changes_nothing(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    store.main.save(samples.ALL)
    backup = back_up(Places(folder), samples.NOW_S).path
    store.close()
    before = Places(folder).main.read_bytes()
    match what:
        case "missing":
            backup.unlink()
        case "broken":
            samples.cut_page(backup, 3)
        case "future":
            with closing(sqlite3.connect(backup)) as connection, connection:
                connection.execute("UPDATE _sqlite_migrations SET name = 'm999_of_tomorrow' WHERE id = 1")
        case _:
            monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 1024))
    expected = StoreFromTheFutureError if what == "future" else PermanentAdapterError
    with pytest.raises(expected, match=r"later release|cannot be restored|no room"):
        restore(folder, backup, samples.NOW_S)
    assert Places(folder).main.read_bytes() == before


def test_a_new_folder_can_begin_with_a_backup(store: OpenStore, folder: Path, tmp_path: Path) -> None:
    store.main.save(samples.ALL)
    backup = back_up(Places(folder), samples.NOW_S)
    assert restore(tmp_path / "new centre", backup.path, samples.NOW_S) is None
    with closing(open_store(tmp_path / "new centre")) as other:
        assert other.reader.incident(2) == samples.CLOSED
