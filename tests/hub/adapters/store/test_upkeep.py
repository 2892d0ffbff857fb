"""Hourly backups, and what is wrong with the store told to operators."""

import threading
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places, list_backups, upkeep
from hub.adapters.store.backups import back_up
from hub.core.effects import Reply
from hub.core.events import AdapterFailed, AdapterRecovered, Event
from hub.ports import PermanentAdapterError
from tests.hub.adapters.store import samples

DEADLINE_S = 30.0


def test_a_backup_is_made_by_the_hour_in_a_thread_of_its_own(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "FIRST_AFTER_S", 0.0)
    monkeypatch.setattr(upkeep, "BACKUP_EVERY_S", 0.01)
    made = threading.Semaphore(0)
    makers: set[str] = set()

    def note(places: Places, now_s: float) -> object:
        makers.add(threading.current_thread().name)
        backup = back_up(places, now_s)
        made.release()
        return backup

    monkeypatch.setattr(upkeep, "back_up", note)
    store.main.save(samples.ALL)
    store.upkeep.start(lambda event: None)
    assert all(made.acquire(timeout=DEADLINE_S) for _ in range(3))
    store.upkeep.stop()
    store.upkeep.stop()
    assert makers == {"store-upkeep"}
    assert list_backups(Places(folder))


def test_a_start_does_not_begin_with_a_backup_and_soon_makes_one_that_is_due(store: OpenStore, folder: Path) -> None:
    assert store.upkeep.first_after_s() == 60.0
    back_up(Places(folder), samples.NOW_S - 7_200)
    assert store.upkeep.first_after_s() == 60.0
    back_up(Places(folder), samples.NOW_S - 600)
    assert store.upkeep.first_after_s() == 3_000.0
    back_up(Places(folder), samples.NOW_S + 86_400)  # the clock was wrong once
    assert store.upkeep.first_after_s() == 3_600.0


def test_a_backup_that_fails_is_told_once_and_tried_again_sooner(
    store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    store.upkeep.start(events.append)
    with monkeypatch.context() as patch:
        patch.setattr("hub.adapters.store.backups.ROOM_LEFT_BYTES", 2**62)
        assert [store.upkeep.work() for _ in range(2)] == [300.0, 300.0]
    (failed,) = events
    assert isinstance(failed, AdapterFailed)
    assert (failed.adapter, failed.lasting) == ("backups", True)
    assert failed.reason.startswith("no backup was made: ")
    assert store.upkeep.work() == 3_600.0
    assert events[1:] == [AdapterRecovered("backups")]


def test_it_performs_nothing(store: OpenStore) -> None:
    assert store.upkeep.performs == ()
    with pytest.raises(PermanentAdapterError, match="Reply"):
        store.upkeep.perform(Reply("r"))


def test_nothing_is_reported_after_the_end(store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []
    store.upkeep.start(events.append)
    store.upkeep.stop()
    monkeypatch.setattr("hub.adapters.store.backups.ROOM_LEFT_BYTES", 2**62)
    store.upkeep.work()
    assert events == []
