"""Two operators reach for the same alarm at the same moment, again and again: one has it, the other learns who."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from hub.demo.operator import RemoteOperator
from tests.faults.conftest import Settled
from tests.faults.harness import Harness

RACES = 50


def test_of_two_operators_exactly_one_wins_every_race(tmp_path: Path, settled: Settled) -> None:
    with Harness(tmp_path) as harness, ThreadPoolExecutor(2) as hands:
        wins = Counter(race(harness, hands) for _ in range(RACES))
        print(f"\nraces won: {dict(wins)}")
        settled(f"two operators, {RACES} races", harness.tally())


def race(harness: Harness, hands: ThreadPoolExecutor) -> str:
    """Press, let both operators reach for the alarm, and have the winner close it; return who that was."""
    harness.press()
    harness.until(lambda: len(harness.alarms()) == 1, "the alarm stands at the centre")
    [alarm] = harness.alarms()
    harness.until(lambda: harness.is_shown(alarm["incident_id"]), "the alarm stands on the screen")
    start = threading.Barrier(len(harness.operators))
    tries = [hands.submit(reach, harness, operator, alarm, start) for operator in harness.operators]
    outcomes = [each.result() for each in tries]
    assert sorted(outcomes) == [httpx.codes.OK, httpx.codes.CONFLICT]
    winner = harness.operators[outcomes.index(httpx.codes.OK)]
    assert harness.alarms()[0]["owner"] == winner.name
    winner.close(alarm["incident_id"])
    harness.rest()
    return winner.name


def reach(harness: Harness, operator: RemoteOperator, alarm: dict[str, Any], start: threading.Barrier) -> int:
    """Accept, together with the other; return the status of the answer."""
    start.wait()
    try:
        harness.accept(alarm, operator)
    except httpx.HTTPStatusError as error:
        return error.response.status_code
    return int(httpx.codes.OK)
