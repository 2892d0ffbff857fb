"""A full disk, at home and at the centre: alarms stand on the screen all the same, and nobody claims what is not so.

Tried twice: on a small disk that is filled (where one may be mounted), and where no file takes another byte.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.account import Press
from tests.faults.conftest import Settled
from tests.faults.disk import BoundedFiles, Disks, SmallDisk, can_mount
from tests.faults.harness import Harness

HOME_MIB, CENTRE_MIB = 4, 24
OUTBOX_BROKEN = "outbox_broken"
STORE = "store"
TRIES = 10
"""Presses until a file that has room in itself takes no more."""


@pytest.fixture(params=["small disk", "no file grows"])
def kind(request: pytest.FixtureRequest) -> str:
    """What makes the disk full."""
    if request.param == "small disk" and not can_mount():
        pytest.skip("no disk may be mounted here")
    return str(request.param)


def disk(kind: str, size_mib: int) -> Disks:
    return BoundedFiles if kind == "no file grows" else lambda folder: SmallDisk(folder, size_mib)


def test_from_a_home_whose_disk_is_full_every_alarm_is_shown(kind: str, tmp_path: Path, settled: Settled) -> None:
    with Harness(tmp_path, home_disk=disk(kind, HOME_MIB)) as harness:
        home = harness.home
        while OUTBOX_BROKEN not in home.look()["faults"]:
            home.disk.fill(home.child)
            press_and_have_it_closed(harness)
        home.disk.fill(home.child)
        for _ in range(3):
            press_and_have_it_closed(harness)
        home.disk.free(home.child)
        harness.until(lambda: OUTBOX_BROKEN not in home.look()["faults"], "the unit tells that its disk works again")
        harness.rest()
        harness.press()
        harness.rest()
        settled(f"full disk at home, {kind}", harness.tally())


def test_a_centre_whose_disk_is_full_shows_alarms_and_gives_no_receipt(
    kind: str, tmp_path: Path, settled: Settled
) -> None:
    with Harness(tmp_path, centre_disk=disk(kind, CENTRE_MIB)) as harness:
        press = press_until_nothing_is_kept(harness)
        [alarm] = harness.alarms()
        with suppress(httpx.HTTPStatusError):  # the operator is told that it is not kept
            harness.accept(alarm)
        harness.until(lambda: alarm_of(harness)["state"] == "answered", "the room hears that an operator has it")
        assert not is_kept(harness, press)
        assert not harness.home.has_receipt(press), "a receipt, and nothing is kept"
        harness.centre.disk.free(harness.centre.child)
        harness.until(lambda: harness.home.has_receipt(press), "the centre has room, so the unit has its receipt")
        assert is_kept(harness, press)
        harness.rest()
        harness.press()
        harness.rest()
        settled(f"full disk at the centre, {kind}", harness.tally())


def press_and_have_it_closed(harness: Harness) -> None:
    """Press, and let an operator accept and close it, while the unit's disk may hold nothing."""
    harness.press()
    harness.until(lambda: harness.see_to_alarms() > 0, "the alarm stands on the screen")
    harness.until(
        lambda: harness.see_to_alarms() == 0 and alarm_of(harness)["state"] == "normal",
        "the room knows that it is over",
    )


def press_until_nothing_is_kept(harness: Harness) -> Press:
    """Fill the centre's disk and press, until there is a press that the centre shows and cannot keep."""
    for _ in range(TRIES):
        harness.centre.disk.fill(harness.centre.child)
        press = harness.press()
        harness.until(lambda: len(harness.alarms()) > 0, "the alarm stands on the screen")
        if not was_taken(harness, press):
            return press
        assert is_kept(harness, press), "a receipt, and nothing is kept"
        harness.rest()
    raise AssertionError(f"after {TRIES} presses the full disk still takes more")


def was_taken(harness: Harness, press: Press) -> bool:
    """Return whether the centre's disk took a press, as soon as the unit has its receipt or the screens say why not."""
    harness.until(lambda: harness.home.has_receipt(press) or is_refused(harness), "the disk has taken it, or not")
    return harness.home.has_receipt(press)


def is_refused(harness: Harness) -> bool:
    """Tell whether the centre says on its screens that its store takes nothing."""
    return any((each["kind"], each["subject"]) == ("centre", STORE) for each in harness.operator.incidents())


def is_kept(harness: Harness, press: Press) -> bool:
    """Tell whether a press stands in the centre's store."""
    return press.name in {each.name for each in harness.centre.truth().arrived}


def alarm_of(harness: Harness) -> dict[str, Any]:
    """Return the alarm as the home shows it."""
    found: dict[str, Any] = harness.home.look()["alarm"]
    return found
