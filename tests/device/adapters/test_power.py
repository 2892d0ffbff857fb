"""Mains and battery: told when they change, not known where they cannot be read."""

import queue

import pytest
from gpiozero import Factory
from gpiozero.pins.mock import MockFactory

from device.adapters.power import MainsInput, SimulatedPower
from device.core.events import Event, PowerRead
from device.ports import PermanentAdapterError

BCM = 25
WAIT_S = 20.0


@pytest.fixture
def pins() -> Factory:
    return MockFactory()


def test_mains_are_there_while_the_output_is_low_and_changes_are_told_once(pins: Factory) -> None:
    reported: queue.Queue[Event] = queue.Queue()
    mains = MainsInput(BCM, pins, look_every_s=0.005)
    mains.start(reported.put)
    assert reported.get(timeout=WAIT_S) == PowerRead(mains=False, battery_percent=None)
    pins.pin(BCM).drive_low()
    assert reported.get(timeout=WAIT_S) == PowerRead(mains=True, battery_percent=None)
    pins.pin(BCM).drive_high()
    assert reported.get(timeout=WAIT_S) == PowerRead(mains=False, battery_percent=None)
    mains.stop()
    mains.stop()
    assert reported.empty()


def test_the_pin_is_free_again_after_the_stop(pins: Factory) -> None:
    for _ in range(2):
        mains = MainsInput(BCM, pins)
        mains.start(lambda event: None)
        mains.stop()


def test_a_pin_that_cannot_be_had_is_told_with_the_remedy_and_the_mains_are_not_known(pins: Factory) -> None:
    reported: list[Event] = []
    with pytest.raises(PermanentAdapterError, match="leave `mains_pin` empty"):
        MainsInput(99, pins).start(reported.append)
    assert reported == [PowerRead(mains=None, battery_percent=None)]


def test_a_pin_that_fails_later_makes_the_mains_unknown(pins: Factory, caplog: pytest.LogCaptureFixture) -> None:
    reported: queue.Queue[Event] = queue.Queue()
    mains = MainsInput(BCM, pins, look_every_s=0.005)
    mains.start(reported.put)
    assert reported.get(timeout=WAIT_S) == PowerRead(mains=False, battery_percent=None)
    pins.pin(BCM)._get_state = None
    assert reported.get(timeout=WAIT_S) == PowerRead(mains=None, battery_percent=None)
    mains.stop()
    assert caplog.text.count("cannot be read") == 1


def test_simulated_power_tells_at_start_and_at_every_change() -> None:
    reported: list[Event] = []
    power = SimulatedPower()
    power.set(mains=True, battery_percent=80)
    power.start(reported.append)
    power.set(mains=False, battery_percent=15.5)
    power.stop()
    power.set(mains=True, battery_percent=100)
    assert reported == [PowerRead(True, 80), PowerRead(False, 15.5)]
