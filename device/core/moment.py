"""The moment an event is taken: monotonic seconds for decisions, wall time as advice.

No decision reads `wall_s`: a unit has no clock at start, and a wrong one later must not matter.
"""

from dataclasses import dataclass

from device.wire.messages import WallTime
from device.wire.vocabulary import ClockQuality


@dataclass(frozen=True, slots=True)
class Moment:
    """`mono_s` never goes back while the machine runs; `wall_s` is Unix time of quality `clock`."""

    mono_s: float
    wall_s: float = 0.0
    clock: ClockQuality = ClockQuality.UNSET

    def wall(self) -> WallTime:
        """Return the wall time as it goes on the wire."""
        return WallTime(unix_s=self.wall_s, quality=self.clock)
