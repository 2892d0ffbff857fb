"""A broken main file is replaced by the newest good backup and what can be read of it."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places, backups, open_store
from hub.adapters.store.backups import back_up, list_backups
from hub.adapters.store.integrity import Health, examine, log_of
from hub.adapters.store.mending import mend
from hub.core.records import UnreadableMessage
from hub.ports import HomeView
from tests.hub.adapters.store import samples

DUMPS = Path(__file__).parents[4] / "tests" / "databases"
PRESSES = 300
BEFORE_BACKUP = replace(samples.unreadable(), received_s=samples.NOW_S - 700)
AFTER_BACKUP = replace(samples.unreadable(), received_s=samples.NOW_S - 100)


@pytest.fixture
def places(store: OpenStore, folder: Path) -> Places:
    """A store with some content that nobody uses: a backup of the first half, all in the file."""
    store.main.save([record for record in samples.ALL if not isinstance(record, UnreadableMessage)])
    store.main.save([BEFORE_BACKUP])
    for number in range(3, PRESSES):
        store.main.save(samples.press(number))
        if number == PRESSES // 2:
            back_up(Places(folder), samples.NOW_S - 600)
    store.main.save([AFTER_BACKUP])
    store.close()
    return Places(folder)


def incidents(folder: Path) -> set[int]:
    with closing(open_store(folder)) as store:
        return {incident.incident_id for incident in store.main.load_snapshot().incidents}


def aside_of(places: Places) -> Path:
    (aside,) = (path for path in places.folder.glob("poga.sqlite.broken-*") if not path.name.endswith(("-wal", "-shm")))
    return aside


def page_of(path: Path, table: str) -> int:
    """Return the root page of a table: without it nothing of the table can be read."""
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        return int(page)


def test_a_good_file_is_left_alone(places: Places) -> None:
    before = places.main.read_bytes()
    assert mend(places, samples.NOW_S) is None
    assert places.main.read_bytes() == before


def test_a_first_start_is_no_trouble(tmp_path: Path) -> None:
    assert mend(Places(tmp_path), samples.NOW_S) is None
    Places(tmp_path).main.touch()
    assert mend(Places(tmp_path), samples.NOW_S) is None


def test_a_file_of_which_nothing_can_be_read_is_replaced_by_the_backup(places: Places) -> None:
    places.main.write_bytes(b"\xa5" * 100_000)
    told = mend(places, samples.NOW_S)
    assert told == (
        "poga.sqlite: file is not a database; kept as poga.sqlite.broken-20260921T141320Z;"
        " the backup of 2026-09-21 14:03 UTC was restored"
    )
    assert aside_of(places).read_bytes() == b"\xa5" * 100_000
    assert incidents(places.folder) == {1, *range(3, PRESSES // 2 + 1)}


def test_what_can_be_read_of_a_broken_file_is_saved(places: Places) -> None:
    """One table cannot be read: of it there is the backup's half, of all others everything."""
    samples.cut_page(places.main, page_of(places.main, "timeline"))
    told = mend(places, samples.NOW_S)
    assert told is not None
    assert "rows were saved from the broken file" in told
    with closing(open_store(places.folder)) as store:
        assert {incident.incident_id for incident in store.main.load_snapshot().incidents} == {1, *range(3, PRESSES)}
        assert len(store.reader.messages("unit-1", limit=1_000)) == PRESSES - 3 + 2
        assert store.reader.timeline(3) == [samples.entry(3)]
        assert store.reader.timeline(PRESSES - 1) == []
        assert store.reader.unreadable() == [AFTER_BACKUP, BEFORE_BACKUP], "each once"


def test_a_table_is_read_from_both_ends(places: Places) -> None:
    for backup in list_backups(places):
        backup.path.unlink()
    middle = _leaf_in_the_middle(places.main, PRESSES // 2)
    samples.cut_page(places.main, middle)
    told = mend(places, samples.NOW_S)
    assert told is not None
    assert "no good backup, so a new file was begun" in told
    lost = sorted({1, *range(3, PRESSES)} - incidents(places.folder))
    assert lost == list(range(lost[0], lost[-1] + 1)), "one page's worth"
    assert 3 < lost[0] < lost[-1] < PRESSES - 1


def test_the_newer_row_wins_over_the_backups(places: Places, folder: Path) -> None:
    with closing(open_store(folder)) as store:
        accepted = replace(samples.incident(5), owner="anna")
        store.main.save([accepted])
    samples.cut_page(places.main, page_of(places.main, "timeline"))
    mend(places, samples.NOW_S)
    with closing(open_store(folder)) as store:
        assert store.reader.incident(5) == accepted


def test_a_broken_backup_is_passed_over(places: Places, folder: Path) -> None:
    with closing(open_store(folder)):
        newest = back_up(places, samples.NOW_S - 60)
    samples.cut_page(newest.path, 3)
    places.main.unlink()
    told = mend(places, samples.NOW_S)
    assert told is not None
    assert "it is missing; the backup of 2026-09-21 14:03 UTC was restored" in told


@pytest.mark.parametrize("state", ["missing", "empty"])
def test_a_file_that_is_gone_is_not_taken_for_a_first_start(places: Places, state: str) -> None:
    places.main.unlink()
    if state == "empty":
        places.main.touch()
    assert mend(places, samples.NOW_S) is not None
    assert 3 in incidents(places.folder)


def test_without_room_for_the_backup_a_new_file_is_begun_and_the_backup_stays(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(backups, "ROOM_LEFT_BYTES", 2**62)
        places.main.write_bytes(b"\xa5" * 100_000)
        told = mend(places, samples.NOW_S)
    assert told is not None
    assert "a new file was begun" in told
    assert examine(places.main).health is Health.GOOD
    assert len(list_backups(places)) == 1


def test_a_crash_on_the_way_changes_nothing(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    places.main.write_bytes(b"\xa5" * 100_000)

    class Crash(BaseException):
        """The power goes."""

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr("hub.adapters.store.mending.swap_in", crash)
        with pytest.raises(Crash):
            mend(places, samples.NOW_S)
    assert examine(places.main).health is Health.BROKEN
    assert mend(places, samples.NOW_S) is not None
    assert 3 in incidents(places.folder)


def test_the_log_of_a_killed_centre_is_read_with_its_broken_file(store: OpenStore, folder: Path) -> None:
    for number in range(1, PRESSES):
        store.main.save(samples.press(number))
    store.main.close()
    store.reader.close()
    store.main.save(samples.press(PRESSES))
    killed = Places(folder.parent / "killed")
    shutil.copytree(folder, killed.folder)
    assert log_of(killed.main).stat().st_size > 0
    with killed.main.open("r+b") as file:  # a page that the log does not hold
        file.seek((_leaf_in_the_middle(Places(folder).main, 10) - 1) * 4096)
        file.write(b"\xa5" * 4096)
    assert mend(killed, samples.NOW_S) is not None
    assert PRESSES in incidents(killed.folder)


def _leaf_in_the_middle(path: Path, incident_id: int) -> int:
    """Return the page that holds an incident's row, found by its bytes."""
    needle = b'"seq":2}][]'  # where `alarms` ends and `units` begins
    content = path.read_bytes()
    pages = [content[start : start + 4096] for start in range(0, len(content), 4096)]
    leaves = [number for number, page in enumerate(pages, start=1) if needle in page and page[0] == 0x0D]
    return leaves[len(leaves) * incident_id // PRESSES]


def test_a_broken_file_of_an_earlier_release_is_saved_as_far_as_it_can_be_read(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(Places(folder).main)) as connection:
        connection.executescript((DUMPS / "v1.sql").read_text())
    samples.cut_page(Places(folder).main, page_of(Places(folder).main, "messages"))
    with closing(open_store(folder)) as store:
        assert store.trouble is not None
        assert store.reader.home("unit-1") == HomeView(samples.UNIT, samples.HOME, (samples.CLIENT,))
        assert store.reader.operators() == [samples.OPERATOR]
        assert store.main.load_snapshot().incidents == (samples.incident(1),)
