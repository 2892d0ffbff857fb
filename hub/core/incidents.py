"""An incident from raised to closed, as a table: every state answers every signal.

The whole truth is `TRANSITIONS`; the diagram in the README is drawn from it. What an operator may not do is a `Problem`
in the table, not an exception. Whenever nobody has an alarm any more, the unit is told: its light must not promise.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from device.wire import messages as wire
from hub.core import timings
from hub.core.commands import Orders
from hub.core.effects import Effect, Problem, Relay, Save, Show
from hub.core.escalation import step_after_s
from hub.core.moment import NEVER, Moment
from hub.core.records import EntryKind, Incident, IncidentState, Outcome, TimelineEntry
from hub.core.signals import (
    ALL_SIGNALS,
    OPERATOR_SIGNALS,
    AcceptedBy,
    CancelTold,
    ClosedBy,
    Folded,
    NotedBy,
    OwnerLost,
    PressedAgain,
    PressUnseen,
    ReleasedBy,
    Restored,
    Signal,
    StepDue,
    TakenOverBy,
)

AlarmOrder = wire.AnswerAlarm | wire.RequeueAlarm | wire.ResetAlarm


class Case:
    """One open incident with its deadlines."""

    def __init__(self, incident: Incident, orders: Orders, plan: timings.Timings, now: Moment) -> None:
        """Take an incident, new or from the store; its escalation begins now."""
        self.incident = incident
        self._orders = orders
        self._plan = plan
        self._new_entries: list[TimelineEntry] = []
        self.opened_mono_s = now.mono_s
        self.step_due_s = now.mono_s + step_after_s(incident.priority, incident.level, plan)
        self.owner_lost_at_s = NEVER
        self.press_unseen_at_s = NEVER

    def handle(self, signal: Signal, now: Moment) -> tuple[Problem | None, list[Effect]]:
        """Answer a signal by the table; return the problem, or what is to be done."""
        row = TRANSITIONS[self.incident.state][type(signal)]
        if isinstance(row, Problem):
            return row, []
        if row is None:
            return None, []
        problem = self._ownership_problem(signal)
        if problem is not None:
            return problem, []
        state, action = row
        was = self.incident
        self.incident = replace(was, state=state)
        effects = action(self, signal, now)
        return None, self.saved() + effects

    def next_deadline(self) -> float:
        """Return the earliest moment at which this incident asks for attention."""
        step_s = self.step_due_s if self.incident.state is IncidentState.RAISED else NEVER
        return min(step_s, self.owner_lost_at_s, self.press_unseen_at_s)

    def due(self, now: Moment) -> list[Signal]:
        """Return the signals whose time has come."""
        signals: list[Signal] = []
        if now.mono_s >= self.owner_lost_at_s:
            signals.append(OwnerLost())
        if now.mono_s >= self.press_unseen_at_s:
            signals.append(PressUnseen())
        if self.incident.state is IncidentState.RAISED and now.mono_s >= self.step_due_s:
            signals.append(StepDue())
        return signals

    def learn(self, subject: str, pressed_s: float | None, now: Moment, age_s: float | None) -> None:
        """Fill in what only the alarm's own message tells; until now it was known from a heartbeat."""
        self.incident = replace(self.incident, subject=subject, pressed_s=pressed_s)
        self.note(EntryKind.RAISED, now, text=subject, age_s=age_s)

    def adopt(
        self, alarm: wire.MessageKey, subject: str, pressed_s: float | None, now: Moment, age_s: float | None
    ) -> list[Effect]:
        """Learn which alarm it is, of which only a call has told; the room is told at once who has it."""
        self.incident = replace(self.incident, alarms=(alarm,))
        self.learn(subject, pressed_s, now, age_s)
        return self.saved() + (self._order(wire.AnswerAlarm, now) if self.incident.owner else [])

    def owner_acted(self) -> None:
        """Take what its operator does as a sign of life; where their console is gone, its time is counted anew."""
        self.owner_lost_at_s = NEVER

    def watch_owner(self, live: frozenset[str], now: Moment) -> None:
        """Begin, or stop, to count the time its operator is gone."""
        if not self.incident.owner or self.incident.owner in live:
            self.owner_lost_at_s = NEVER
        elif self.owner_lost_at_s == NEVER:
            self.owner_lost_at_s = now.mono_s + timings.OWNER_LOST_AFTER_S

    def note(self, kind: EntryKind, now: Moment, actor: str = "", text: str = "", age_s: float | None = None) -> None:
        """Write a line on the timeline."""
        number = self.incident.entries + 1
        entry = TimelineEntry(self.incident.incident_id, number, now.wall_s, kind, actor, text, age_s)
        self.incident = replace(self.incident, entries=number)
        self._new_entries.append(entry)

    def saved(self) -> list[Effect]:
        """Return the effects that keep and show what has changed since the last time."""
        entries, self._new_entries = tuple(self._new_entries), []
        return [Save(self.incident), *map(Save, entries), Show(self.incident, entries)]

    # --- actions of the table ---

    def press_again(self, signal: PressedAgain, now: Moment) -> list[Effect]:
        """Tell the operators of another press; one who has the incident must do something about it."""
        self.note(EntryKind.PRESSED_AGAIN, now, text=signal.trigger, age_s=signal.age_s)
        if self.incident.owner:
            self.press_unseen_at_s = min(self.press_unseen_at_s, now.mono_s + timings.SECOND_PRESS_UNSEEN_AFTER_S)
        if signal.alarm in self.incident.alarms:
            return []
        self.incident = replace(self.incident, alarms=(*self.incident.alarms, signal.alarm))
        return self._order(wire.AnswerAlarm, now) if self.incident.owner else []

    def tell_cancel(self, signal: CancelTold, now: Moment) -> list[Effect]:
        """Write down that cancel was pressed."""
        self.note(EntryKind.CANCEL_PRESSED, now, age_s=signal.age_s)
        return []

    def accept(self, signal: AcceptedBy | TakenOverBy, now: Moment) -> list[Effect]:
        """Give it to the operator, and tell the room."""
        self._seen()
        if signal.operator == self.incident.owner:
            return []
        kind = EntryKind.TAKEN_OVER if self.incident.owner else EntryKind.ACCEPTED
        accepted_s = self.incident.accepted_s or now.wall_s
        self.owner_lost_at_s = NEVER
        self.incident = replace(self.incident, owner=signal.operator, accepted_s=accepted_s)
        self.note(kind, now, signal.operator)
        return self._order(wire.AnswerAlarm, now)

    def release(self, signal: ReleasedBy, now: Moment) -> list[Effect]:
        """Give it back to everybody."""
        return self._requeue(EntryKind.RELEASED, signal.operator, now)

    def lose_owner(self, signal: OwnerLost, now: Moment) -> list[Effect]:
        """Give it back: its operator's console is gone."""
        return self._requeue(EntryKind.OWNER_LOST, self.incident.owner, now)

    def give_back_unseen(self, signal: PressUnseen, now: Moment) -> list[Effect]:
        """Give it back: the client pressed again, and its operator did nothing."""
        return self._requeue(EntryKind.UNSEEN_PRESS, self.incident.owner, now)

    def write(self, signal: NotedBy, now: Moment) -> list[Effect]:
        """Write a note."""
        if signal.operator == self.incident.owner:
            self._seen()
        self.note(EntryKind.NOTE, now, signal.operator, signal.text)
        return []

    def escalate(self, signal: StepDue, now: Moment) -> list[Effect]:
        """Ring harder, and tell the outside."""
        level = self.incident.level + 1
        self.incident = replace(self.incident, level=level)
        self.step_due_s = now.mono_s + step_after_s(self.incident.priority, level, self._plan)
        self.note(EntryKind.ESCALATED, now, text=str(level))
        return [Relay(self.incident, f"nobody has accepted it, step {level}")]

    def close(self, signal: ClosedBy, now: Moment) -> list[Effect]:
        """End it, and tell the room."""
        self._end(signal.outcome, now)
        self.note(EntryKind.CLOSED, now, signal.operator, signal.text)
        return self._order(wire.ResetAlarm, now)

    def restore(self, signal: Restored, now: Moment) -> list[Effect]:
        """End it by itself: what it is about is as it must be again."""
        self._end(Outcome.RESTORED, now)
        self.note(EntryKind.RESTORED, now)
        return []

    def fold(self, signal: Folded, now: Moment) -> list[Effect]:
        """End it: it goes on as part of another."""
        self._end(Outcome.FOLDED, now)
        self.note(EntryKind.FOLDED, now, text=str(signal.into))
        return []

    # --- helpers ---

    def _ownership_problem(self, signal: Signal) -> Problem | None:
        """Return why this operator may not do this, None where they may."""
        owner = self.incident.owner
        match signal:
            case AcceptedBy() if owner and signal.operator != owner:
                return Problem.TAKEN
            case ReleasedBy() | ClosedBy() if signal.operator != owner:
                return Problem.NOT_YOURS
            case _:
                return None

    def _requeue(self, kind: EntryKind, actor: str, now: Moment) -> list[Effect]:
        self._seen()
        self.owner_lost_at_s = NEVER
        self.incident = replace(self.incident, owner="", accepted_s=None)
        self.step_due_s = now.mono_s + step_after_s(self.incident.priority, 0, self._plan)
        self.note(kind, now, actor)
        return self._order(wire.RequeueAlarm, now)

    def _seen(self) -> None:
        self.press_unseen_at_s = NEVER

    def _end(self, outcome: Outcome, now: Moment) -> None:
        self._seen()
        self.owner_lost_at_s = NEVER
        self.incident = replace(self.incident, outcome=outcome, closed_s=now.wall_s)

    def _order(self, kind: type[AlarmOrder], now: Moment) -> list[Effect]:
        """Order the unit about its latest alarm; nothing where the incident is no alarm."""
        if not self.incident.alarms:
            return []
        order = kind(alarm=self.incident.alarms[-1])
        return self._orders.issue(self.incident.unit_id, order, self.incident.incident_id, now)


Action = Callable[[Case, Any, Moment], list[Effect]]
Row = tuple[IncidentState, Action] | Problem | None
"""The next state and what to do on the way; why it cannot be done; None: nothing to do, on purpose."""

TRANSITIONS: dict[IncidentState, dict[type, Row]] = {
    IncidentState.RAISED: {
        PressedAgain: (IncidentState.RAISED, Case.press_again),
        CancelTold: (IncidentState.RAISED, Case.tell_cancel),
        AcceptedBy: (IncidentState.ACCEPTED, Case.accept),
        TakenOverBy: (IncidentState.ACCEPTED, Case.accept),
        ReleasedBy: Problem.NOT_ACCEPTED,
        NotedBy: (IncidentState.RAISED, Case.write),
        ClosedBy: Problem.NOT_ACCEPTED,
        OwnerLost: None,
        PressUnseen: None,
        StepDue: (IncidentState.RAISED, Case.escalate),
        Restored: (IncidentState.CLOSED, Case.restore),
        Folded: (IncidentState.CLOSED, Case.fold),
    },
    IncidentState.ACCEPTED: {
        PressedAgain: (IncidentState.ACCEPTED, Case.press_again),
        CancelTold: (IncidentState.ACCEPTED, Case.tell_cancel),
        AcceptedBy: (IncidentState.ACCEPTED, Case.accept),
        TakenOverBy: (IncidentState.ACCEPTED, Case.accept),
        ReleasedBy: (IncidentState.RAISED, Case.release),
        NotedBy: (IncidentState.IN_PROGRESS, Case.write),
        ClosedBy: (IncidentState.CLOSED, Case.close),
        OwnerLost: (IncidentState.RAISED, Case.lose_owner),
        PressUnseen: (IncidentState.RAISED, Case.give_back_unseen),
        StepDue: None,
        Restored: (IncidentState.CLOSED, Case.restore),
        Folded: None,
    },
    IncidentState.IN_PROGRESS: {
        PressedAgain: (IncidentState.IN_PROGRESS, Case.press_again),
        CancelTold: (IncidentState.IN_PROGRESS, Case.tell_cancel),
        AcceptedBy: (IncidentState.IN_PROGRESS, Case.accept),
        TakenOverBy: (IncidentState.ACCEPTED, Case.accept),
        ReleasedBy: (IncidentState.RAISED, Case.release),
        NotedBy: (IncidentState.IN_PROGRESS, Case.write),
        ClosedBy: (IncidentState.CLOSED, Case.close),
        OwnerLost: (IncidentState.RAISED, Case.lose_owner),
        PressUnseen: (IncidentState.RAISED, Case.give_back_unseen),
        StepDue: None,
        Restored: (IncidentState.CLOSED, Case.restore),
        Folded: None,
    },
    IncidentState.CLOSED: {signal: Problem.CLOSED if signal in OPERATOR_SIGNALS else None for signal in ALL_SIGNALS},
}
