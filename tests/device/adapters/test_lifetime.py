"""Why a life began, and that no two lives share their data."""

from pathlib import Path

import pytest

from device.adapters.lifetime import LAST_EXIT, AlreadyRunningError, Lifetime, boot_id
from device.core.events import StartCause


def live(data_dir: Path, boot: str) -> StartCause:
    life = Lifetime(data_dir, boot)
    cause = life.begin()
    life.end()
    life.end()
    return cause


def test_the_first_life_and_a_new_boot_are_a_power_on(tmp_path: Path) -> None:
    assert live(tmp_path / "new", "boot-1") is StartCause.POWER_ON
    assert live(tmp_path / "new", "boot-2") is StartCause.POWER_ON


def test_another_life_in_the_same_boot_is_a_restart(tmp_path: Path) -> None:
    live(tmp_path, "boot-1")
    assert live(tmp_path, "boot-1") is StartCause.RESTART


def test_a_life_ended_by_the_watchdog_is_told_once(tmp_path: Path) -> None:
    live(tmp_path, "boot-1")
    (tmp_path / LAST_EXIT).write_text("watchdog\n")
    assert live(tmp_path, "boot-1") is StartCause.WATCHDOG
    assert live(tmp_path, "boot-1") is StartCause.RESTART


def test_a_power_cut_after_the_watchdog_is_a_power_on(tmp_path: Path) -> None:
    live(tmp_path, "boot-1")
    (tmp_path / LAST_EXIT).write_text("watchdog\n")
    assert live(tmp_path, "boot-2") is StartCause.POWER_ON


def test_a_second_unit_on_the_same_data_is_refused_with_the_remedy(tmp_path: Path) -> None:
    first = Lifetime(tmp_path, "boot-1")
    first.begin()
    with pytest.raises(AlreadyRunningError, match="a data folder of its own"):
        Lifetime(tmp_path, "boot-1").begin()
    first.end()
    assert live(tmp_path, "boot-1") is StartCause.RESTART


def test_a_folder_that_cannot_be_used_keeps_nobody_from_starting(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("")
    assert live(in_the_way, "boot-1") is StartCause.UNKNOWN


def test_a_folder_that_was_claimed_can_be_lived_in(tmp_path: Path) -> None:
    life = Lifetime(tmp_path, "boot-1")
    life.claim()
    assert life.begin() is StartCause.POWER_ON
    life.end()


def test_to_claim_the_folder_leaves_no_mark(tmp_path: Path) -> None:
    live(tmp_path, "boot-1")
    visitor = Lifetime(tmp_path, "boot-2")
    visitor.claim()
    visitor.end()
    assert live(tmp_path, "boot-2") is StartCause.POWER_ON


def test_the_machine_names_its_boot() -> None:
    assert boot_id() == boot_id() != ""
