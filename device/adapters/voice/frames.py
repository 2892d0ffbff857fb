"""The other end of an engine's socket: a datagram is 20 ms of sound, each way.

Rules: it never waits for an engine; what cannot be handed over is lost, as sound is that nobody hears.
"""

import contextlib
import socket
from pathlib import Path

from device.voice.messages import FRAME_BYTES

_PRESENT = b"."
"""A datagram of another length than a frame says only where frames are wanted."""


class FrameSocket:
    """One socket, bound at a path of its own."""

    def __init__(self, own: Path, engine: Path) -> None:
        """Bind at `own`; the engine's socket stands at `engine`, now or later. Raises OSError."""
        self._engine = str(engine)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        try:
            self._socket.bind(str(own))
        except OSError:
            self._socket.close()
            raise

    def announce(self) -> bool:
        """Have the engine send frames here; tell whether it is there."""
        return self.say(_PRESENT)

    def say(self, frame: bytes) -> bool:
        """Hand a frame over; tell whether anybody was there."""
        try:
            self._socket.sendto(frame, socket.MSG_DONTWAIT, self._engine)
        except BlockingIOError:
            return True  # it is there, and has more than it needs
        except OSError:
            return False
        return True

    def hear(self, within_s: float) -> bytes | None:
        """Return the next frame, None where none comes in time, or this end was closed."""
        try:
            self._socket.settimeout(within_s)
            frame = self._socket.recv(2 * FRAME_BYTES)
        except OSError:
            return None
        return frame if len(frame) == FRAME_BYTES else None

    def close(self) -> None:
        """Unbind it; whoever is in `hear` comes back at once."""
        with contextlib.suppress(OSError):  # nothing is connected; whoever waits is woken all the same
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
