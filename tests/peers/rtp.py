"""The sound of a phone whose signalling is SIPp's: RTP in and out, G.711 A-law, at one UDP port on loopback.

Rules: it says nothing until it is told to whom. What comes is kept as it came, so that a test can look at it.
"""

import socket
import struct
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tests.peers.alaw import DECODED, encode
from tests.waiting import until

LOOPBACK = "127.0.0.1"
RATE_HZ = 8_000
FRAME_S = 0.02
FRAME_SAMPLES = int(RATE_HZ * FRAME_S)
PCMA, TELEPHONE_EVENT = 8, 101
HEADER = struct.Struct("!BBHII")
EVENT = struct.Struct("!BBH")
VERSION, MARKER, END_OF_EVENT = 0x80, 0x80, 0x80
KEYS = "0123456789*#ABCD"
LONGEST_DATAGRAM = 2_048


class RtpPort:
    """One end of a stream. Use as a context manager."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._socket.settimeout(0.1)
        self.port: int = self._socket.getsockname()[1]
        self._heard: list[int] = []
        self._keys: list[str] = []
        self._packets = 0
        self._last_key_moment: int | None = None
        self._to: tuple[str, int] | None = None
        self._says: list[bytes] = []
        self._pressed: list[str] = []
        self._keys_kind = TELEPHONE_EVENT
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._speak)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def speak(self, port: int, samples: Sequence[int], repeats: int = 20) -> None:
        """Send sound to `port` on loopback, from the beginning, until it is over or `be_silent`."""
        frames = [encode(samples[at : at + FRAME_SAMPLES]) for at in range(0, len(samples), FRAME_SAMPLES)]
        self._says = [frame for frame in frames if len(frame) == FRAME_SAMPLES] * repeats
        self._to = (LOOPBACK, port)

    def be_silent(self) -> None:
        """Send nothing any more."""
        self._to = None

    def press(self, port: int, keys: str, kind: int) -> None:
        """Press keys by RFC 4733, for 100 ms each; `kind` is how the other end wants to know them."""
        self._to = (LOOPBACK, port)
        self._keys_kind = kind
        self._pressed += keys

    @property
    def samples(self) -> list[int]:
        """What was heard, as it came."""
        return list(self._heard)

    @property
    def keys(self) -> str:
        """The keys the other end has pressed, by RFC 4733."""
        return "".join(self._keys)

    @property
    def packets(self) -> int:
        """How many packets have come."""
        return self._packets

    def wait_for_sound(self, seconds: float) -> None:
        """Return when so much more sound has come."""
        wanted = len(self._heard) + int(seconds * RATE_HZ)
        until(lambda: len(self._heard) >= wanted, f"{seconds:g} s of sound at port {self.port}")

    def _listen(self) -> None:
        while not self._is_over.is_set():
            try:
                datagram = self._socket.recv(LONGEST_DATAGRAM)
            except (TimeoutError, ConnectionRefusedError):
                continue
            if len(datagram) <= HEADER.size or datagram[0] & 0xC0 != VERSION:
                continue
            self._packets += 1
            _, kind, _, moment, _ = HEADER.unpack_from(datagram)
            payload = datagram[HEADER.size :]
            if kind & ~MARKER == PCMA:
                self._heard += [DECODED[byte] for byte in payload]
            elif kind & ~MARKER == TELEPHONE_EVENT and moment != self._last_key_moment:
                self._last_key_moment = moment
                self._keys.append(KEYS[payload[0]])

    def _speak(self) -> None:
        sequence, moment, due_s = 1, 0, time.monotonic()
        while not self._is_over.is_set():
            due_s += FRAME_S
            self._is_over.wait(max(0.0, due_s - time.monotonic()))
            to = self._to
            if to and self._pressed:
                sequence = self._send_key(to, self._pressed.pop(0), sequence, moment)
                moment += FRAME_SAMPLES * 5
                due_s = time.monotonic()
            elif to and self._says:
                self._send(to, PCMA, sequence, moment, self._says.pop(0))
                sequence += 1
            moment += FRAME_SAMPLES

    def _send_key(self, to: tuple[str, int], key: str, sequence: int, moment: int) -> int:
        """Send a key: it grows for five packets, and its end is said three times."""
        for step in range(1, 8):
            length = min(step, 5) * FRAME_SAMPLES
            end = END_OF_EVENT if step >= 5 else 0
            payload = EVENT.pack(KEYS.index(key), end | 10, length)
            self._send(to, self._keys_kind | (MARKER if step == 1 else 0), sequence, moment, payload)
            sequence += 1
            self._is_over.wait(FRAME_S)
        return sequence

    def _send(self, to: tuple[str, int], kind: int, sequence: int, moment: int, payload: bytes) -> None:
        header = HEADER.pack(VERSION, kind, sequence & 0xFFFF, moment & 0xFFFFFFFF, self.port)
        try:
            self._socket.sendto(header + payload, to)
        except ConnectionRefusedError:
            self._to = None
