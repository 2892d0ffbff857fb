"""Pins that nobody wired: gpiozero's own, which remember that a finger is on them, and can break.

Rules: a contact leads to ground, as in the home; a pin that is claimed while it is grounded stays grounded.
"""

from gpiozero.pins.mock import MockFactory, MockPWMPin

STATES_KEPT = 1_000
"""The library's pins remember every change for its own tests; a light that breathes would fill the memory."""


class HomePin(MockPWMPin):  # type: ignore[misc]
    """A pin with whatever is at its other end."""

    is_grounded = False
    is_broken = False

    def ground(self, is_grounded: bool) -> None:
        """Connect it to ground, or let go of it."""
        self.is_grounded = is_grounded
        if self.function == "input":
            self.drive_low() if is_grounded else self.drive_high()

    def level(self) -> float:
        """Return what is driven: 0 to 1 of the time high."""
        return float(self.state) if self.function == "output" else 0.0

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.is_grounded:
            self.drive_low()

    def _set_state(self, value: float) -> None:
        if self.is_broken:
            raise OSError("the lamp is broken off")
        super()._set_state(value)

    def _change_state(self, value: float) -> bool:
        if len(self.states) > STATES_KEPT:
            self.clear_states()
        changed: bool = super()._change_state(value)
        return changed


class HomePins(MockFactory):  # type: ignore[misc]
    """The header of the virtual board."""

    def __init__(self) -> None:
        """Give out `HomePin`s."""
        super().__init__(pin_class=HomePin)

    def at(self, bcm: int) -> HomePin:
        """Return a pin by its GPIO's number."""
        pin = self.pin(bcm)
        assert isinstance(pin, HomePin)  # noqa: S101 - the only class it gives out
        return pin
