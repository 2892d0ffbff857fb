"""RESULTS.md: what was measured, on which machine, when, and which aims were met."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.figures import Section

FILE = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The machine, and what part of it other programs used meanwhile (0 to 1)."""

    machine: Sequence[tuple[str, str]]
    others: float
    took_s: float
    command: str = "make bench"


def write(sections: Sequence[Section], around: Circumstances, file: Path = FILE) -> Path:
    """Write the file; return where it is."""
    file.write_text("\n".join(lines(sections, around)) + "\n", encoding="utf-8")
    return file


def lines(sections: Sequence[Section], around: Circumstances) -> Iterator[str]:
    """Return the file's lines."""
    yield "# Results"
    yield ""
    yield f"Written by `{around.command}`; the figures are this machine's, on this day. p99: 99 of 100 are no larger."
    yield ""
    yield "| | |"
    yield "| --- | --- |"
    for name, value in around.machine:
        yield f"| {name} | {value} |"
    yield f"| date | {datetime.now(UTC):%Y-%m-%d} |"
    yield f"| the whole run | {around.took_s / 60:.0f} min; other programs used {around.others:.0%} of the machine |"
    yield from _aims(sections)
    for section in sections:
        yield from _section(section)


def _aims(sections: Sequence[Section]) -> Iterator[str]:
    aims = [aim for section in sections for aim in section.aims]
    if not aims:
        return
    yield from ("", "## Aims", "", "| | aim | measured | |", "| --- | --- | --- | --- |")
    for aim in aims:
        yield f"| {aim.what} | {aim.bound} | {aim.measured} | {'met' if aim.is_met else '**missed**'} |"
    reasons = [f"{aim.what}: {aim.why_missed}" for aim in aims if not aim.is_met and aim.why_missed]
    if reasons:
        yield from ("", *(f"- {reason}" for reason in reasons))


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {section.title}", "", section.how, "")
    yield f"| {' | '.join(section.columns)} |"
    yield f"| {' | '.join('---' for _ in section.columns)} |"
    for row in section.rows:
        yield f"| {' | '.join(row)} |"
    if section.notes:
        yield from ("", *(f"- {note}" for note in section.notes))
