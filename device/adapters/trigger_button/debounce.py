"""What a contact's edges amount to: presses and releases, whatever it does in between. Pure: time comes in.

Rules: the first edge acts; a press that is over before anybody looked is judged by its length; doubt goes to the press.
"""

from enum import Enum

SHORTEST_PRESS_S = 0.005
"""Fingers and cords stay 20 ms and more; what the wire's filter lets through of a spark is over in less than this."""
REST_S = 0.040
"""Contacts bounce for some 10 ms, worn ones for 30; nobody lets go and presses again within this."""


class Change(Enum):
    """What a contact's edges amount to."""

    PRESSED = "pressed"
    RELEASED = "released"


class Debounce:
    """One contact: edges and levels in, presses and releases out. Times are the edges' own."""

    def __init__(self, is_active: bool) -> None:
        """Begin with the level at start; an active one is a press that needs no telling."""
        self._is_pressed = is_active
        self._resting_since_s: float | None = None
        self._glimpsed_at_s: float | None = None

    def see(self, at_s: float, is_active: bool, is_active_now: bool) -> list[Change]:
        """Take an edge, or a level that was read: what it was at `at_s`, and what it is at the moment of this call."""
        changes = self._settle(at_s)
        if is_active:
            self._resting_since_s = None
            if not self._is_pressed and is_active_now:
                changes += self._press()
            elif not self._is_pressed:
                self._glimpsed_at_s = at_s
            return changes
        if self._glimpsed_at_s is not None and at_s - self._glimpsed_at_s >= SHORTEST_PRESS_S:
            changes += self._press()
        self._glimpsed_at_s = None
        if self._is_pressed:  # an edge may come after a look that saw the same
            self._resting_since_s = at_s if self._resting_since_s is None else min(at_s, self._resting_since_s)
        return changes

    def _press(self) -> list[Change]:
        self._is_pressed = True
        self._glimpsed_at_s = None
        return [Change.PRESSED]

    def _settle(self, at_s: float) -> list[Change]:
        """End a press whose contact has rested for long enough by then."""
        if self._resting_since_s is None or at_s - self._resting_since_s < REST_S:
            return []
        self._is_pressed = False
        self._resting_since_s = None
        return [Change.RELEASED]
