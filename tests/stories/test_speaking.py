"""Speaking: a press opens a call with a person, whatever breaks meanwhile, and the room knows when it is heard."""

import pytest

from device.core import events as uev
from device.core.call import CallState
from device.core.effects import Light, Prompt
from device.wire.vocabulary import SpeechMode
from hub.core import speech_acts as acts
from hub.core.call_events import SpeechActed
from hub.core.effects import Reply
from hub.core.records import IncidentKind, IncidentState
from tests.home import Home
from tests.stories.scene import alarm_of, home_of, last_words, said_since, shines
from tests.world import World

ANNA, BORIS = "anna", "boris"
SOON_S = 10.0


def scene() -> World:
    """Return a world with voices, and with anna on shift, who answers at once what rings."""
    world = World(speaks=True)
    world.exchange.answers_after_s = {ANNA: 0.1}
    return world.start()


def speak(world: World, act: acts.SpeechAct, operator: str = ANNA) -> Reply:
    """Let an operator act in a call, and return the reply."""
    (incident,) = [one for one in world.store.incidents.values() if one.state is not IncidentState.CLOSED]
    world.centre_happen(SpeechActed("speech", operator, incident.incident_id, act))
    return world.replies["speech"]


def are_speaking(world: World, home: Home, operator: str = ANNA) -> bool:
    """Tell whether room and operator hear each other."""
    return world.exchange.heard_by(home) == [operator] == world.exchange.hears(home)


def in_speech() -> tuple[World, Home]:
    """Return a world in which somebody has pressed, and speaks with anna."""
    world = scene()
    home = home_of(world)
    home.press()
    world.run_until(lambda: are_speaking(world, home), SOON_S)
    return world, home


# --- from the room to an ear ---


def test_a_press_is_answered_by_a_person_within_two_seconds() -> None:
    world = scene()
    home = home_of(world)
    home.press()
    assert world.run_until(lambda: are_speaking(world, home), SOON_S) < 2
    assert alarm_of(world).owner == ANNA
    assert shines(home) is Light.PULSE


def test_the_room_is_told_before_anybody_hears_it() -> None:
    world = scene()
    home = home_of(world)
    home.press()
    world.run_until(lambda: Prompt.MICROPHONE_OPEN in said_since(home, world.now_s - 5), SOON_S)
    assert world.exchange.heard_by(home) == []
    assert shines(home) is Light.PULSE
    world.run_until(lambda: are_speaking(world, home), SOON_S)
    assert last_words(home) is Prompt.MICROPHONE_OPEN


def test_the_message_and_the_call_are_one_alarm_whichever_comes_first() -> None:
    world, _ = in_speech()
    assert len(world.incidents()) == 1


def test_a_call_alone_is_an_alarm_too() -> None:
    world = scene()
    home = home_of(world)
    world.misfortune = lambda: iter(())
    home.press()
    world.run_until(lambda: are_speaking(world, home), SOON_S)
    assert alarm_of(world).owner == ANNA


def test_while_nobody_answers_the_client_is_told_and_stays_on_the_line() -> None:
    world = scene()
    world.exchange.answers_after_s = {}
    home = home_of(world)
    home.press()
    world.run_for(90)
    assert len([at_s for at_s, *_ in world.exchange.said if at_s > world.now_s - 61]) >= 3, "every 20 s"
    assert home.core is not None
    assert home.core.speech.state is CallState.SPEAKING


# --- the end ---


def test_the_close_ends_the_call_and_the_room_is_told() -> None:
    world, home = in_speech()
    world.close(alarm_of(world).incident_id)
    world.run_for(1)
    assert world.exchange.line_of(home) is None
    assert (shines(home), last_words(home)) == (Light.STEADY, Prompt.CLOSED)
    world.run_for(600)
    assert world.exchange.lines == {}


def test_an_operator_who_hangs_up_is_not_called_again_until_somebody_presses() -> None:
    world, home = in_speech()
    world.run_for(5)
    assert speak(world, acts.HangUp()).problem is None
    world.run_for(300)
    assert world.exchange.lines == {}
    assert shines(home) is Light.BRIGHT, "anna has the alarm still"
    home.press()
    world.run_until(lambda: are_speaking(world, home), SOON_S)


def test_an_operator_calls_back_though_the_unit_cannot_be_called() -> None:
    world, home = in_speech()
    speak(world, acts.HangUp())
    world.run_for(60)
    assert speak(world, acts.CallBack()).problem is None
    world.run_until(lambda: are_speaking(world, home), SOON_S)


def test_an_operator_lets_the_room_only_hear_or_only_be_heard() -> None:
    world, home = in_speech()
    for mode, heard_by, hears in (
        (SpeechMode.LISTEN, [ANNA], []),
        (SpeechMode.SPEAK, [], [ANNA]),
        (SpeechMode.SILENT, [], []),
        (SpeechMode.DUPLEX, [ANNA], [ANNA]),
    ):
        speak(world, acts.SetMode(mode))
        world.run_for(1)
        assert (world.exchange.heard_by(home), world.exchange.hears(home)) == (heard_by, hears)
        assert shines(home) is Light.PULSE, "it may be heard again at any moment"


# --- what breaks ---


def test_the_units_voice_dies_and_the_call_is_back_within_three_seconds() -> None:
    world, home = in_speech()
    home.kill_voice()
    assert not are_speaking(world, home)
    assert world.run_until(lambda: are_speaking(world, home), SOON_S) < 3


def test_the_unit_dies_and_its_call_comes_back_to_the_same_operator() -> None:
    world, home = in_speech()
    home.crash()
    world.after(3.0, home.start)
    world.run_until(lambda: are_speaking(world, home), SOON_S)
    assert len(world.incidents()) == 1


@pytest.mark.parametrize("what", ["voice", "centre", "in good order"])
def test_the_centre_dies_in_a_call_and_the_call_comes_back_to_the_same_operator(what: str) -> None:
    world, home = in_speech()
    world.set_operators(ANNA, BORIS)
    world.exchange.answers_after_s = {ANNA: 0.5, BORIS: 0.1}
    if what == "in good order":
        world.exchange.hang_up_everything()
    if what != "voice":
        world.crash_centre()
        world.after(2.0, world.start_centre)
    else:
        world.exchange.lose_centre_voice()
        world.after(1.0, world.exchange.start_centre_voice)
    assert world.run_until(lambda: are_speaking(world, home), 2 * SOON_S) < SOON_S
    assert alarm_of(world).owner == ANNA
    assert home.core is not None
    assert home.core.alarm.open_alarm() is not None


def test_a_line_that_is_cut_in_a_call_is_called_over_again_when_it_is_whole() -> None:
    world, home = in_speech()
    home.cut()
    world.run_for(20)
    assert not are_speaking(world, home)
    assert shines(home) is not Light.PULSE, "nobody hears the room"
    home.mend()
    world.run_until(lambda: are_speaking(world, home), 2 * SOON_S)


def test_a_centre_without_a_voice_has_the_alarm_all_the_same() -> None:
    world = scene()
    world.exchange.lose_centre_voice()
    home = home_of(world)
    home.press()
    world.run_for(5)
    world.accept(alarm_of(world).incident_id)
    world.run_for(1)
    assert shines(home) is Light.BRIGHT
    world.exchange.start_centre_voice()
    world.run_until(lambda: are_speaking(world, home), 2 * SOON_S)


# --- announcements ---


def test_an_announcement_is_heard_in_a_room_that_is_not_heard() -> None:
    world = scene()
    home = home_of(world)
    home.happen(uev.PowerRead(mains=False, battery_percent=None))
    world.run_for(10)
    (fault,) = world.incidents(IncidentKind.FAULT)
    world.accept(fault.incident_id)
    assert speak(world, acts.Announce("Please open the door.", "en", reason="a visit")).problem is None
    world.run_until(lambda: world.exchange.line_of(home) is not None, 6 * SOON_S)
    world.run_for(1)
    line = world.exchange.line_of(home)
    assert line is not None
    assert line.mode is SpeechMode.SPEAK
    assert shines(home) is not Light.PULSE
    world.run_until(lambda: not world.exchange.lines, 6 * SOON_S)
    assert home.core is not None
    assert home.core.speech.state is CallState.IDLE
