"""The receiver for worn triggers."""

import pytest

from device.core.effects import Prompt, Speak
from device.core.events import Event, TriggerActivated, TriggerReleased
from device.simulator.radio import Radio


def test_a_pendant_is_heard_while_the_door_is_open() -> None:
    heard: list[Event] = []
    radio = Radio()
    radio.hear("pendant", True)
    radio.start(heard.append)
    radio.hear("pendant", True)
    radio.hear("pendant", False)
    radio.stop()
    radio.hear("pendant", True)
    assert heard == [TriggerActivated("pendant"), TriggerReleased("pendant")]


def test_nothing_else_is_asked_of_it() -> None:
    with pytest.raises(AssertionError):
        Radio().perform(Speak(Prompt.READY))
