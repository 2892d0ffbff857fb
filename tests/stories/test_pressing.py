"""A client presses: what becomes of it, whatever else is broken."""

import pytest

from device.core.effects import Light, Prompt
from device.core.events import StartCause, TriggerFoundActive
from device.wire.messages import AlarmWithdrawn
from device.wire.vocabulary import ClockQuality
from hub.core.events import Act
from hub.core.records import EntryKind, IncidentKind, IncidentState, Outcome
from tests.stories.scene import (
    AT_ONCE_S,
    accepted,
    act,
    alarm_of,
    home_of,
    last_words,
    said_since,
    scene,
    shines,
    timeline,
    waiting,
)


def test_a_press_stands_on_the_operators_screen_and_the_operators_word_comes_back() -> None:
    world = scene()
    home = home_of(world)
    home.press()
    assert shines(home) is Light.CALLING
    world.run_for(AT_ONCE_S)
    incident = alarm_of(world)
    assert (incident.subject, incident.state) == ("Big button", IncidentState.RAISED)
    assert last_words(home) is Prompt.RECEIVED
    act(world, incident, Act.ACCEPT)
    world.run_for(AT_ONCE_S)
    assert (shines(home), last_words(home)) == (Light.BRIGHT, Prompt.ANSWERED)
    act(world, incident, Act.CLOSE)
    world.run_for(AT_ONCE_S)
    assert (shines(home), last_words(home)) == (Light.STEADY, Prompt.CLOSED)
    world.run_for(60)
    assert world.incidents(only_open=True) == []
    assert waiting(home) == []
    assert timeline(world, incident.incident_id) == [
        EntryKind.RAISED,
        EntryKind.ACCEPTED,
        EntryKind.ORDER_DONE,
        EntryKind.CLOSED,
    ]


def test_cancel_in_the_pre_alarm_calls_nobody_and_is_reported_once() -> None:
    world = scene()
    home = home_of(world)
    home.press("cord")
    world.run_for(5)
    assert shines(home) is Light.FLICKER
    home.cancel()
    home.cancel()
    world.run_for(60)
    assert world.incidents() == []
    assert shines(home) is Light.STEADY
    withdrawn = [m for m in world.store.messages.values() if isinstance(m.message.body, AlarmWithdrawn)]
    assert len(withdrawn) == 1


def test_a_pre_alarm_that_nobody_withdraws_calls() -> None:
    world = scene()
    home = home_of(world)
    home.press("cord")
    world.run_for(9.9)
    assert world.incidents() == []
    world.run_for(0.2)
    assert alarm_of(world).subject == "Bathroom cord"
    assert Prompt.CALLING in said_since(home, world.now_s - 0.2)


def test_a_second_press_in_the_pre_alarm_means_now() -> None:
    world = scene()
    home_of(world).press("cord")
    world.run_for(1)
    home_of(world).press("cord")
    world.run_for(AT_ONCE_S)
    assert alarm_of(world).subject == "Bathroom cord"


def test_a_second_press_is_shown_to_the_operator() -> None:
    world = scene()
    incident = accepted(world)
    home_of(world).press("pendant")
    world.run_for(AT_ONCE_S)
    assert timeline(world, incident.incident_id)[-1] is EntryKind.PRESSED_AGAIN
    assert world.store.timeline[-1].text == "Pendant"
    assert len(world.incidents()) == 1


def test_a_press_after_the_close_is_an_alarm_of_its_own() -> None:
    world = scene()
    first = accepted(world)
    act(world, first, Act.CLOSE)
    world.run_for(AT_ONCE_S)
    home_of(world).press()
    world.run_for(AT_ONCE_S)
    assert alarm_of(world).incident_id != first.incident_id
    assert shines(home_of(world)) is Light.CALLING


def test_cancel_during_an_alarm_is_told_and_ends_nothing() -> None:
    world = scene()
    incident = accepted(world)
    home_of(world).cancel()
    world.run_for(60)
    assert EntryKind.CANCEL_PRESSED in timeline(world, incident.incident_id)
    assert alarm_of(world).state is not IncidentState.CLOSED
    assert shines(home_of(world)) is Light.BRIGHT


@pytest.mark.parametrize("jump_s", [-1e9, -3600.0, 3600.0, 1e9])
def test_a_frozen_clock_or_a_jumping_one_changes_nothing(jump_s: float) -> None:
    world = scene()
    home = home_of(world)
    home.press("cord")
    world.wall_offset_s += jump_s
    world.unit_clock = ClockQuality.UNSET
    world.run_for(10.1)
    incident = alarm_of(world)
    assert incident.is_late is False
    assert act(world, incident, Act.ACCEPT).problem is None
    world.wall_offset_s -= jump_s
    world.run_for(1)
    assert shines(home) is Light.BRIGHT
    act(world, incident, Act.CLOSE)
    world.run_for(600)
    assert world.incidents(IncidentKind.SILENT) == []
    assert shines(home) is Light.STEADY


def test_a_full_disk_at_home_does_not_keep_an_alarm() -> None:
    world = scene()
    home = home_of(world)
    home.fill_disk()
    world.run_for(1)
    home.press()
    world.run_for(AT_ONCE_S)
    incident = alarm_of(world)
    act(world, incident, Act.ACCEPT)
    world.run_for(AT_ONCE_S)
    assert shines(home) is Light.BRIGHT
    faults = [fault.subject for fault in world.incidents(IncidentKind.FAULT, only_open=True)]
    assert faults == ["outbox_broken"]
    home.free_disk()
    act(world, incident, Act.CLOSE)
    world.run_for(60)
    assert world.incidents(IncidentKind.FAULT, only_open=True) == []
    assert waiting(home) == []


def test_a_unit_that_restarts_in_an_alarm_goes_on_with_it() -> None:
    world = scene()
    home = home_of(world)
    incident = accepted(world)
    home.crash()
    world.run_for(5)
    home.start(StartCause.WATCHDOG)
    world.run_for(2)
    assert shines(home) is Light.BRIGHT
    assert [one.incident_id for one in world.incidents()] == [incident.incident_id]
    act(world, incident, Act.CLOSE)
    world.run_for(AT_ONCE_S)
    assert shines(home) is Light.STEADY


def test_a_unit_that_restarts_in_an_alarm_without_any_memory_is_reminded_by_the_centre() -> None:
    world = scene()
    home = home_of(world)
    home.fill_disk()
    accepted(world)
    home.crash()
    world.run_for(5)
    home.start(StartCause.RESTART)
    world.run_for(5)
    assert shines(home) is Light.BRIGHT
    act(world, alarm_of(world), Act.CLOSE)
    world.run_for(AT_ONCE_S)
    assert shines(home) is not Light.BRIGHT


def test_a_unit_that_loses_its_power_in_the_pre_alarm_calls_when_it_is_back() -> None:
    world = scene()
    home = home_of(world)
    home.press("cord")
    world.run_for(3)
    home.crash()
    world.run_for(600)
    assert world.incidents() == []
    home.start()
    world.run_for(5)
    assert alarm_of(world).subject == "Bathroom cord"


def test_a_press_at_the_moment_of_a_crash_is_either_kept_or_was_never_shown() -> None:
    for effects in range(5):
        world = scene()
        home = home_of(world)
        home.crash_after = effects
        home.press()
        was_shown = home.said and home.said[-1][1] is Prompt.CALLING
        world.run_for(30)
        assert bool(world.incidents()) >= bool(was_shown or effects)


def test_a_stuck_button_is_a_fault_and_the_others_still_call() -> None:
    world = scene()
    home = home_of(world)
    home.happen(TriggerFoundActive("button"))
    world.run_for(AT_ONCE_S)
    assert world.incidents() == []
    assert [fault.subject for fault in world.incidents(IncidentKind.FAULT)] == ["trigger_held:button"]
    home.press("pendant")
    world.run_for(AT_ONCE_S)
    assert alarm_of(world).subject == "Pendant"


def test_hundreds_of_presses_of_a_frightened_hand_are_one_alarm() -> None:
    world = scene()
    home = home_of(world)
    home.cut()
    for _ in range(300):
        home.press(hold_s=0.01)
        world.run_for(0.02)
    home.mend()
    world.run_for(30)
    assert len(world.incidents()) == 1
    assert waiting(home) == []
    act(world, alarm_of(world), Act.ACCEPT)
    act(world, alarm_of(world), Act.CLOSE)
    world.run_for(60)
    assert world.incidents(only_open=True) == []
    assert world.incidents()[0].outcome is Outcome.HELPED
