"""The other end of an engine's socket: frames that are said, frames that are heard, and when."""

import socket
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from device.voice.messages import FRAME_BYTES, FRAME_S

THERE_WITHIN_S = 10.0
LOUD = 1_000
"""Of 32,767: what is no noise of a codec."""
SILENCE = bytes(FRAME_BYTES)


class Ear:
    """Hears what an engine gives a socket; `hears` is called with every frame and its moment."""

    def __init__(self, path: Path, hears: Callable[[bytes, float], None] = lambda _frame, _at_s: None) -> None:
        self._path = path
        self._hears = hears
        self._is_over = threading.Event()
        self.frames = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hear no more."""
        self._is_over.set()

    def _listen(self) -> None:
        with _line(self._path) as line:
            while not self._is_over.is_set():
                try:
                    frame = line.recv(2 * FRAME_BYTES)
                except TimeoutError:
                    _say(line, self._path, SILENCE)  # who asks is given frames
                    continue
                self.frames += 1
                self._hears(frame, time.monotonic())


class Mouth:
    """Says frames to an engine's socket, one every 20 ms, and hears there."""

    def __init__(self, path: Path, hears: Callable[[bytes, float], None] = lambda _frame, _at_s: None) -> None:
        self._path = path
        self._hears = hears
        self._frames: deque[bytes] = deque()
        self.said_s = 0.0
        """When the first frame of what it was to say was given away."""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def say(self, frames: Sequence[bytes]) -> None:
        """Say frames next, and then nothing again."""
        self.said_s = 0.0
        self._frames.extend(frames)

    def close(self) -> None:
        """Say no more."""
        self._is_over.set()
        self._thread.join()

    def _speak(self) -> None:
        with _line(self._path) as line:
            line.setblocking(False)
            due_s = time.monotonic()
            while not self._is_over.wait(max(0.0, due_s - time.monotonic())):
                due_s += FRAME_S
                frame = self._frames.popleft() if self._frames else SILENCE
                if frame is not SILENCE:
                    self.said_s = self.said_s or time.monotonic()
                _say(line, self._path, frame)
                with suppress(BlockingIOError):
                    while True:
                        self._hears(line.recv(2 * FRAME_BYTES), time.monotonic())


def is_loud(frame: bytes) -> bool:
    """Tell whether something is said in a frame."""
    samples = array("h", frame)
    return max(samples, default=0) > LOUD


def _say(line: socket.socket, path: Path, frame: bytes) -> None:
    with suppress(OSError):  # the engine has taken the socket away
        line.sendto(frame, str(path))


def _line(path: Path) -> socket.socket:
    deadline = time.monotonic() + THERE_WITHIN_S
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.bind("")  # a name of the kernel's choice
    line.settimeout(0.2)
    return line
