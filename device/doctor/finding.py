"""One line of what the doctor says: what was looked at, what was seen, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands; also the first word of the line."""

    OK = "OK"
    ATTENTION = "attention"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line."""

    verdict: Verdict
    subject: str
    seen: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the line."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.verdict:<10} {self.subject:<12} {self.seen}{remedy}"


Check = Callable[[], Iterable[Finding]]


def ok(subject: str, seen: str, remedy: str = "") -> Finding:
    """Return that all is well."""
    return Finding(Verdict.OK, subject, seen, remedy)


def attention(subject: str, seen: str, remedy: str) -> Finding:
    """Return that it works, and that somebody should look at it."""
    return Finding(Verdict.ATTENTION, subject, seen, remedy)


def fault(subject: str, seen: str, remedy: str = "") -> Finding:
    """Return that it does not work."""
    return Finding(Verdict.FAULT, subject, seen, remedy)
