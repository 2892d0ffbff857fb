"""A kept child: what it says is heard, and whatever ends it, another takes its place."""

import os
import signal
from collections.abc import Iterator

import pytest

from hub.adapters.voice import child as kept
from hub.adapters.voice.child import Child
from tests.waiting import GENEROUS_S, Heard, until

PARROT = "tests.hub.adapters.voice.parrot"


class House:
    """A child and what is heard of it."""

    def __init__(self, module: str = PARROT) -> None:
        self.heard: Heard[bytes] = Heard()
        self.lost: Heard[str] = Heard()
        self.child = Child(module, b"settings", self.heard, self.lost)

    def begins(self, count: int = 1) -> None:
        """Wait for the first word of the so manieth."""
        self.heard.wait(b"settings", count)


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    house.child.start()
    house.begins()
    yield house
    house.child.stop()


def test_it_hears_its_settings_first_and_says_whole_lines(house: House) -> None:
    assert house.child.send(b"good morning")
    assert house.child.send(b"good evening")
    house.heard.wait(b"good evening")
    assert house.heard.all == [b"settings", b"good morning", b"good evening"]


def test_one_that_ends_is_told_with_its_code_and_replaced(house: House) -> None:
    house.child.send(b"end")
    until(lambda: bool(house.lost.all), "its end is told")
    assert house.lost.all == ["code 3"]
    house.begins(2)
    assert house.child.send(b"again")
    house.heard.wait(b"again")


def test_one_that_is_killed_is_told_by_its_signal(house: House) -> None:
    assert house.child.pid is not None
    os.kill(house.child.pid, signal.SIGKILL)
    house.lost.wait("signal 9")
    house.begins(2)


def test_one_that_is_silent_is_killed_and_replaced(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SILENCE_LIMIT_S", 0.5)
    house.child.send(b"a word")  # from now on the limit is the shorter one
    house.heard.wait(b"a word")
    house.child.send(b"be silent")
    until(lambda: bool(house.lost.all), "its silence is told")
    assert "it has said nothing for" in house.lost.all[0]
    house.begins(2)


def test_one_that_hears_nothing_is_replaced_and_makes_nobody_wait(house: House) -> None:
    house.child.send(b"hear nothing")
    until(lambda: not house.child.send(b"x" * 100_000), "its line is full")
    until(lambda: bool(house.lost.all), "its end is told")
    house.begins(2)


def test_a_mistake_about_one_line_does_not_lose_the_next() -> None:
    heard: Heard[bytes] = Heard()

    def hear(line: bytes) -> None:
        heard(line)
        if line == b"settings":
            raise ValueError("a mistake")

    child = Child(PARROT, b"settings", hear, lambda _: None)
    child.start()
    until(lambda: child.send(b"next"), "it runs")
    heard.wait(b"next")
    child.stop()


def test_one_that_cannot_run_is_tried_again_and_again() -> None:
    house = House("tests.hub.adapters.voice.nobody")
    house.child.start()
    until(lambda: len(house.lost.all) >= 2, "its end is told twice")
    house.child.stop()
    house.child.stop()
    assert not house.child.send(b"anybody?")


def test_it_ends_when_its_line_closes(house: House) -> None:
    pid = house.child.pid
    assert pid is not None
    house.child.stop()
    until(lambda: not os.path.exists(f"/proc/{pid}"), "it has ended", GENEROUS_S)  # noqa: PTH110 - no path of ours
    assert house.lost.all == []
