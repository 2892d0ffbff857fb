"""A socket that reads much at once and hands out little: paho asks for single bytes.

Rules: `pending` tells what is held here; the loop hands all of it on before it waits for the socket again. A sieve may
take out what paho is not to see.
"""

import socket
from collections.abc import Callable
from typing import Protocol

FILL_BYTES = 262_144


class Stream(Protocol):
    """What is asked of a TCP or TLS socket."""

    def recv(self, bufsize: int, /) -> bytes:
        """Return what has come, at most `bufsize` bytes; raises BlockingIOError where nothing has."""

    def send(self, data: bytes | bytearray, /) -> int:
        """Return how many bytes were taken."""

    def close(self) -> None:
        """Close."""

    def fileno(self) -> int:
        """Return the descriptor."""

    def setblocking(self, flag: bool, /) -> None:
        """Wait, or not."""


class BufferedSocket:
    """Wraps a connected socket for paho."""

    def __init__(self, stream: Stream, sieve: Callable[[bytes], bytes] | None = None) -> None:
        """Take over a connected socket, plain or TLS; `sieve` returns what is left for paho of what has come."""
        self._stream = stream
        self._sieve = sieve
        self._held = b""
        self._next = 0

    def recv(self, buffer_size: int) -> bytes:
        """Return up to `buffer_size` bytes, from memory where some are held; empty at the end of the stream.

        Raises BlockingIOError where there is nothing now.
        """
        start = self._next
        if start >= len(self._held):
            self._held, start = b"", 0
            self._held = self._fill()
        self._next = start + buffer_size
        return self._held[start : self._next]

    def pending(self) -> int:
        """Return how many bytes wait here, which waiting for the socket would not tell of."""
        return max(0, len(self._held) - self._next)

    def send(self, buffer: bytes | bytearray) -> int:
        """Send; return how many bytes were taken."""
        return self._stream.send(buffer)

    def close(self) -> None:
        """Close, and forget what is held."""
        self._held = b""
        self._stream.close()

    def fileno(self) -> int:
        """Return the descriptor, -1 once closed."""
        return self._stream.fileno()

    def setblocking(self, flag: bool) -> None:
        """Wait for the network, or not."""
        self._stream.setblocking(flag)

    def _fill(self) -> bytes:
        came = self._stream.recv(FILL_BYTES)
        if self._sieve is None or not came:
            return came
        left = self._sieve(came)
        if not left:
            raise BlockingIOError
        return left


def send_at_once(sock: socket.socket) -> None:
    """Let small packets go without waiting for the peer's acknowledgement: a receipt takes 2 ms instead of 42."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
