"""What each message means: which incident it opens, joins, ends or passes by."""

import pytest

from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome, Urgency
from hub.core import events as ev
from hub.core.effects import Acknowledge, Save
from hub.core.reading import EVENTS_LOST
from hub.core.records import EntryKind, IncidentKind, IncidentState, Outcome, Priority, UnreadableMessage
from tests.hub.core.shift import (
    BUTTON,
    CORD,
    HOME,
    WALL_S,
    Shift,
    fault,
    joined,
    key,
    of_kind,
    orders,
    raised,
    receipts,
    restored,
)


def unreadable(unit_id: str = HOME, urgency: Urgency = Urgency.ALARM) -> ev.UnreadableArrived:
    return ev.UnreadableArrived(f"poga/1/{unit_id}/{urgency}", unit_id, urgency, b"{", "not_json", "line 1", token=5)


# --- alarms ---


def test_a_press_opens_an_alarm_that_says_who_where_and_when() -> None:
    shift = Shift()
    shift.say(raised(CORD), age_s=4.0)
    alarm = shift.alarm()
    assert (alarm.kind, alarm.priority, alarm.state) == (IncidentKind.ALARM, Priority.ALARM, IncidentState.RAISED)
    assert (alarm.unit_id, alarm.subject, alarm.alarms) == (HOME, "Bathroom cord", (key(1),))
    assert (alarm.opened_s, alarm.pressed_s) == (WALL_S, WALL_S - 4.0)
    assert (alarm.is_known_unit, alarm.is_late) == (True, False)
    assert shift.messages[HOME, key(1)].incident_id == alarm.incident_id


@pytest.mark.parametrize("age_s", [301.0, None])
def test_a_press_of_long_ago_is_shown_as_late(age_s: float | None) -> None:
    shift = Shift()
    shift.say(raised(), age_s=age_s)
    assert shift.alarm().is_late


def test_a_press_of_a_unit_nobody_enrolled_is_an_alarm_and_shown_as_such() -> None:
    shift = Shift()
    shift.say(raised(), "stranger")
    assert not shift.alarm("stranger").is_known_unit
    assert not shift.messages["stranger", key(1)].is_known_unit


def test_a_second_press_joins_the_alarm_that_is_open() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.say(joined(key(1)))
    assert shift.alarm().incident_id == incident_id
    assert shift.history(incident_id) == [EntryKind.RAISED, EntryKind.PRESSED_AGAIN]
    assert shift.messages[HOME, key(2)].incident_id == incident_id


def test_an_alarm_that_its_unit_raised_anew_joins_the_one_that_is_open() -> None:
    """The unit had lost its disk, or had been exchanged, in the middle of it."""
    shift = Shift()
    incident_id = shift.press()
    shift.say(raised(), message_key=key(1, "b" * 16))
    assert shift.alarm().incident_id == incident_id
    assert shift.alarm().alarms == (key(1), key(1, "b" * 16))


def test_a_press_after_the_close_opens_anew() -> None:
    shift = Shift()
    first = shift.press()
    shift.close(first)
    shift.answer_orders()
    shift.say(joined(key(1)))
    assert shift.alarm().incident_id != first
    assert shift.alarm().alarms == (key(1),)


def test_a_press_after_the_close_takes_back_the_order_to_end_it_in_the_room() -> None:
    shift = Shift()
    first = shift.press()
    closing = shift.close(first)
    assert orders(closing) == [wire.ResetAlarm(alarm=key(1))]
    effects = shift.say(joined(key(1)))
    assert orders(effects) == [wire.RequeueAlarm(alarm=key(1))]
    assert [type(order) for order in orders(shift.wait(25))] == [wire.RequeueAlarm] * 3


def test_a_press_joins_before_the_alarm_it_belongs_to_has_come() -> None:
    shift = Shift()
    shift.say(joined(key(1)), message_key=key(2))
    shift.say(raised(), message_key=key(1))
    assert shift.history(shift.alarm().incident_id) == [EntryKind.RAISED, EntryKind.RAISED]
    assert shift.alarm().subject == BUTTON.name


def test_cancel_during_an_alarm_stands_on_its_timeline() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.say(wire.CancelPressed(alarm=key(1)))
    assert shift.history(incident_id) == [EntryKind.RAISED, EntryKind.CANCEL_PRESSED]


def test_cancel_of_an_alarm_that_is_not_open_is_kept_and_calls_nobody() -> None:
    shift = Shift()
    shift.press()
    effects = shift.say(wire.CancelPressed(alarm=key(99)))
    assert receipts(effects) == [key(2)]
    assert shift.messages[HOME, key(2)].incident_id == 0


def test_a_withdrawn_press_calls_nobody() -> None:
    shift = Shift()
    shift.say(wire.AlarmWithdrawn(trigger=CORD))
    assert shift.open() == []
    assert (HOME, key(1)) in shift.messages


def test_a_new_life_of_a_unit_calls_nobody() -> None:
    shift = Shift()
    shift.say(wire.UnitStarted(cause="power_on", software="1"))
    assert shift.open() == []


def test_an_alarm_of_a_kind_nobody_knows_is_an_alarm() -> None:
    shift = Shift()
    body = wire.UnknownBody.model_validate({"kind": "fall_detected", "height": 3})
    shift.say(body, urgency=Urgency.ALARM)
    assert shift.alarm().subject == "fall_detected"


def test_an_event_of_a_kind_nobody_knows_is_kept() -> None:
    shift = Shift()
    shift.say(wire.UnknownBody.model_validate({"kind": "weather"}), urgency=Urgency.EVENT)
    assert shift.open() == []
    assert (HOME, key(1)) in shift.messages


# --- what cannot be read ---


def test_an_alarm_that_cannot_be_read_is_an_incident_once() -> None:
    shift = Shift()
    effects = shift.happen(unreadable())
    assert effects[-1] == Acknowledge(5)
    assert of_kind(Save, effects)[0].record == UnreadableMessage(
        "poga/1/home-1/alarm", b"{", "not_json", "line 1", WALL_S
    )
    shift.happen(unreadable())
    (incident,) = shift.open()
    assert (incident.kind, incident.priority, incident.detail) == (
        IncidentKind.UNREADABLE,
        Priority.ALARM,
        "not_json",
    )


def test_an_event_that_cannot_be_read_is_only_kept() -> None:
    shift = Shift()
    shift.happen(unreadable(urgency=Urgency.EVENT))
    assert shift.open() == []


# --- faults ---


@pytest.mark.parametrize(("urgent", "priority"), [(True, Priority.URGENT), (False, Priority.NOTICE)])
def test_a_fault_opens_an_incident_and_its_end_closes_it(urgent: bool, priority: Priority) -> None:
    shift = Shift()
    shift.say(fault("trigger_held", "cord", urgent))
    (incident,) = shift.open()
    assert (incident.kind, incident.priority) == (IncidentKind.FAULT, priority)
    assert (incident.subject, incident.detail) == ("trigger_held:cord", "why")
    shift.say(restored("trigger_held", "button"))
    assert shift.open() == [incident], "another button"
    shift.say(restored("trigger_held", "cord"))
    assert shift.incidents[incident.incident_id].outcome is Outcome.RESTORED


def test_a_fault_that_is_told_again_is_the_same() -> None:
    shift = Shift()
    shift.say(fault())
    (incident,) = shift.open()
    shift.say(fault(), message_key=key(1, "b" * 16))
    assert shift.open() == [incident]
    assert shift.messages[HOME, key(1, "b" * 16)].incident_id == incident.incident_id


def test_the_end_of_a_fault_nobody_knew_is_kept() -> None:
    shift = Shift()
    shift.say(restored())
    assert shift.messages[HOME, key(1)].incident_id == 0


def test_dropped_messages_are_a_notice() -> None:
    shift = Shift()
    shift.say(wire.EventsLost(count=12))
    (incident,) = shift.open()
    assert (incident.subject, incident.detail, incident.priority) == (EVENTS_LOST, "12", Priority.NOTICE)


def test_a_fault_is_named_as_heartbeats_name_it_however_long_its_subject() -> None:
    shift = Shift()
    shift.say(fault("trigger_held", "x" * 64))
    assert shift.open()[0].subject == f"trigger_held:{'x' * 64}"[:64]
    shift.say(restored("trigger_held", "x" * 64))
    assert shift.open() == []


# --- outcomes of orders ---


@pytest.mark.parametrize(("outcome", "entry"), [("done", EntryKind.ORDER_DONE), ("refused", EntryKind.ORDER_FAILED)])
def test_what_became_of_an_order_stands_on_the_timeline(outcome: str, entry: EntryKind) -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.accept(incident_id)
    shift.answer_orders(outcome)
    assert shift.history(incident_id)[-1] is entry


def test_an_outcome_after_the_close_belongs_to_the_incident_still() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.close(incident_id)
    shift.answer_orders()
    assert shift.messages[HOME, key(2)].incident_id == incident_id


def test_an_outcome_nobody_waits_for_is_kept() -> None:
    shift = Shift()
    shift.say(wire.CommandDone(command_id="?", outcome=CommandOutcome.DONE))
    assert shift.messages[HOME, key(1)].incident_id == 0
