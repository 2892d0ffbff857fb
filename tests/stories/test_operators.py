"""Operators: who has an alarm, what the room is told of them, and what happens when nobody comes."""

import pytest

from device.core.effects import Light, Prompt
from hub.core.effects import Problem
from hub.core.events import Act
from hub.core.records import EntryKind, IncidentKind, IncidentState
from tests.stories.scene import (
    AT_ONCE_S,
    accepted,
    act,
    alarm_of,
    home_of,
    last_words,
    relayed,
    scene,
    shines,
    timeline,
)


def test_the_first_operator_wins_and_the_second_is_told_who() -> None:
    world = scene()
    world.set_operators("anna", "boris")
    incident = accepted(world)
    reply = act(world, incident, Act.ACCEPT, "boris")
    assert (reply.problem, reply.owner) == (Problem.TAKEN, "anna")
    assert timeline(world, incident.incident_id).count(EntryKind.ACCEPTED) == 1


def test_an_operator_may_take_over_and_the_room_hears_nothing_of_it() -> None:
    world = scene()
    world.set_operators("anna", "boris")
    incident = accepted(world)
    home = home_of(world)
    words = len(home.said)
    assert act(world, incident, Act.TAKE_OVER, "boris").owner == "boris"
    world.run_for(AT_ONCE_S)
    assert (shines(home), len(home.said)) == (Light.BRIGHT, words)
    assert act(world, incident, Act.CLOSE, "anna").problem is Problem.NOT_YOURS


def test_the_room_is_never_told_that_an_operator_has_it_when_nobody_has() -> None:
    world = scene()
    world.set_operators("anna", "boris")
    home = home_of(world)
    incident = accepted(world)
    act(world, incident, Act.RELEASE)
    world.run_for(AT_ONCE_S)
    assert (shines(home), last_words(home)) == (Light.CALLING, Prompt.RECEIVED)
    act(world, incident, Act.ACCEPT, "boris")
    world.run_for(AT_ONCE_S)
    assert shines(home) is Light.BRIGHT
    world.set_operators("anna")
    world.run_for(61)
    assert alarm_of(world).owner == ""
    assert shines(home) is Light.CALLING


def test_nor_when_the_word_that_nobody_has_it_cannot_reach_the_room() -> None:
    world = scene()
    home = home_of(world)
    incident = accepted(world)
    home.cut()
    act(world, incident, Act.RELEASE)
    world.run_for(60)
    assert shines(home) is Light.CALLING
    home.mend()
    world.run_for(2)
    assert shines(home) is Light.CALLING


def test_a_lost_order_is_made_good_by_the_next_heartbeat() -> None:
    world = scene()
    home = home_of(world)
    incident = accepted(world)
    world.misfortune = lambda: iter(())
    act(world, incident, Act.RELEASE)
    world.run_for(1)
    world.misfortune = lambda: iter((0.005,))
    world.run_for(60)
    assert shines(home) is Light.CALLING


def test_a_second_press_that_its_operator_does_not_see_goes_back_to_everybody() -> None:
    world = scene()
    incident = accepted(world)
    home_of(world).press()
    world.run_for(31)
    assert alarm_of(world).state is IncidentState.RAISED
    assert EntryKind.UNSEEN_PRESS in timeline(world, incident.incident_id)
    assert shines(home_of(world)) is Light.CALLING


def test_an_alarm_nobody_takes_rings_ever_further_and_for_ever() -> None:
    world = scene()
    home_of(world).press()
    world.run_for(AT_ONCE_S)
    incident = alarm_of(world)
    began_s = world.now_s
    world.run_for(600)
    after_s = [at_s - began_s for at_s in relayed(world, incident.incident_id)]
    assert after_s[:4] == pytest.approx([30, 60, 120, 180], abs=1)
    assert len(after_s) == 11
    assert last_words(home_of(world)) is Prompt.RECEIVED


def test_an_alarm_with_nobody_on_shift_goes_outside_at_once() -> None:
    world = scene()
    world.set_operators()
    home_of(world).press()
    world.run_for(AT_ONCE_S)
    assert len(relayed(world, alarm_of(world).incident_id)) == 1


def test_a_shift_that_ends_without_another_is_told_outside() -> None:
    world = scene()
    world.set_operators()
    world.run_for(31)
    (incident,) = world.incidents(IncidentKind.NO_CONSOLE)
    assert len(relayed(world, incident.incident_id)) == 1
    world.set_operators("boris")
    assert world.incidents(IncidentKind.NO_CONSOLE, only_open=True) == []


def test_an_alarm_whose_operator_vanishes_with_the_last_console_goes_outside() -> None:
    world = scene()
    incident = accepted(world)
    world.set_operators()
    world.run_for(61)
    assert alarm_of(world).owner == ""
    assert relayed(world, incident.incident_id)


def test_an_accepted_alarm_survives_a_restart_of_the_centre() -> None:
    world = scene()
    incident = accepted(world)
    world.crash_centre()
    world.run_for(5)
    world.start_centre()
    world.run_for(30)
    assert alarm_of(world).owner == "anna"
    assert shines(home_of(world)) is Light.BRIGHT
    assert act(world, incident, Act.CLOSE).problem is None


def test_two_homes_do_not_hear_of_each_other() -> None:
    world = scene(homes=2)
    accepted(world, 1)
    home_of(world, 2).press()
    world.run_for(AT_ONCE_S)
    assert shines(home_of(world, 1)) is Light.BRIGHT
    assert shines(home_of(world, 2)) is Light.CALLING
    act(world, alarm_of(world, 1), Act.CLOSE)
    world.run_for(AT_ONCE_S)
    assert shines(home_of(world, 2)) is Light.CALLING
