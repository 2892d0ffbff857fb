"""What holds for every test: no way out but loopback, no clock over hypothesis, real programs one at a time.

Tests under `faults/`, `browser/`, `peers/` and `speech/` start real processes. When the suite is spread over several
workers they stay on one, and what they run through is not counted as covered: the cores are covered by their own tests
and by the stories.
"""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

REAL_PROGRAMS = ("faults", "browser", "bench", "peers", "speech")
TESTS = Path(__file__).parent

# A deadline would fail a test on a slow machine. With CI=true the examples are the same every time.
settings.register_profile("poga", deadline=None, print_blob=True, derandomize=os.environ.get("CI") == "true")
settings.load_profile("poga")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=10, help="kill -9 of each program in tests/faults (default 10)")
    parser.addoption("--long", action="store_true", help="faults last as long as they have to be borne")
    parser.addoption("--seed", type=int, help="play the random moments of tests/faults again")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in REAL_PROGRAMS:
            item.add_marker(pytest.mark.xdist_group("real programs"))
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            pytest.fail(f"The test tried to reach {address[0]}: tests speak to loopback only.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback
