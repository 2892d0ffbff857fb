"""The voice engine as a program has it, with what a test asks of it: who is in a leg, what is said and heard there.

Rules: everything goes through its client, as in a program; what is heard in a leg is a recording of the engine's own.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pydantic import BaseModel

from device.voice.client import VoiceEngine
from device.voice.messages import (
    CLOCK_HZ,
    ClosePoint,
    EndLeg,
    EngineAlive,
    EngineCommand,
    EngineEvent,
    EngineStarted,
    LegEnded,
    Link,
    PlaceCall,
    PlayFiles,
    Protocol,
    RecordFile,
    SetLinks,
    Settings,
    Transport,
)
from tests.peers.sound import Sound, read
from tests.waiting import Heard, until

E = TypeVar("E", bound=BaseModel)
SIP_OVER_UDP = Transport(protocol=Protocol.UDP)


class RunningEngine:
    """An engine. Use as a context manager."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.events: Heard[EngineEvent] = Heard()
        self._folder = folder
        self._links: dict[str, tuple[Link, ...]] = {}
        self._legs = 0
        given = {"user": "centre", "transports": (SIP_OVER_UDP,), "log_file": folder / "engine.log"} | settings
        self._engine = VoiceEngine(Settings(**given), self.events)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._engine.start()
        self.started = self.wait(EngineStarted)
        self.pid = self._engine.pid
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._engine.stop()

    @property
    def address(self) -> str:
        """Return host and port of its first transport."""
        return self.started.addresses[0]

    def send(self, command: EngineCommand) -> None:
        """Give it a command."""
        self._engine.send(command)

    def call(self, uri: str, **more: Any) -> str:
        """Place a call, and return the leg."""
        self._legs += 1
        leg = f"leg-{id(self)}-{self._legs}"
        self.send(PlaceCall(leg=leg, uri=uri, **more))
        return leg

    def heard(self, kind: type[E], leg: str = "") -> list[E]:
        """Return the events of a kind that have come, of one leg if it is named."""
        return [
            event for event in self.events.all if isinstance(event, kind) and leg in ("", getattr(event, "leg", ""))
        ]

    def wait(self, kind: type[E], leg: str = "", count: int = 1) -> E:
        """Return the `count`-th event of a kind, of one leg if it is named, when it has come."""
        try:
            until(lambda: len(self.heard(kind, leg)) >= count, f"number {count} of {kind.__name__} in {leg}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it has told: {self.told(leg)}") from None
        return self.heard(kind, leg)[count - 1]

    def told(self, leg: str) -> list[EngineEvent]:
        """Return everything that was told of a leg."""
        return [event for event in self.events.all if getattr(event, "leg", None) == leg]

    def converse(self, leg: str, says: Path) -> None:
        """Say what is in a file to a leg, again and again, and record what comes from there."""
        self.send(PlayFiles(point=f"say-{leg}", files=(says,), repeats=True))
        self.send(RecordFile(point=f"hear-{leg}", path=self._file(leg)))
        self._links[leg] = (Link(source=f"say-{leg}", sink=leg), Link(source=leg, sink=f"hear-{leg}"))
        self._link()

    def hang_up(self, leg: str) -> LegEnded:
        """End a leg, and return how it ended."""
        self.send(EndLeg(leg=leg))
        return self.wait(LegEnded, leg)

    def be_silent(self, leg: str) -> None:
        """Say nothing to a leg, and hear nothing."""
        self._links.pop(leg)
        self._link()
        for point in (f"say-{leg}", f"hear-{leg}"):
            self.send(ClosePoint(point=point))

    def wait_for_sound(self, leg: str, seconds: float) -> Sound:
        """Return what was recorded of a leg as soon as it is so long."""
        file, size = self._file(leg), 2 * CLOCK_HZ * seconds
        until(lambda: file.exists() and file.stat().st_size > size, f"{seconds:g} s of sound in {file}")
        return read(file)

    def is_empty(self) -> bool:
        """Tell whether it has said, as its last word, that no leg lives."""
        alive = self.heard(EngineAlive)
        return bool(alive) and alive[-1].legs == 0

    def _link(self) -> None:
        self.send(SetLinks(links=tuple(link for links in self._links.values() for link in links)))

    def _file(self, leg: str) -> Path:
        return self._folder / f"{leg}.wav"
