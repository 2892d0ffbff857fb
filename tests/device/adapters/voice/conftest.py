"""A house whose engine is in the test's hand."""

from collections.abc import Iterator

import pytest

from tests.device.adapters.voice.played_engine import House


@pytest.fixture
def house() -> Iterator[House]:
    """A unit whose engine runs and has a sound card."""
    house = House()
    house.voice.start(house.events)
    house.engine.begin()
    yield house
    house.voice.stop()
