"""Bytes come out as they went in, however they are cut."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.adapters.broker.buffered_socket import BufferedSocket


@pytest.fixture
def pair() -> Iterator[tuple[BufferedSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    buffered = BufferedSocket(ours)
    buffered.setblocking(False)
    yield buffered, theirs
    buffered.close()
    theirs.close()


class Stream:
    """Gives the pieces one after another, then the end."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def recv(self, bufsize: int, /) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def send(self, data: bytes | bytearray, /) -> int:
        return len(data)

    def close(self) -> None:
        self._pieces = []

    def fileno(self) -> int:
        return -1

    def setblocking(self, flag: bool, /) -> None:
        pass


@given(pieces=st.lists(st.binary(min_size=1, max_size=9)), sizes=st.lists(st.integers(1, 12), min_size=1))
def test_what_comes_in_comes_out(pieces: list[bytes], sizes: list[int]) -> None:
    sock = BufferedSocket(Stream(list(pieces)))
    out: list[bytes] = []
    while True:
        for size in sizes:
            held = sock.pending()
            piece = sock.recv(size)
            assert len(piece) <= size
            assert sock.pending() == max(0, held - size) if held else True
            out.append(piece)
        if not out[-1]:
            break
    assert b"".join(out) == b"".join(pieces)


def test_a_sieve_takes_out_what_the_reader_is_not_to_see() -> None:
    sock = BufferedSocket(Stream([b"a-b", b"--", b"c"]), sieve=lambda piece: piece.replace(b"-", b""))
    assert sock.recv(9) == b"ab"
    with pytest.raises(BlockingIOError):  # something came, and nothing of it is for the reader: that is not the end
        sock.recv(9)
    assert [sock.recv(9), sock.recv(9)] == [b"c", b""]


def test_nothing_there_is_no_end(pair: tuple[BufferedSocket, socket.socket]) -> None:
    ours, theirs = pair
    with pytest.raises(BlockingIOError):
        ours.recv(1)
    theirs.sendall(b"abc")
    assert (ours.recv(1), ours.pending()) == (b"a", 2)
    assert (ours.recv(9), ours.pending()) == (b"bc", 0)
    with pytest.raises(BlockingIOError):
        ours.recv(1)
    assert ours.pending() == 0
    theirs.close()
    assert ours.recv(1) == b""


def test_what_is_sent_goes_out_and_a_closed_one_holds_nothing(pair: tuple[BufferedSocket, socket.socket]) -> None:
    ours, theirs = pair
    assert ours.send(b"word") == 4
    assert theirs.recv(9) == b"word"
    theirs.sendall(b"abc")
    ours.recv(1)
    assert ours.fileno() >= 0
    ours.close()
    assert (ours.pending(), ours.fileno()) == (0, -1)
