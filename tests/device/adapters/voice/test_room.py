"""Playing into the room: to the end, cut, and with an engine that goes away meanwhile."""

import threading

import pytest

from device.adapters.voice.room import Playing
from device.core.effects import PlaceCall, SetSpeech
from device.ports import TransientAdapterError
from device.voice.messages import ROOM, ClosePoint, LegAnswered, Link, PlayEnded, SoundLost
from device.wire.vocabulary import SpeechMode
from tests.device.adapters.voice.played_engine import House
from tests.waiting import GENEROUS_S

WAV = b"RIFF and some sound"


def play(house: House) -> Playing:
    return house.voice.room.play(WAV, 1.0)


def test_what_is_played_is_heard_in_the_room_from_memory(house: House) -> None:
    playing = play(house)
    assert house.engine.played == {playing.point: WAV}
    assert house.engine.linked() == (Link(source=playing.point, sink=ROOM),)
    assert str(playing.path).startswith("/proc/")
    house.engine.say(PlayEnded(point=playing.point, is_complete=True))
    assert playing.wait()
    assert house.engine.linked() == ()
    assert not playing.path.exists()


def test_what_is_cut_is_told_from_what_was_played_to_its_end(house: House) -> None:
    playing = play(house)
    playing.cut()
    assert not playing.wait()
    assert house.engine.all(ClosePoint) == [ClosePoint(point=playing.point)]
    playing.cut()  # and nobody is told twice
    assert len(house.engine.all(ClosePoint)) == 1


def test_it_takes_nothing_from_a_call(house: House) -> None:
    house.voice.perform(PlaceCall("out-1", 0))
    house.engine.say(LegAnswered(leg="out-1"))
    house.voice.perform(SetSpeech("out-1", SpeechMode.LISTEN, 6))
    playing = play(house)
    assert set(house.engine.linked()) == {Link(source=ROOM, sink="out-1"), Link(source=playing.point, sink=ROOM)}
    playing.cut()
    assert house.engine.linked() == (Link(source=ROOM, sink="out-1"),)


@pytest.mark.parametrize("what", ["engine", "device"])
def test_whoever_waits_learns_that_it_will_not_end(house: House, what: str) -> None:
    playing = play(house)
    failures: list[str] = []

    def wait() -> None:
        try:
            playing.wait()
        except TransientAdapterError as error:
            failures.append(str(error))

    waiter = threading.Thread(target=wait)
    waiter.start()
    if what == "engine":
        house.engine.lose("killed")
    else:
        house.engine.say(SoundLost(reason="unplugged"))
    waiter.join()
    assert failures in (["killed"], ["unplugged"])
    with pytest.raises(TransientAdapterError, match="no sound device"):
        play(house)


def waits(house: House) -> "tuple[threading.Thread, list[bool]]":
    """Somebody who wants to know whether there is sound, as soon as that can be known."""
    answers: list[bool] = []
    asking = threading.Thread(target=lambda: answers.append(house.voice.room.await_sound()))
    asking.start()
    return asking, answers


@pytest.mark.parametrize("there_is", [True, False])
def test_words_wait_for_an_engine_that_is_starting_until_it_has_found_a_device_or_none(there_is: bool) -> None:
    house = House()
    house.voice.start(house.events)
    asking, answers = waits(house)
    assert asking.is_alive()
    house.engine.begin("a card" if there_is else "")
    if not there_is:
        house.engine.say(SoundLost(reason="there is no sound card"))
    asking.join(GENEROUS_S)
    assert answers == [there_is]
    house.voice.stop()


def test_words_wait_for_the_next_engine_but_not_for_one_that_never_starts(house: House) -> None:
    house.engine.lose()
    asking, answers = waits(house)
    house.engine.begin()
    asking.join(GENEROUS_S)
    assert answers == [True]
    house.engine.lose()
    house.engine.lose("it cannot start")
    assert not house.voice.room.await_sound()


def test_nobody_waits_for_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.adapters.voice.room.SOON_S", 0.05)
    house.engine.lose()
    assert not house.voice.room.await_sound()


def test_a_unit_that_ends_cuts_what_it_says(house: House) -> None:
    playing = play(house)
    house.voice.stop()
    assert not playing.wait()
    with pytest.raises(TransientAdapterError, match="no sound device"):
        play(house)


def test_a_file_that_the_engine_cannot_play_is_told(house: House) -> None:
    playing = play(house)
    house.engine.say(PlayEnded(point=playing.point, is_complete=False, reason="it is empty"))
    with pytest.raises(TransientAdapterError, match="it is empty"):
        playing.wait()


def test_an_engine_that_says_nothing_is_not_waited_for(house: House) -> None:
    playing = play(house)
    playing._limit_s = 0.05
    with pytest.raises(TransientAdapterError, match="has not played it"):
        playing.wait()
    assert house.engine.linked() == ()


def test_an_end_that_belongs_to_nobody_is_no_mistake(house: House) -> None:
    house.engine.say(PlayEnded(point="words-99", is_complete=True))
