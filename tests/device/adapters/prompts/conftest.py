"""A room for every test of the unit's voice; no test is heard, and none leaves a child process behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.adapters.prompts import Player, Prompts
from device.prompts.words import Language
from tests.device.adapters.prompts.room import APLAY, Aplay, Enter, Room, fill, is_running


@pytest.fixture(autouse=True)  # so that it outlives every adapter, and no test is heard
def aplay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aplay]:
    here = tmp_path / "bin"
    here.mkdir()
    (here / "aplay").write_text(APLAY.format(here=here))
    (here / "aplay").chmod(0o755)
    monkeypatch.setenv("PATH", f"{here}{os.pathsep}{os.environ['PATH']}")
    aplay = Aplay(here)
    aplay.behave("plays")
    yield aplay
    assert not [pid for pid in aplay.pids() if is_running(pid)], "a child process was left behind"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rendered words, in English and Latvian."""
    folder = tmp_path / "audio"
    fill(folder, Language.EN, Language.LV)
    return folder


@pytest.fixture
def enter(folder: Path) -> Iterator[Enter]:
    """Start an adapter; it is stopped when the test ends."""
    rooms: list[Room] = []

    def enter(player: Player, language: Language = Language.LV, try_again_s: float = 3600) -> Room:
        room = Room(Prompts(folder, language, player, try_again_s))
        rooms.append(room)
        room.adapter.start(room.events.put)
        return room

    yield enter
    for room in rooms:
        room.adapter.stop()
        assert room.events.empty(), "something was told that no test expected"
