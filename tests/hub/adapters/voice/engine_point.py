"""What the engine does with a socket point: a frame every 20 ms to whoever has spoken last, and hears what comes."""

import contextlib
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from device.voice.messages import FRAME_BYTES, FRAME_S
from tests.hub.adapters.voice.tones import FRAME_SAMPLES, tone


class EnginePoint:
    """A socket at `path` that says a tone (or nothing), and keeps what it hears. A context manager."""

    def __init__(self, path: Path, says_hz: float | None) -> None:
        self.path = path
        self._says_hz = says_hz
        self._heard: list[bytes] = []
        self._peer: str | bytes | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._speak)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ends.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def heard(self, last_s: float = 1.0) -> bytes:
        """Return the last second that was heard."""
        return b"".join(self._heard[-int(last_s / FRAME_S) :])

    @property
    def heard_frames(self) -> int:
        return len(self._heard)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while not self._ends.is_set():
                frame, self._peer = self._socket.recvfrom(2 * FRAME_BYTES)
                if frame:
                    self._heard.append(frame)

    def _speak(self) -> None:
        begun_s, number = time.monotonic(), 0
        while not self._ends.wait(max(0.0, begun_s + number * FRAME_S - time.monotonic())):
            if self._peer and self._says_hz is not None:
                with contextlib.suppress(OSError):
                    self._socket.sendto(tone(self._says_hz, first=number * FRAME_SAMPLES), self._peer)
            number += 1
