"""An open store in a folder of its own, at the samples' time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, open_store
from tests.hub.adapters.store import samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "centre"


@pytest.fixture
def store(folder: Path) -> Iterator[OpenStore]:
    opened = open_store(folder, wall=lambda: samples.NOW_S)
    yield opened
    opened.upkeep.stop()
    opened.close()
