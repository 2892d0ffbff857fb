"""The room's sound device is found by its name, and again after it was pulled out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.voice.client import engine_problem
from device.voice.messages import CommandFailed, EngineStarted, SetSound, Sound, SoundFound, SoundKind, SoundLost
from tests.device.voice.card import NAME, Card
from tests.device.voice.party import Party, babble, needs_pjsua2, parties, talk
from tests.waiting import until

pytestmark = needs_pjsua2
if engine_problem() is None:
    from device.voice.sound import choose

LOW, HIGH = 500, 1100
ROOM = Sound(kind=SoundKind.CARD, name=NAME, has_own_echo_canceller=True)


@pytest.fixture
def hz() -> int:
    """What is said in the room; nothing: what is heard there."""
    return LOW


@pytest.fixture
def card(hz: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    made = Card(tmp_path, hz)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(made.configuration))
    made.plug()
    yield made
    made.close()


def needs_cards(party: Party) -> None:
    if not party.wait(EngineStarted).has_sound_cards:
        pytest.skip("this build of pjsua2 knows no sound cards: make pjsua2")


def test_the_room_is_heard_and_hears(card: Card, tmp_path: Path) -> None:
    home, centre = Party("unit-7"), Party("centre")
    with parties(home, centre):
        needs_cards(home)
        home.tell(SetSound(sound=ROOM))
        home.link(("room", "call"), ("call", "room"))
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
        centre.link(("operator", leg), (leg, "operator"))
        operator.hears(LOW)
        card.plays(HIGH)
        assert home.wait(SoundFound).name == NAME


def test_a_card_that_is_pulled_out_is_found_again_and_the_call_goes_on(card: Card, tmp_path: Path) -> None:
    home, centre = Party("unit-7"), Party("centre")
    with parties(home, centre):
        needs_cards(home)
        home.tell(SetSound(sound=ROOM))
        home.link(("room", "call"), ("call", "room"))
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
        centre.link(("operator", leg), (leg, "operator"))
        card.plays(HIGH)
        card.unplug()
        assert home.wait(SoundLost).reason
        card.plug()
        home.wait(SoundFound, 2)
        card.forget()
        card.plays(HIGH)
        operator.forget()
        operator.hears(LOW)


def test_a_microphone_that_comes_back_is_not_open_because_it_was(card: Card, tmp_path: Path) -> None:
    home, centre = Party("unit-7"), Party("centre")
    with parties(home, centre):
        needs_cards(home)
        home.tell(SetSound(sound=ROOM))
        home.link(("room", "call"), ("call", "room"))
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
        centre.link(("operator", leg), (leg, "operator"))
        operator.hears(LOW)
        card.unplug()
        home.wait(SoundLost)
        home.link(("call", "room"))
        card.plug()
        home.wait(SoundFound, 2)
        card.forget()
        card.plays(HIGH)
        until(lambda: operator.loudness() < 0.001, "nothing of the room is heard")


def test_a_card_that_is_not_there_is_told_once_and_waited_for(card: Card) -> None:
    card.unplug()
    home = Party("unit-7", sound=ROOM)
    with parties(home):
        needs_cards(home)
        assert NAME in home.wait(SoundLost).reason
        card.plug()
        home.wait(SoundFound)
        assert sum(isinstance(event, SoundLost) for event in home.heard.all) == 1


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize("hz", [0])
def test_echo_is_cancelled_where_the_device_does_not(tmp_path: Path) -> None:
    home, centre = Party("unit-7"), Party("centre")
    with parties(home, centre):
        needs_cards(home)
        home.tell(SetSound(sound=ROOM))
        home.link(("room", "call"), ("call", "room"))
        leg = talk(home, centre)
        operator = centre.open_mouth("operator", tmp_path / "operator", says=babble(5))
        centre.link(("operator", leg), (leg, "operator"))
        until(lambda: operator.loudness() > 0.05, "the operator hears the own words come back")
        with_echo = operator.loudness()
        home.tell(SetSound(sound=ROOM.model_copy(update={"has_own_echo_canceller": False})))
        until(lambda: operator.loudness() < with_echo / 10, "the echo is 20 dB softer")


def test_a_build_without_cards_says_so() -> None:
    home = Party("unit-7", sound=ROOM)
    with parties(home):
        if home.wait(EngineStarted).has_sound_cards:
            pytest.skip("this build of pjsua2 knows sound cards")
        assert "make pjsua2" in home.wait(CommandFailed).reason


DEVICES = (
    "hw:CARD=Jabra,DEV=0",
    "plughw:CARD=Jabra,DEV=0",
    "sysdefault:CARD=Jabra",
    "default",
    "plughw:CARD=HDMI,DEV=3",
)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("hw:CARD=Jabra,DEV=0", "hw:CARD=Jabra,DEV=0"),
        ("jabra", "plughw:CARD=Jabra,DEV=0"),
        ("HDMI", "plughw:CARD=HDMI,DEV=3"),
        ("", "default"),
        ("sysdefault", "sysdefault:CARD=Jabra"),
        ("Anker", None),
    ],
)
def test_a_part_of_a_name_is_enough(wanted: str, chosen: str | None) -> None:
    assert choose(wanted, DEVICES) == chosen
