"""Pins that nobody wired behave as wired ones."""

import pytest
from gpiozero import PWMLED, InputDevice

from device.simulator.pins import STATES_KEPT, HomePins

BCM = 5


def test_a_contact_grounds_its_pin() -> None:
    pins = HomePins()
    device = InputDevice(BCM, pull_up=True, pin_factory=pins)
    pins.at(BCM).ground(True)
    assert device.value == 1
    pins.at(BCM).ground(False)
    assert device.value == 0
    device.close()


def test_a_contact_that_is_held_stays_held_when_the_pin_is_claimed() -> None:
    pins = HomePins()
    pins.at(BCM).ground(True)
    device = InputDevice(BCM, pull_up=True, pin_factory=pins)
    assert device.value == 1
    device.close()


def test_a_lamp_shows_how_bright_it_is_and_is_dark_when_nobody_drives_it() -> None:
    pins = HomePins()
    lamp = PWMLED(BCM, pin_factory=pins)
    lamp.value = 0.25
    assert pins.at(BCM).level() == 0.25
    lamp.close()
    assert pins.at(BCM).level() == 0.0


def test_a_broken_lamp_fails() -> None:
    pins = HomePins()
    lamp = PWMLED(BCM, pin_factory=pins)
    pins.at(BCM).is_broken = True
    with pytest.raises(OSError, match="broken"):
        lamp.value = 1
    pins.at(BCM).is_broken = False
    lamp.close()


def test_a_light_that_breathes_for_years_fits_into_memory() -> None:
    pins = HomePins()
    lamp = PWMLED(BCM, pin_factory=pins)
    for step in range(3 * STATES_KEPT):
        lamp.value = step % 2
    assert len(pins.at(BCM).states) <= STATES_KEPT + 1
    lamp.close()
