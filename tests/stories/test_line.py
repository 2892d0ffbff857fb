"""The line breaks, the broker dies, the centre freezes: what the client is told, and that nothing is lost."""

import pytest

from device.core.effects import Light, Prompt
from device.wire import messages as wire
from hub.core.events import Act
from hub.core.records import IncidentKind
from tests.stories.scene import (
    accepted,
    act,
    alarm_of,
    freeze_centre,
    home_of,
    last_words,
    said_since,
    scene,
    shines,
    timeline,
    waiting,
)


def test_a_press_during_an_outage_arrives_when_the_line_is_back() -> None:
    world = scene()
    home = home_of(world)
    home.cut()
    world.run_for(60)
    home.press()
    assert (shines(home), last_words(home)) == (Light.CALLING, Prompt.NO_CONNECTION)
    world.run_for(400)
    assert world.incidents() == []
    home.mend()
    world.run_for(2)
    incident = alarm_of(world)
    assert incident.is_late
    assert incident.pressed_s == pytest.approx(incident.opened_s - 400, abs=3)
    assert last_words(home) is Prompt.RECEIVED
    assert waiting(home) == []


def test_a_press_while_the_centre_restarts_arrives_and_is_one_incident() -> None:
    world = scene()
    home = home_of(world)
    world.crash_centre()
    home.press()
    world.run_for(20)
    world.start_centre()
    world.run_for(20)
    assert len(world.incidents()) == 1
    assert last_words(home) is Prompt.RECEIVED


def test_a_centre_that_dies_between_the_commit_and_the_receipt_takes_the_press_once() -> None:
    world = scene()
    home = home_of(world)
    for effects in range(5):
        world.crash_centre_after = effects
        home.press()
        world.run_for(60)
        world.crash_centre_after = None
        (incident,) = world.incidents(only_open=True)
        act(world, incident, Act.TAKE_OVER)
        act(world, incident, Act.CLOSE)
        world.run_for(60)
    assert len(world.incidents()) == 5
    assert waiting(home) == []


def test_a_message_that_arrives_twice_is_shown_once() -> None:
    world = scene()
    world.misfortune = lambda: iter((0.005, 0.006, 3.0))
    home_of(world).press()
    world.run_for(30)
    assert len(world.incidents()) == 1
    assert len(timeline(world, alarm_of(world).incident_id)) == 1


def test_a_line_that_loses_half_of_everything_still_brings_the_press_and_the_answer() -> None:
    world = scene()
    world.misfortune = lambda: iter((0.005,) if world.random.random() < 0.5 else ())
    home = home_of(world)
    home.press()
    world.run_until(lambda: bool(world.incidents()), within_s=60)
    act(world, alarm_of(world), Act.ACCEPT)
    world.run_until(lambda: shines(home) is Light.BRIGHT, within_s=60)


def test_a_dead_centre_behind_a_living_broker_is_shown_within_60_s() -> None:
    world = scene()
    home = home_of(world)
    freeze_centre(world)
    assert world.run_until(lambda: shines(home) is Light.BREATH, within_s=60) > 0
    assert last_words(home) is Prompt.CENTRE_LOST
    home.press()
    assert last_words(home) is Prompt.NO_CONNECTION
    world.run_for(100)
    world.start_centre()
    world.run_for(5)
    faults = [m.message.body for m in world.store.messages.values() if isinstance(m.message.body, wire.FaultRaised)]
    assert [fault.fault for fault in faults] == ["centre_lost"], "and it is reported later"
    assert alarm_of(world).unit_id == home.unit_id
    assert last_words(home) is Prompt.RECEIVED


def test_a_short_break_of_the_line_is_nobodys_concern() -> None:
    world = scene()
    home = home_of(world)
    since_s = world.now_s
    home.cut(noticed_after_s=5)
    world.run_for(20)
    home.mend()
    world.run_for(60)
    assert said_since(home, since_s) == []
    assert world.incidents(IncidentKind.FAULT) == world.incidents(IncidentKind.SILENT) == []


def test_a_broker_that_dies_with_the_press_under_way_loses_nothing() -> None:
    world = scene()
    home = home_of(world)
    home.press()
    world.break_broker()
    world.run_for(30)
    assert shines(home) is Light.CALLING
    world.mend_broker()
    world.run_for(10)
    assert len(world.incidents()) == 1
    assert last_words(home) is Prompt.RECEIVED


def test_a_unit_that_boots_without_a_line_says_so_and_takes_the_press() -> None:
    world = scene()
    home = home_of(world)
    home.crash()
    home.line_is_whole = False
    world.run_for(5)
    home.start()
    world.run_for(60)
    assert (shines(home), last_words(home)) == (Light.BREATH, Prompt.CENTRE_LOST)
    home.press()
    world.run_for(5)
    home.mend()
    world.run_for(5)
    assert alarm_of(world).unit_id == home.unit_id


def test_a_night_without_a_line_ends_with_every_press_at_the_centre_and_a_room_that_is_ready() -> None:
    world = scene()
    home = home_of(world)
    home.cut()
    for _ in range(8):
        world.run_for(3_600)
        home.press()
        home.press("pendant")
    home.mend()
    world.run_for(60)
    incident = alarm_of(world)
    assert waiting(home) == []
    act(world, incident, Act.TAKE_OVER)
    act(world, incident, Act.CLOSE)
    world.run_for(60)
    assert shines(home) is Light.STEADY
    assert world.incidents(only_open=True) == []


def test_a_close_that_could_not_reach_the_room_reaches_it_later() -> None:
    world = scene()
    home = home_of(world)
    incident = accepted(world)
    home.cut()
    act(world, incident, Act.CLOSE)
    world.run_for(300)
    home.mend()
    world.run_for(2)
    assert shines(home) is Light.STEADY


def test_a_press_that_crosses_the_operators_close_is_an_alarm_in_the_room_and_at_the_centre() -> None:
    """The line was gone, the client pressed again, the operator closed: both words meet when it is back."""
    world = scene()
    home = home_of(world)
    first = accepted(world)
    home.cut()
    world.run_for(40)
    home.press("pendant")
    act(world, first, Act.CLOSE)
    world.run_for(100)
    home.mend()
    world.run_for(2)
    assert alarm_of(world).incident_id != first.incident_id
    assert shines(home) is Light.CALLING
    act(world, alarm_of(world), Act.ACCEPT)
    world.run_for(2)
    assert shines(home) is Light.BRIGHT
    act(world, alarm_of(world), Act.CLOSE)
    world.run_for(60)
    assert shines(home) is Light.STEADY
    assert world.incidents(only_open=True) == []
