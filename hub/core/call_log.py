"""What is written down of calls: a record of every leg with its times, and lines on the incident's timeline.

Rules: an alarm that nobody answers is rung for as long as it takes, and a bad line calls again and again; so what
happens by itself is written down a bounded number of times an incident. What people do is always written down.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

from hub.core import timings
from hub.core.call_events import LegEnded
from hub.core.call_records import CallLeg
from hub.core.effects import Effect, Save
from hub.core.incidents import Case
from hub.core.moment import Moment
from hub.core.records import EntryKind

TRIES = frozenset(
    {
        EntryKind.UNIT_CALLED,
        EntryKind.LIST_RUNG,
        EntryKind.ALL_RUNG,
        EntryKind.RUNG_IN_VAIN,
        EntryKind.WAS_BUSY,
        EntryKind.NOT_REACHED,
        EntryKind.NOT_CONFIRMED,
    }
)
TALKS = frozenset(
    {
        EntryKind.CALL_TAKEN,
        EntryKind.SPEAKING,
        EntryKind.CALL_LOST,
        EntryKind.CALL_ENDED,
        EntryKind.VOICE_LOST,
        EntryKind.RECORDED,
    }
)
"""What can happen without a person, and so without end; counted apart, so that vain tries hide no talk."""


class CallLog:
    """The legs that stand, and how much was written of each incident's calls."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._legs: dict[str, CallLeg] = {}
        self._kept: set[str] = set()
        self._written: dict[int, Counter[str]] = {}

    def note(self, case: Case, kind: EntryKind, now: Moment, actor: str = "", text: str = "") -> None:
        """Write a line on the timeline, unless it is one of too many."""
        what = "tries" if kind in TRIES else "talks" if kind in TALKS else ""
        if not what or self._may_write(case.incident.incident_id, what, timings.CALL_ENTRIES_MOST):
            case.note(kind, now, actor, text)

    def began(self, leg: CallLeg) -> list[Effect]:
        """Keep a leg that begins."""
        self._legs[leg.leg] = leg
        if self._may_write(leg.incident_id, "legs", timings.CALL_LEGS_MOST):
            self._kept.add(leg.leg)
        return self._saved(leg.leg)

    def answered(self, leg: str, now: Moment) -> list[Effect]:
        """Note that it stands."""
        known = self._legs.get(leg)
        if known is not None and leg not in self._kept:
            what = f"answers of a {known.kind}"
            if self._may_write(known.incident_id, what, timings.CALL_LEGS_MOST):
                self._kept.add(leg)
        return self._changed(leg, answered_s=now.wall_s)

    def heard(self, leg: str, now: Moment) -> list[Effect]:
        """Note its first sound."""
        return self._changed(leg, heard_s=now.wall_s)

    def ended(self, event: LegEnded, now: Moment) -> list[Effect]:
        """Note its end, whoever ended it."""
        changes = {"status": event.status, "reason": event.reason[:256], "is_silence": event.is_silence}
        effects = self._changed(event.leg, ended_s=now.wall_s, **changes)
        self._legs.pop(event.leg, None)
        self._kept.discard(event.leg)
        return effects

    def all_ended(self, reason: str, now: Moment) -> list[Effect]:
        """Note that every leg is gone."""
        return [effect for leg in list(self._legs) for effect in self.ended(LegEnded(leg, 0, reason), now)]

    def forget(self, incident_id: int) -> None:
        """Count no more for an incident that is closed."""
        self._written.pop(incident_id, None)

    def _may_write(self, incident_id: int, what: str, most: int) -> bool:
        written = self._written.setdefault(incident_id, Counter())
        written[what] += 1
        return written[what] <= most

    def _changed(self, leg: str, **changes: Any) -> list[Effect]:
        known = self._legs.get(leg)
        if known is None:
            return []
        self._legs[leg] = replace(known, **changes)
        return self._saved(leg)

    def _saved(self, leg: str) -> list[Effect]:
        return [Save(self._legs[leg])] if leg in self._kept else []
