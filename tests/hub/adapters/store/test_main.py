"""The main file: committed together or not at all, whatever the disk does."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from hub.adapters.store import MainStore, OpenStore, Places, connections, main, open_store
from hub.adapters.store.backups import back_up
from hub.adapters.store.connections import Durability
from hub.adapters.store.migrations import open_main
from hub.adapters.store.reserve import Reserve
from hub.adapters.store.troubles import Troubles
from hub.core.events import AdapterFailed, AdapterRecovered, Event
from hub.core.records import IncidentState, Record, Session
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.hub.adapters.store import samples
from tests.hub.adapters.store.power_cut import Disk, PowerCutError


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(Places(folder).main)) as connection, connection:
        connection.execute(statement)


def fill_the_disk(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let SQLite find no room for another page, for the next `times` openings of the main file."""
    left = [True] * times

    def open_on_full_disk(path: Path) -> sqlite3.Connection:
        connection = open_main(path)
        if left:
            left.pop()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(main, "open_main", open_on_full_disk)


def many_presses() -> list[Record]:
    return [record for number in range(1, 101) for record in samples.press(number)]


def test_what_was_saved_is_there_in_the_next_life(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    store.close()
    with closing(open_store(folder)) as again:
        assert again.reader.incident(1) == samples.incident(1)
        assert again.reader.timeline(1) == [samples.entry(1)]
        assert again.reader.messages("unit-1") == [samples.event_message(2), samples.alarm_message(1)]
        assert again.reader.orders(1) == [samples.order()]
        assert again.reader.unreadable() == [samples.unreadable()]
        assert again.reader.operators() == [samples.OPERATOR]
        assert again.reader.session("5e55") == samples.SESSION


def test_the_later_record_of_a_key_wins_in_one_batch_and_over_batches(store: OpenStore) -> None:
    raised, accepted = samples.incident(1), samples.incident(1, IncidentState.ACCEPTED)
    store.main.save([raised, accepted])
    assert store.reader.incident(1) == accepted
    store.main.save([accepted, raised])
    assert store.reader.incident(1) == raised


def test_a_batch_is_kept_whole_or_not_at_all(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.press(1))
    change(folder, "CREATE TRIGGER no BEFORE INSERT ON timeline BEGIN SELECT raise(ABORT, 'not now'); END")
    with pytest.raises(PermanentAdapterError, match="not now"):
        store.main.save(samples.press(2))
    assert store.reader.incident(2) is None
    assert len(store.reader.messages("unit-1")) == 1
    change(folder, "DROP TRIGGER no")
    store.main.save(samples.press(2))
    assert store.reader.incident(2) == samples.incident(2)


def test_nothing_is_nothing(store: OpenStore) -> None:
    store.main.save([])
    assert not any(store.reader.counts().values())


def test_a_reference_that_dangles_keeps_no_alarm_out(store: OpenStore) -> None:
    records: list[Record] = [
        samples.alarm_message(1, incident_id=99),
        samples.entry(99),
        replace(samples.UNIT, premises_id=77),
    ]
    store.main.save(records)
    assert store.reader.timeline(99) == [samples.entry(99)]
    home = store.reader.home("unit-1")
    assert home is not None
    assert home.premises is None


def test_a_text_that_utf8_cannot_hold_keeps_no_alarm_out(store: OpenStore) -> None:
    store.main.save([*samples.press(1), replace(samples.entry(1, 2), text="half \ud83d a sign")])
    assert store.reader.timeline(1)[1].text == "half ? a sign"


def test_a_file_locked_by_another_program_is_tried_again_later(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(Places(folder).main, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TransientAdapterError, match=r"poga\.sqlite: another program has locked it"):
            store.main.save(samples.press(1))
        other.execute("ROLLBACK")
    store.main.save(samples.press(1))
    assert store.reader.incident(1) == samples.incident(1)


def test_a_full_disk_is_given_the_reserve_and_told(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    store.upkeep.start(events.append)
    fill_the_disk(monkeypatch, times=1)
    store.main.save(many_presses())
    assert store.reader.counts()["incidents"] == 100
    assert not Places(folder).reserve.exists()
    (failed,) = events
    assert isinstance(failed, AdapterFailed)
    assert (failed.adapter, failed.lasting) == ("store_disk", True)
    assert "64 MiB free" in failed.reason
    store.upkeep.work()
    assert Places(folder).reserve.exists()
    assert events[1:] == [AdapterRecovered("store_disk")]


def test_a_disk_that_stays_full_is_an_error_that_says_how_much_is_needed(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_the_disk(monkeypatch, times=2)
    with pytest.raises(PermanentAdapterError, match=r"poga\.sqlite: the disk is full: make 64 MiB free on the disk of"):
        store.main.save(many_presses())
    assert store.reader.counts()["incidents"] == 0
    store.main.save(many_presses())  # there is room again
    assert store.reader.counts()["incidents"] == 100


def test_a_file_that_breaks_while_the_centre_runs_is_replaced_at_once(store: OpenStore, folder: Path) -> None:
    events: list[Event] = []
    store.upkeep.start(events.append)
    store.main.save([*samples.ALL])
    back_up(Places(folder), samples.NOW_S)
    store.main.save(samples.press(3))
    store.main.close()
    samples.cut_page(Places(folder).main, 1)
    store.main.save(samples.press(4))
    assert store.reader.incident(2) == samples.CLOSED
    assert store.reader.incident(4) == samples.incident(4)
    (failed,) = events
    assert isinstance(failed, AdapterFailed)
    assert failed.adapter == "store_file"
    assert "was restored" in failed.reason


def test_a_folder_that_cannot_be_written_is_told_with_its_remedy(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> sqlite3.Connection:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(main, "open_main", refuse)
    with pytest.raises(PermanentAdapterError, match=r"poga\.sqlite: .*Permission denied"):
        store.main.save(samples.press(1))


def test_only_one_thread_saves(store: OpenStore) -> None:
    store.main.save(samples.press(1))
    problems: list[Exception] = []

    def save() -> None:
        try:
            store.main.save(samples.press(2))
        except RuntimeError as error:
            problems.append(error)

    thread = threading.Thread(target=save)
    thread.start()
    thread.join()
    assert [str(problem) for problem in problems] == ["two threads save records: the runtime's must be the only one"]


def test_the_newest_of_what_could_not_be_read_are_kept(store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "UNREADABLE_KEPT", 5)
    for number in range(4):
        store.main.save([samples.unreadable(4 * number + more) for more in range(4)])
    assert store.reader.unreadable() == [samples.unreadable(number) for number in (15, 14, 13, 12, 11)]


def test_sessions_are_let_go_ninety_days_after_their_end(folder: Path) -> None:
    now_s = samples.NOW_S
    with closing(open_store(folder, wall=lambda: now_s)) as store:
        day_s = 86_400.0
        ended = Session("ended", "anna", now_s - 200 * day_s, now_s + day_s, ended_s=now_s - 91 * day_s)
        expired = Session("expired", "anna", now_s - 200 * day_s, now_s - 91 * day_s)
        recent = Session("recent", "anna", now_s - 200 * day_s, now_s - 89 * day_s)
        open_still = Session("open", "anna", now_s - 200 * day_s, now_s + day_s)
        store.main.save([ended, expired, recent, open_still])
        kept = [store.reader.session(token) for token in ("ended", "expired", "recent", "open")]
        assert kept == [None, None, recent, open_still]


def test_the_files_are_their_owners_alone(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.press(1))
    backup = back_up(Places(folder), samples.NOW_S)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [path for path in folder.iterdir() if path.is_file()]
    assert Places(folder).main in files
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*files, backup.path)} == {0o600}


def lost_in_a_power_cut(folder: Path, seed: int, durability: Durability) -> int:
    """Save until the power is cut at a random write; return how many presses that were committed are gone."""
    places, random = Places(folder), Random(seed)
    open_store(folder).close()
    disk = Disk(f"disk {seed}", random, writes_left=random.randrange(3, 1_000))
    store, committed = MainStore(places, Troubles(), Reserve(places.reserve)), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections.sqlite3, "connect", disk.connect)  # type: ignore[attr-defined]
        patch.setattr(main, "open_main", lambda path: connections.connect_writer(path, durability, wal_pages=20))
        with suppress(PowerCutError):
            for number in range(1, 1_000_000):
                store.save(samples.press(number))
                committed = number
        with suppress(PowerCutError):
            store.close()
    disk.unregister()
    with closing(open_store(folder)) as again:
        assert again.trouble is None
        kept = {incident.incident_id for incident in again.main.load_snapshot().incidents}
        return len(set(range(1, committed + 1)) - kept)


@pytest.mark.parametrize(
    ("durability", "loses"), [(Durability.POWER_CUT, False), (Durability.CRASH, True)], ids=["full", "normal"]
)
def test_a_power_cut_takes_nothing_that_was_committed(tmp_path: Path, durability: Durability, loses: bool) -> None:
    """The second case shows that the disk of this test does forget."""
    lost = [lost_in_a_power_cut(tmp_path / str(seed), seed, durability) for seed in range(20)]
    assert any(lost) is loses


KILLED = """
import sys
from pathlib import Path
from hub.adapters.store import open_store
from tests.hub.adapters.store import samples
from tests.hub.adapters.store.power_cut import Disk, PowerCutError
store = open_store(Path(sys.argv[1]))
for number in range(1, 1_000_000):
    store.main.save(samples.press(number))
    print(number, flush=True)
"""


def test_a_killed_centre_has_everything_it_said_it_has(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(50)]
        os.kill(process.pid, signal.SIGKILL)
        said += [int(line) for line in process.stdout]
    with closing(open_store(folder)) as store:
        assert store.trouble is None
        snapshot = store.main.load_snapshot()
        assert snapshot.last_incident_id >= said[-1]
        assert {incident.incident_id for incident in snapshot.incidents} >= set(said)


def test_a_centre_without_its_file_begins_all_the_same(store: OpenStore, folder: Path) -> None:
    """Ids of incidents begin where none has been, so that none is written over when the file can be read again."""
    store.main.save(samples.ALL)
    store.close()
    Places(folder).main.rename(folder / "away")
    snapshot = store.main.load_snapshot()
    assert snapshot.units == ()
    assert snapshot.last_incident_id == samples.NOW_S
