"""Which centre is tried next, and when. Decides only: time comes in, and chance.

Rules: the first attempt at once, then after 1 to 30 s with jitter; two attempts at a centre, then the next one at once,
round the list; a connection that lived is followed by an attempt at the same centre at once.
"""

from collections.abc import Callable

from device.adapters.broker.settings import Patience

ATTEMPTS_EACH = 2
FIRST_CEILING_S = 2.0
SHORTEST_S = 1.0
"""Even an alarm that is refused again and again starts no more attempts than this."""
_DOUBLINGS = 8


class Route:
    """The way through the list of centres."""

    def __init__(self, centres: int, patience: Patience, chance: Callable[[], float]) -> None:
        """Begin at the first of `centres`; `chance` gives numbers from 0 to 1, different in every unit."""
        self._centres = centres
        self._patience = patience
        self._chance = chance
        self.index = 0
        self.due_s = float("-inf")
        self._attempted_s = float("-inf")
        self._hurry_until_s = float("-inf")
        self._begin_anew()

    @property
    def has_choice(self) -> bool:
        """Tell whether there is another centre to go to."""
        return self._centres > 1

    def attempt(self, now: float) -> None:
        """Note that an attempt begins."""
        self._attempted_s = now

    def ended(self, opened_s: float | None, now: float) -> None:
        """Take the end of an attempt, or of the connection that was open since `opened_s`."""
        if opened_s is not None and now - opened_s >= self._patience.steady_s:
            self._begin_anew()
            self.due_s = now
            return
        self._failures += 1
        self._tried.add(self.index)
        if self.has_choice and self._failures >= ATTEMPTS_EACH:
            self._go_on()
            if self.index not in self._tried:  # nothing is known against it yet
                self.due_s = now
                return
        self.due_s = now + self._next_wait_s(now)

    def hurry(self, now: float) -> None:
        """An alarm could not be sent: try at once, and wait less for a while."""
        self._hurry_until_s = now + self._patience.hurry_s
        self.due_s = min(self.due_s, max(now, self._attempted_s + SHORTEST_S))

    def change(self, now: float) -> None:
        """Leave this centre for the next one, at once."""
        self._begin_anew()
        self._tried.add(self.index)
        self._go_on()
        self.due_s = now

    def returned(self) -> None:
        """Note that the first centre is used again."""
        self._begin_anew()
        self.index = 0

    def _begin_anew(self) -> None:
        self._failures = 0
        self._waits = 0
        self._tried: set[int] = set()

    def _go_on(self) -> None:
        self.index = (self.index + 1) % self._centres
        self._failures = 0

    def _next_wait_s(self, now: float) -> float:
        """Return a wait between half its ceiling and all of it: thousands of units must not come back in step."""
        hurried = now < self._hurry_until_s
        limit_s = self._patience.hurried_wait_s if hurried else self._patience.longest_wait_s
        ceiling_s = min(limit_s, FIRST_CEILING_S * (1 << min(self._waits, _DOUBLINGS)))
        self._waits += 1
        return ceiling_s * (1 + self._chance()) / 2
