"""The page's WebSocket: the room is heard, the microphone hears, and only the home's own page may do either."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from device.simulator.room import VirtualRoom
from device.simulator.talk import FRAMES_KEPT, add_talk
from device.voice.messages import FRAME_BYTES
from tests.waiting import Heard, until

OWN = {"origin": "http://testserver"}


class Played(VirtualRoom):
    """A room that remembers what its microphone was given."""

    def __init__(self) -> None:
        super().__init__(lambda: True)
        self.given: Heard[bytes] = Heard()

    def _let_in(self, frame: bytes) -> None:
        self.given(frame)

    @property
    def listeners(self) -> int:
        return len(self._listeners)


@pytest.fixture
def room() -> Played:
    return Played()


@pytest.fixture
def browser(room: Played) -> Iterator[TestClient]:
    page = FastAPI()
    add_talk(page, room)
    with TestClient(page) as browser:
        yield browser


def frame(number: int) -> bytes:
    return bytes([number % 256]) * FRAME_BYTES


def test_a_page_hears_the_room(room: Played, browser: TestClient) -> None:
    with browser.websocket_connect("/api/voice", headers=OWN) as page:
        until(lambda: room.listeners == 1, "the page listens")
        room.sound(frame(1))
        assert page.receive_bytes() == frame(1)
    until(lambda: room.listeners == 0, "nobody listens any more")


def test_a_page_speaks_into_the_room_and_whoever_speaks_up_later_is_heard(room: Played, browser: TestClient) -> None:
    with browser.websocket_connect("/api/voice", headers=OWN) as first:
        first.send_bytes(frame(1))
        room.given.wait(frame(1))
        with browser.websocket_connect("/api/voice", headers=OWN) as second:
            second.send_bytes(b"no frame")
            second.send_bytes(frame(2))
            room.given.wait(frame(2))
            first.send_bytes(frame(3))
            second.send_bytes(frame(4))
            room.given.wait(frame(4))
    assert frame(3) not in room.given.all


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9", "null", ""])
def test_another_sites_page_neither_hears_nor_speaks(room: Played, browser: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        browser.websocket_connect("/api/voice", headers={"origin": origin}) as page,
    ):
        page.receive_bytes()
    assert room.listeners == 0


def test_a_page_that_does_not_keep_up_loses_the_oldest_sound(room: Played, browser: TestClient) -> None:
    with browser.websocket_connect("/api/voice", headers=OWN) as page:
        until(lambda: room.listeners == 1, "the page listens")
        for number in range(3 * FRAMES_KEPT):
            room.sound(frame(number))
        last = 3 * FRAMES_KEPT - 1
        while page.receive_bytes() != frame(last):
            pass
