"""What the modem's tests share: a network, a unit's modem and the centre's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.adapters.modem.simulator import Kind, MobileNetwork, SimulatedModem
from tests.device.adapters.modem.rig import CENTRE, simulated


@pytest.fixture
def network() -> MobileNetwork:
    return MobileNetwork()


@pytest.fixture
def home(network: MobileNetwork, tmp_path: Path) -> Iterator[SimulatedModem]:
    with simulated(network, tmp_path / "home") as modem:
        yield modem


@pytest.fixture
def centre(network: MobileNetwork, tmp_path: Path) -> Iterator[SimulatedModem]:
    with simulated(network, tmp_path / "centre", CENTRE, Kind.EC25) as modem:
        yield modem
