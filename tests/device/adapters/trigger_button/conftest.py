"""A home for every test, on the test's own clock."""

from collections.abc import Iterator

import pytest
from gpiozero.pins import mock

from tests.device.adapters.trigger_button.home import Clock, Home


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    clock = Clock()
    monkeypatch.setattr(mock, "monotonic", clock)
    home = Home(clock)
    yield home
    home.triggers.stop()
