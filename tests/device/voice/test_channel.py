"""The engine's end of the pipe: what comes in is understood or told, what goes out never waits."""

import socket
import threading
from collections.abc import Iterator

import pytest

from device.voice.channel import MOST_WAITING, Channel
from device.voice.child import line_of
from device.voice.messages import (
    EVENTS,
    End,
    EndLeg,
    EngineAlive,
    EngineEvent,
    LegHeard,
    LevelsRead,
    Protocol,
    Settings,
    Transport,
)
from device.voice.refusal import EngineFailedError
from tests.waiting import Heard, until

SETTINGS = Settings(user="unit-7", transports=(Transport(protocol=Protocol.UDP),))


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def program(ends: tuple[socket.socket, socket.socket]) -> socket.socket:
    return ends[0]


@pytest.fixture
def exits() -> Heard[int]:
    """The statuses with which the process would have been ended."""
    return Heard()


@pytest.fixture
def channel(ends: tuple[socket.socket, socket.socket], exits: Heard[int]) -> Iterator[Channel]:
    opened = Channel(ends[1], exits)
    yield opened
    ends[0].close()  # what it could not say any more is lost
    opened.close()


def test_settings_come_first_and_commands_after(program: socket.socket, channel: Channel) -> None:
    woken = threading.Event()
    first, second = EndLeg(leg="1"), EndLeg(leg="2")
    program.sendall(line_of(SETTINGS) + line_of(first))
    assert channel.settings() == SETTINGS
    channel.start(woken.set)
    assert woken.wait(10)
    program.sendall(b'no command\n{"kind":"dance"}\n' + line_of(second))
    come = channel.commands()

    def have_both_come() -> bool:
        come.extend(channel.commands())
        return len(come) == 2

    until(have_both_come, "both commands come")
    assert come == [first, second], "what cannot be understood is left out"


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b'{"user":"unit-7","transports":[]}\n'])
def test_settings_that_cannot_be_understood_are_told(program: socket.socket, channel: Channel, line: bytes) -> None:
    program.sendall(line)
    with pytest.raises(EngineFailedError, match="settings"):
        channel.settings()


def test_a_program_that_goes_away_at_once_is_told(program: socket.socket, channel: Channel) -> None:
    program.close()
    with pytest.raises(EngineFailedError, match="went away"):
        channel.settings()


def test_events_come_in_order_and_levels_wait_for_nobody(program: socket.socket, channel: Channel) -> None:
    said: list[EngineEvent] = [LegHeard(leg=str(number)) for number in range(3000)]
    for event in said:
        channel.say(event)
        channel.say(LevelsRead(levels={"leg": (0.5, 0.5)}))
    channel.say(EngineAlive(legs=1))
    heard: list[EngineEvent] = []
    with program.makefile("rb") as lines:
        while not heard or not isinstance(heard[-1], EngineAlive):
            heard.append(EVENTS.validate_json(lines.readline()))
    assert [event for event in heard if isinstance(event, LegHeard)] == said
    assert len(heard) < 2 * len(said), "levels are left out where nobody keeps up"


def test_an_engine_that_does_not_end_with_its_program_is_ended(
    ends: tuple[socket.socket, socket.socket], exits: Heard[int]
) -> None:
    program, theirs = ends
    channel = Channel(theirs, exits, ends_within_s=0.01)
    channel.start(lambda: None)
    program.close()
    exits.wait(1)
    assert channel.commands() == [End()]
    channel.close()


def test_an_engine_whose_program_hangs_ends(channel: Channel, exits: Heard[int]) -> None:
    for number in range(2 * MOST_WAITING):
        channel.say(LegHeard(leg=str(number)))
    exits.wait(1)
