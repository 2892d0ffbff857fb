"""Triggers: what is configured is named on the wire, and what is not calls for help all the same."""

import pytest

from device.core.triggers import Trigger, Triggers
from device.wire.vocabulary import DeviceType
from tests.device.core.life import CORD, TRIGGERS


def test_a_trigger_is_found_by_its_id_and_named_as_configured() -> None:
    assert Triggers(TRIGGERS).get("cord") is CORD
    info = CORD.info()
    assert (info.trigger_id, info.name, info.location_code) == ("cord", "Bathroom cord", "011")


def test_a_trigger_that_nobody_configured_still_calls_at_once() -> None:
    trigger = Triggers(()).get("unheard-of")
    assert trigger == Trigger("unheard-of", "unheard-of", DeviceType.UNIT)
    assert trigger.pre_alarm_s == 0


def test_an_id_of_any_length_fits_the_wire() -> None:
    assert len(Triggers(()).get("x" * 1_000).info().name) == 64


def test_a_code_the_wire_cannot_carry_is_told_at_the_start_and_not_at_the_press() -> None:
    with pytest.raises(ValueError, match="status_code"):
        Triggers((Trigger("button", "Button", status_code="alarm"),))
    with pytest.raises(ValueError, match="device_type"):
        Triggers((Trigger("button", "Button", device_type="button"),))
