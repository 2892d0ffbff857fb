"""The virtual home's loudspeaker: it plays through an engine or without one, and shows what is said."""

import io
import threading
import time
import wave

import pytest

from device.adapters.prompts import Sound, Utterance
from device.core.effects import Prompt
from device.ports import PermanentAdapterError, TransientAdapterError
from device.prompts.words import Language
from device.simulator.loudspeaker import Loudspeaker
from device.simulator.room import VirtualRoom
from device.voice.messages import FRAME_BYTES
from tests.waiting import GENEROUS_S, Heard

FRAMES = 10


def spoken(frames: float = FRAMES) -> Utterance:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\1\1" * int(frames * 320))
    return Utterance(Prompt.CALLING, Language.EN, "I am calling.", held.getvalue(), frames * 0.02)


class EnginesRoom:
    """A room of an engine that cannot play to the end."""

    is_there = True

    def has_sound(self) -> bool:
        return self.is_there

    def await_sound(self) -> bool:
        there, self.is_there = self.is_there, False
        return there

    def play(self, wav: bytes, duration_s: float) -> Sound:
        assert wav == spoken().wav
        return self

    def wait(self) -> bool:
        raise TransientAdapterError("it was killed")

    def cut(self) -> None:
        pass


def test_without_an_engine_the_words_go_into_the_room_at_their_own_pace() -> None:
    room, heard = VirtualRoom(lambda: False), Heard[bytes]()
    room.listen(heard)
    loudspeaker = Loudspeaker(room)
    began_s = time.monotonic()
    assert loudspeaker.beside(None).begin(spoken(FRAMES + 0.5)).wait()
    assert time.monotonic() - began_s >= FRAMES * 0.02
    assert len(heard.all) == FRAMES + 1
    assert heard.all[-1] == b"\1\1" * 160 + bytes(FRAME_BYTES // 2)
    assert loudspeaker.last() == {"number": 1, "prompt": "calling", "language": "en", "text": "I am calling."}


def test_words_can_be_cut() -> None:
    sound = Loudspeaker(VirtualRoom(lambda: False)).beside(None).begin(spoken(1_000_000))
    said: list[bool] = []
    saying = threading.Thread(target=lambda: said.append(sound.wait()))
    saying.start()
    sound.cut()
    saying.join(GENEROUS_S)
    assert said == [False]


def test_what_the_engine_leaves_unsaid_goes_straight_into_the_room() -> None:
    room, heard = VirtualRoom(lambda: False), Heard[bytes]()
    room.listen(heard)
    assert Loudspeaker(room).beside(EnginesRoom()).begin(spoken()).wait()
    assert len(heard.all) == FRAMES


def test_one_that_is_unplugged_is_told_with_an_engine_and_without() -> None:
    room = VirtualRoom(lambda: False)
    loudspeaker = Loudspeaker(room)
    for engine in (None, EnginesRoom()):
        player = loudspeaker.beside(engine)
        assert player.probe().wait()
        room.is_broken = True
        for ask in (player.probe, lambda player=player: player.begin(spoken())):
            with pytest.raises(PermanentAdapterError, match="plug it in"):
                ask()
        room.is_broken = False
    assert loudspeaker.last() is None


def test_a_dark_unit_shows_no_words() -> None:
    loudspeaker = Loudspeaker(VirtualRoom(lambda: False))
    loudspeaker.beside(None).begin(spoken())
    loudspeaker.fall_silent()
    assert loudspeaker.last() is None
