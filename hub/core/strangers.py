"""Calls of nobody we know: refused, and told to operators in one incident, however many they are.

Rules: a machine that tries numbers all day long makes one incident, with a line now and then that counts; where an
operator has closed it, there is no other one for a while.
"""

from dataclasses import replace

from hub.core import timings
from hub.core.caseload import Caseload
from hub.core.effects import Effect
from hub.core.moment import NEVER, Moment
from hub.core.records import EntryKind, IncidentKind, Priority

LONGEST_CALLER = 128


class Strangers:
    """Who called and was refused."""

    def __init__(self, cases: Caseload) -> None:
        """Take the incidents."""
        self._cases = cases
        self._known_s = -NEVER
        self._count = 0
        self._told = 0
        self._last = ""
        self._tell_due_s = NEVER

    def refused(self, caller: str, now: Moment) -> list[Effect]:
        """Tell of a refused call: at once where it is the first, counted with others where it is not."""
        caller = caller[:LONGEST_CALLER]
        if self._cases.find(IncidentKind.STRANGE_CALLS) is not None:
            self._known_s = now.mono_s
        elif now.mono_s - self._known_s >= timings.STRANGERS_AGAIN_AFTER_S:
            return self._raise(caller, now)
        self._count += 1
        self._last = caller
        if self._tell_due_s == NEVER:
            wait_s = timings.STRANGERS_TOLD_S[min(self._told, len(timings.STRANGERS_TOLD_S) - 1)]
            self._tell_due_s = now.mono_s + wait_s
        return []

    def next_deadline(self) -> float:
        """Return when the counted calls are told."""
        return self._tell_due_s

    def due(self, now: Moment) -> list[Effect]:
        """Tell how many there were."""
        if now.mono_s < self._tell_due_s:
            return []
        self._tell_due_s, count, self._count = NEVER, self._count, 0
        case = self._cases.find(IncidentKind.STRANGE_CALLS)
        if case is None:
            return []
        self._told += 1
        case.note(EntryKind.CALLS_REFUSED, now, self._last, str(count))
        return case.saved()

    def _raise(self, caller: str, now: Moment) -> list[Effect]:
        self._known_s, self._told, self._count, self._tell_due_s = now.mono_s, 0, 0, NEVER
        incident = replace(self._cases.new(IncidentKind.STRANGE_CALLS, Priority.NOTICE, now), detail=caller)
        effects = self._cases.open(incident, EntryKind.RAISED, now)
        case = self._cases.find(IncidentKind.STRANGE_CALLS)
        assert case is not None  # noqa: S101 - for mypy: it was opened in the line before
        case.note(EntryKind.CALL_REFUSED, now, caller)
        return effects + case.saved()
