"""A home's inputs: gpiozero's mock pins on wires, with a clock of their own and fingers on them."""

import queue
from collections.abc import Callable

from gpiozero.pins import mock

from device.adapters.trigger_button import Input, TriggerButtons
from device.config import Contact
from device.core import events as ev
from tests.waiting import GENEROUS_S

BUTTON = Input("button", 5, Contact.NORMALLY_OPEN)
CANCEL = Input("cancel", 6, Contact.NORMALLY_OPEN, is_cancel=True)
DETECTOR = Input("detector", 24, Contact.NORMALLY_CLOSED)
ALL = (BUTTON, CANCEL, DETECTOR)


class Clock:
    """The mock pins' clock."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


class WiredPin(mock.MockPin):  # type: ignore[misc]  # gpiozero has no types
    """A mock pin on a wire: while its contact is closed to ground, no pull-up lifts it."""

    is_grounded = False
    is_readable = True
    before_reading: Callable[[], None] | None = None

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.is_grounded:
            self.drive_low()

    def _get_state(self) -> bool:
        if not self.is_readable:
            raise OSError(5, "Input/output error")
        if self.before_reading is not None:
            self.before_reading()
        return bool(super()._get_state())


class Pulse:
    """Counts the beats of the button."""

    def __init__(self) -> None:
        self.beats = 0

    def beat(self, part: str) -> None:
        assert part == "button"
        self.beats += 1


class Home:
    """A unit's inputs, with fingers on them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.factory = mock.MockFactory(pin_class=WiredPin)
        self.pulse = Pulse()
        self.reports: queue.Queue[ev.Event] = queue.Queue()
        self.triggers = TriggerButtons(ALL, self.pulse, self.factory)
        self.ground(DETECTOR)

    def pin(self, source: Input) -> WiredPin:
        pin = self.factory.pin(source.bcm)
        assert isinstance(pin, WiredPin)
        return pin

    def ground(self, source: Input) -> None:
        """Close the contact before the program starts."""
        self.pin(source).is_grounded = True

    def start(self) -> None:
        self.triggers.start(self.reports.put)

    def close(self, source: Input) -> None:
        self.pin(source).drive_low()

    def open(self, source: Input) -> None:
        self.pin(source).drive_high()

    def lose_edge(self, source: Input, *, is_closed: bool) -> None:
        """Change the level without anybody being called."""
        self.pin(source)._change_state(not is_closed)

    def press(self, source: Input, length_s: float = 0.03, rest_s: float = 0.12) -> None:
        self.close(source)
        self.clock.now_s += length_s
        self.open(source)
        self.clock.now_s += rest_s

    def next(self) -> ev.Event:
        return self.reports.get(timeout=GENEROUS_S)

    def rest(self) -> list[ev.Event]:
        """Stop, and return what was reported beyond what was asked for."""
        self.triggers.stop()
        return list(self.reports.queue)
