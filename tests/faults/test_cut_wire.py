"""A wire that fails in five ways, each in a home of its own: a press meanwhile arrives once when it is whole again.

Rules: the room hears that an operator has the alarm only when one has it (the harness looks at every line of the page's
log), and it does hear it, even where the word was spoken into a dead wire.
"""

import time
from pathlib import Path

from hub.core.records import Unit
from tests.faults.conftest import Settled
from tests.faults.harness import Harness
from tests.faults.home import Home
from tests.faults.wire import Fault

FAULTS = [fault for fault in Fault if fault is not Fault.WHOLE]
UNITS = [Unit(f"home-{fault.replace('_', '-')}") for fault in FAULTS]
LONG_S = 90.0
SLOW_BUT_WHOLE = Fault.DELAYED


def test_presses_during_a_fault_of_the_wire_arrive_once(tmp_path: Path, is_long: bool, settled: Settled) -> None:
    with Harness(tmp_path, UNITS, wired=True) as harness:
        fail(harness)
        for home in harness.homes:
            harness.press(home)
        harness.until(lambda: all(has_felt(home, fault) for home, fault in each(harness)), "every home feels it")
        for home in harness.homes:
            harness.press(home)
        bear(harness, LONG_S if is_long else 0)
        mend(harness)
        harness.until(lambda: len(harness.alarms()) == len(harness.homes), "every home's alarm has come")
        harness.rest()
        settled("failing wires", harness.tally())


def test_a_word_spoken_into_a_dead_wire_reaches_the_room(tmp_path: Path, settled: Settled) -> None:
    with Harness(tmp_path, UNITS, wired=True) as harness:
        for home in harness.homes:
            harness.press(home)
        harness.until(lambda: all(shows(home, "received") for home in harness.homes), "every home has its receipt")
        fail(harness)
        for incident in harness.alarms():
            harness.accept(incident)
        mend(harness)
        harness.until(lambda: all(shows(home, "answered") for home in harness.homes), "every room hears the word")
        assert all(home.look()["light"] == "bright" for home in harness.homes)
        harness.rest()
        settled("operator's word, failing wires", harness.tally())


def each(harness: Harness) -> list[tuple[Home, Fault]]:
    """Return every home with the fault of its wire."""
    return list(zip(harness.homes, FAULTS, strict=True))


def fail(harness: Harness) -> None:
    """Let every wire fail in its own way."""
    for wire, fault in zip(harness.wires, FAULTS, strict=True):
        wire.be(fault)


def mend(harness: Harness) -> None:
    """Make every wire whole."""
    for wire in harness.wires:
        wire.be(Fault.WHOLE)


def has_felt(home: Home, fault: Fault) -> bool:
    """Tell whether the unit knows of the fault: it has given up the path, or has its receipt at last."""
    state = home.look()
    return state["alarm"]["state"] == "received" if fault is SLOW_BUT_WHOLE else not state["path_is_open"]


def shows(home: Home, state: str) -> bool:
    """Tell whether a home's alarm stands there."""
    return bool(home.look()["alarm"]["state"] == state)


def bear(harness: Harness, for_s: float) -> None:
    """Go on for a while, and watch every home."""
    until_s = time.monotonic() + for_s
    while time.monotonic() < until_s:
        for home in harness.homes:
            home.look()
        time.sleep(0.1)
