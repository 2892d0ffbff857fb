"""Readings of sensors as they may go on the wire."""

import math


def within(reading: float | None, least: float = -math.inf, most: float = math.inf) -> float | None:
    """Return a reading as it may go on the wire: a sensor that is off must not keep the message in."""
    if reading is None or not math.isfinite(reading):
        return None
    return min(max(reading, least), most)
