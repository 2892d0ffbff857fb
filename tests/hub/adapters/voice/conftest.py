"""A door of voice with a played engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.adapters.voice.adapter import Voice
from hub.adapters.voice.numbers import Directory
from tests.hub.adapters.voice.spoken_centre import Played, PlayedEngine, settings
from tests.waiting import until

DIRECTORY = Directory(trunk="sip:trunk.example", unit_address="sip:{unit_id}@registrar.example")


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    voice = Voice(settings(tmp_path, DIRECTORY), PlayedEngine, lambda: None)
    centre = Played(voice)
    try:
        voice.start(centre.heard)
        yield centre
    finally:
        voice.stop()


@pytest.fixture
def console(played: Played) -> Played:
    """The same, when browsers can be answered."""
    until(lambda: played.voice.is_ready, "browsers can be answered")
    return played
