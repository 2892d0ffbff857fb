"""Takes down one call: two sockets of the engine, held together by the clock, written second by second.

Rules: a side that the engine sends nothing of is silent; neither side ever runs ahead of the other, or of the clock.
"""

import contextlib
import socket
from array import array
from pathlib import Path

from device.voice.messages import FRAME_BYTES, FRAME_S
from hub.adapters.voice.recording.sealed import SECOND_BYTES
from hub.adapters.voice.recording.writing import Writer

SILENCE = bytes(FRAME_BYTES)
SLACK_FRAMES = 15
"""A frame may be 300 ms late, or early, before silence takes its place, or it is dropped."""
SIDE_BYTES = SECOND_BYTES // 2
GREET_EVERY_FRAMES = 25
"""The engine learns where its frames are wanted from whoever sends it one; its socket may come later than ours."""


class Side:
    """One channel: what one socket of the engine says."""

    def __init__(self, engine: Path) -> None:
        """Open our end. Raises OSError."""
        self._engine = str(engine)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.bind("")
        self._count = 0
        self._is_heard = False
        self._greeted_at = -GREET_EVERY_FRAMES
        self.sound = bytearray()

    def take(self, due: int) -> None:
        """Take what has come; `due` is how many frames there should be by the clock."""
        if not self._is_heard and due - self._greeted_at >= GREET_EVERY_FRAMES:
            self._greeted_at = due
            with contextlib.suppress(OSError):  # it is not there yet
                self._socket.sendto(SILENCE, self._engine)
        with contextlib.suppress(BlockingIOError):
            while True:
                self._put(self._socket.recv(FRAME_BYTES + 1), due)
        missing = due - self._count
        if missing > SLACK_FRAMES:
            self.sound += SILENCE * missing
            self._count += missing

    def close(self) -> None:
        """Close our end."""
        self._socket.close()

    def _put(self, frame: bytes, due: int) -> None:
        self._is_heard = True
        if len(frame) == FRAME_BYTES and self._count - due < SLACK_FRAMES:
            self.sound += frame
            self._count += 1


class Taking:
    """One recording as it is made."""

    def __init__(self, writer: Writer, left: Path, right: Path, now_s: float) -> None:
        """Begin now. Raises OSError."""
        self._writer = writer
        self._begun_s = now_s
        self._left, self._right = Side(left), Side(right)

    @property
    def seconds(self) -> float:
        """Return how much the file holds."""
        return self._writer.seconds

    def turn(self, now_s: float) -> None:
        """Take what has come, write whole seconds. Raises OSError."""
        due = int((now_s - self._begun_s) / FRAME_S)
        self._left.take(due)
        self._right.take(due)
        while min(len(self._left.sound), len(self._right.sound)) >= SIDE_BYTES:
            self._write(SIDE_BYTES)

    def end(self, now_s: float) -> None:
        """Write the rest and end in good order. Raises OSError."""
        self.leave(now_s)
        self._writer.end()

    def leave(self, now_s: float) -> None:
        """Write the rest; whoever finds the file ends it. Raises OSError."""
        self.turn(now_s)
        rest = max(len(self._left.sound), len(self._right.sound))
        for side in (self._left, self._right):
            side.sound += bytes(rest - len(side.sound))
        while self._left.sound:
            self._write(min(SIDE_BYTES, len(self._left.sound)))

    def close(self) -> None:
        """Let go of everything."""
        self._left.close()
        self._right.close()
        self._writer.abandon()

    def _write(self, size: int) -> None:
        both = array("h", bytes(2 * size))
        for offset, side in enumerate((self._left, self._right)):
            both[offset::2] = array("h", bytes(side.sound[:size]))
            del side.sound[:size]
        self._writer.write(both.tobytes())
