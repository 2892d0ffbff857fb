"""Two engines for all tests of a module that leave them whole."""

from collections.abc import Iterator

import pytest

from tests.device.voice.party import Party, parties


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Party, ...]]:
    """Two engines for all tests that leave them whole."""
    with parties(Party("unit-7"), Party("centre")) as started:
        yield started


@pytest.fixture
def home(engines: tuple[Party, ...]) -> Iterator[Party]:
    yield engines[0]
    engines[0].calm()


@pytest.fixture
def centre(engines: tuple[Party, ...]) -> Iterator[Party]:
    yield engines[1]
    engines[1].calm()
