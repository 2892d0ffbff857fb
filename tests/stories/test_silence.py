"""Silence becomes a fault, told once, by its right name, and never by the centre's own fault."""

from hub.core import timings
from hub.core.events import Act
from hub.core.records import IncidentKind, Outcome
from tests.stories.scene import AT_ONCE_S, accepted, act, home_of, scene, silent, timeline


def test_a_silent_unit_is_noticed_within_90_s() -> None:
    world = scene()
    home_of(world).cut()
    took_s = world.run_until(lambda: silent(world) == ["home-1"], within_s=90)
    assert took_s > 59, "and not before two heartbeats are missing"


def test_a_unit_that_is_back_ends_its_own_incident() -> None:
    world = scene()
    home_of(world).cut()
    world.run_for(120)
    home_of(world).mend()
    world.run_for(2)
    (incident,) = world.incidents(IncidentKind.SILENT)
    assert incident.outcome is Outcome.RESTORED
    assert world.incidents(IncidentKind.FAULT, only_open=True) == []


def test_forty_silent_units_are_one_incident() -> None:
    world = scene(homes=40)
    for home in world.homes.values():
        home.cut()
    world.run_for(130)
    (incident,) = world.incidents(IncidentKind.MANY_SILENT)
    assert len(incident.units) == 40
    assert world.incidents(IncidentKind.SILENT, only_open=True) == []
    for home in world.homes.values():
        home.mend()
    world.run_for(30)
    assert silent(world) == []
    assert world.store.incidents[incident.incident_id].outcome is Outcome.RESTORED


def test_one_of_forty_is_an_incident_of_its_own() -> None:
    world = scene(homes=40)
    home_of(world, 7).cut()
    world.run_for(130)
    assert world.incidents(IncidentKind.MANY_SILENT) == []
    assert silent(world) == ["home-7"]


def test_nobody_is_called_lost_after_the_centres_own_outage() -> None:
    world = scene(homes=10)
    world.crash_centre()
    world.run_for(600)
    world.start_centre()
    world.run_for(600)
    assert world.incidents(IncidentKind.SILENT) == world.incidents(IncidentKind.MANY_SILENT) == []


def test_who_is_really_lost_after_the_centres_outage_is_noticed_after_one_full_interval() -> None:
    world = scene(homes=10)
    world.crash_centre()
    home_of(world, 3).cut()
    world.run_for(600)
    world.start_centre()
    world.run_for(89)
    assert silent(world) == []
    world.run_for(5)
    assert silent(world) == ["home-3"]


def test_nobody_is_called_lost_while_the_broker_is_gone() -> None:
    world = scene(homes=10)
    world.break_broker()
    world.run_for(1000)
    assert silent(world) == []
    assert [incident.subject for incident in world.incidents(IncidentKind.CENTRE, only_open=True)] == ["broker"]
    world.mend_broker()
    world.run_for(200)
    assert silent(world) == []
    assert world.incidents(IncidentKind.CENTRE, only_open=True) == []


def test_a_silence_that_somebody_closed_comes_again_after_hours() -> None:
    world = scene()
    home_of(world).cut()
    world.run_for(120)
    (incident,) = world.incidents(IncidentKind.SILENT)
    act(world, incident, Act.ACCEPT)
    act(world, incident, Act.CLOSE)
    world.run_for(timings.STILL_SO_AFTER_S - 60)
    assert silent(world) == []
    world.run_for(120)
    assert silent(world) == ["home-1"]


def test_a_unit_in_alarm_whose_line_breaks_is_both_and_comes_back_whole() -> None:
    world = scene()
    alarm = accepted(world)
    home_of(world).cut()
    world.run_for(120)
    assert silent(world) == ["home-1"]
    home_of(world).mend()
    world.run_for(2)
    assert silent(world) == []
    assert world.store.incidents[alarm.incident_id].owner == "anna"


def test_a_unit_that_never_said_a_word_is_noticed_too() -> None:
    world = scene(homes=2)
    home_of(world, 2).crash()
    world.run_for(AT_ONCE_S)
    world.run_until(lambda: silent(world) == ["home-2"], within_s=91)


def test_a_silent_unit_tells_when_it_is_back_that_it_was_alone() -> None:
    world = scene()
    home_of(world).cut()
    world.run_for(300)
    home_of(world).mend()
    world.run_for(5)
    faults = world.incidents(IncidentKind.FAULT)
    assert sorted(fault.subject for fault in faults) == ["centre_lost", "path_lost"]
    assert all(fault.outcome is Outcome.RESTORED for fault in faults)
    assert all(len(timeline(world, fault.incident_id)) == 2 for fault in faults)
