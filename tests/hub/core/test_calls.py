"""Calls at the centre: a call and its alarm find each other, strangers are refused, closing ends a call."""

from device.wire import messages as wire
from hub.core import call_events as cev
from hub.core import events as ev
from hub.core import timings
from hub.core.call_records import CallList, Member, MemberKind
from hub.core.effects import Problem
from hub.core.records import EntryKind, IncidentKind, IncidentState, OrderState, Unit
from tests.hub.core.in_calls import shift, speaking
from tests.hub.core.shift import HOME, Shift, joined, key, orders, problem, raised

# --- the call and the alarm ---


def test_a_call_before_its_message_opens_the_incident_and_the_message_joins_it() -> None:
    one = shift()
    one.voice.call(HOME, alarm=key(1))
    incident = one.alarm()
    assert one.history(incident.incident_id)[:2] == [EntryKind.RAISED_BY_CALL, EntryKind.UNIT_CALLED]
    one.say(raised(), message_key=key(1))
    assert one.alarm().alarms == (key(1),)
    assert one.alarm().subject == "Big button"
    assert one.alarm().pressed_s is not None


def test_a_call_that_names_no_alarm_learns_it_from_the_message_and_the_room_is_told_who_has_it() -> None:
    one = shift()
    speaking(one)
    assert one.alarm().alarms == ()
    told = orders(one.say(raised(), message_key=key(1)))
    assert one.alarm().alarms == (key(1),)
    assert told == [wire.AnswerAlarm(alarm=key(1))]
    assert EntryKind.PRESSED_AGAIN not in one.history(one.alarm().incident_id)


def test_such_an_alarm_is_learnt_from_a_heartbeat_too_and_nothing_is_said_of_it_before() -> None:
    one = shift()
    one.voice.call(HOME)
    one.beat()
    assert one.orders == {}
    one.beat(shows=key(1))
    one.wait(timings.STRANGE_ALARM_AFTER_S + 1)
    one.beat(shows=key(1))
    assert one.alarm().alarms == (key(1),)


def test_a_further_press_of_which_the_first_never_came_joins_the_call() -> None:
    one = shift()
    one.voice.call(HOME)
    one.say(joined(key(1)), message_key=key(2))
    assert one.alarm().alarms == (key(1),)


def test_a_call_after_its_message_finds_the_incident() -> None:
    one = shift()
    incident_id = one.press()
    one.voice.call(HOME, alarm=key(1))
    assert [incident.incident_id for incident in one.open(IncidentKind.ALARM)] == [incident_id]
    assert one.voice.view().incident_id == incident_id


def test_a_call_about_an_alarm_that_was_closed_a_moment_ago_opens_nothing() -> None:
    one = shift()
    one.close(one.press())
    one.voice.call(HOME, alarm=key(1))
    assert one.open() == []
    assert [status for _, status in one.voice.refused] == [480]
    one.wait(timings.LATE_CALL_WITHIN_S)
    one.voice.call(HOME, alarm=key(1))
    assert one.alarm().state is IncidentState.RAISED


def test_what_was_closed_long_ago_is_not_remembered() -> None:
    one = shift(units=(Unit(HOME), Unit("home-2")))
    one.close(one.press())
    one.wait(timings.LATE_CALL_WITHIN_S)
    one.close(one.press("home-2"))
    assert list(one.centre._calls._closed) == ["home-2"]


# --- strangers ---


def test_a_call_of_nobody_we_know_is_refused_and_told_once_however_many_there_are() -> None:
    one = shift()
    for caller in (None, "home-9"):
        one.voice.call(caller)
    (incident,) = one.open(IncidentKind.STRANGE_CALLS)
    for _ in range(100):
        one.voice.call(None)
    assert one.history(incident.incident_id) == [EntryKind.RAISED, EntryKind.CALL_REFUSED]
    one.wait(timings.STRANGERS_TOLD_S[0])
    assert one.history(incident.incident_id)[2:] == [EntryKind.CALLS_REFUSED]
    assert one.timeline[-1].text == "101"
    assert {status for _, status in one.voice.refused} == {403}
    assert one.voice.legs == {}


def test_refused_calls_are_told_ever_more_rarely_and_a_closed_incident_does_not_come_back_at_once() -> None:
    one = shift()
    one.voice.call(None)
    (incident,) = one.open(IncidentKind.STRANGE_CALLS)
    for _ in range(120):
        one.voice.call(None)
        one.wait(60)
    assert 4 <= one.history(incident.incident_id).count(EntryKind.CALLS_REFUSED) <= 6
    one.close(incident.incident_id)
    one.voice.call(None)
    one.wait(3700)
    assert one.open(IncidentKind.STRANGE_CALLS) == []
    one.voice.call(None)
    assert len(one.open(IncidentKind.STRANGE_CALLS)) == 1


# --- how it ends ---


def test_closing_the_incident_ends_the_call() -> None:
    one = shift()
    _, _, incident_id = speaking(one)
    one.close(incident_id)
    assert one.voice.legs == {}
    assert one.voice.views == {}
    assert all(leg.ended_s is not None for leg in one.legs.values())
    assert one.centre.next_deadline() < float("inf")
    assert one.centre._calls._calls == {}


def test_an_incident_that_is_given_back_rings_everybody_when_nobody_speaks() -> None:
    one = shift("anna", "boris")
    one.voice.call(HOME)
    one.accept(one.alarm().incident_id)
    one.act(one.alarm().incident_id, ev.Act.RELEASE)
    assert one.voice.ringing() == ["anna", "boris"]


def test_an_incident_that_is_given_back_by_who_speaks_leaves_the_call() -> None:
    one = shift("anna", "boris")
    unit, bell, incident_id = speaking(one)
    one.act(incident_id, ev.Act.RELEASE)
    assert one.voice.hears(unit, bell)
    assert one.voice.ringing() == []


def test_an_operator_who_takes_the_incident_over_gets_the_call() -> None:
    one = shift("anna", "boris")
    unit, anna, incident_id = speaking(one)
    one.act(incident_id, ev.Act.TAKE_OVER, "boris")
    assert one.voice.ringing() == ["boris"]
    assert one.voice.hears(unit, anna)
    boris = one.voice.bell("boris")
    one.voice.answer(boris)
    assert anna not in one.voice.legs
    assert one.voice.hears(unit, boris)
    assert EntryKind.PASSED_ON in one.history(incident_id)


def test_every_history_is_bounded_however_long_nobody_answers_and_the_line_breaks() -> None:
    one = shift("anna")
    for _ in range(700):
        unit = one.voice.call(HOME, alarm=key(1))
        one.wait(6)
        one.voice.end(unit, 0, is_silence=True)
    incident_id = one.alarm().incident_id
    history = one.history(incident_id)
    by_itself = [kind for kind in history if kind not in (EntryKind.ESCALATED, EntryKind.RAISED_BY_CALL)]
    assert len(by_itself) <= 2 * timings.CALL_ENTRIES_MOST
    assert len(one.legs) <= 2 * timings.CALL_LEGS_MOST
    one.voice.call(HOME, alarm=key(1))
    one.voice.answer(one.voice.bell("anna"))
    assert EntryKind.ACCEPTED in one.history(incident_id)
    assert any(leg.name == "anna" and leg.answered_s for leg in one.legs.values())
    one.close(incident_id)
    assert one.centre._calls._board.log._written == {}


def test_a_leg_that_nobody_knows_changes_nothing() -> None:
    one = shift()
    for event in (cev.LegAnswered("x"), cev.LegEnded("x", 200), cev.KeyHeard("x", "1"), cev.SayingEnded("x", True)):
        assert one.happen(event) == []


def test_who_speaks_and_takes_the_incident_again_goes_on_speaking() -> None:
    one = shift("anna", "boris")
    unit, bell, incident_id = speaking(one)
    one.act(incident_id, ev.Act.RELEASE)
    one.accept(incident_id)
    assert one.voice.hears(unit, bell)
    assert one.voice.ringing() == []


# --- orders that cannot be done ---


def test_an_order_to_a_unit_that_is_taken_out_of_service_fails_and_the_incident_tells_of_it() -> None:
    one = shift("anna")
    one.accept(one.press())
    incident_id = one.alarm().incident_id
    one.alive.clear()
    one.happen(ev.RecordsEdited("", (Unit(HOME, is_in_service=False),)))
    assert [order.state for order in one.orders.values()] == [OrderState.FAILED]
    assert one.history(incident_id)[-1] is EntryKind.ORDER_FAILED
    one.wait(600)
    assert [order.state for order in one.orders.values()] == [OrderState.FAILED]


def test_an_order_that_belongs_to_no_incident_fails_quietly() -> None:
    one = shift("anna")
    one.beat(interval_s=60.0)
    one.happen(ev.RecordsEdited("", (Unit(HOME, is_in_service=False),)))
    assert [order.state for order in one.orders.values()] == [OrderState.FAILED]
    assert one.open() == []


def test_a_unit_of_the_register_is_asked_how_it_sounds() -> None:
    one = shift()
    effects = one.happen(cev.SoundTestAsked("request", HOME))
    assert orders(effects) == [wire.TestSound()]
    assert problem(effects) is None
    assert problem(one.happen(cev.SoundTestAsked("request", "home-9"))) is Problem.NO_UNIT


# --- what was kept ---


def test_call_lists_that_were_kept_hold_after_a_restart() -> None:
    lists = (CallList(1, "day", (Member(MemberKind.OPERATOR, "boris"),)),)
    one = Shift((Unit(HOME),), ("anna", "boris"), ev.Snapshot(call_lists=lists))
    one.voice.start()
    one.voice.call(HOME)
    assert one.voice.ringing() == ["boris"]
    one.happen(ev.RecordsEdited("", (CallList(1, "day", is_active=False),)))
    one.wait(20)
    assert one.voice.ringing() == ["anna", "boris"]
