"""Voice and sound: what is lost is told when it stays so, and the room is tested while nothing else sounds."""

import math

import pytest

from device.core import effects as fx
from device.core import events as ev
from device.core import timings
from device.core.effects import Effect
from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose, CommandOutcome
from tests.device.core.life import Life, bodies, connected, faults, of_kind
from tests.device.core.talk import CALLS, Talk, in_alarm, talking

FIRST_S = timings.SOUND_TEST_FIRST_S
DAY_S = timings.SOUND_TEST_EVERY_S


def chirps(effects: list[Effect]) -> int:
    return len(of_kind(fx.TestSound, effects))


def heard(level_db: float = -20.0) -> ev.SoundTested:
    return ev.SoundTested(ev.SoundTest(True, level_db))


def results(effects: list[Effect]) -> list[wire.SoundTested]:
    return [body for body in bodies(effects) if isinstance(body, wire.SoundTested)]


def outcomes(effects: list[Effect]) -> list[tuple[CommandOutcome, str]]:
    return [(body.outcome, body.detail) for body in bodies(effects) if isinstance(body, wire.CommandDone)]


# --- the voice ---


def test_a_voice_that_does_not_start_is_told() -> None:
    life = Talk(calls=CALLS)
    assert faults(life.wait(timings.VOICE_STARTS_WITHIN_S - 0.1)) == []
    effects = life.wait(0.2)
    assert "+voice_lost" in faults(effects)


def test_a_voice_that_is_back_soon_was_a_hiccup() -> None:
    life = talking()
    life.happen(ev.VoiceLost("killed"))
    life.wait(2)
    life.happen(ev.VoiceStarted("test"))
    assert faults(life.wait(60)) == []


def test_a_voice_that_stays_away_is_told_once_with_its_reason_and_its_return_when_it_stands() -> None:
    life = talking()
    life.happen(ev.VoiceLost("killed"), ev.VoiceLost("pjsua2 is not installed"))
    effects = life.wait(timings.VOICE_FAULT_AFTER_S + 0.1)
    told = [body.detail for body in bodies(effects) if isinstance(body, wire.FaultRaised)]
    assert told == ["pjsua2 is not installed"]
    assert faults(life.happen(ev.VoiceLost("still"))) == []
    assert faults(life.wait(60)) == []
    life.happen(ev.VoiceStarted("test"))
    assert faults(life.wait(timings.VOICE_STEADY_AFTER_S - 0.1)) == []
    assert faults(life.wait(0.2)) == ["-voice_lost"]


def test_a_voice_that_comes_and_goes_is_lost() -> None:
    life = talking()
    told: list[str] = []
    for _ in range(10):
        told += faults(life.happen(ev.VoiceLost("killed")) + life.wait(1))
        told += faults(life.happen(ev.VoiceStarted("test")) + life.wait(1))
    assert told == ["+voice_lost"]


def test_a_sound_device_that_is_unplugged_and_plugged_in_again_is_told() -> None:
    life = talking()
    assert faults(life.happen(ev.SoundLost("unplugged"), ev.SoundLost("unplugged"))) == ["+sound_lost:speech"]
    assert faults(life.happen(ev.SoundFound("card"))) == ["-sound_lost:speech"]


# --- when the test is made ---


def test_the_sound_is_tested_an_hour_after_the_start_and_then_every_day() -> None:
    life = talking()
    assert chirps(life.wait(FIRST_S - 20)) == 0
    assert chirps(life.wait(20)) == 1
    for _ in range(3):
        life.happen(heard())
        assert chirps(life.wait(DAY_S)) == 1


def test_an_ordered_test_is_made_at_once_and_chooses_the_hour_of_the_others() -> None:
    life = talking()
    life.wait(FIRST_S / 2)
    effects = life.order(wire.TestSound(), "test")
    assert (chirps(effects), outcomes(effects)) == (1, [(CommandOutcome.DONE, "")])
    life.happen(heard())
    assert chirps(life.wait(DAY_S - 1)) == 0
    assert chirps(life.wait(1)) == 1


def test_a_test_waits_until_nothing_else_sounds() -> None:
    life = talking()
    life.wait(FIRST_S - 60)
    life.press()
    assert chirps(life.wait(600)) == 0
    assert outcomes(life.order(wire.TestSound(), "test")) == [(CommandOutcome.REFUSED, "something else sounds now")]
    assert chirps(life.reset()) == 1


def test_without_a_voice_or_a_sound_device_nothing_is_tested() -> None:
    life = talking()
    life.happen(ev.SoundLost("unplugged"))
    assert chirps(life.wait(2 * FIRST_S)) == 0
    assert outcomes(life.order(wire.TestSound(), "test")) == [(CommandOutcome.REFUSED, "there is no sound now")]
    assert chirps(life.happen(ev.SoundFound("card"))) == 1, "it was due"
    without: Life = connected()
    assert outcomes(without.order(wire.TestSound(), "test")) == [(CommandOutcome.REFUSED, "this unit has no voice")]


# --- what came of it ---


def test_a_test_is_told_with_how_it_has_changed() -> None:
    life = talking()
    life.order(wire.TestSound(), "1")
    tested = ev.SoundTest(True, -20.0, 84.0, 250.0, 6800.0, "clear")
    assert results(life.happen(ev.SoundTested(tested))) == [
        wire.SoundTested(
            is_heard=True, level_db=-20.0, delay_ms=84.0, lowest_hz=250.0, highest_hz=6800.0, detail="clear"
        )
    ]
    assert [one.change_db for level in (-22.0, -18.0) for one in results(life.happen(heard(level)))] == [-2, 3]


def test_a_chirp_that_does_not_come_back_is_a_fault_until_it_does() -> None:
    life = talking()
    lost = ev.SoundTested(ev.SoundTest(is_heard=False))
    assert faults(life.happen(lost, lost)) == ["+sound_weak"]
    assert faults(life.happen(heard())) == ["-sound_weak"]


def test_a_chirp_that_comes_back_much_softer_is_a_fault_and_no_new_measure() -> None:
    life = talking()
    for _ in range(20):
        assert faults(life.happen(heard(-20.0))) == []
    assert faults(life.happen(heard(-20.0 - timings.SOUND_FALLS_DB))) == ["+sound_weak"]
    for _ in range(20):
        assert faults(life.happen(heard(-40.0))) == []
    assert faults(life.happen(heard(-25.0))) == ["-sound_weak"]


def test_a_test_that_comes_to_no_end_is_a_fault() -> None:
    life = talking()
    life.order(wire.TestSound(), "test")
    assert faults(life.wait(timings.SOUND_TEST_WITHIN_S + 1)) == ["+sound_weak"]


@pytest.mark.parametrize("between", ["the voice is lost", "a press", "an announcement"])
def test_a_test_that_something_came_between_says_nothing_and_is_made_again(between: str) -> None:
    life = talking()
    life.order(wire.TestSound(), "test")
    if between == "the voice is lost":
        life.happen(ev.VoiceLost("killed"))
        assert chirps(life.happen(ev.VoiceStarted("test"))) == 1
        return
    if between == "a press":
        life.press()
    else:
        life.arrive(CallPurpose.ANNOUNCE)
    broken = life.happen(ev.SoundTested(ev.SoundTest(is_heard=False, detail="a call came between")))
    assert (results(broken), faults(broken)) == ([], [])
    assert chirps(life.reset() if between == "a press" else life.end()) == 1


def test_readings_that_cannot_be_are_left_out() -> None:
    life = talking()
    (told,) = results(life.happen(ev.SoundTested(ev.SoundTest(True, math.nan, math.inf, -math.inf))))
    assert (told.level_db, told.delay_ms, told.lowest_hz) == (None, None, None)


def test_what_the_room_is_shown_of_it() -> None:
    life = in_alarm()
    life.happen(ev.SoundLost("unplugged"))
    assert life.light() is fx.Light.CALLING
    life.reset()
    assert life.light() is fx.Light.DOUBLE_BLINK
