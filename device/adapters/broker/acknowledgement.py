"""Which messages the broker has not acknowledged, and since when nothing was heard of it."""

import threading
from collections import deque
from collections.abc import Callable

from paho.mqtt.client import MQTTMessageInfo


class Acknowledgements:
    """Of one connection; asked from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with none awaited."""
        self._clock = clock
        self._heard_s = clock()
        self._awaited: deque[tuple[float, MQTTMessageInfo]] = deque()
        self._lock = threading.Lock()

    def expect(self, info: MQTTMessageInfo) -> None:
        """Await the acknowledgement of a message that was just handed over."""
        with self._lock:
            self._awaited.append((self._clock(), info))

    def heard(self) -> None:
        """Note that something came in: the line lives."""
        self._heard_s = self._clock()

    def awaited(self) -> int:
        """Return how many are awaited."""
        with self._lock:
            while self._awaited and self._awaited[0][1].is_published():
                self._awaited.popleft()
                self.heard()
            return len(self._awaited)

    def silent_s(self) -> float:
        """Return how long one has been awaited while nothing else came in either; 0 where none is."""
        if not self.awaited():
            return 0.0
        with self._lock:
            return self._clock() - max(self._heard_s, self._awaited[0][0])
