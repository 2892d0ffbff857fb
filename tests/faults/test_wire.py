"""The failing wire itself: every fault does what its name says, and only that."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.wire import DELAY_S, Fault, Wire
from tests.waiting import GENEROUS_S, until

LOOPBACK = "127.0.0.1"


class Echo:
    """A far end that sends back what it gets, and keeps it."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard = bytearray()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # closed before; closing alone does not wake who waits in accept
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(line,), daemon=True).start()

    def _echo(self, line: socket.socket) -> None:
        with line:
            while True:
                try:
                    data = line.recv(4096)
                    self.heard += data
                    line.sendall(data)
                except OSError:
                    return
                if not data:
                    return


@pytest.fixture
def echo() -> Iterator[Echo]:
    far = Echo()
    yield far
    far.close()


@pytest.fixture
def wire(echo: Echo) -> Iterator[Wire]:
    with Wire(echo.port) as between:
        yield between


@pytest.fixture
def line(wire: Wire) -> Iterator[socket.socket]:
    """A connection that was made while the wire was whole, and has carried something."""
    with connect(wire) as near:
        assert ask(near, b"hello") == b"hello"
        yield near


def connect(wire: Wire) -> socket.socket:
    return socket.create_connection((LOOPBACK, wire.port), timeout=GENEROUS_S)


def ask(near: socket.socket, data: bytes) -> bytes:
    near.sendall(data)
    return hear(near, len(data))


def hear(near: socket.socket, count: int) -> bytes:
    heard = b""
    while len(heard) < count:
        data = near.recv(count - len(heard))
        assert data, "the connection ended"
        heard += data
    return heard


def is_ended(near: socket.socket) -> bool:
    try:
        return near.recv(1) == b""
    except ConnectionError:
        return True


def is_reset(near: socket.socket) -> bool:
    try:
        near.recv(1)
    except ConnectionResetError:
        return True
    return False


def nobody_gets_through(wire: Wire) -> bool:
    try:
        with connect(wire) as near:
            return is_reset(near)
    except ConnectionResetError:  # it came so soon that connecting had not ended
        return True


def test_a_whole_wire_carries_everything_both_ways_in_order(line: socket.socket) -> None:
    data = bytes(range(256)) * 1_000
    sender = threading.Thread(target=line.sendall, args=(data,))
    sender.start()
    assert hear(line, len(data)) == data
    sender.join()


def test_a_dropping_wire_takes_bytes_that_go_nowhere(wire: Wire, line: socket.socket, echo: Echo) -> None:
    wire.be(Fault.DROPPING)
    line.sendall(b"lost")
    until(lambda: wire.dropped >= len(b"lost"), "the wire has taken them")
    wire.be(Fault.WHOLE)
    assert is_ended(line), "what was lost must not be missing in the middle of a living connection"
    with connect(wire) as fresh:
        assert ask(fresh, b"anew") == b"anew"
    assert bytes(echo.heard) == b"helloanew"


def test_a_half_open_wire_holds_everything_back_until_it_is_mended(wire: Wire, line: socket.socket, echo: Echo) -> None:
    wire.be(Fault.HALF_OPEN)
    line.sendall(b"held")
    line.settimeout(0.5)
    with pytest.raises(TimeoutError):
        line.recv(1)
    assert bytes(echo.heard) == b"hello"
    line.settimeout(GENEROUS_S)
    wire.be(Fault.WHOLE)
    assert hear(line, 4) == b"held"


def test_a_half_open_wire_lets_nobody_through_who_comes_later(wire: Wire, echo: Echo) -> None:
    wire.be(Fault.HALF_OPEN)
    with connect(wire) as near:
        near.sendall(b"late")
        near.settimeout(0.5)
        with pytest.raises(TimeoutError):
            near.recv(1)
        near.settimeout(GENEROUS_S)
        wire.be(Fault.WHOLE)
        assert hear(near, 4) == b"late"


def test_a_delayed_wire_delivers_later(wire: Wire, line: socket.socket) -> None:
    wire.be(Fault.DELAYED)
    sent_s = time.monotonic()
    assert ask(line, b"slow") == b"slow"
    assert time.monotonic() - sent_s >= 2 * DELAY_S, "there and back"


def test_a_trickling_wire_carries_a_byte_at_a_time(wire: Wire, line: socket.socket) -> None:
    wire.be(Fault.TRICKLING)
    line.sendall(b"drops")
    assert [line.recv(4096), line.recv(4096)] == [b"d", b"r"]
    wire.be(Fault.WHOLE)
    assert hear(line, 3) == b"ops"


def test_a_resetting_wire_resets_old_and_new_connections(wire: Wire, line: socket.socket) -> None:
    wire.be(Fault.RESETTING)
    assert is_reset(line)
    assert nobody_gets_through(wire)
    wire.be(Fault.WHOLE)
    with connect(wire) as fresh:
        assert ask(fresh, b"anew") == b"anew"


def test_a_wire_to_nobody_ends_its_connections(wire: Wire, echo: Echo) -> None:
    echo.close()
    with connect(wire) as near:
        assert is_ended(near)
