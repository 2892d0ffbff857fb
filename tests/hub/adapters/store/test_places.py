"""One program at a time uses a folder."""

from pathlib import Path

import pytest

from hub.adapters.store.places import FolderLock, Places
from hub.ports import PermanentAdapterError


def test_a_folder_is_held_until_it_is_released(tmp_path: Path) -> None:
    places = Places(tmp_path / "centre")
    lock = FolderLock(places)
    with pytest.raises(PermanentAdapterError, match="is in use"):
        FolderLock(places)
    lock.release()
    lock.release()
    FolderLock(places).release()


def test_everything_stands_in_the_folder(tmp_path: Path) -> None:
    places = Places(tmp_path)
    everything = (places.main, places.heartbeats, places.backups, places.reserve, places.lock)
    assert len({path.name for path in everything}) == 5
    assert {path.parent for path in everything} == {tmp_path}
