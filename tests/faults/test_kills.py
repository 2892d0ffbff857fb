"""kill -9 at a random moment around a press: of the unit, of the centre, of the broker. No press is lost or doubled."""

import os
import random
import signal
from enum import StrEnum
from pathlib import Path

import pytest

from tests.faults.conftest import Settled
from tests.faults.harness import Harness

LONGEST_MOMENT_S = 0.3


class Victim(StrEnum):
    """Which program dies."""

    UNIT = "unit"
    CENTRE = "centre"
    BROKER = "broker"


@pytest.mark.parametrize("victim", [*Victim])
def test_a_killed_program_loses_and_doubles_nothing(
    victim: Victim, kills: int, chance: random.Random, tmp_path: Path, settled: Settled
) -> None:
    with Harness(tmp_path) as harness:
        for _ in range(kills):
            is_attended = chance.random() < 0.5
            harness.press_and_watch(harness.home, chance.uniform(0, LONGEST_MOMENT_S), is_attended)
            strike(victim, harness)
            harness.rest()
        settled(f"kill -9 of the {victim}, {kills} times", harness.tally())


def strike(victim: Victim, harness: Harness) -> None:
    """Kill a program, and start it again; the centre starts its broker itself."""
    match victim:
        case Victim.UNIT:
            harness.home.kill()
            harness.home.start()
        case Victim.CENTRE:
            harness.centre.kill()
            harness.centre.start()
        case Victim.BROKER:
            os.kill(harness.centre.broker_pid, signal.SIGKILL)
