"""Names are looked up aside, and what was found is told in the owner's thread."""

import socket
import threading

import pytest

from device.voice.lookups import Lookups


class FakeNames:
    """Names of hosts, found when the test says so."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.problem: OSError | None = None
        self.asked: list[str] = []

    def __call__(self, host: str, port: None) -> None:
        assert threading.current_thread() is not threading.main_thread()
        self.asked.append(host)
        assert self.may_answer.wait(30)
        if self.problem:
            raise self.problem


def test_an_address_is_found_at_once() -> None:
    names, told = FakeNames(), list[str]()
    for address in ("127.0.0.1", "[::1]"):
        Lookups(lambda: None, names).start(address, told.append)
    assert told == ["", ""]
    assert not names.asked


@pytest.mark.parametrize("problem", [None, socket.gaierror(-2, "Name or service not known"), OSError("no network")])
def test_a_name_keeps_nobody_waiting(problem: OSError | None) -> None:
    names, told, woken = FakeNames(), list[str](), threading.Event()
    names.problem = problem
    lookups = Lookups(woken.set, names)
    lookups.start("centre.example", told.append)
    lookups.look()
    assert told == []
    names.may_answer.set()
    assert woken.wait(30)
    assert told == [], "it is told by the owner, when it looks"
    lookups.look()
    lookups.look()
    assert len(told) == 1
    assert bool(told[0]) is bool(problem)
    assert not problem or told[0].startswith("centre.example cannot be found: ")
