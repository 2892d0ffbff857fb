"""Units are added to a running centre by a file each."""

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from hub.adapters import enrolled
from hub.adapters.enrolled import EnrolledUnits, enrol, read
from hub.core.effects import Acknowledge
from hub.core.events import AdapterFailed, AdapterRecovered, Event, RecordsEdited
from hub.core.records import Unit
from hub.ports import PermanentAdapterError
from tests.waiting import until


class Listener:
    """What the broker and the loop were told."""

    def __init__(self, failures: int = 0) -> None:
        self.units: dict[str, str] = {}
        self.events: list[Event] = []
        self.failures = failures

    def set_units(self, units: Mapping[str, str]) -> None:
        if self.failures:
            self.failures -= 1
            raise PermanentAdapterError("the disk is full")
        self.units = dict(units)


def test_an_enrolled_unit_gets_a_password_that_only_the_centre_can_read(tmp_path: Path) -> None:
    unit = enrol(tmp_path / "units", "home-1", "Invented home")
    path = tmp_path / "units" / "home-1.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(unit.password) >= 32
    assert read(path) == unit
    assert unit.password not in repr(unit)


def test_enrolling_again_keeps_the_password(tmp_path: Path) -> None:
    first = enrol(tmp_path, "home-1", "Invented home")
    assert enrol(tmp_path, "home-1").password == first.password
    assert enrol(tmp_path, "home-1").name == "Invented home"


@pytest.mark.parametrize("unit_id", ["centre", "../x", "A", "ab", "a" * 33])
def test_a_name_that_cannot_be_a_units_is_refused(tmp_path: Path, unit_id: str) -> None:
    with pytest.raises(ValueError, match="cannot name a unit"):
        enrol(tmp_path, unit_id)


def test_broker_and_register_learn_of_a_unit_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolled, "LOOK_EVERY_S", 0.02)
    first = enrol(tmp_path, "home-1")
    heard = Listener()
    units = EnrolledUnits(tmp_path, {"home-1"}, heard.set_units)
    units.start(heard.events.append)
    try:
        assert heard.units == {"home-1": first.password}
        assert heard.events == []
        second = enrol(tmp_path, "home-2", "Another invented home")
        until(lambda: bool(heard.events), "the new unit is told of")
        assert heard.units == {"home-1": first.password, "home-2": second.password}
        assert heard.events == [RecordsEdited("", (Unit("home-2", "Another invented home"),))]
        (tmp_path / "home-1.json").unlink()
        until(lambda: set(heard.units) == {"home-2"}, "the unit that was taken out is forgotten")
    finally:
        units.stop()


def test_a_broken_file_keeps_nobody_else_out(tmp_path: Path) -> None:
    (tmp_path / "home-1.json").write_text("{")
    (tmp_path / "home-3.json").write_text('{"name": "x"}')
    enrol(tmp_path, "home-2")
    heard = Listener()
    units = EnrolledUnits(tmp_path, set(), heard.set_units)
    units.start(heard.events.append)
    units.stop()
    assert set(heard.units) == {"home-2"}


def test_a_broker_that_cannot_be_told_is_told_again_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolled, "LOOK_EVERY_S", 0.02)
    enrol(tmp_path, "home-1")
    heard = Listener(failures=2)
    units = EnrolledUnits(tmp_path, {"home-1"}, heard.set_units)
    units.start(heard.events.append)
    try:
        until(lambda: len(heard.events) > 1, "the units are let in")
    finally:
        units.stop()
    assert set(heard.units) == {"home-1"}
    assert heard.events == [AdapterFailed("enrolled", "look", "the disk is full", True), AdapterRecovered("enrolled")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentAdapterError, match="cannot be made"):
        EnrolledUnits(tmp_path / "file" / "units", set(), Listener().set_units).start(lambda event: None)


def test_nothing_is_performed(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        EnrolledUnits(tmp_path, set(), Listener().set_units).perform(Acknowledge(1))
