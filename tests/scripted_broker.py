"""A broker that does what a test tells it to: says nothing, grants late, refuses, acknowledges or not. MQTT 5.

It understands only what a unit sends, and is no model of a real one.
"""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.mosquitto import LOOPBACK
from tests.waiting import Heard

GRANTED = 1
NOT_AUTHORIZED = 0x87

_CONNECT, _PUBLISH, _SUBSCRIBE, _PING = 1, 3, 8, 12


@dataclass(frozen=True, slots=True)
class Packet:
    """What a client sent: kind and the bytes behind the fixed header."""

    kind: int
    flags: int
    body: bytes

    @property
    def topic(self) -> str:
        return self.body[2 : 2 + _number(self.body)].decode()

    @property
    def mid(self) -> bytes:
        if self.kind == _SUBSCRIBE:
            return self.body[:2]
        at = 2 + _number(self.body)
        return self.body[at : at + 2]

    @property
    def is_kept(self) -> bool:
        """Tell whether it asks for an acknowledgement."""
        return bool(self.flags & 0b0110)


@dataclass
class ScriptedBroker:
    """Change the fields while it runs; `None` where it keeps silent."""

    connect_code: int | None = 0
    subscribe_code: int | None = GRANTED
    publish_code: int | None = 0
    packets: Heard[Packet] = field(default_factory=Heard)
    accepted: Heard[socket.socket] = field(default_factory=Heard)
    unanswered: list[tuple[socket.socket, Packet]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def count(self, topic_end: str) -> int:
        """How many messages came on topics that end so."""
        return sum(packet.kind == _PUBLISH and packet.topic.endswith(topic_end) for packet in self.packets.all)

    def connects(self) -> int:
        return sum(packet.kind == _CONNECT for packet in self.packets.all)

    def answer_late(self) -> None:
        """Answer what was left unanswered, as the fields are now."""
        for sock, packet in list(self.unanswered):
            answer = self._answer(packet)
            if answer is not None:
                with contextlib.suppress(OSError):  # that client has gone
                    sock.sendall(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self.accepted.all:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.accepted(sock)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError, EOFError):
            while True:
                packet = _read(sock)
                self.packets(packet)
                answer = self._answer(packet)
                if answer is not None:
                    sock.sendall(answer)
                else:
                    self.unanswered.append((sock, packet))

    def _answer(self, packet: Packet) -> bytes | None:
        if packet.kind == _CONNECT and self.connect_code is not None:
            return bytes([0x20, 3, 0, self.connect_code, 0])
        if packet.kind == _SUBSCRIBE and self.subscribe_code is not None:
            return _suback(packet, self.subscribe_code)
        if packet.kind == _PUBLISH and packet.is_kept and self.publish_code is not None:
            return bytes([0x40, 4, *packet.mid, self.publish_code, 0])
        return bytes([0xD0, 0]) if packet.kind == _PING else None


def _suback(packet: Packet, code: int) -> bytes:
    topics = 3  # a unit's subscriptions
    return bytes([0x90, 3 + topics, *packet.mid, 0, *[code] * topics])


def _number(two: bytes) -> int:
    number: int = struct.unpack(">H", two[:2])[0]
    return number


def _read(sock: socket.socket) -> Packet:
    first = _exactly(sock, 1)[0]
    length, shift = 0, 0
    while True:
        byte = _exactly(sock, 1)[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return Packet(first >> 4, first & 0x0F, _exactly(sock, length))


def _exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
