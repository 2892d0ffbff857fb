"""Engines that play a centre, units and phones, as many calls at once as are wanted.

Rules: every party is an engine process of its own, by way of its client. Nobody waits for anybody: what is to follow
an event is told at once, on the client's thread.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from device.voice.client import VoiceEngine
from device.voice.messages import (
    AnswerLeg,
    ClosePoint,
    EndLeg,
    EngineCommand,
    EngineEvent,
    EngineLost,
    EngineStarted,
    LegAnswered,
    LegArrived,
    LegEnded,
    Link,
    OpenSocket,
    PlaceCall,
    PlayFiles,
    Protocol,
    SetLinks,
    Settings,
    Srtp,
    Transport,
)
from tests.bench.child import ChildError
from tests.bench.voice.frames import Ear

WITHIN_S = 30.0
UDP = Transport(protocol=Protocol.UDP)


class Party:
    """An engine; `take` is what a kind of party does with events. Use as a context manager."""

    def __init__(self, user: str, **more: Any) -> None:
        given = {"user": user, "transports": (UDP,), "srtp": Srtp.OFF, "silence_limit_s": 30.0} | more
        self.user = user
        self.lost = ""
        self.legs: set[str] = set()
        """Those that are answered and have not ended."""
        self._started: EngineStarted | None = None
        self._links: dict[str, tuple[Link, ...]] = {}
        self._changed = threading.Condition()
        self._engine = VoiceEngine(Settings(**given), self._hear)

    def __enter__(self) -> Self:
        self._engine.start()
        self.wait_until(lambda: self._started is not None, "it starts")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._engine.stop()

    @property
    def address(self) -> str:
        """Return host and port."""
        assert self._started
        return self._started.addresses[0]

    @property
    def uri(self) -> str:
        """Return where it is called."""
        return f"sip:{self.user}@{self.address}"

    @property
    def codecs(self) -> tuple[str, ...]:
        """Return what it can speak."""
        assert self._started
        return self._started.codecs

    @property
    def pid(self) -> int:
        """Return the engine's process."""
        return self._engine.pid or 0

    def tell(self, *commands: EngineCommand) -> None:
        """Give it commands."""
        for command in commands:
            self._engine.send(command)

    def link(self, leg: str, *links: Link) -> None:
        """Let these be the links of a leg; without any, it has none."""
        with self._changed:
            self._links[leg] = links
            if not links:
                del self._links[leg]
            wanted = tuple(link for some in self._links.values() for link in some)
        self.tell(SetLinks(links=wanted))

    def wait_until(self, is_so: Callable[[], bool], what: str, within_s: float = WITHIN_S) -> None:
        """Return when something is so. Raises ChildError where it never is, or the engine is lost."""
        with self._changed:
            is_done = self._changed.wait_for(lambda: is_so() or bool(self.lost), within_s)
        if self.lost or not is_done:
            raise ChildError(f"{self.user}: {self.lost or f'not in {within_s:g} s: {what}'}")

    def take(self, event: EngineEvent) -> None:
        """Do what is to follow an event."""

    def _hear(self, event: EngineEvent) -> None:
        self.take(event)
        with self._changed:
            match event:
                case EngineStarted():
                    self._started = event
                case EngineLost(reason=reason):
                    self.lost = reason
                case LegAnswered(leg=leg):
                    self.legs.add(leg)
                case LegEnded(leg=leg):
                    self.legs.discard(leg)
                case _:
                    pass
            self._changed.notify_all()


class Phone(Party):
    """Answers whoever calls, and says what is in a file over and over."""

    def __init__(self, user: str, says: Path, **more: Any) -> None:
        super().__init__(user, **more)
        self._says = says

    def take(self, event: EngineEvent) -> None:
        """Answer, and say it."""
        match event:
            case LegArrived(leg=leg):
                self.tell(AnswerLeg(leg=leg))
            case LegAnswered(leg=leg):
                self.tell(PlayFiles(point=f"say-{leg}", files=(self._says,), repeats=True))
                self.link(leg, Link(source=f"say-{leg}", sink=leg))
            case LegEnded(leg=leg):
                self.link(leg)
                self.tell(ClosePoint(point=f"say-{leg}"))
            case _:
                pass


class Unit(Phone):
    """Calls as often as it is told to, and says what is in a file over and over."""

    def __init__(self, user: str, says: Path, **more: Any) -> None:
        super().__init__(user, says, **more)
        self._calls = 0

    def call(self, uri: str) -> str:
        """Call somebody, and return the leg."""
        self._calls += 1
        leg = f"{self.user}-{self._calls}"
        self.tell(PlaceCall(leg=leg, uri=uri))
        return leg


class Exchange(Party):
    """Answers whoever calls, calls a phone for each, and lets the two hear each other; records both, if told.

    A recording is as the centre makes one: a socket for each side, whose frames another process takes.
    """

    def __init__(self, folder: Path, phone: str, *, records: bool = False, **more: Any) -> None:
        super().__init__("centre", **more)
        self._folder = folder
        self._phone = phone
        self._records = records
        self.ears: dict[str, Ear] = {}

    def take(self, event: EngineEvent) -> None:
        """Bridge."""
        match event:
            case LegArrived(leg=leg):
                self.tell(AnswerLeg(leg=leg), PlaceCall(leg=f"to-{leg}", uri=self._phone))
            case LegAnswered(leg=leg) if leg.startswith("to-"):
                self._bridge(leg.removeprefix("to-"), leg)
            case LegEnded(leg=leg) if leg.startswith("to-"):
                self.tell(EndLeg(leg=leg.removeprefix("to-")))
            case LegEnded(leg=leg):
                self._part(leg)
            case _:
                pass

    def _bridge(self, unit: str, phone: str) -> None:
        links = [Link(source=unit, sink=phone), Link(source=phone, sink=unit)]
        for leg in (unit, phone) if self._records else ():
            path = self._folder / f"r-{leg}"
            self.tell(OpenSocket(point=f"rec-{leg}", path=path))
            self.ears[leg] = Ear(path)
            links.append(Link(source=leg, sink=f"rec-{leg}"))
        self.link(unit, *links)

    def _part(self, unit: str) -> None:
        self.link(unit)
        self.tell(EndLeg(leg=f"to-{unit}"))
        for leg in (unit, f"to-{unit}"):
            if ear := self.ears.pop(leg, None):
                ear.close()
                self.tell(ClosePoint(point=f"rec-{leg}"))
