"""Who hears whom is told whole, whenever it changes and not otherwise."""

import pytest

from device.adapters.voice.switchboard import Speech, Switchboard, Wanted, gain_of
from device.voice.messages import ROOM, EngineCommand, Link, SetLinks
from device.wire.vocabulary import SpeechMode


def test_everything_that_is_wanted_is_told_at_once() -> None:
    told: list[EngineCommand] = []
    board = Switchboard(told.append)
    board.speak("one", Speech(SpeechMode.DUPLEX, 6))
    board.speak("two", Speech(SpeechMode.SPEAK, 7))
    board.play("words", listener="ear")
    assert told[-1] == SetLinks(
        links=(
            Link(source=ROOM, sink="ear"),
            Link(source="words", sink=ROOM),
            Link(source=ROOM, sink="one"),
            Link(source="one", sink=ROOM),
            Link(source="two", sink=ROOM, gain=gain_of(7)),
        )
    )
    for gone in ("words", "ear"):
        board.remove(gone)
    for gone in ("one", "two"):
        board.silence(gone)
    assert told[-1] == SetLinks(links=())


def test_what_changes_nothing_is_not_told() -> None:
    told: list[EngineCommand] = []
    board = Switchboard(told.append)
    for _ in range(2):
        board.speak("one", Speech(SpeechMode.LISTEN, 6))
    board.speak("one", Speech(SpeechMode.LISTEN, 9))  # nobody hears it in the room
    board.remove("words")
    board.silence("two")
    assert len(told) == 1
    board.begin_anew()
    board.silence("one")
    assert len(told) == 1


@pytest.mark.parametrize("mode", SpeechMode)
def test_only_a_mode_that_says_so_opens_the_microphone(mode: SpeechMode) -> None:
    links = Wanted({"leg": Speech(mode, 10)}).links()
    assert any(link.source == ROOM for link in links) is (mode in (SpeechMode.DUPLEX, SpeechMode.LISTEN))


def test_each_step_of_the_volume_is_louder_and_all_of_them_can_be_heard() -> None:
    gains = [gain_of(volume) for volume in range(11)]
    assert gains == sorted(gains)
    assert gains[6] == 1
    assert 0 < gains[0] < gains[10] <= 8
