"""What has passed through the broker's door since the program began, for the metrics."""

import threading
from collections import Counter
from enum import StrEnum


class Counted(StrEnum):
    """What is counted."""

    MESSAGES = "messages"
    """By the last part of their topic."""
    MALFORMED = "malformed"
    """By the kind of problem."""
    RECEIPTS = "receipts"
    COMMANDS = "commands"
    REFUSED = "refused"
    """Publications the broker has refused."""
    CONNECTIONS = "connections"
    """By client id."""
    BATCHES = "batches"
    """Batches of heartbeats; `MESSAGES` divided by it is their size."""
    DROPPED = "dropped"
    """Heartbeats dropped because too many waited."""


class Counts:
    """Counters that any thread may raise."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._lock = threading.Lock()
        self._counter: Counter[tuple[Counted, str]] = Counter()

    def add(self, what: Counted, label: str = "", by: int = 1) -> None:
        """Count `by` more of `what`."""
        with self._lock:
            self._counter[what, label] += by

    def snapshot(self) -> dict[tuple[Counted, str], int]:
        """Return all counts by what and label."""
        with self._lock:
            return dict(self._counter)
