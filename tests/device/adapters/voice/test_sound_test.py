"""The sound test from the door to the answer: played, heard again, looked at, told; and never without an answer."""

import array
import time

import pytest

from device.adapters.voice import chirp
from device.adapters.voice.hearing import NOTHING
from device.adapters.voice.sound_test import BROKEN_OFF
from device.core import effects
from device.core.effects import PlaceCall
from device.core.events import SoundTested
from device.voice.messages import FRAME_BYTES, ROOM, ClosePoint, OpenSocket, SetSound, Sound, SoundKind
from tests.device.adapters.voice.played_engine import House
from tests.device.adapters.voice.recordings import recorded
from tests.waiting import until


def frames_of(samples: list[int]) -> list[bytes]:
    sound = array.array("h", samples).tobytes()
    return [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]


def room_of(wav: bytes) -> list[bytes]:
    """A room in which the chirp, and nothing else, comes back after 90 ms, half as loud."""
    assert wav == chirp.wav()
    return frames_of(recorded((90, 0.5)))


def nothing_is_left(house: House) -> None:
    until(lambda: house.engine.linked() == (), "nobody listens any more")
    (opened,) = house.engine.all(OpenSocket)
    assert ClosePoint(point=opened.point) in house.engine.all(ClosePoint)
    assert not opened.path.parent.exists()


def test_what_comes_back_is_told(house: House) -> None:
    house.engine.echo = room_of
    house.voice.perform(effects.TestSound())
    test = house.told(SoundTested).test
    assert test.is_heard
    assert test.level_db == pytest.approx(-6, abs=0.5)
    assert test.delay_ms == pytest.approx(90, abs=0.5)
    assert (test.lowest_hz, test.highest_hz, test.detail) == (chirp.LOWEST_HZ, chirp.HIGHEST_HZ, "")
    nothing_is_left(house)
    assert house.engine.all(SetSound) == []  # this device has its own canceller


def test_a_microphone_that_gives_nothing_is_told(house: House) -> None:
    house.engine.echo = lambda wav: frames_of([0] * 32_640)
    house.voice.perform(effects.TestSound())
    assert house.told(SoundTested).test.detail == NOTHING


def test_an_engine_that_gives_no_frames_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.adapters.voice.sound_test.HEARS_WITHIN_S", 0.1)
    house.voice.perform(effects.TestSound())
    test = house.told(SoundTested).test
    assert not test.is_heard
    assert "the microphone gave 0 of" in test.detail
    nothing_is_left(house)


def test_without_a_sound_device_there_is_an_answer_too(house: House) -> None:
    house.engine.lose()
    house.voice.perform(effects.TestSound())
    assert "no sound device" in house.told(SoundTested).test.detail


def test_a_call_ends_the_test_at_once(house: House) -> None:
    house.voice.perform(effects.TestSound())
    until(lambda: ROOM in [link.source for link in house.engine.linked()], "the microphone is listened to")
    began_s = time.monotonic()
    house.voice.perform(PlaceCall("out-1", 0))
    assert house.told(SoundTested).test.detail == BROKEN_OFF
    assert time.monotonic() - began_s < 3  # it would have listened for 4 s
    nothing_is_left(house)


def test_two_at_once_are_one(house: House) -> None:
    house.engine.echo = room_of
    for _ in range(2):
        house.voice.perform(effects.TestSound())
    house.told(SoundTested)
    assert len(house.engine.all(OpenSocket)) == 1


def test_the_engines_own_echo_canceller_is_off_meanwhile() -> None:
    sound = Sound(kind=SoundKind.CARD, name="a card")
    house = House(sound=sound)
    house.engine.echo = room_of
    house.voice.start(house.events)
    house.engine.begin()
    house.voice.perform(effects.TestSound())
    assert house.told(SoundTested).test.is_heard
    house.voice.stop()
    off, on = house.engine.all(SetSound)
    assert off.sound == sound.model_copy(update={"has_own_echo_canceller": True})
    assert on.sound == sound
