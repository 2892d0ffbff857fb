"""A real broker, a centre's door on it, and a unit beside."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from device.wire import topics
from device.wire.topics import Leaf
from hub.adapters.broker import BrokerAddress
from tests.hub.adapters.broker.door import Door, OpenDoor
from tests.mosquitto import Peer, RealMosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[RealMosquitto]:
    with RealMosquitto(tmp_path) as running:
        yield running


@pytest.fixture
def make_door() -> Iterator[OpenDoor]:
    """Make doors that are closed after the test."""
    with ExitStack() as stack:

        def make(address: BrokerAddress) -> Door:
            door = Door(address)
            stack.callback(door.broker.stop)
            return door

        yield make


@pytest.fixture
def door(mosquitto: RealMosquitto, make_door: OpenDoor) -> Door:
    """A door that hears."""
    return make_door(BrokerAddress(port=mosquitto.port)).open_and_hear()


@pytest.fixture
def unit(mosquitto: RealMosquitto) -> Iterator[Peer]:
    """A unit, which hears what it is told and what the centre says of itself."""
    with Peer(mosquitto.port, "a-unit") as peer:
        yield peer.connect(
            topics.unit_topic("unit-1", Leaf.RECEIPT), topics.unit_topic("unit-1", Leaf.COMMAND), topics.CENTRE
        )
