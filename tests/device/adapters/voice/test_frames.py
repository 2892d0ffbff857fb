"""The other end of an engine's socket: it gets frames, gives frames, and never waits for anybody."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.adapters.voice import FrameSocket
from device.voice.messages import FRAME_BYTES
from tests.waiting import until

FRAME = bytes(range(256)) * 2 + bytes(FRAME_BYTES - 512)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(str(tmp_path / "engine"))
        yield bound


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[FrameSocket]:
    ear = FrameSocket(tmp_path / "ear", tmp_path / "engine")
    yield ear
    ear.close()


def test_frames_go_both_ways(ear: FrameSocket, engine: socket.socket) -> None:
    assert ear.say(FRAME)
    frame, peer = engine.recvfrom(2 * FRAME_BYTES)
    assert frame == FRAME
    engine.sendto(FRAME, peer)
    assert ear.hear(1) == FRAME


def test_an_announcement_is_no_sound(ear: FrameSocket, engine: socket.socket) -> None:
    assert ear.announce()
    said, peer = engine.recvfrom(2 * FRAME_BYTES)
    assert len(said) != FRAME_BYTES
    engine.sendto(b"too short", peer)
    assert ear.hear(1) is None


def test_an_engine_that_is_not_there_is_told_and_not_waited_for(ear: FrameSocket) -> None:
    assert not ear.announce()
    assert not ear.say(FRAME)
    assert ear.hear(0.01) is None


def test_an_engine_that_reads_nothing_holds_up_nobody(ear: FrameSocket, engine: socket.socket) -> None:
    for _ in range(10_000):
        assert ear.say(FRAME)


def test_whoever_hears_is_woken_by_the_end(ear: FrameSocket) -> None:
    heard: list[bytes | None] = []
    listener = threading.Thread(target=lambda: heard.append(ear.hear(60)))
    listener.start()
    until(listener.is_alive, "somebody listens")
    ear.close()
    listener.join(10)
    assert heard == [None]


def test_a_place_that_is_taken_is_told(tmp_path: Path, ear: FrameSocket) -> None:
    with pytest.raises(OSError, match="in use"):
        FrameSocket(tmp_path / "ear", tmp_path / "engine")
