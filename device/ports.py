"""What the runtime asks of every adapter.

Rules: `report` may be called from any thread and returns at once; `perform` is called by the runtime's thread alone and
raises only `AdapterError`; no adapter knows another, only `app.py` chooses them.
"""

from collections.abc import Callable
from typing import Protocol

from device.core.effects import Effect
from device.core.events import Event

Report = Callable[[Event], None]


class AdapterError(Exception):
    """A door cannot do what was asked; the text says what, where, and what to do."""


class TransientAdapterError(AdapterError):
    """Asking again later may help."""


class PermanentAdapterError(AdapterError):
    """A person must see to it."""


class Adapter(Protocol):
    """One door to the world: reports events, performs effects."""

    name: str
    performs: tuple[type[Effect], ...]

    def start(self, report: Report) -> None:
        """Open the door; report what comes in from now on. Raises AdapterError."""

    def perform(self, effect: Effect) -> None:
        """Do it, in bounded time. Raises AdapterError."""

    def stop(self) -> None:
        """Close the door; report nothing any more. Never raises, may be called twice."""


class Pulse(Protocol):
    """Where the parts that must never stand still show that they move; the watchdog is fed on this alone."""

    def beat(self, part: str) -> None:
        """Note that `part` moved just now. Called from any thread."""
