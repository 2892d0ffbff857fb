"""The moment an event is taken: monotonic seconds for decisions, the centre's own wall time for records."""

from dataclasses import dataclass

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Moment:
    """`mono_s` never goes back while the program runs; `wall_s` is Unix time and only ever written down.

    `utc_offset_s` makes of it the centre's time of day, by which people have their hours.
    """

    mono_s: float
    wall_s: float = 0.0
    utc_offset_s: float = 0.0
