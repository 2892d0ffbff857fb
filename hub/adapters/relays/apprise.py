"""A way out through the library apprise: mail, SMS, messengers.

Rules: the library is loaded with the first notice, because a centre that never escalates should not carry its weight.
The name shows the kind of address, never the rest, which is secret. The library says only yes or no, so a no is worth
another try; an address it does not understand is not.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from hub.adapters.relays.notice import Notice
from hub.ports import PermanentAdapterError, TransientAdapterError

if TYPE_CHECKING:
    import apprise


class Apprise:
    """An address of apprise."""

    def __init__(self, address: str) -> None:
        """Take an address; it is understood, or not, with the first notice."""
        kind, mark, _ = address.partition("://")
        self.name = f"apprise {kind}" if mark else "apprise"
        self._address = address

    def check(self) -> None:
        """Make sure that the address is understood; nothing is sent. Raises PermanentAdapterError."""
        _ = self._library

    def tell(self, notice: Notice) -> None:
        """Send the notice. Raises AdapterError."""
        if not self._library.notify(title=notice.title(), body=notice.text()):
            raise TransientAdapterError("it was not taken")

    @cached_property
    def _library(self) -> "apprise.Apprise":
        import apprise  # noqa: PLC0415 - see above

        library = apprise.Apprise()
        if not library.add(self._address):
            raise PermanentAdapterError("apprise does not understand this address: check it in the settings")
        return library
