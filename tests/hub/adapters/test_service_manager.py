"""The service manager hears of the centre's life from its loop alone."""

import socket
from pathlib import Path

from hub.adapters.service_manager import ServiceManager


def test_without_a_service_manager_nothing_happens() -> None:
    manager = ServiceManager({})
    manager.ready()
    manager.pulse()
    manager.stopping()


def test_ready_pulse_and_stopping_are_told(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(address))
        line.settimeout(5)
        manager = ServiceManager({"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "30000000"})
        manager.ready()
        manager.pulse()
        manager.pulse()  # too early for another word
        manager.stopping()
        assert [line.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_without_a_watchdog_the_pulse_is_silent(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(address))
        line.settimeout(5)
        manager = ServiceManager({"NOTIFY_SOCKET": str(address)})
        manager.pulse()
        manager.ready()
        assert line.recv(64) == b"READY=1"
