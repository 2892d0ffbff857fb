"""What is asked of every way out."""

from typing import Protocol

from hub.adapters.relays.notice import Notice


class Way(Protocol):
    """One way out of the centre. `name` is shown on timelines: it tells the way, and no secret of its address."""

    name: str

    def tell(self, notice: Notice) -> None:
        """Tell it, in bounded time, from the way's own thread. Raises AdapterError."""
