"""An engine in the test's hand: it notes what it is told, says what the test wants, and has a room of its own.

It holds whoever uses it to the rules: no name is used twice, no leg is spoken to that is not there.
"""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from device.adapters.voice import Target, Voice, VoiceSettings
from device.core.events import Event
from device.voice.messages import (
    FRAME_BYTES,
    ROOM,
    AnswerLeg,
    ClosePoint,
    EndLeg,
    EngineCommand,
    EngineEvent,
    EngineLost,
    EngineStarted,
    Link,
    OpenSocket,
    PlaceCall,
    PlayEnded,
    PlayFiles,
    Protocol,
    SetLinks,
    SetSound,
    Settings,
    Sound,
    SoundFound,
    SoundKind,
    Srtp,
    Transport,
)
from tests.waiting import Heard

Command = TypeVar("Command")
Told = TypeVar("Told")
LOOPBACK = Transport(protocol=Protocol.UDP, host="127.0.0.1")
STARTED = EngineStarted(
    version="2.17",
    is_own_build=True,
    most_legs=256,
    codecs=("opus", "G722"),
    has_sound_cards=True,
    tls="TLS 1.2 and 1.3",
    addresses=("127.0.0.1:5070",),
)
TARGETS = (
    Target("sip:alarm@127.0.0.1:5061;transport=tls", Srtp.MANDATORY),
    Target("sip:second@127.0.0.1:5062", Srtp.OFF),
)


def no_problem() -> str | None:
    return None


class PlayedEngine:
    """Stands where the client of a real engine stands."""

    def __init__(self, settings: Settings, report: Callable[[EngineEvent], None]) -> None:
        self.settings = settings
        self.say = report
        self.heard: Heard[EngineCommand] = Heard()
        self._links: tuple[Link, ...] = ()
        self.played: dict[str, bytes] = {}
        self.is_started = self.is_stopped = False
        self.echo: Callable[[bytes], list[bytes]] = lambda wav: []
        """What the microphone hears while a file is played: frames."""
        self._legs: set[str] = set()
        self._points: set[str] = set()
        self._names: set[str] = set()
        self._sockets: dict[str, socket.socket] = {}

    def start(self) -> None:
        self.is_started = True

    def begin(self, sound: str = "a card") -> None:
        """Say what an engine says when it has started."""
        self.say(STARTED)
        if sound:
            self.say(SoundFound(name=sound))

    def lose(self, reason: str = "killed") -> None:
        self._legs.clear()
        self._points.clear()
        self._links = ()
        self.say(EngineLost(reason=reason))

    def send(self, command: EngineCommand) -> None:
        self.heard(command)
        match command:
            case PlaceCall(leg=name):
                self._name(name)
                self._legs.add(name)
            case AnswerLeg(leg=name) | EndLeg(leg=name):
                assert name in self._legs, f"there is no leg {name}"
            case PlayFiles(point=name, files=files):
                self._name(name)
                self._points.add(name)
                self.played[name] = b"".join(file.read_bytes() for file in files)
            case OpenSocket(point=name, path=path):
                self._name(name)
                self._open(name, path)
            case ClosePoint(point=name):
                self._close(name)
            case SetLinks(links=links):
                self._links = links
                self._sound()
            case _:
                assert isinstance(command, SetSound), command

    def stop(self) -> None:
        self.is_stopped = True

    def arrive(self, name: str) -> None:
        """Know that somebody calls."""
        self._name(name)
        self._legs.add(name)

    def all(self, kind: type[Command]) -> list[Command]:
        """Return every command of a kind, in order."""
        return [command for command in self.heard.all if isinstance(command, kind)]

    def linked(self) -> tuple[Link, ...]:
        """Return who hears whom now."""
        return self._links

    def who_hears(self, source: str) -> list[str]:
        return [link.sink for link in self._links if link.source == source]

    def _name(self, name: str) -> None:
        assert name not in self._names, f"the name {name} was used before"
        self._names.add(name)

    def _open(self, name: str, path: Path) -> None:
        self._points.add(name)
        bound = self._sockets[name] = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        bound.bind(str(path))

    def _close(self, name: str) -> None:
        if name in self._sockets:
            self._sockets.pop(name).close()
        elif name in self._points:
            self.say(PlayEnded(point=name, is_complete=False, reason="closed"))
        self._points.discard(name)

    def _sound(self) -> None:
        """Let a socket that hears the room hear what is played there."""
        for name, bound in self._sockets.items():
            playing = next((link.source for link in self._links if link.sink == ROOM), None)
            if name in self.who_hears(ROOM) and playing is not None:
                frames = self.echo(self.played[playing])
                threading.Thread(target=_give, args=(bound, frames), daemon=True).start()


def _give(bound: socket.socket, frames: list[bytes]) -> None:
    peer = bound.recvfrom(2 * FRAME_BYTES)[1]
    for frame in frames:
        try:
            bound.sendto(frame, peer)
        except OSError:
            return


class House:
    """The unit's door of voice on an engine in the test's hand, and what it reports."""

    def __init__(self, *transports: Transport, centre_names: tuple[str, ...] = (), sound: Sound | None = None) -> None:
        settings = Settings(
            user="poga-0001",
            transports=transports or (LOOPBACK,),
            sound=sound or Sound(kind=SoundKind.CARD, has_own_echo_canceller=True),
        )
        self.events: Heard[Event] = Heard()
        self.engines: list[PlayedEngine] = []
        self.voice = Voice(VoiceSettings(settings, TARGETS, centre_names), self._make, no_problem)

    @property
    def engine(self) -> PlayedEngine:
        return self.engines[0]

    def told(self, kind: type[Told]) -> Told:
        """Return the first event of a kind, when it has come."""
        event = self.events.wait(lambda event: isinstance(event, kind))
        assert isinstance(event, kind)
        return event

    def _make(self, settings: Settings, report: Callable[[EngineEvent], None]) -> PlayedEngine:
        self.engines.append(PlayedEngine(settings, report))
        return self.engines[-1]
