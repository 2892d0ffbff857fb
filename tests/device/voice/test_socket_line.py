"""Frames through a socket, to whoever spoke last, and never a wait."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.voice.messages import FRAME_BYTES
from device.voice.refusal import CommandRefusedError
from device.voice.socket_line import SocketLine

FRAME = b"\1" * FRAME_BYTES


@pytest.fixture
def line(tmp_path: Path) -> Iterator[SocketLine]:
    opened = SocketLine(tmp_path / "line")
    yield opened
    opened.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as opened:
        opened.bind(str(tmp_path / "other"))
        opened.connect(str(tmp_path / "line"))
        opened.settimeout(5)
        yield opened


@pytest.mark.usefixtures("line")
class TestSocketLine:
    def test_frames_come_in_order(self, line: SocketLine, other: socket.socket) -> None:
        for number in (1, 2, 3):
            other.send(bytes([number]) * FRAME_BYTES)
        assert [line.take(), line.take(), line.take(), line.take()] == [
            *(bytes([number]) * FRAME_BYTES for number in (1, 2, 3)),
            None,
        ]

    def test_frames_go_to_whoever_spoke_last(self, line: SocketLine, other: socket.socket) -> None:
        line.put(FRAME)  # nobody has spoken yet
        other.send(b"")
        line.put(FRAME)
        line.put(None)
        line.put(FRAME)
        assert [other.recv(2 * FRAME_BYTES), other.recv(2 * FRAME_BYTES)] == [FRAME, FRAME]
        assert line.take() is None, "a datagram of another length is no frame"

    def test_one_that_does_not_read_or_has_gone_is_not_waited_for(self, line: SocketLine, other: socket.socket) -> None:
        other.send(FRAME)
        for _ in range(1000):
            line.put(FRAME)
        other.close()
        line.put(FRAME)

    def test_what_nobody_listened_to_is_not_heard_later(self, line: SocketLine, other: socket.socket) -> None:
        for number in range(100):
            other.send(bytes([number]) * FRAME_BYTES)
            line.put(None)
        first = line.take()
        assert first is not None
        assert first[0] > 90

    def test_its_place_is_free_again(self, line: SocketLine, tmp_path: Path) -> None:
        again = SocketLine(tmp_path / "line")  # as after an engine that was killed
        again.close()
        assert not (tmp_path / "line").exists()


@pytest.mark.parametrize("place", ["no folder/line", "long" * 40, "a file"])
def test_a_place_that_cannot_be_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("somebody's")
    with pytest.raises(CommandRefusedError):
        SocketLine(tmp_path / place)
    assert (tmp_path / "a file").read_text() == "somebody's"
