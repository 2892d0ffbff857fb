"""The centre restarts in the middle of everything: alarms stay open, operators stay signed in, screens come back."""

from pathlib import Path

import httpx

from tests.faults.conftest import Settled
from tests.faults.harness import Harness


def test_a_restart_of_the_centre_keeps_alarms_sessions_and_screens(tmp_path: Path, settled: Settled) -> None:
    with Harness(tmp_path) as harness:
        harness.press()
        harness.until(lambda: len(harness.alarms()) == 1, "the alarm stands on the screen")
        [before] = harness.alarms()
        harness.accept(before)
        harness.until(lambda: shows(harness, "answered"), "the room knows that an operator has it")
        harness.centre.stop()
        harness.centre.start()

        [after] = harness.alarms()  # with the session of the life before, or it is refused
        assert (after["incident_id"], after["state"], after["owner"]) == (before["incident_id"], "accepted", "anna")
        harness.until(lambda: hears(harness), "the operator's stream has come back")
        assert harness.home.look()["alarm"]["state"] == "answered"
        harness.rest()
        harness.press()
        harness.rest()
        settled("restart of the centre", harness.tally())


def shows(harness: Harness, state: str) -> bool:
    """Tell whether the home's alarm stands there."""
    return bool(harness.home.look()["alarm"]["state"] == state)


def hears(harness: Harness) -> bool:
    """Tell whether the centre counts the operators among those who hear it live."""
    try:
        numbers = httpx.get(f"{harness.centre.url}/metrics").text
    except httpx.HTTPError:
        return False
    return f"poga_console_operators_on_shift {float(len(harness.operators))}" in numbers
