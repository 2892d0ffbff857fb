"""A line that loses sound: SIP goes through whole, and of the packets of sound that go one way, a part is dropped.

Rules: a proxy with as little knowledge of SIP as it can have: it writes ports of its own into what describes sound, for
both parties, because PJSIP answers to where sound came from. What is dropped is drawn by a seed, so that a figure can
be had again.
"""

import random
import re
import selectors
import socket
import threading
from types import TracebackType
from typing import Self

from tests.mosquitto import LOOPBACK

LONGEST = 65_536
_PORT = re.compile(rb"^m=audio (\d+) ", re.MULTILINE)
_LENGTH = re.compile(rb"^(Content-Length:\s*)\d+", re.MULTILINE | re.IGNORECASE)


class LossyLine:
    """Where to call (`address`) to reach `to`, over a line that loses the part `loss` of what the caller says."""

    def __init__(self, to: str, loss: float, seed: int) -> None:
        host, port = to.split(":")
        self._to = (host, int(port))
        self._loss = loss
        self._random = random.Random(seed)
        self._caller: tuple[str, int] | None = None
        self._near, self._far = (_bound(), _bound())
        """Where the caller and the called party speak SIP with us; their sound, and where they want to hear theirs."""
        self._near_sound, self._far_sound = (_bound(), _bound())
        self._heard_at: dict[socket.socket, tuple[str, int]] = {}
        self._selector = selectors.DefaultSelector()
        for line in self._lines:
            self._selector.register(line, selectors.EVENT_READ)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()
        for line in self._lines:
            line.close()
        self._selector.close()

    @property
    def address(self) -> str:
        """Return host and port."""
        return "{}:{}".format(*self._near.getsockname())

    @property
    def _lines(self) -> tuple[socket.socket, ...]:
        return self._near, self._far, self._near_sound, self._far_sound

    def _carry(self) -> None:
        while not self._is_over.is_set():
            for key, _ in self._selector.select(0.1):
                line = key.fileobj
                assert isinstance(line, socket.socket)
                self._pass_on(line, *line.recvfrom(LONGEST))

    def _pass_on(self, line: socket.socket, datagram: bytes, source: tuple[str, int]) -> None:
        if line is self._near:
            self._caller = source
            self._far.sendto(self._describe(datagram, self._near_sound, self._far_sound), self._to)
        elif line is self._far:
            if self._caller:
                self._near.sendto(self._describe(datagram, self._far_sound, self._near_sound), self._caller)
        else:
            other = self._far_sound if line is self._near_sound else self._near_sound
            is_lost = line is self._near_sound and self._random.random() < self._loss
            if other in self._heard_at and not is_lost:
                other.sendto(datagram, self._heard_at[other])

    def _describe(self, message: bytes, own: socket.socket, told: socket.socket) -> bytes:
        """Note where one party wants to hear, on its `own` side, and tell the other to speak to us."""
        found = _PORT.search(message)
        if found is None:
            return message
        self._heard_at[own] = (LOOPBACK, int(found[1]))
        head, _, body = message.partition(b"\r\n\r\n")
        body = _PORT.sub(b"m=audio %d " % told.getsockname()[1], body)
        return _LENGTH.sub(rb"\g<1>%d" % len(body), head) + b"\r\n\r\n" + body


def _bound() -> socket.socket:
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind((LOOPBACK, 0))
    return line
