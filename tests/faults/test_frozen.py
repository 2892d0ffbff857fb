"""A program that stands still: it is not dead, so nothing closes and nobody is told. Who waits for it must notice.

The short form freezes for some seconds; the long one (`--long`) until the room has to know of it.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import pytest

from hub.core.records import Unit
from tests.faults.conftest import Settled
from tests.faults.harness import Harness
from tests.faults.home import Home

SHORT_S = 8.0
NO_CENTRE_WITHIN_S = 60.0
"""What the unit promises: later than this nobody in the room believes that the centre is there."""
QUICKLY_MISSED = Unit("home-1", reporting_time_s=12.0, heartbeat_s=5.0)


class Frozen(StrEnum):
    """What stands still between the home and its operators."""

    CENTRE = "centre"
    BROKER = "broker"


@pytest.mark.parametrize("frozen", [*Frozen])
def test_a_press_while_the_other_end_stands_still_arrives_once(
    frozen: Frozen, tmp_path: Path, is_long: bool, settled: Settled
) -> None:
    with Harness(tmp_path) as harness, standing_still(harness, frozen):
        if is_long:
            began_s = time.monotonic()
            harness.until(lambda: shows_no_centre(harness.home), "the room learns that there is no centre")
            assert time.monotonic() - began_s <= NO_CENTRE_WITHIN_S
        press = harness.press()
        watch(harness.home, SHORT_S)
        assert not harness.home.has_receipt(press), f"a receipt, and the {frozen} stands still"
        thaw(harness, frozen)
        harness.rest()
        settled(f"frozen {frozen}", harness.tally())


def test_a_unit_that_stands_still_is_called_silent_until_it_goes_on(tmp_path: Path, settled: Settled) -> None:
    with Harness(tmp_path, [QUICKLY_MISSED]) as harness:
        harness.home.child.freeze()
        harness.until(lambda: is_open(harness, "silent"), "the operators learn that the unit is silent")
        harness.home.child.thaw()
        harness.until(lambda: not is_open(harness, "silent"), "the unit is heard again")
        harness.press()
        harness.rest()
        settled("frozen unit", harness.tally())


@contextmanager
def standing_still(harness: Harness, frozen: Frozen) -> Iterator[None]:
    """Freeze it; whatever happens, it goes on at the end."""
    os.kill(pid_of(harness, frozen), signal.SIGSTOP)
    try:
        yield
    finally:
        thaw(harness, frozen)


def thaw(harness: Harness, frozen: Frozen) -> None:
    """Let it go on. May be called twice."""
    os.kill(pid_of(harness, frozen), signal.SIGCONT)


def pid_of(harness: Harness, frozen: Frozen) -> int:
    """Return its process's number."""
    return harness.centre.child.pid if frozen is Frozen.CENTRE else harness.centre.broker_pid


def shows_no_centre(home: Home) -> bool:
    """Tell whether the light breathes, as it does without a centre."""
    return bool(home.look()["light"] == "breath")


def watch(home: Home, for_s: float) -> None:
    """Look at a home for a while."""
    until_s = time.monotonic() + for_s
    while time.monotonic() < until_s:
        home.look()
        time.sleep(0.05)


def is_open(harness: Harness, kind: str) -> bool:
    """Tell whether an incident of a kind stands on the operators' screens."""
    return any(incident["kind"] == kind for incident in harness.operator.incidents())
