"""Room that is kept back for a full disk."""

import os
from pathlib import Path

import pytest

from hub.adapters.store import reserve as module
from hub.adapters.store.reserve import Reserve

SIZE = 64 * 1024


def test_the_room_is_real_and_can_be_given_away_once(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", SIZE)
    assert not reserve.is_whole()
    reserve.make()
    reserve.make()
    assert reserve.is_whole()
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= SIZE
    assert reserve.give_away()
    assert not reserve.give_away()
    assert not reserve.is_whole()


def test_a_file_with_holes_is_no_room(tmp_path: Path) -> None:
    with (tmp_path / "reserve").open("wb") as file:
        file.truncate(SIZE)
    reserve = Reserve(tmp_path / "reserve", SIZE)
    assert not reserve.is_whole()
    reserve.make()
    assert reserve.is_whole()


def test_it_is_not_made_on_a_disk_on_the_brink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOMS", 2**50)
    with pytest.raises(OSError, match=r"nearly full \(\d+ MiB free\): make \d+ MiB free there"):
        Reserve(tmp_path / "reserve", SIZE).make()
    assert not (tmp_path / "reserve").exists()


def test_half_a_reserve_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(OSError, match="No space left"):
        Reserve(tmp_path / "reserve", SIZE).make()
    assert not (tmp_path / "reserve").exists()
