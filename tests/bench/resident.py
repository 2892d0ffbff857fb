"""What both programs hold in memory: gathered while they are measured for other things."""

from collections.abc import Mapping

from tests.bench.child import Memory
from tests.bench.figures import Aim, Section

UNIT_MB, CENTRE_MB = 45.0, 90.0
UNIT = "unit, `poga-device run`"
CENTRE = "centre, quiet, an operator signed in"

HOW = """RSS is what a process has in memory, PSS counts what it shares with others by its part: on a board where it is
alone, RSS counts. The unit: on mock pins, connected for 15 s. The centre: during the presses above."""


def section(found: Mapping[str, Memory]) -> Section:
    """Return what was found as a section."""
    aims = []
    for name, bound_mb in ((UNIT, UNIT_MB), (CENTRE, CENTRE_MB)):
        if memory := found.get(name):
            measured = f"{memory.rss_mb:.1f} MB"
            aims.append(Aim(f"resident: {name}", f"≤ {bound_mb:g} MB", measured, memory.rss_mb <= bound_mb))
    return Section(
        title="Resident memory",
        how=HOW,
        columns=("", "RSS MB", "PSS MB"),
        rows=tuple((name, *memory.cells()) for name, memory in found.items()),
        aims=tuple(aims),
    )
