"""One pin: which library factory it comes from."""

import os

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from device.adapters.trigger_button.line import named_factory
from device.ports import PermanentAdapterError


def test_an_unknown_factory_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "steam")
    with pytest.raises(PermanentAdapterError, match=r"'steam' cannot be opened.*GPIOZERO_PIN_FACTORY"):
        named_factory()


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
