"""What units last said, and a thinned history."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from device.wire.messages import OpenAlarm
from device.wire.vocabulary import Rung
from hub.adapters.store import OpenStore, Places, connections, heartbeats, open_store
from hub.core.events import AdapterFailed, Event
from hub.ports import TransientAdapterError
from tests.hub.adapters.store import samples

ALARM = OpenAlarm(alarm=samples.key(1), rung=Rung.RAISED)


def history_s(store: OpenStore, unit_id: str = "unit-1") -> list[float]:
    """Return when the rows of the history were heard, after the first, oldest first."""
    return [row.heard_s - samples.NOW_S for row in store.reader.heartbeat_history(unit_id)][::-1]


def test_the_last_of_a_unit_counts_in_a_batch_and_over_batches(store: OpenStore) -> None:
    store.heartbeats.save([samples.heartbeat(1.0), samples.heartbeat(2.0), samples.heartbeat(1.5, "unit-2")])
    assert {unit: last.heard_s for unit, last in store.reader.last_heartbeats().items()} == {
        "unit-1": 2.0,
        "unit-2": 1.5,
    }
    store.heartbeats.save([samples.heartbeat(3.0, uptime_s=99.0)])
    last = store.reader.last_heartbeat("unit-1")
    assert last is not None
    assert (last.heard_s, last.heartbeat.uptime_s) == (3.0, 99.0)


def test_the_history_has_a_row_every_ten_minutes(store: OpenStore) -> None:
    for age_s in range(0, 1_801, 30):
        store.heartbeats.save(
            [samples.heartbeat(samples.NOW_S + age_s, uptime_s=float(age_s), temperature_c=20 + age_s)]
        )
    assert history_s(store) == [0, 600, 1200, 1800]


def test_whatever_matters_makes_a_row_at_once(store: OpenStore) -> None:
    told: list[dict[str, Any]] = [
        {},
        {"faults": ("mains_lost",)},
        {"faults": ("mains_lost",)},
        {"faults": ("mains_lost",), "mains": False},
        {"faults": (), "mains": False},
        {"faults": (), "mains": False, "alarm": ALARM},
        {"faults": (), "mains": False, "alarm": ALARM.model_copy(update={"rung": Rung.RECEIVED})},
        {"faults": (), "mains": False},
        {"faults": (), "mains": False, "battery_percent": 50.0},
    ]
    batch = [samples.heartbeat(samples.NOW_S + number, **fields) for number, fields in enumerate(told)]
    store.heartbeats.save(batch[:4])
    store.heartbeats.save(batch[4:])
    assert history_s(store) == [0, 1, 3, 4, 5, 6, 7]


def test_the_pace_of_the_history_outlives_a_restart(store: OpenStore, folder: Path) -> None:
    store.heartbeats.save([samples.heartbeat()])
    store.close()
    with closing(open_store(folder, wall=lambda: samples.NOW_S)) as again:
        again.heartbeats.save([samples.heartbeat(samples.NOW_S + 30)])
        assert history_s(again) == [0]
        again.heartbeats.save([samples.heartbeat(samples.NOW_S + 630)])
        assert history_s(again) == [0, 630]


def test_a_clock_that_is_set_back_does_not_stop_the_history(store: OpenStore) -> None:
    for age_s in (0.0, -7_200.0, -7_100.0):
        store.heartbeats.save([samples.heartbeat(samples.NOW_S + age_s)])
    assert history_s(store) == [0, -7_200]


def test_old_history_goes_and_the_newest_rows_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "TRIM_AFTER_ROWS", 4)
    now_s = samples.NOW_S + 40 * 86_400.0
    with closing(open_store(folder, wall=lambda: now_s)) as store:
        for day in range(40):
            store.heartbeats.save([samples.heartbeat(samples.NOW_S + day * 86_400.0)])
        days = [age_s / 86_400 for age_s in history_s(store)]
        assert days[-1] == 39
        assert 10 <= len(days) <= 30 + 4, days
        monkeypatch.setattr(heartbeats, "HISTORY_ROWS_KEPT", 5)
        for number in range(40):
            store.heartbeats.save([samples.heartbeat(now_s, f"unit-{number}")])
        assert store.reader.counts()["history"] <= 5 + 4
        assert store.reader.counts()["last_heartbeat"] == 40


def test_a_payload_that_is_no_heartbeat_is_kept_and_stops_nothing(store: OpenStore) -> None:
    rows = [samples.Row("unit-2", 1.0, b"\xff"), samples.Row("unit-3", 1.0, b"[1]"), samples.heartbeat()]
    store.heartbeats.save(rows)
    assert store.reader.counts()["last_heartbeat"] == 3
    assert list(store.reader.last_heartbeats()) == ["unit-1"]


def test_a_broken_file_is_put_aside_and_a_new_one_begun(store: OpenStore, folder: Path) -> None:
    events: list[Event] = []
    store.upkeep.start(events.append)
    path = Places(folder).heartbeats
    for life in range(3):
        store.heartbeats.save([samples.heartbeat(unit_id="old")])
        store.heartbeats.close()
        samples.cut_page(path, 1)
        store.heartbeats.save([samples.heartbeat()])
        assert list(store.reader.last_heartbeats()) == ["unit-1"], life
    kept = {path.name.removesuffix("-wal") for path in folder.glob("heartbeats.sqlite.broken-*")}
    assert len(kept) == 1, "only the last one is kept, with its log"
    (failed,) = events
    assert isinstance(failed, AdapterFailed)
    assert failed.adapter == "heartbeats_file"


def test_a_file_that_is_broken_or_from_the_future_at_the_start_stops_nobody(store: OpenStore, folder: Path) -> None:
    store.heartbeats.save([samples.heartbeat()])
    store.close()
    with closing(sqlite3.connect(Places(folder).heartbeats)) as connection, connection:
        connection.execute("UPDATE _sqlite_migrations SET name = 'h999_of_tomorrow'")
    with closing(open_store(folder)) as again:
        again.heartbeats.save([samples.heartbeat(unit_id="unit-2")])
        assert list(again.reader.last_heartbeats()) == ["unit-2"]


def test_a_locked_file_is_an_error_that_passes(store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(Places(folder).heartbeats, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TransientAdapterError, match=r"heartbeats\.sqlite"):
            store.heartbeats.save([samples.heartbeat()])
        other.execute("ROLLBACK")
    store.heartbeats.save([samples.heartbeat()])
    assert history_s(store) == [0], "what was not committed is not taken for kept"


def test_only_one_thread_saves(store: OpenStore) -> None:
    store.heartbeats.save([samples.heartbeat()])
    problems: list[Exception] = []

    def save() -> None:
        try:
            store.heartbeats.save([samples.heartbeat()])
        except RuntimeError as error:
            problems.append(error)

    thread = threading.Thread(target=save)
    thread.start()
    thread.join()
    assert len(problems) == 1


def test_a_last_state_of_many_units_is_read_back(store: OpenStore) -> None:
    rows = [samples.heartbeat(unit_id=f"unit-{number}") for number in range(5_000)]
    store.heartbeats.save(rows)
    assert set(store.reader.last_heartbeats()) == {row.unit_id for row in rows}
