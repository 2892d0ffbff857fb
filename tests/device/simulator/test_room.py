"""The sound of the virtual home: who hears the loudspeaker, whom the microphone hears."""

import socket
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.simulator.room import VirtualRoom
from device.voice.messages import FRAME_BYTES
from tests.waiting import GENEROUS_S, Heard

FRAME = array("h", range(-160, 160)).tobytes()
SOFTER = array("h", [sample >> 2 for sample in range(-160, 160)]).tobytes()


class Engine:
    """The other end: what an engine gives to the room and hears of it."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(GENEROUS_S)
        self._socket.bind(str(path))
        self.peer = self._socket.recvfrom(2 * FRAME_BYTES)[1]  # the room says where it is

    def give(self, frame: bytes) -> None:
        self._socket.sendto(frame, self.peer)

    def hear(self) -> bytes:
        while len(frame := self._socket.recv(2 * FRAME_BYTES)) != FRAME_BYTES:
            pass
        return frame

    def close(self) -> None:
        self._socket.close()


class Home:
    """A room, and whether a call hears it."""

    def __init__(self) -> None:
        self.is_heard = False
        self.room = VirtualRoom(lambda: self.is_heard)
        self.room.open()
        assert self.room.engine_socket is not None
        self.engine = Engine(self.room.engine_socket)


@pytest.fixture
def home() -> Iterator[Home]:
    home = Home()
    yield home
    home.engine.close()
    home.room.close()


def test_every_page_that_listens_hears_the_loudspeaker(home: Home) -> None:
    pages: list[Heard[bytes]] = [Heard(), Heard()]
    for page in pages:
        home.room.listen(page)
    home.engine.give(FRAME)
    for page in pages:
        page.wait(FRAME)
    home.room.leave(pages[0])
    home.engine.give(FRAME)
    pages[1].wait(FRAME, 2)
    assert len(pages[0].all) == 1


def test_the_page_that_spoke_up_last_is_heard_in_a_call(home: Home) -> None:
    home.is_heard = True
    home.room.take_microphone("first")
    home.room.take_microphone("second")
    home.room.speak("first", bytes(FRAME_BYTES))
    home.room.speak("second", FRAME)
    assert home.engine.hear() == FRAME


def test_outside_a_call_the_microphone_hears_the_loudspeaker_softer_and_no_page(home: Home) -> None:
    home.room.take_microphone("page")
    home.room.speak("page", bytes(FRAME_BYTES))
    home.engine.give(FRAME)
    assert home.engine.hear() == SOFTER


def test_in_a_call_the_loudspeaker_does_not_come_back(home: Home) -> None:
    page: Heard[bytes] = Heard()
    home.room.listen(page)
    home.is_heard = True
    home.engine.give(FRAME)
    page.wait(FRAME)
    home.room.take_microphone("page")
    home.room.speak("page", bytes(FRAME_BYTES))
    assert home.engine.hear() == bytes(FRAME_BYTES)


def test_a_loudspeaker_that_is_unplugged_says_nothing(home: Home) -> None:
    page: Heard[bytes] = Heard()
    home.room.listen(page)
    home.room.is_broken = True
    home.room.sound(FRAME)
    home.room.is_broken = False
    home.engine.give(SOFTER)
    page.wait(SOFTER)
    assert page.all == [SOFTER]


def test_another_engine_finds_the_room_too(home: Home) -> None:
    home.engine.close()
    assert home.room.engine_socket is not None
    home.room.engine_socket.unlink()
    home.engine = Engine(home.room.engine_socket)
    page: Heard[bytes] = Heard()
    home.room.listen(page)
    home.engine.give(FRAME)
    page.wait(FRAME)


def test_a_room_that_was_closed_can_be_opened_again() -> None:
    room = VirtualRoom(lambda: False)
    room.close()
    for _ in range(2):
        room.open()
        folder = room.engine_socket
        assert folder is not None
        room.sound(FRAME)
        room.close()
        assert not folder.parent.exists()
    room.sound(FRAME)
