"""The open incidents: who may act on which, whose operator is gone, and what goes outside because nobody looks."""

from typing import NoReturn

import pytest

from device.wire import messages as wire
from hub.core import events as ev
from hub.core import timings
from hub.core.effects import Problem, Relay, Reply
from hub.core.incidents import Case
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, Outcome, Priority
from tests.hub.core.shift import (
    HOME,
    WALL_S,
    Shift,
    fault,
    homes,
    joined,
    key,
    of_kind,
    orders,
    problem,
    raised,
    relayed,
    restored,
)

OPEN_ALARM = Incident(4, IncidentKind.ALARM, Priority.ALARM, IncidentState.RAISED, WALL_S, HOME, alarms=(key(1),))


# --- acts ---


def test_an_operators_acts_are_done_and_answered() -> None:
    shift = Shift()
    incident_id = shift.press()
    assert problem(shift.accept(incident_id)) is None
    assert problem(shift.act(incident_id, ev.Act.NOTE, text="on the phone")) is None
    assert problem(shift.act(incident_id, ev.Act.RELEASE)) is None
    assert problem(shift.act(incident_id, ev.Act.TAKE_OVER, "boris")) is None
    assert problem(shift.act(incident_id, ev.Act.CLOSE, "boris", outcome=Outcome.HELPED)) is None
    assert shift.history(incident_id) == [
        EntryKind.RAISED,
        EntryKind.ACCEPTED,
        EntryKind.NOTE,
        EntryKind.RELEASED,
        EntryKind.ACCEPTED,
        EntryKind.CLOSED,
    ]


def test_who_was_first_is_told_to_who_was_second() -> None:
    shift = Shift()
    incident_id = shift.press()
    assert shift.accept(incident_id, "anna")[-1] == Reply("request", None, "anna")
    assert shift.accept(incident_id, "boris") == [Reply("request", Problem.TAKEN, "anna")]


def test_what_cannot_be_done_is_answered_with_why() -> None:
    shift = Shift()
    incident_id = shift.press()
    assert problem(shift.accept(0)) is Problem.NO_SUCH_INCIDENT
    assert problem(shift.accept(99)) is Problem.NO_SUCH_INCIDENT
    assert problem(shift.act(incident_id, ev.Act.CLOSE)) is Problem.NO_OUTCOME
    assert problem(shift.act(incident_id, ev.Act.CLOSE, outcome=Outcome.TEST)) is Problem.NOT_ACCEPTED
    shift.close(incident_id)
    assert problem(shift.accept(incident_id)) is Problem.CLOSED


def test_a_closed_incident_is_closed_for_every_later_life() -> None:
    shift = Shift(snapshot=ev.Snapshot(last_incident_id=5))
    assert problem(shift.accept(5)) is Problem.CLOSED
    assert shift.press() == 6


# --- finding ---


def test_incidents_are_found_by_unit_and_kind_and_subject() -> None:
    shift = Shift(homes(2))
    shift.say(fault("mains_lost"))
    shift.say(fault("battery_low"))
    shift.say(fault("mains_lost"), "home-2")
    shift.press()
    assert len(shift.open()) == 4
    shift.say(restored("battery_low"))
    shift.say(restored("mains_lost"), "home-2")
    assert [(incident.unit_id, incident.subject) for incident in shift.open(IncidentKind.FAULT)] == [
        (HOME, "mains_lost")
    ]


# --- who looks ---


def test_an_alarm_goes_outside_at_once_where_no_console_is_alive() -> None:
    shift = Shift(operators=())
    effects = shift.say(raised())
    assert of_kind(Relay, effects) == [Relay(shift.alarm(), "no console is on shift")]
    assert relayed(Shift().say(raised())) == []


def test_a_fault_waits_for_its_steps_whoever_looks() -> None:
    assert relayed(Shift(operators=()).say(fault(urgent=True))) == []


def test_an_operator_whose_console_is_gone_for_a_minute_loses_it() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.accept(incident_id, "anna")
    shift.console("boris")
    shift.wait(timings.OWNER_LOST_AFTER_S - 0.1)
    assert shift.alarm().owner == "anna"
    effects = shift.wait(0.2)
    assert shift.alarm().owner == ""
    assert orders(effects)[-1] == wire.RequeueAlarm(alarm=key(1))
    assert EntryKind.OWNER_LOST in shift.history(incident_id)
    assert relayed(effects) == [], "boris sees it"


def test_an_operator_who_is_back_in_time_keeps_it() -> None:
    shift = Shift()
    shift.accept(shift.press(), "anna")
    shift.console("boris")
    shift.wait(50)
    shift.console("anna", "boris")
    shift.wait(50)
    assert shift.alarm().owner == "anna"


def test_an_alarm_given_back_while_nobody_looks_goes_outside_at_once() -> None:
    shift = Shift(operators=("anna",))
    incident_id = shift.press()
    shift.accept(incident_id)
    shift.console()
    gone = shift.wait(timings.OWNER_LOST_AFTER_S)
    assert incident_id in relayed(gone)
    assert incident_id in [relay.incident.incident_id for relay in of_kind(Relay, gone) if "no console" in relay.reason]


def test_acting_without_a_console_is_a_sign_of_life_for_a_minute_and_no_longer() -> None:
    shift = Shift(operators=("boris",))
    incident_id = shift.press()
    shift.accept(incident_id, "anna")
    shift.wait(50)
    shift.act(incident_id, ev.Act.NOTE, "anna", "still here")
    shift.wait(50)
    assert shift.alarm().owner == "anna"
    shift.wait(11)
    assert shift.alarm().owner == ""


def test_what_a_colleague_does_is_no_sign_of_life_of_the_operator() -> None:
    shift = Shift(operators=("boris",))
    incident_id = shift.press()
    shift.accept(incident_id, "anna")
    shift.wait(50)
    shift.act(incident_id, ev.Act.NOTE, "boris", "where is she?")
    shift.wait(11)
    assert shift.alarm().owner == ""


# --- nobody comes ---


def test_an_alarm_nobody_takes_rings_for_ever() -> None:
    shift = Shift()
    incident_id = shift.press()
    assert len(relayed(shift.wait(3600))) == pytest.approx(60, abs=2)
    assert shift.incidents[incident_id].level >= 58


def test_a_notice_nobody_takes_tells_nobody_outside() -> None:
    shift = Shift()
    shift.say(fault(urgent=False))
    shift.beat(faults=("mains_lost",))
    assert relayed(shift.wait(20)) == []


def test_a_second_press_unseen_for_half_a_minute_goes_back_to_everybody() -> None:
    shift = Shift()
    incident_id = shift.press()
    shift.accept(incident_id)
    shift.say(joined(key(1)))
    shift.wait(timings.SECOND_PRESS_UNSEEN_AFTER_S - 0.1)
    assert shift.alarm().owner == "anna"
    effects = shift.wait(0.2)
    assert shift.alarm().owner == ""
    assert wire.RequeueAlarm(alarm=key(1)) in orders(effects)
    assert EntryKind.UNSEEN_PRESS in shift.history(incident_id)


# --- a restart ---


def test_what_was_open_is_open_again_and_rings_on() -> None:
    shift = Shift(snapshot=ev.Snapshot(incidents=(OPEN_ALARM,), last_incident_id=4))
    assert problem(shift.accept(4)) is None
    assert relayed(Shift(snapshot=ev.Snapshot(incidents=(OPEN_ALARM,), last_incident_id=4)).wait(30)) == [4]


def test_an_operator_who_does_not_come_back_after_a_restart_loses_it() -> None:
    taken = Incident(
        4, IncidentKind.ALARM, Priority.ALARM, IncidentState.ACCEPTED, WALL_S, HOME, alarms=(key(1),), owner="anna"
    )
    shift = Shift(operators=("boris",), snapshot=ev.Snapshot(incidents=(taken,), last_incident_id=4))
    shift.wait(timings.OWNER_LOST_AFTER_S + 1)
    assert shift.alarm().owner == ""


def left_silent(*units: str) -> ev.Snapshot:
    """Return what an earlier life left: these units silent in one incident, another one alone."""
    many = Incident(9, IncidentKind.MANY_SILENT, Priority.URGENT, IncidentState.RAISED, WALL_S, units=units)
    one = Incident(8, IncidentKind.SILENT, Priority.URGENT, IncidentState.RAISED, WALL_S, unit_id="home-9")
    other = Incident(7, IncidentKind.FAULT, Priority.NOTICE, IncidentState.RAISED, WALL_S, unit_id="home-9")
    return ev.Snapshot(incidents=(other, one, many), last_incident_id=9)


def test_who_was_silent_before_a_restart_is_silent_still_and_restored_when_heard() -> None:
    shift = Shift(homes(9), snapshot=left_silent("home-1", "home-2", "unknown"))
    shift.alive.clear()
    shift.beat("home-9")
    assert shift.open(IncidentKind.SILENT) == []
    shift.beat("home-1")
    shift.wait(1)
    assert shift.open(IncidentKind.MANY_SILENT)[0].units == ("home-2", "unknown")
    shift.beat("unknown")
    shift.beat("home-2")
    shift.wait(1)
    assert shift.open(IncidentKind.MANY_SILENT) == []


def test_closing_the_silence_of_a_unit_that_has_left_the_register_is_no_mistake() -> None:
    shift = Shift(homes(2), snapshot=left_silent("unknown"))
    shift.close(9)
    shift.wait(timings.STILL_SO_AFTER_S + 100)
    assert shift.open(IncidentKind.MANY_SILENT) == []


def test_a_silent_unit_is_one_incident_through_a_restart_of_the_broker() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(100)
    shift.happen(ev.BrokerLost("restarted"))
    shift.happen(ev.BrokerConnected())
    shift.wait(200)
    assert len(shift.open(IncidentKind.SILENT)) == 1


# --- a bad day ---


class NeverLookedThrough(dict[int, Case]):
    """The open incidents, where looking through all of them is a mistake."""

    def values(self) -> NoReturn:
        """Fail."""
        raise AssertionError("what is done for one message grows with what is open")

    __iter__ = items = values


def test_a_city_without_mains_does_not_slow_an_alarm() -> None:
    shift = Shift(homes(100))
    for number in range(2, 101):
        shift.say(fault(), f"home-{number}")
    cases = shift.centre._cases
    cases._cases = NeverLookedThrough(cases._cases)
    shift.accept(shift.press())
    shift.say(joined(key(1)))
    shift.beat("home-2", faults=("mains_lost",))
    shift.wait(60)
    assert shift.alarm().owner == ""
