"""What a bench tells: measured values as median and p99, tables of them, and which aims they meet."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

NONE = "–"


@dataclass(frozen=True, slots=True)
class Spread:
    """How measured values spread. `p99`: 99 of 100 are no larger (nearest rank)."""

    count: int
    median: float
    p99: float
    worst: float


@dataclass(frozen=True, slots=True)
class Aim:
    """What was aimed at, and what came of it; `why_missed` is told only where it was missed."""

    what: str
    bound: str
    measured: str
    is_met: bool
    why_missed: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What one bench tells: a table, what it needs to be understood, and its aims."""

    title: str
    how: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    aims: tuple[Aim, ...] = ()
    notes: tuple[str, ...] = ()


def spread(values: Sequence[float]) -> Spread | None:
    """Return how values spread, None where there is none."""
    if not values:
        return None
    ordered = sorted(values)
    rank = math.ceil(len(ordered) * 0.99)
    return Spread(len(ordered), statistics.median(ordered), ordered[rank - 1], ordered[-1])


def in_ms(values_s: Sequence[float]) -> tuple[str, str, str, str]:
    """Return count, median, p99 and worst of durations as cells, in milliseconds."""
    found = spread([value * 1000 for value in values_s])
    if found is None:
        return ("0", NONE, NONE, NONE)
    return (str(found.count), f"{found.median:.1f}", f"{found.p99:.1f}", f"{found.worst:.1f}")


def at_most_ms(what: str, values_s: Sequence[float], bound_ms: float, why_missed: str = "") -> Aim:
    """Return the aim that the p99 of durations is at most a bound."""
    found = spread([value * 1000 for value in values_s])
    measured = f"{found.p99:.1f} ms" if found else "nothing measured"
    return Aim(what, f"p99 ≤ {bound_ms:g} ms", measured, found is not None and found.p99 <= bound_ms, why_missed)


def median_at_most_ms(what: str, values_s: Sequence[float], bound_ms: float, why_missed: str = "") -> Aim:
    """Return the aim that the median of durations is at most a bound."""
    found = spread([value * 1000 for value in values_s])
    measured = f"{found.median:,.0f} ms" if found else "nothing measured"
    is_met = found is not None and found.median <= bound_ms
    return Aim(what, f"median ≤ {bound_ms:,.0f} ms", measured, is_met, why_missed)


def number(value: float) -> str:
    """Return a whole number with its thousands apart."""
    return f"{value:,.0f}"
