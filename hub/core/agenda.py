"""What is due when: keys in the order of their moments, at the same small cost for one unit or ten thousand.

A key that is moved leaves its old place in the heap behind; it is passed over when it comes up, and swept out when such
places are many.
"""

import heapq
from typing import Generic, TypeVar

from hub.core.moment import NEVER

K = TypeVar("K", int, str)

SWEPT_FROM = 64
"""Places in the heap below which nobody minds those left behind."""


class Agenda(Generic[K]):
    """Every key with the one moment at which it is due."""

    def __init__(self) -> None:
        """Begin with nothing due."""
        self._due_s: dict[K, float] = {}
        self._heap: list[tuple[float, K]] = []

    def put(self, key: K, due_s: float) -> None:
        """Let a key be due then, and no more when it was due before; at `NEVER`, not at all."""
        if due_s == NEVER:
            self.drop(key)
        elif self._due_s.get(key) != due_s:
            self._due_s[key] = due_s
            heapq.heappush(self._heap, (due_s, key))
            self._sweep()

    def drop(self, key: K) -> None:
        """Let a key not be due any more."""
        self._due_s.pop(key, None)

    def next_s(self) -> float:
        """Return when the next key is due, `NEVER` where none is."""
        while self._heap and not self._stands(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else NEVER

    def take_due(self, now_s: float) -> list[K]:
        """Return the keys that are due by now, the earliest first; they are due no more."""
        keys: list[K] = []
        while self.next_s() <= now_s:
            _, key = heapq.heappop(self._heap)
            del self._due_s[key]
            keys.append(key)
        return keys

    def _stands(self, place: tuple[float, K]) -> bool:
        due_s, key = place
        return self._due_s.get(key) == due_s

    def _sweep(self) -> None:
        if len(self._heap) > SWEPT_FROM + 2 * len(self._due_s):
            self._heap = [(due_s, key) for key, due_s in self._due_s.items()]
            heapq.heapify(self._heap)
