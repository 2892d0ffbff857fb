"""An incident: every state answers every signal, exactly as the table says."""

import itertools
from dataclasses import replace

import pytest

from device.wire import messages as wire
from hub.core import timings
from hub.core.commands import Orders
from hub.core.effects import Effect, Problem, Relay, Save, SendCommand, Show
from hub.core.incidents import TRANSITIONS, Case
from hub.core.moment import NEVER
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, Outcome, Priority, TimelineEntry
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
from hub.core.timings import Timings
from tests.hub.core.shift import HOME, WALL_S, at, key, of_kind, orders

RAISED, ACCEPTED = IncidentState.RAISED, IncidentState.ACCEPTED
IN_PROGRESS, CLOSED = IncidentState.IN_PROGRESS, IncidentState.CLOSED
TAKEN = (ACCEPTED, IN_PROGRESS)
ALARM = Incident(7, IncidentKind.ALARM, Priority.ALARM, RAISED, WALL_S, HOME, alarms=(key(1),))
SIGNALS: tuple[Signal, ...] = (
    PressedAgain(key(1), "Bathroom cord", 1.0),
    CancelTold(1.0),
    AcceptedBy("anna"),
    TakenOverBy("boris"),
    ReleasedBy("anna"),
    NotedBy("anna", "on the phone"),
    ClosedBy("anna", Outcome.HELPED, "all is well"),
    OwnerLost(),
    PressUnseen(),
    StepDue(),
    Restored(),
    Folded(9),
)
WAY_TO: dict[IncidentState, tuple[Signal, ...]] = {
    RAISED: (),
    ACCEPTED: (AcceptedBy("anna"),),
    IN_PROGRESS: (AcceptedBy("anna"), NotedBy("anna", "a note")),
    CLOSED: (AcceptedBy("anna"), ClosedBy("anna", Outcome.HELPED, "")),
}
# Where it leads, what the timeline says, and what the room is ordered; what is missing here does nothing.
Row = tuple[IncidentState | None, EntryKind | None, type[wire.Order] | None]
EXPECTED: dict[tuple[IncidentState, type], Row] = {
    (RAISED, PressedAgain): (RAISED, EntryKind.PRESSED_AGAIN, None),
    (RAISED, CancelTold): (RAISED, EntryKind.CANCEL_PRESSED, None),
    (RAISED, AcceptedBy): (ACCEPTED, EntryKind.ACCEPTED, wire.AnswerAlarm),
    (RAISED, TakenOverBy): (ACCEPTED, EntryKind.ACCEPTED, wire.AnswerAlarm),
    (RAISED, NotedBy): (RAISED, EntryKind.NOTE, None),
    (RAISED, StepDue): (RAISED, EntryKind.ESCALATED, None),
    (RAISED, Restored): (CLOSED, EntryKind.RESTORED, None),
    (RAISED, Folded): (CLOSED, EntryKind.FOLDED, None),
}
WHILE_TAKEN: dict[type, Row] = {  # None: stays where it is
    PressedAgain: (None, EntryKind.PRESSED_AGAIN, None),
    CancelTold: (None, EntryKind.CANCEL_PRESSED, None),
    AcceptedBy: (None, None, None),  # its own operator, once more
    TakenOverBy: (ACCEPTED, EntryKind.TAKEN_OVER, wire.AnswerAlarm),
    ReleasedBy: (RAISED, EntryKind.RELEASED, wire.RequeueAlarm),
    NotedBy: (IN_PROGRESS, EntryKind.NOTE, None),
    ClosedBy: (CLOSED, EntryKind.CLOSED, wire.ResetAlarm),
    OwnerLost: (RAISED, EntryKind.OWNER_LOST, wire.RequeueAlarm),
    PressUnseen: (RAISED, EntryKind.UNSEEN_PRESS, wire.RequeueAlarm),
    Restored: (CLOSED, EntryKind.RESTORED, None),
}
EXPECTED |= {(state, signal): row for state in TAKEN for signal, row in WHILE_TAKEN.items()}
PROBLEMS: dict[tuple[IncidentState, type], Problem] = {
    (RAISED, ReleasedBy): Problem.NOT_ACCEPTED,
    (RAISED, ClosedBy): Problem.NOT_ACCEPTED,
} | {(CLOSED, signal): Problem.CLOSED for signal in OPERATOR_SIGNALS}


def case(*signals: Signal, incident: Incident = ALARM) -> Case:
    """Return an incident after some signals."""
    orders_of_case = Orders()
    orders_of_case.begin("life", (), at(0))
    new = Case(incident, orders_of_case, Timings(), at(0))
    for signal in signals:
        new.handle(signal, at(0))
    return new


def done(this: Case, signal: Signal, at_s: float = 1.0) -> list[Effect]:
    problem, effects = this.handle(signal, at(at_s))
    assert problem is None
    return effects


def entries(effects: list[Effect]) -> list[TimelineEntry]:
    return [save.record for save in of_kind(Save, effects) if isinstance(save.record, TimelineEntry)]


def test_the_table_knows_every_state_and_every_signal() -> None:
    assert set(TRANSITIONS) == set(IncidentState) == set(WAY_TO)
    assert all(set(row) == set(ALL_SIGNALS) == {type(signal) for signal in SIGNALS} for row in TRANSITIONS.values())


@pytest.mark.parametrize(
    ("state", "signal"),
    [*itertools.product(IncidentState, SIGNALS)],
    ids=lambda part: getattr(part, "name", type(part).__name__),
)
def test_every_state_answers_every_signal(state: IncidentState, signal: Signal) -> None:
    this = case(*WAY_TO[state])
    before = this.incident
    assert before.state is state
    problem, effects = this.handle(signal, at(1))
    assert problem is PROBLEMS.get((state, type(signal)))
    row = EXPECTED.get((state, type(signal)))
    if row is None:
        assert (effects, this.incident) == ([], before)
        return
    next_state, entry, order = row
    assert this.incident.state is (next_state or state)
    assert [line.kind for line in entries(effects)] == ([entry] if entry else [])
    assert [type(one) for one in orders(effects)] == ([order] if order else [])
    assert of_kind(Show, effects) == [Show(this.incident, tuple(entries(effects)))]
    assert Save(this.incident) in effects


def test_what_is_kept_comes_before_what_is_shown_and_ordered() -> None:
    kinds = [type(effect) for effect in done(case(), AcceptedBy("anna"))]
    assert kinds == [Save, Save, Show, Save, SendCommand]


# --- who has it ---


def test_the_first_operator_wins_and_another_may_take_over() -> None:
    this = case(AcceptedBy("anna"))
    assert this.handle(AcceptedBy("boris"), at(1)) == (Problem.TAKEN, [])
    assert this.incident.owner == "anna"
    (line,) = entries(done(this, TakenOverBy("boris")))
    assert (this.incident.owner, line.actor) == ("boris", "boris")


@pytest.mark.parametrize("signal", [ReleasedBy("boris"), ClosedBy("boris", Outcome.HELPED, "")])
@pytest.mark.parametrize("state", TAKEN)
def test_nobody_gives_back_or_closes_what_another_has(state: IncidentState, signal: Signal) -> None:
    this = case(*WAY_TO[state])
    assert this.handle(signal, at(1)) == (Problem.NOT_YOURS, [])


@pytest.mark.parametrize("signal", [ReleasedBy("anna"), OwnerLost(), PressUnseen()])
def test_what_is_given_back_belongs_to_nobody_and_rings_from_the_beginning(signal: Signal) -> None:
    this = case(AcceptedBy("anna"))
    assert this.next_deadline() == NEVER
    (line,) = entries(done(this, signal))
    assert (this.incident.owner, line.actor) == ("", "anna")
    assert this.next_deadline() == at(1 + 30).mono_s


def test_an_alarm_that_nobody_has_is_answered_no_more() -> None:
    this, answered = case(), []
    signals: tuple[Signal, ...] = (AcceptedBy("anna"), TakenOverBy("boris"), ReleasedBy("boris"), AcceptedBy("anna"))
    for number, signal in enumerate(signals, start=1):
        done(this, signal, at_s=number * 10)
        answered.append(this.incident.accepted_s)
    assert answered == [WALL_S + 10, WALL_S + 10, None, WALL_S + 40]


def test_a_close_keeps_its_outcome_its_words_and_its_time() -> None:
    this = case(AcceptedBy("anna"))
    (line,) = entries(done(this, ClosedBy("anna", Outcome.FALSE_ALARM, "pressed by mistake"), at_s=60))
    assert (line.actor, line.text) == ("anna", "pressed by mistake")
    assert (this.incident.outcome, this.incident.closed_s) == (Outcome.FALSE_ALARM, WALL_S + 60)
    assert this.next_deadline() == NEVER


def test_an_operator_who_is_gone_for_a_minute_has_lost_it() -> None:
    this = case(AcceptedBy("anna"))
    this.watch_owner(frozenset({"boris"}), at(0))
    this.watch_owner(frozenset(), at(30))
    assert this.next_deadline() == at(timings.OWNER_LOST_AFTER_S).mono_s, "counted from when they left"
    assert this.due(at(timings.OWNER_LOST_AFTER_S)) == [OwnerLost()]
    this.watch_owner(frozenset({"anna"}), at(59))
    assert this.due(at(100)) == []


def test_what_nobody_has_has_nobody_to_lose() -> None:
    this = case()
    this.watch_owner(frozenset(), at(0))
    assert this.due(at(29)) == []


# --- a further press ---


def test_a_further_press_must_be_seen_to() -> None:
    this = case(AcceptedBy("anna"))
    done(this, PressedAgain(key(1), "cord", 0.0), at_s=0)
    done(this, PressedAgain(key(1), "cord", 0.0), at_s=20)
    assert this.due(at(29.9)) == []
    assert this.due(at(timings.SECOND_PRESS_UNSEEN_AFTER_S)) == [PressUnseen()], "counted from the first of them"


@pytest.mark.parametrize("signal", [NotedBy("anna", "heard"), AcceptedBy("anna"), TakenOverBy("boris")])
def test_whatever_its_operator_does_sees_to_it(signal: Signal) -> None:
    this = case(AcceptedBy("anna"), PressedAgain(key(1), "cord", 0.0))
    this.handle(signal, at(10))
    assert this.due(at(100)) == []


def test_a_colleagues_note_does_not() -> None:
    this = case(AcceptedBy("anna"), PressedAgain(key(1), "cord", 0.0))
    done(this, NotedBy("boris", "she rang me"), at_s=10)
    assert this.due(at(30)) == [PressUnseen()]


def test_an_alarm_that_its_unit_names_anew_is_answered_anew() -> None:
    this = case(AcceptedBy("anna"))
    effects = done(this, PressedAgain(key(2), "cord", 0.0))
    assert this.incident.alarms == (key(1), key(2))
    assert orders(effects) == [wire.AnswerAlarm(alarm=key(2))]
    assert orders(done(case(), PressedAgain(key(2), "cord", 0.0))) == [], "nobody has it"


def test_orders_are_about_the_latest_alarm() -> None:
    this = case(AcceptedBy("anna"), PressedAgain(key(2), "cord", 0.0))
    assert orders(done(this, ReleasedBy("anna"))) == [wire.RequeueAlarm(alarm=key(2))]


def test_what_is_no_alarm_orders_nothing() -> None:
    fault = replace(ALARM, kind=IncidentKind.FAULT, priority=Priority.URGENT, alarms=())
    this = case(incident=fault)
    effects = [*done(this, AcceptedBy("anna")), *done(this, ClosedBy("anna", Outcome.REPAIRED, ""))]
    assert orders(effects) == []


# --- nobody comes ---


def test_every_step_tells_the_outside_and_the_next_is_set() -> None:
    this, due_s = case(), []
    for level in range(1, 6):
        due_s.append(this.next_deadline() - at(0).mono_s)
        assert this.due(at(due_s[-1])) == [StepDue()]
        effects = done(this, StepDue(), at_s=due_s[-1])
        assert of_kind(Relay, effects) == [Relay(this.incident, f"nobody has accepted it, step {level}")]
        assert this.incident.level == level
    assert due_s == [30, 60, 120, 180, 240]


def test_what_was_open_at_a_restart_goes_on_at_its_step() -> None:
    assert case(incident=replace(ALARM, level=2)).next_deadline() == at(60).mono_s


def test_a_folded_incident_names_where_it_went_on() -> None:
    this = case()
    (line,) = entries(done(this, Folded(9)))
    assert (line.text, this.incident.outcome) == ("9", Outcome.FOLDED)


def test_what_restores_itself_says_so() -> None:
    this = case(AcceptedBy("anna"))
    done(this, Restored(), at_s=5)
    assert (this.incident.outcome, this.incident.closed_s) == (Outcome.RESTORED, WALL_S + 5)


def test_an_alarm_known_from_a_heartbeat_learns_the_rest() -> None:
    this = case()
    this.learn("Big button", WALL_S - 20, at(1), 21.0)
    assert (this.incident.subject, this.incident.pressed_s) == ("Big button", WALL_S - 20)
    (line,) = entries(this.saved())
    assert (line.kind, line.text, line.age_s) == (EntryKind.RAISED, "Big button", 21.0)
