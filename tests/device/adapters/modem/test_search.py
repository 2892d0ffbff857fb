"""The modem's port is found among others that are none."""

from pathlib import Path

from device.adapters.modem.search import find_port
from device.adapters.modem.simulator import MobileNetwork
from tests.device.adapters.modem.rig import simulated


def test_the_first_port_that_answers_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a-disk").symlink_to("/dev/null")
    (tmp_path / "b-gone").symlink_to("/dev/gone")
    network = MobileNetwork()
    with simulated(network, tmp_path / "c-sound") as silent, simulated(network, tmp_path / "d-modem") as modem:
        silent.faults.is_silent = True
        assert find_port(tmp_path) == modem.path


def test_where_there_is_none_there_is_none(tmp_path: Path) -> None:
    assert find_port(tmp_path) is None
    assert find_port(tmp_path / "missing") is None
