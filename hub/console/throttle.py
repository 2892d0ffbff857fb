"""Guessing made slow: five wrong tries in five minutes, then wait. By name and by address, in bounded memory.

A try counts from the moment it begins, so that many at once gain nothing. A right one clears its name, but takes only
itself off its address: else one's own account would pay for guessing at the others.
"""

from collections import OrderedDict, deque

WRONG_TRIES = 5
WITHIN_S = 300.0
MOST_KEYS = 10_000
LONGEST_KEY = 64


class Throttle:
    """The tries of one kind of key. `now_s` is monotonic."""

    def __init__(self, tries: int = WRONG_TRIES, most_keys: int = MOST_KEYS) -> None:
        """Begin with none."""
        self._tries = tries
        self._most_keys = most_keys
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._recent)

    def wait_s(self, key: str, now_s: float) -> float:
        """Return how long this key has to wait before its next try, 0 for not at all."""
        recent = self._recent.get(key)
        if recent is None or len(recent) < self._tries:
            return 0.0
        return max(0.0, recent[0] + WITHIN_S - now_s)

    def count(self, key: str, now_s: float) -> None:
        """Note a try."""
        recent = self._recent.setdefault(key, deque(maxlen=self._tries))
        recent.append(now_s)
        self._recent.move_to_end(key)
        if len(self._recent) > self._most_keys:
            self._recent.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget the tries of a key."""
        self._recent.pop(key, None)

    def take_back(self, key: str) -> None:
        """Forget the latest try of a key."""
        recent = self._recent.get(key)
        if recent:
            recent.pop()


class Guesses:
    """Tries at passwords and codes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_name = Throttle()
        self._by_address = Throttle()

    def begin(self, name: str, address: str, now_s: float) -> float:
        """Count a try; return how long it has to wait instead, 0 for not at all."""
        key = _key(name)
        wait_s = max(self._by_name.wait_s(key, now_s), self._by_address.wait_s(address, now_s))
        if wait_s <= 0.0:
            self._by_name.count(key, now_s)
            self._by_address.count(address, now_s)
        return wait_s

    def was_right(self, name: str, address: str) -> None:
        """Note that the latest try was no guess."""
        self._by_name.forgive(_key(name))
        self._by_address.take_back(address)


def _key(name: str) -> str:
    return name.strip().casefold()[:LONGEST_KEY]
