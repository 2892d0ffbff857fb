"""How much the outbox keeps, and how long anybody waits for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the outbox."""

    max_messages: int = 50_000
    """Messages in the file; beyond it the oldest events go."""
    max_alarms: int = 1_000
    """Alarms among them; beyond it the oldest go, those that join an open alarm first."""
    trim_at_once: int = 64
    """Events that go when the file is full: making room for one only, the report of the loss would be the next loss."""
    max_age_s: float = 30 * 86_400.0
    """Events older than this go, where their age is known."""
    reserve_bytes: int = 256 * 1024
    """Room kept for a full disk."""
    put_aside_kept: int = 3
    """Broken files kept for a later look."""
    patience_s: float = 1.0
    """How long an alarm is held back for its commit. Then it goes out from memory."""
    load_patience_s: float = 10.0
    """How long the program's start waits for what the file holds."""
    busy_timeout_s: float = 5.0
    """How long SQLite waits for another program that has locked the file."""
    retry_s: float = 5.0
    """How often an outbox that cannot work tries again."""
    max_queued: int = 1_000
    """Acts that may wait for a disk that hangs."""

    def __post_init__(self) -> None:
        """Refuse bounds that would empty a full file."""
        if not 1 <= self.trim_at_once < self.max_messages:
            raise ValueError(
                f"trim_at_once is {self.trim_at_once}: at least 1 and less than max_messages ({self.max_messages})"
            )
