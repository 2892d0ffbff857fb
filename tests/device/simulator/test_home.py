"""One virtual home: the real program, and a hand on everything around it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.adapters.lifetime import AlreadyRunningError
from device.config import Centre, Settings
from device.prompts import manifest
from device.simulator.home import TRIGGERS, NoSuchTriggerError, VirtualHome
from device.simulator.line import Line
from device.voice.messages import FRAME_BYTES
from tests.mosquitto import free_port
from tests.waiting import Heard, until

needs_sound = pytest.mark.skipif(not (manifest.AUDIO / "manifest.json").exists(), reason="`make prompts` was not run")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[VirtualHome]:
    """A home whose centre is not there."""
    port = free_port()
    centre = Centre(host="127.0.0.1", port=port, tls=False)
    settings = Settings(unit_id="poga-virtual-1", centres=(centre,), triggers=TRIGGERS, data_dir=tmp_path)
    home = VirtualHome(settings, Line("127.0.0.1", port))
    home.plug_in()
    yield home
    home.unplug()


def light(home: VirtualHome) -> Any:
    return home.plain()["light"]


def until_light(home: VirtualHome, shape: str) -> None:
    until(lambda: light(home) == shape, f"the light is {shape}")


def press(home: VirtualHome, trigger_id: str, until_it_is: str) -> None:
    """Press for as long as it takes to be seen, as people do."""
    home.press(trigger_id, True)
    until_light(home, until_it_is)
    home.press(trigger_id, False)


def test_a_unit_that_was_plugged_in_shines(home: VirtualHome) -> None:
    until_light(home, "breath")
    until(lambda: home.brightness > 0, "the lamp is lit")


@pytest.mark.parametrize("trigger_id", ["button", "pull_cord"])
def test_a_wired_trigger_calls_at_once(home: VirtualHome, trigger_id: str) -> None:
    until_light(home, "breath")
    home.press(trigger_id, True)
    until_light(home, "calling")
    plain = home.plain()
    assert plain["down"] == [trigger_id]
    assert plain["alarm"]["trigger"] == trigger_id
    home.press(trigger_id, False)
    assert home.plain()["down"] == []
    until(lambda: home.plain()["waiting"] > 0, "the alarm is kept")


def test_a_pendant_calls_after_its_pre_alarm_which_cancel_ends(home: VirtualHome) -> None:
    until_light(home, "breath")
    press(home, "pendant", "flicker")
    assert 0 < home.plain()["alarm"]["pre_alarm_left_s"] <= 8
    home.cancel(True)
    until_light(home, "breath")
    home.cancel(False)
    assert home.plain()["alarm"]["ladder"] == {}


def test_what_the_home_does_not_have_cannot_be_pressed(home: VirtualHome) -> None:
    with pytest.raises(NoSuchTriggerError, match="there are button, pull_cord, pendant"):
        home.press("doorbell", True)


def test_an_empty_battery_without_mains_is_the_end_and_mains_are_a_new_life_with_the_old_alarm(
    home: VirtualHome,
) -> None:
    until_light(home, "breath")
    press(home, "button", "calling")
    home.supply(mains=False)
    assert home.plain()["is_on"]
    home.supply(battery_percent=0)
    assert not home.plain()["is_on"]
    assert (home.brightness, home.plain()["words"]) == (0.0, None)
    assert home.plain()["alarm"]["state"] == "raised"  # its disk keeps it
    home.press("pull_cord", True)  # nobody is there to see it
    home.press("pull_cord", False)
    home.supply(mains=True)
    until_light(home, "calling")
    started = next(line for line in reversed(home.plain()["log"]) if line["event"].startswith("Started"))
    assert started["event"] == "Started power_on"
    assert "pressed" in home.plain()["alarm"]["ladder"]


def test_a_home_whose_data_another_one_has_is_not_plugged_in(home: VirtualHome) -> None:
    second = VirtualHome(home.settings, Line("127.0.0.1", 1))
    with pytest.raises(AlreadyRunningError):
        second.plug_in()
    assert not second.plain()["is_on"]


def test_a_low_battery_is_a_fault(home: VirtualHome) -> None:
    home.supply(battery_percent=10)
    until(lambda: "battery_low" in home.plain()["faults"], "the fault is known")
    home.supply(battery_percent=90)
    until(lambda: "battery_low" not in home.plain()["faults"], "the fault is gone")


def test_a_trigger_that_is_held_at_start_is_a_fault_and_no_press(home: VirtualHome) -> None:
    home.unplug()
    home.press("button", True)
    home.plug_in()
    until(lambda: "trigger_held:button" in home.plain()["faults"], "the fault is known")
    assert home.plain()["alarm"]["state"] == "normal"
    home.press("button", False)
    until(lambda: "trigger_held:button" not in home.plain()["faults"], "the fault is gone")


def test_a_broken_lamp_is_a_fault(home: VirtualHome) -> None:
    until_light(home, "breath")
    home.break_lamp(True)
    until(lambda: "light_lost" in home.plain()["faults"], "the fault is known")
    assert not home.plain()["lamp"]


@needs_sound
def test_the_words_are_shown_and_heard_in_the_room(home: VirtualHome) -> None:
    heard: Heard[bytes] = Heard()
    home.room.listen(heard)
    until_light(home, "breath")
    press(home, "button", "calling")
    until(lambda: home.plain()["words"] is not None, "something is said")
    words = home.plain()["words"]
    assert words["text"]
    until(lambda: any(map(any, heard.all)), "something else than silence is heard")
    assert {len(frame) for frame in heard.all} == {FRAME_BYTES}


@needs_sound
def test_an_unplugged_loudspeaker_is_a_fault_and_takes_no_press_away(home: VirtualHome) -> None:
    until_light(home, "breath")
    home.mute(True)
    press(home, "button", "calling")
    until(lambda: "sound_lost" in home.plain()["faults"], "the fault is known")
    assert not home.plain()["loudspeaker"]
