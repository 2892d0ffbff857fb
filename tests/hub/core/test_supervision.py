"""Who is silent too long, and what that is called: one by one, many at once, and never by the centre's own fault."""

import pytest

from hub.core import events as ev
from hub.core import timings
from hub.core.effects import Effect, Save
from hub.core.moment import NEVER
from hub.core.records import EntryKind, Incident, IncidentKind, Outcome, Priority, Unit
from tests.hub.core.shift import BEGAN_S, HOME, Shift, fault, homes, of_kind, raised


def silent(shift: Shift) -> list[str]:
    """Return who is called silent in an incident of their own."""
    return [incident.unit_id for incident in shift.open(IncidentKind.SILENT)]


def group(shift: Shift) -> Incident:
    (incident,) = shift.open(IncidentKind.MANY_SILENT)
    return incident


def saves(effects: list[Effect]) -> int:
    return sum(isinstance(save.record, Incident) for save in of_kind(Save, effects))


def lose(shift: Shift, *numbers: int) -> None:
    for number in numbers:
        shift.alive.discard(f"home-{number}")


# --- one unit ---


def test_a_unit_not_heard_for_its_reporting_time_is_a_fault() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(89.9)
    assert silent(shift) == []
    shift.wait(0.2)
    (incident,) = shift.open()
    assert (incident.kind, incident.priority, incident.unit_id) == (IncidentKind.SILENT, Priority.URGENT, HOME)
    shift.wait(300)
    assert len(shift.incidents) == 1, "once is enough"


def test_every_unit_has_its_own_reporting_time() -> None:
    shift = Shift((Unit("slow", reporting_time_s=3600.0), Unit("quick", reporting_time_s=60.0)))
    shift.alive.clear()
    shift.wait(100)
    assert silent(shift) == ["quick"]


def test_heartbeats_keep_the_silence_away_for_ever() -> None:
    shift = Shift(homes(20))
    assert saves(shift.wait(3600)) == 0


@pytest.mark.parametrize("sign", ["heartbeat", "event", "alarm"])
def test_whatever_is_heard_ends_the_silence(sign: str) -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(100)
    if sign == "heartbeat":
        shift.beat()
    else:
        shift.say(fault() if sign == "event" else raised())
    assert silent(shift) == []
    assert shift.incidents[1].outcome is Outcome.RESTORED
    shift.wait(100)
    assert silent(shift) == [HOME], "and it is counted from then on"


def test_a_message_that_comes_twice_is_a_sign_of_life_too() -> None:
    shift = Shift()
    shift.say(fault())
    shift.alive.clear()
    shift.wait(100)
    shift.say(fault(), message_key=next(iter(shift.messages))[1])
    assert silent(shift) == []


def test_strangers_are_not_watched() -> None:
    shift = Shift(())
    shift.beat("stranger")
    assert saves(shift.wait(600)) == 0


# --- many at once ---


def test_many_units_lost_within_a_minute_are_one_incident() -> None:
    shift = Shift(homes(40))
    lose(shift, *range(1, 41))
    shift.wait(130)
    assert len(shift.open()) == 1
    assert len(group(shift).units) == 40
    assert group(shift).subject == "40"


@pytest.mark.parametrize(
    ("all_units", "lost", "is_one"), [(10, 4, False), (20, 5, True), (25, 5, False), (25, 6, True)]
)
def test_many_is_more_than_a_fifth_and_at_least_five(all_units: int, lost: int, is_one: bool) -> None:
    shift = Shift(homes(all_units))
    lose(shift, *range(1, lost + 1))
    shift.wait(150)
    assert bool(shift.open(IncidentKind.MANY_SILENT)) is is_one
    assert len(silent(shift)) == (0 if is_one else lost)


def hear_at(shift: Shift, seconds: dict[float, int]) -> None:
    """Let units be heard for the last time one after the other."""
    for at_s, number in sorted(seconds.items()):
        shift.wait(BEGAN_S + at_s - shift.now_s)
        shift.beat(f"home-{number}")
        lose(shift, number)


def test_units_lost_one_by_one_are_folded_when_they_have_become_many() -> None:
    shift = Shift(homes(10))
    hear_at(shift, {float(number): number for number in range(1, 11)})
    shift.wait(84.5)
    assert len(silent(shift)) == 4
    shift.wait(60)
    assert silent(shift) == []
    assert len(group(shift).units) == 10
    folded = [incident for incident in shift.incidents.values() if incident.outcome is Outcome.FOLDED]
    assert len(folded) == 4
    assert EntryKind.UNIT_JOINED in shift.history(group(shift).incident_id)


def test_units_lost_slowly_are_incidents_of_their_own() -> None:
    shift = Shift(homes(10))
    hear_at(shift, {number * 20.0: number for number in range(1, 11)})
    shift.wait(200)
    assert len(silent(shift)) == 10


def test_what_an_operator_has_already_is_not_folded() -> None:
    shift = Shift(homes(10))
    hear_at(shift, {1.0: 1} | {30.0 + number: number for number in range(2, 11)})
    shift.wait(55)
    shift.accept(shift.open(IncidentKind.SILENT)[0].incident_id)
    shift.wait(60)
    assert silent(shift) == ["home-1"]
    assert "home-1" in group(shift).units
    shift.beat("home-1")
    shift.wait(1)
    assert silent(shift) == []
    assert "home-1" not in group(shift).units


def test_units_lost_while_many_are_lost_join_them_all_together() -> None:
    shift = Shift(homes(20))
    lose(shift, *range(1, 11))
    shift.wait(130)
    first = group(shift)
    shift.wait(300)
    lose(shift, *range(11, 21))
    shift.wait(130)
    assert group(shift).incident_id == first.incident_id
    assert len(group(shift).units) == 20
    assert silent(shift) == []


def test_a_unit_lost_alone_beside_many_is_an_incident_of_its_own() -> None:
    shift = Shift(homes(20))
    lose(shift, *range(1, 11))
    shift.wait(300)
    lose(shift, 11)
    shift.wait(130)
    assert silent(shift) == ["home-11"]
    assert len(group(shift).units) == 10


def test_many_units_change_their_one_incident_seldom() -> None:
    shift = Shift(homes(500))
    hear_at(shift, {number / 100: number for number in range(1, 501)})
    assert saves(shift.wait(120)) < 240
    assert len(group(shift).units) == 500
    back = [shift.beat(f"home-{number}") for number in range(1, 501)]
    assert sum(map(saves, back)) == 0
    assert saves(shift.wait(1)) == 1
    assert shift.open() == []


def test_many_that_come_back_leave_it_and_the_last_ends_it() -> None:
    shift = Shift(homes(10))
    shift.alive.clear()
    shift.wait(100)
    incident_id = group(shift).incident_id
    for number in range(1, 10):
        shift.beat(f"home-{number}")
    shift.wait(1)
    assert group(shift).units == ("home-10",)
    assert shift.history(incident_id)[-1] is EntryKind.UNIT_RESTORED
    shift.beat("home-10")
    shift.wait(1)
    assert shift.incidents[incident_id].outcome is Outcome.RESTORED


def test_a_unit_that_comes_and_goes_counts_once() -> None:
    shift = Shift((*homes(4), *(Unit(f"other-{number}") for number in range(2))))
    shift.happen(ev.RecordsEdited("request", tuple(Unit(f"home-{n}", reporting_time_s=10.0) for n in range(1, 5))))
    shift.alive = {"other-0", "other-1"}
    for _ in range(5):
        shift.wait(11)
        for number in range(1, 5):
            shift.beat(f"home-{number}")
    assert shift.open(IncidentKind.MANY_SILENT) == []


# --- closed by hand ---


def test_a_silence_closed_by_hand_comes_again_after_hours_and_not_before() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(100)
    shift.close(shift.open()[0].incident_id)
    shift.wait(timings.STILL_SO_AFTER_S - 60)
    assert silent(shift) == []
    shift.wait(120)
    assert silent(shift) == [HOME]


def test_a_silence_closed_by_hand_outlasts_a_break_of_the_broker() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(100)
    shift.close(shift.open()[0].incident_id)
    shift.happen(ev.BrokerLost("restarted"))
    shift.happen(ev.BrokerConnected())
    shift.wait(1000)
    assert silent(shift) == []


def test_a_unit_heard_after_its_silence_was_closed_is_watched_as_before() -> None:
    shift = Shift()
    shift.alive.clear()
    shift.wait(100)
    shift.close(shift.open()[0].incident_id)
    shift.beat()
    shift.wait(100)
    assert silent(shift) == [HOME]


def test_many_closed_by_hand_come_again_together() -> None:
    shift = Shift(homes(10))
    shift.alive.clear()
    shift.wait(100)
    shift.close(group(shift).incident_id)
    shift.wait(timings.STILL_SO_AFTER_S + 60)
    assert len(group(shift).units) == 10


def test_closing_an_alarm_does_not_forget_that_its_unit_is_silent() -> None:
    shift = Shift()
    shift.press()
    shift.alive.clear()
    shift.wait(100)
    assert silent(shift) == [HOME]
    shift.close(shift.alarm().incident_id)
    shift.beat()
    assert silent(shift) == []


def test_closing_one_of_two_incidents_about_a_silent_unit_leaves_the_other() -> None:
    shift = Shift(homes(10))
    hear_at(shift, {1.0: 1} | {30.0 + number: number for number in range(2, 11)})
    shift.wait(55)
    alone = shift.open(IncidentKind.SILENT)[0].incident_id
    shift.accept(alone)
    shift.wait(60)
    shift.close(alone)
    shift.beat("home-1")
    shift.wait(1)
    assert "home-1" not in group(shift).units


def test_a_centre_without_units_has_nothing_to_look_at() -> None:
    shift = Shift((), operators=())
    assert shift.centre._supervision.next_deadline() == NEVER
