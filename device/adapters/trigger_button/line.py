"""One pin of gpiozero, with a contact between it and ground."""

import contextlib
import logging
import queue
from collections.abc import Iterator
from dataclasses import dataclass

from gpiozero import Factory, InputDevice

from device.adapters.trigger_button.debounce import Debounce
from device.config import Contact
from device.ports import PermanentAdapterError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Input:
    """A contact between a pin (`bcm`: the GPIO's number, not the header's) and ground; the pin is pulled up."""

    trigger_id: str
    bcm: int
    contact: Contact
    is_cancel: bool = False


class Line:
    """One opened input. Its pin's own callback: `Button`'s have no time, and swallow an edge after a lost opposite."""

    def __init__(self, source: Input, factory: Factory, edges: "queue.Queue[Edge]") -> None:
        """Claim the pin. Raises PermanentAdapterError."""
        self.source = source
        self.ticks = factory.ticks
        self.debounce = Debounce(is_active=False)
        self._edges = edges
        with _told(source):
            self._device = InputDevice(source.bcm, pull_up=True, pin_factory=factory)

    def begin(self) -> bool:
        """Listen from now on; return whether the contact is active already. Raises PermanentAdapterError."""
        is_held = self.is_active()
        self.debounce = Debounce(is_held)
        with _told(self.source):
            self._device.pin.edges = "both"
            self._device.pin.when_changed = self._changed
        return is_held

    def is_active(self) -> bool:
        """Read the level. Raises PermanentAdapterError."""
        with _told(self.source):
            return self._means_active(is_grounded=bool(self._device.value))

    def close(self) -> None:
        """Let go of the pin."""
        try:
            self._device.pin.when_changed = None  # lgpio's pin would go on calling
            self._device.close()
        except Exception:  # a pin that cannot even be closed must not keep the others open
            log.warning("GPIO %d could not be closed", self.source.bcm, exc_info=True)

    def _changed(self, ticks: float, level: int) -> None:
        """Enqueue an edge; called in the library's thread, which an exception would end."""
        with contextlib.suppress(queue.Full):
            self._edges.put_nowait(Edge(self, ticks, self._means_active(is_grounded=not level)))

    def _means_active(self, *, is_grounded: bool) -> bool:
        return is_grounded == (self.source.contact is Contact.NORMALLY_OPEN)


@dataclass(frozen=True, slots=True)
class Edge:
    """A change of a line, with the time the kernel gave it."""

    line: Line
    at_s: float
    is_active: bool


@contextlib.contextmanager
def _told(source: Input) -> Iterator[None]:
    """Turn what the library raises into words: which input, which pin, what to do."""
    try:
        yield
    except Exception as error:  # the library below gpiozero raises errors of its own, unknown here
        raise PermanentAdapterError(
            f"{source.trigger_id} on GPIO {source.bcm}: {type(error).__name__}: {error}; see that nothing else uses "
            "the pin and that hardware/pins.csv names the right one, then restart the unit"
        ) from error
