"""Who hears whom in this unit, as the engine wants to be told it: the whole of it, whenever it changes.

Rules: what was not told to be heard is not. The order of changes is the order in which the engine is told.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from device.voice.messages import ROOM, EngineCommand, Link, SetLinks
from device.wire.vocabulary import SpeechMode

AS_IT_COMES = 6
DB_A_STEP = 3.0
"""Of the volume: less is not noticed."""

HEARS_THE_ROOM = (SpeechMode.DUPLEX, SpeechMode.LISTEN)
HEARD_IN_THE_ROOM = (SpeechMode.DUPLEX, SpeechMode.SPEAK)


@dataclass(frozen=True, slots=True)
class Speech:
    """How room and a call hear each other."""

    mode: SpeechMode
    volume: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that is to be heard: calls by their leg, what is played into the room, who listens to the room."""

    calls: dict[str, Speech] = field(default_factory=dict)
    played: frozenset[str] = frozenset()
    listening: frozenset[str] = frozenset()

    def links(self) -> tuple[Link, ...]:
        """Return it as links. Who listens comes first, so that it hears what is played from its beginning."""
        links = [Link(source=ROOM, sink=point) for point in sorted(self.listening)]
        links += [Link(source=point, sink=ROOM) for point in sorted(self.played)]
        for leg, speech in self.calls.items():
            if speech.mode in HEARS_THE_ROOM:
                links.append(Link(source=ROOM, sink=leg))
            if speech.mode in HEARD_IN_THE_ROOM:
                links.append(Link(source=leg, sink=ROOM, gain=gain_of(speech.volume)))
        return tuple(links)


class Switchboard:
    """Tells an engine who hears whom. Used from any thread."""

    def __init__(self, send: Callable[[EngineCommand], None]) -> None:
        """Take how the engine is told; `send` does not wait."""
        self._send = send
        self._lock = threading.Lock()
        self._wanted = Wanted()

    def speak(self, leg: str, speech: Speech) -> None:
        """Let room and a leg hear each other like this."""
        with self._lock:
            self._change(replace(self._wanted, calls={**self._wanted.calls, leg: speech}))

    def silence(self, leg: str) -> None:
        """Let a leg neither hear nor be heard."""
        with self._lock:
            calls = {other: speech for other, speech in self._wanted.calls.items() if other != leg}
            self._change(replace(self._wanted, calls=calls))

    def play(self, point: str, listener: str | None = None) -> None:
        """Let the room hear a point; `listener` hears the room from the same moment on."""
        with self._lock:
            listening = self._wanted.listening | {listener} if listener else self._wanted.listening
            self._change(replace(self._wanted, played=self._wanted.played | {point}, listening=listening))

    def remove(self, point: str) -> None:
        """Know that a point is gone."""
        with self._lock:
            self._change(
                replace(self._wanted, played=self._wanted.played - {point}, listening=self._wanted.listening - {point})
            )

    def begin_anew(self) -> None:
        """Know that the engine is another one, which has no calls and no points."""
        with self._lock:
            self._wanted = Wanted()

    def _change(self, wanted: Wanted) -> None:
        before, self._wanted = self._wanted, wanted
        if wanted.links() != before.links():
            self._send(SetLinks(links=wanted.links()))


def gain_of(volume: int) -> float:
    """Return by how much a volume makes louder."""
    return round(10 ** ((volume - AS_IT_COMES) * DB_A_STEP / 20), 3)
