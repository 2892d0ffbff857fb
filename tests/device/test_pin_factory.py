"""Which factory pins come from, where none was given."""

import os

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from device.adapters.indicators import Indicators
from device.adapters.power import MainsInput
from device.core.events import PowerRead
from device.pin_factory import named_factory
from device.ports import PermanentAdapterError
from tests.waiting import Heard


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the named factory cannot be opened."""
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "steam")


@pytest.mark.usefixtures("no_library")
def test_an_unknown_factory_is_named_with_what_to_do() -> None:
    with pytest.raises(PermanentAdapterError, match=r"'steam' cannot be opened.*GPIOZERO_PIN_FACTORY"):
        named_factory()


@pytest.mark.usefixtures("no_library")
def test_every_door_that_needs_it_says_so_in_the_same_words() -> None:
    heard: Heard[object] = Heard()
    light = Indicators(12)
    with pytest.raises(PermanentAdapterError, match=r"^the pin factory 'steam' cannot be opened"):
        light.start(heard)
    light.stop()
    with pytest.raises(PermanentAdapterError, match=r"^the pin factory 'steam' cannot be opened"):
        MainsInput(6).start(heard)
    assert PowerRead(mains=None, battery_percent=None) in heard.all


def test_the_factory_is_lgpio_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unnamed, gpiozero would take whatever it finds."""
    named: list[str] = []

    def note() -> None:
        named.append(os.environ["GPIOZERO_PIN_FACTORY"])
        Device.pin_factory = MockFactory()

    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setattr(Device, "ensure_pin_factory", note)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "")  # so that it is put back
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY")
    assert named_factory() is Device.pin_factory
    assert named == ["lgpio"]


def test_the_factory_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    assert isinstance(named_factory(), MockFactory)
