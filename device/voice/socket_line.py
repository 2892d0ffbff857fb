"""Frames through a UNIX datagram socket, between another process and the bridge.

Rules: a datagram is a frame; one of another length only says who is there. Frames go to whoever sent the last one. It
never waits: what the other does not take is lost.
"""

import socket
import stat
from pathlib import Path

from device.voice.frame_queue import MOST, FrameQueue
from device.voice.messages import FRAME_BYTES
from device.voice.refusal import CommandRefusedError

LONGEST_PATH = 107
"""Bytes, the kernel's limit."""


class SocketLine:
    """One socket; `take` and `put` are for the bridge's thread."""

    def __init__(self, path: Path) -> None:
        """Bind it. Raises CommandRefusedError."""
        self._path = path
        self._queue = FrameQueue()
        self._peer = ""
        self._was_read = False
        self._socket = _bind(path)

    def take(self) -> bytes | None:
        """Return the next frame that came from the other process."""
        self._read()
        self._was_read = True
        return self._queue.take()

    def put(self, frame: bytes | None) -> None:
        """Give the other process a frame."""
        if not self._was_read:  # nobody listens to it: what comes must not wait, and be old when somebody does
            self._read()
        self._was_read = False
        if frame is None or not self._peer:
            return
        try:
            self._socket.sendto(frame, self._peer)
        except OSError:
            return

    def close(self) -> None:
        """Unbind it."""
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _read(self) -> None:
        for _ in range(2 * MOST):
            try:
                frame, peer = self._socket.recvfrom(2 * FRAME_BYTES)
            except OSError:
                return
            self._peer = peer or self._peer
            if len(frame) == FRAME_BYTES:
                self._queue.put(frame)


def _bind(path: Path) -> socket.socket:
    if len(str(path).encode()) > LONGEST_PATH:
        raise CommandRefusedError(f"{path} is longer than {LONGEST_PATH} bytes, which no socket may be called")
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
            path.unlink()  # left by an engine that was killed
        bound.bind(str(path))
        path.chmod(0o600)
    except OSError as error:
        bound.close()
        raise CommandRefusedError(f"{path} cannot be a socket: {error.strerror}") from error
    return bound
