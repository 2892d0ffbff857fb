"""The room kept for a full disk."""

from pathlib import Path

import pytest

from device.adapters.outbox.reserve import Reserve

SIZE = 64 * 1024


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "reserve"


def test_it_takes_real_blocks(place: Path) -> None:
    reserve = Reserve(place, SIZE)
    assert not reserve.is_whole()
    reserve.make()
    assert reserve.is_whole()
    assert place.stat().st_blocks * 512 >= SIZE


def test_a_size_without_blocks_is_no_room(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(SIZE)
    reserve = Reserve(place, SIZE)
    assert not reserve.is_whole()
    reserve.make()
    assert reserve.is_whole()


def test_it_is_given_away_once(place: Path) -> None:
    reserve = Reserve(place, SIZE)
    reserve.make()
    assert reserve.give_away()
    assert not place.exists()
    assert not reserve.give_away()


def test_it_is_not_made_where_room_is_scarce(place: Path) -> None:
    with pytest.raises(OSError, match="bytes free on the disk of"):
        Reserve(place, 2**60).make()
    assert not place.exists()


def test_nothing_can_be_kept_where_there_is_no_directory(place: Path) -> None:
    reserve = Reserve(place / "below", SIZE)
    with pytest.raises(FileNotFoundError):
        reserve.make()
    assert not reserve.is_whole()
    assert not reserve.give_away()
