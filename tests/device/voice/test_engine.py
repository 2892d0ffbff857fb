"""What one engine says is heard at another, and what cannot be done is told."""

from pathlib import Path

import pytest

from device.voice.messages import (
    AnswerLeg,
    ClosePoint,
    CommandFailed,
    EndLeg,
    EngineCommand,
    EngineEvent,
    HoldLeg,
    LegEnded,
    LevelsRead,
    Link,
    OpenSocket,
    PlaceCall,
    RecordFile,
    SendDigits,
    SetLinks,
    SetSound,
    Sound,
    SoundKind,
    WatchLevels,
)
from tests.device.voice.party import IS_HEARD, Party, needs_pjsua2, parties, talk
from tests.waiting import until

pytestmark = needs_pjsua2

LOW, HIGH = 500, 1100


def test_sound_goes_both_ways(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    room = home.open_mouth("room socket", tmp_path / "room", LOW)
    operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
    home.link(("room socket", "call"), ("call", "room socket"))
    centre.link(("operator", leg), (leg, "operator"))
    operator.hears(LOW)
    room.hears(HIGH)
    assert operator.strength(HIGH) < IS_HEARD
    assert room.strength(LOW) < IS_HEARD


def test_sound_is_linked_as_soon_as_there_is_something_to_link(home: Party, centre: Party, tmp_path: Path) -> None:
    home.link(("room socket", "call"), ("no such point", "call"))
    leg = talk(home, centre)
    operator = centre.open_mouth("operator", tmp_path / "operator")
    centre.link((leg, "operator"))
    home.open_mouth("room socket", tmp_path / "room", LOW)
    operator.hears(LOW)


def test_sound_is_as_loud_as_the_link_says(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    home.open_mouth("room socket", tmp_path / "room", LOW)
    operator = centre.open_mouth("operator", tmp_path / "operator")
    centre.link((leg, "operator"))
    home.tell(SetLinks(links=(Link(source="room socket", sink="call"),)))
    operator.hears(LOW)
    until(lambda: 0.7 < operator.strength(LOW) < 1.4, "it is as loud as it was said")
    home.tell(SetLinks(links=(Link(source="room socket", sink="call", gain=0.5),)))
    until(lambda: 0.3 < operator.strength(LOW) < 0.65, "it is half as loud")
    home.tell(SetLinks(links=()))
    until(lambda: operator.strength(LOW) < IS_HEARD, "it is silent")


def test_sound_of_three_is_bridged(home: Party, centre: Party, tmp_path: Path) -> None:
    helper = Party("helper")
    with parties(helper):
        first, second = talk(home, centre), talk(helper, centre)
        room = home.open_mouth("room socket", tmp_path / "room", LOW)
        third = helper.open_mouth("third", tmp_path / "third", HIGH)
        home.link(("room socket", "call"), ("call", "room socket"))
        helper.link(("third", "call"), ("call", "third"))
        centre.link((first, second), (second, first))
        third.hears(LOW)
        room.hears(HIGH)


def test_sound_of_the_room_can_be_a_socket(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    room = home.open_room(tmp_path / "room", LOW)
    operator = centre.open_mouth("operator", tmp_path / "operator", HIGH)
    home.link(("room", "call"), ("call", "room"))
    centre.link(("operator", leg), (leg, "operator"))
    operator.hears(LOW)
    room.hears(HIGH)
    home.tell(SetSound(sound=Sound()))
    until(lambda: operator.strength(LOW) < IS_HEARD, "the room is silent")


def test_sound_that_nobody_heard_is_not_heard_later(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    home.open_mouth("room socket", tmp_path / "room", LOW)
    home.link(("room socket", "call"))
    centre.tell(WatchLevels(names=(leg,)))
    centre.heard.wait(lambda event: _loudness(event, leg) > 0.1)
    home.link()
    loud = len(centre.heard.all)
    until(lambda: any(_loudness(event, leg) == 0 for event in centre.heard.all[loud:]), "the room is silent")
    operator = centre.open_mouth("operator", tmp_path / "operator")
    centre.link((leg, "operator"))
    assert operator.loudness() < 0.001


def test_sound_has_levels(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    home.open_mouth("room socket", tmp_path / "room", LOW)
    home.link(("room socket", "call"))
    centre.tell(WatchLevels(names=(leg, "nobody")))
    centre.link((leg, leg))

    read = centre.heard.wait(lambda event: _loudness(event, leg) > 0.1)
    assert isinstance(read, LevelsRead)
    assert set(read.levels) == {leg}


def test_commands_that_cannot_be_done_are_refused(home: Party, tmp_path: Path) -> None:
    refused: dict[str, EngineCommand] = {
        "end_leg": EndLeg(leg="nobody"),
        "answer_leg": AnswerLeg(leg="nobody"),
        "hold_leg": HoldLeg(leg="nobody", is_held=True),
        "send_digits": SendDigits(leg="nobody", digits="1"),
        "close_point": ClosePoint(point="nothing"),
        "record_file": RecordFile(point="tape", path=tmp_path / "no folder" / "tape.wav"),
        "open_socket": OpenSocket(point="socket", path=tmp_path / ("long" * 30)),
        "set_sound": SetSound(sound=Sound(kind=SoundKind.SOCKET)),
    }
    home.tell(*refused.values())
    for kind, command in refused.items():
        failed = home.wait(CommandFailed, command=kind)
        assert failed.subject == (getattr(command, "leg", "") or getattr(command, "point", ""))
        assert failed.reason


@pytest.mark.parametrize(
    ("uri", "headers"),
    [
        ("sip:a@127.0.0.1;transport=tls", {}),
        ("sips:a@127.0.0.1", {}),
        ("sip:a@127.0.0.1;transport=pigeon", {}),
        ("somebody", {}),
        ("", {}),
        ("sip:a@127.0.0.1:9", {"Poga-Alarm": "1\r\nRoute: <sip:elsewhere>"}),
        ("sip:a@127.0.0.1:9", {"no name": "1"}),
    ],
)
def test_commands_to_call_nowhere_are_refused(home: Party, uri: str, headers: dict[str, str]) -> None:
    home.tell(PlaceCall(leg="call", uri=uri, headers=headers))
    assert home.wait(CommandFailed, command="place_call").subject == "call"


def test_commands_to_use_a_name_twice_are_refused(home: Party, centre: Party, tmp_path: Path) -> None:
    talk(home, centre)
    home.open_mouth("socket", tmp_path / "a")
    home.tell(PlaceCall(leg="call", uri=centre.uri), OpenSocket(point="socket", path=tmp_path / "b"))
    home.tell(OpenSocket(point="room", path=tmp_path / "c"))
    home.wait(CommandFailed, command="place_call")
    home.wait(CommandFailed, command="open_socket", subject="socket")
    home.wait(CommandFailed, command="open_socket", subject="room")
    assert not home.has_said(LegEnded)


def _loudness(event: EngineEvent, leg: str) -> float:
    """How loud a leg is, by what was read last; less than nothing for what is no reading."""
    return event.levels[leg][0] if isinstance(event, LevelsRead) and leg in event.levels else -1.0
