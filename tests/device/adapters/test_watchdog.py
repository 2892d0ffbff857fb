"""The watchdog: the service manager is fed on the pulse of all parts, and on nothing less."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.adapters.watchdog import LONGEST_SILENCE_S, Watchdog
from device.core.events import Event

WAIT_S = 20.0


class ServiceManager:
    """Listens where systemd would."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(WAIT_S)
        self.environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "300000"}

    def next_word(self) -> str:
        return self.socket.recv(100).decode()

    def heard(self) -> list[str]:
        """Everything that was said until now."""
        self.socket.setblocking(False)
        words = []
        with contextlib.suppress(BlockingIOError):
            while True:
                words.append(self.next_word())
        self.socket.settimeout(WAIT_S)
        return words


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ServiceManager]:
    manager = ServiceManager(tmp_path / "notify")
    yield manager
    manager.socket.close()


def ignore(event: Event) -> None:
    """Take a report that nobody needs."""


def test_it_says_ready_then_feeds_then_says_stopping(manager: ServiceManager) -> None:
    watchdog = Watchdog(manager.environment)
    watchdog.start(ignore)
    assert [manager.next_word() for _ in range(3)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
    watchdog.stop()
    watchdog.stop()
    assert [word for word in manager.heard() if word != "WATCHDOG=1"] == ["STOPPING=1"]


@pytest.mark.parametrize("dead", LONGEST_SILENCE_S)
def test_one_part_that_stands_still_is_enough_to_starve_it(
    manager: ServiceManager, dead: str, caplog: pytest.LogCaptureFixture
) -> None:
    now_s = 0.0
    watchdog = Watchdog(manager.environment, lambda: now_s)
    for second in range(1, 2 + int(max(LONGEST_SILENCE_S.values()))):
        now_s = float(second)
        for part in LONGEST_SILENCE_S:
            if part != dead:
                watchdog.beat(part)
    manager.heard()
    watchdog.feed()
    assert watchdog.silent() == (dead,)
    assert manager.heard() == []
    assert f"stands still: {dead}" in caplog.text


def test_a_part_that_moves_again_is_fed_again(manager: ServiceManager) -> None:
    now_s = 0.0
    watchdog = Watchdog(manager.environment, lambda: now_s)
    now_s = 100.0
    watchdog.feed()
    for part in LONGEST_SILENCE_S:
        watchdog.beat(part)
    watchdog.feed()
    assert manager.heard() == ["WATCHDOG=1"]


def test_without_a_service_manager_nothing_is_told() -> None:
    watchdog = Watchdog({})
    watchdog.start(ignore)
    watchdog.stop()


def test_a_service_manager_that_is_gone_takes_nothing_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog({"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    watchdog.start(ignore)
    watchdog.stop()
    assert "cannot be told READY=1" in caplog.text


def test_a_name_in_the_abstract_space_is_understood() -> None:
    name = "poga-test-watchdog"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(f"\0{name}")
        line.settimeout(WAIT_S)
        watchdog = Watchdog({"NOTIFY_SOCKET": f"@{name}"})
        watchdog.start(ignore)
        assert line.recv(100) == b"READY=1"
        watchdog.stop()
