"""Frames between somebody's clock and the bridge's.

Rules: a frame is taken every 20 ms, whenever it was put. What does not come is silence, and after a silence two are
gathered before the first is given. What comes too fast is dropped, oldest first; where there have been more than
needed for a second, the two clocks drift, and one is dropped.
"""

from collections import deque

GATHERED = 2
MOST = 6
WINDOW = 50


class FrameQueue:
    """Some frames, in order."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=MOST)
        self._is_flowing = False
        self._fewest = MOST
        self._taken = 0

    def put(self, frame: bytes) -> None:
        """Add the newest."""
        self._frames.append(frame)

    def take(self) -> bytes | None:
        """Return the oldest, or nothing."""
        if not self._is_flowing and len(self._frames) < GATHERED:
            return None
        self._is_flowing = bool(self._frames)
        if not self._is_flowing:
            return None
        frame = self._frames.popleft()
        self._balance()
        return frame

    def _balance(self) -> None:
        self._fewest = min(self._fewest, len(self._frames))
        self._taken += 1
        if self._taken < WINDOW:
            return
        if self._fewest >= GATHERED:
            self._frames.popleft()
        self._fewest, self._taken = MOST, 0
