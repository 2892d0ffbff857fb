"""Waits for what must happen, as long as it takes on a slow machine and no longer than needed."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

GENEROUS_S = 30.0
T = TypeVar("T")


def until(condition: Callable[[], bool], what: str, within_s: float = GENEROUS_S) -> None:
    """Return as soon as `condition` holds; fail, naming `what`, where it never does."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within_s:.0f} s in vain: {what}")
        time.sleep(0.005)


class Heard(Generic[T]):
    """Everything that was heard, from any thread, in order."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self._lock = threading.Lock()

    def __call__(self, item: T) -> None:
        with self._lock:
            self._items.append(item)

    @property
    def all(self) -> list[T]:
        with self._lock:
            return list(self._items)

    def wait(self, wanted: Callable[[T], bool] | T, count: int = 1) -> T:
        """Return the `count`-th item that is `wanted`, when it has come."""
        found: list[T] = []

        def has_come() -> bool:
            found[:] = [item for item in self.all if (wanted(item) if callable(wanted) else item == wanted)]
            return len(found) >= count

        try:
            until(has_come, f"number {count} of {wanted}")
        except AssertionError as error:
            raise AssertionError(f"{error}; heard: {self.all}") from None
        return found[count - 1]

    def wait_for(self, kind: type[T], count: int = 1) -> T:
        """Return the `count`-th item of a type, when it has come."""
        return self.wait(lambda item: isinstance(item, kind), count)
