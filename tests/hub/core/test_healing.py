"""What a unit shows is set beside what is so, at every heartbeat, and set right."""

import pytest

from device.wire import messages as wire
from device.wire.vocabulary import Rung
from hub.core import timings
from hub.core.records import EntryKind, IncidentKind, OrderState, Outcome, Priority, Unit
from tests.hub.core.shift import HOME, Shift, fault, joined, key, orders, raised


def in_alarm(owner: str = "") -> Shift:
    """Return a shift with an alarm; every order about it was answered."""
    shift = Shift()
    incident_id = shift.press()
    if owner:
        shift.accept(incident_id, owner)
        shift.answer_orders()
    return shift


# --- the room ---


@pytest.mark.parametrize(
    ("owner", "shown", "order"),
    [
        ("anna", Rung.ANSWERED, None),
        ("anna", Rung.RECEIVED, wire.AnswerAlarm),
        ("anna", Rung.RAISED, wire.AnswerAlarm),
        ("", Rung.ANSWERED, wire.RequeueAlarm),
        ("", Rung.RECEIVED, None),
        ("", Rung.RAISED, None),
    ],
)
def test_a_room_that_shows_something_else_is_told_what_is_so(
    owner: str, shown: Rung, order: type[wire.Order] | None
) -> None:
    shift = in_alarm(owner)
    assert [type(one) for one in orders(shift.beat(shows=key(1), rung=shown))] == ([order] if order else [])


def test_a_room_that_shows_an_alarm_long_closed_is_reset() -> None:
    shift = in_alarm()
    shift.close(shift.alarm().incident_id)
    shift.answer_orders()
    assert orders(shift.beat(shows=key(1), rung=Rung.ANSWERED)) == [wire.ResetAlarm(alarm=key(1))]
    assert shift.open() == []


def test_while_an_order_waits_no_other_is_given() -> None:
    shift = Shift()
    shift.accept(shift.press())
    assert orders(shift.beat(shows=key(1), rung=Rung.RAISED)) == []


@pytest.mark.parametrize(("owner", "order"), [("anna", wire.AnswerAlarm), ("", wire.RequeueAlarm)])
def test_a_room_that_has_forgotten_its_alarm_is_reminded(owner: str, order: type[wire.Order]) -> None:
    shift = in_alarm(owner)
    assert [type(one) for one in orders(shift.beat())] == [order]
    assert orders(shift.beat()) == [], "the order waits"
    shift.answer_orders()
    assert [type(one) for one in orders(shift.beat())] == [order], "and it has forgotten again"


def test_a_unit_that_does_not_take_it_up_again_is_not_asked_for_ever() -> None:
    shift = in_alarm("anna")
    shift.beat()
    shift.answer_orders("refused")
    assert orders(shift.beat()) == []
    shift.close(shift.alarm().incident_id)
    shift.answer_orders()
    shift.say(raised())
    assert orders(shift.beat()) == [wire.RequeueAlarm(alarm=shift.alarm().alarms[-1])], "this is another alarm"


def test_a_room_in_which_nothing_has_happened_is_left_alone() -> None:
    assert orders(Shift().beat()) == []


# --- an alarm whose message does not come ---


def test_an_alarm_that_is_only_shown_is_raised_after_a_while() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.beat(shows=key(5))
    shift.wait(timings.STRANGE_ALARM_AFTER_S - 0.1)
    shift.beat(shows=key(5))
    assert shift.open() == []
    shift.wait(0.2)
    shift.beat(shows=key(5))
    incident_id = shift.alarm().incident_id
    assert shift.alarm().alarms == (key(5),)
    assert shift.history(incident_id) == [EntryKind.RAISED_BY_HEARTBEAT]
    shift.beat(shows=key(5))
    assert len(shift.open()) == 1
    shift.say(raised(), message_key=key(5), age_s=60.0)
    assert shift.history(incident_id) == [EntryKind.RAISED_BY_HEARTBEAT, EntryKind.RAISED]
    assert shift.alarm().subject == "Big button"
    assert shift.alarm().pressed_s == shift.moment().wall_s - 60.0


def test_an_alarm_that_is_shown_for_a_moment_only_or_is_another_is_not_raised() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.beat(shows=key(5))
    shift.wait(15)
    shift.beat()
    shift.wait(15)
    shift.beat(shows=key(5))
    shift.wait(15)
    shift.beat(shows=key(6))
    assert shift.open() == []


def test_an_alarm_that_is_only_shown_joins_the_one_that_is_open() -> None:
    shift = in_alarm()
    shift.alive.clear()
    shift.beat(shows=key(5, "b" * 16))
    shift.wait(21)
    shift.beat(shows=key(5, "b" * 16))
    assert shift.alarm().alarms == (key(1), key(5, "b" * 16))


def test_an_alarm_of_a_stranger_that_is_only_shown_is_raised_too() -> None:
    shift = Shift()
    shift.beat("stranger", shows=key(5))
    shift.wait(21)
    shift.beat("stranger", shows=key(5))
    assert not shift.alarm("stranger").is_known_unit


# --- faults ---


def test_a_fault_that_the_unit_does_not_have_any_more_ends() -> None:
    shift = Shift()
    shift.say(fault("mains_lost"))
    shift.say(fault("battery_low"))
    shift.alive.clear()
    shift.wait(timings.FAULT_UNCONFIRMED_AFTER_S + 1)
    shift.beat(faults=("battery_low",))
    assert [incident.subject for incident in shift.open()] == ["battery_low"]


def test_a_fault_just_told_is_not_ended_by_a_heartbeat_of_before() -> None:
    shift = Shift()
    shift.say(fault("mains_lost"))
    shift.beat()
    assert len(shift.open()) == 1


def test_dropped_messages_are_closed_by_a_person_alone() -> None:
    shift = Shift()
    shift.say(wire.EventsLost(count=1))
    shift.wait(600)
    assert len(shift.open()) == 1


def test_a_fault_with_a_long_name_is_known_again() -> None:
    shift = Shift()
    shift.say(fault("trigger_held", "x" * 64))
    shift.alive.clear()
    shift.wait(timings.FAULT_UNCONFIRMED_AFTER_S + 1)
    shift.beat(faults=(f"trigger_held:{'x' * 64}"[:64],))
    assert len(shift.open()) == 1


def still_faulty(shift: Shift, seconds: float) -> None:
    """Let time pass with heartbeats that name a fault."""
    shift.alive.clear()
    for _ in range(round(seconds / 60)):
        shift.wait(60)
        shift.beat(faults=("mains_lost",))


def test_a_fault_that_was_closed_and_not_mended_comes_again() -> None:
    shift = Shift()
    shift.say(fault("mains_lost"))
    shift.close(1)
    still_faulty(shift, timings.STILL_SO_AFTER_S - 60)
    assert shift.open(IncidentKind.FAULT) == []
    still_faulty(shift, 180)
    (incident,) = shift.open(IncidentKind.FAULT)
    assert (incident.subject, incident.priority, incident.unit_id) == ("mains_lost", Priority.URGENT, HOME)
    assert shift.history(incident.incident_id) == [EntryKind.RAISED_BY_HEARTBEAT]
    shift.say(wire.FaultRestored(fault="mains_lost", status_code="0086"))
    assert shift.incidents[incident.incident_id].outcome is Outcome.RESTORED


def test_a_fault_that_was_closed_and_mended_does_not() -> None:
    shift = Shift()
    shift.say(fault("mains_lost"))
    shift.close(1)
    still_faulty(shift, timings.STILL_SO_AFTER_S - 60)
    shift.beat()
    still_faulty(shift, 600)
    assert shift.open(IncidentKind.FAULT) == []


# --- settings ---


def test_a_unit_that_has_forgotten_its_interval_is_told_again() -> None:
    shift = Shift((Unit(HOME, heartbeat_s=60.0),))
    assert orders(shift.beat(interval_s=30)) == [wire.SetHeartbeat(interval_s=60)]
    assert orders(shift.beat(interval_s=30)) == [], "the order waits"
    shift.answer_orders()
    assert all(order.state is OrderState.DONE for order in shift.orders.values())
    assert orders(shift.beat(interval_s=60)) == []


def test_a_stranger_is_not_told_how_often_to_speak() -> None:
    assert orders(Shift().beat("stranger", interval_s=5)) == []


def test_an_alarm_goes_before_a_setting() -> None:
    shift = Shift((Unit(HOME, heartbeat_s=60.0),))
    shift.say(joined(key(9)))
    shift.accept(1)
    shift.answer_orders()
    assert orders(shift.beat(shows=key(9), rung=Rung.RECEIVED, interval_s=30)) == [wire.AnswerAlarm(alarm=key(9))]
