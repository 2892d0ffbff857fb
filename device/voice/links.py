"""Who hears whom: the links that are wanted, and those that the bridge has.

Rules: what is wanted is data, given whole; only differences are applied. What does not exist yet is linked when it
appears. Whoever appears again (a leg after hold, after a new offer) has lost its links, and gets them all again.
"""

import logging
from collections.abc import Iterable
from typing import Protocol

from device.voice.messages import Link

log = logging.getLogger(__name__)

Pair = tuple[str, str]


class Bridge(Protocol):
    """What mixes sound."""

    def connect(self, source: str, sink: str, gain: float) -> bool:
        """Let `sink` hear `source`; tell whether that could be done."""

    def disconnect(self, source: str, sink: str) -> None:
        """Let `sink` hear `source` no more, if it did."""


class Links:
    """Keeps a bridge as it is wanted."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._wanted: dict[Pair, float] = {}
        self._applied: dict[Pair, float] = {}
        self._there: set[str] = set()

    def want(self, links: Iterable[Link]) -> None:
        """Let these be linked, and nothing else."""
        self._wanted = {(link.source, link.sink): link.gain for link in links if link.gain > 0}
        self._apply()

    def appear(self, name: str) -> None:
        """Know that there is a leg or a point of this name, new or renewed."""
        self._there.add(name)
        self._forget(name)
        self._apply()

    def vanish(self, name: str) -> None:
        """Know that there is none any more, and that its links went with it."""
        self._there.discard(name)
        self._forget(name)

    def withdraw(self, name: str) -> None:
        """Part from a point that stays at the bridge, and may appear again."""
        for pair in [pair for pair in self._applied if name in pair]:
            self._bridge.disconnect(*pair)
        self.vanish(name)

    def _forget(self, name: str) -> None:
        self._applied = {pair: gain for pair, gain in self._applied.items() if name not in pair}

    def _apply(self) -> None:
        for pair, gain in list(self._applied.items()):
            if self._wanted.get(pair) != gain:
                del self._applied[pair]
                self._bridge.disconnect(*pair)
        for pair, gain in self._wanted.items():
            if pair not in self._applied and self._there.issuperset(pair) and self._bridge.connect(*pair, gain):
                self._applied[pair] = gain
