"""A web server on loopback, without any proxy between."""

from collections.abc import Iterator

import pytest

from tests.hub.adapters.relays.receiver import Receiver


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("no_proxy", "*")
    running = Receiver()
    yield running
    running.close()
