"""Engines that call each other, and ears and mouths for them."""

import math
import socket
import threading
import time
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from device.voice.client import VoiceEngine, engine_problem
from device.voice.messages import (
    CLOCK_HZ,
    FRAME_BYTES,
    FRAME_S,
    AnswerLeg,
    ClosePoint,
    CommandFailed,
    EndLeg,
    EngineAlive,
    EngineCommand,
    EngineEvent,
    EngineStarted,
    LegAnswered,
    LegArrived,
    LegHeard,
    LegProgressed,
    Link,
    OpenSocket,
    PlaceCall,
    Protocol,
    SetLinks,
    SetSound,
    Settings,
    Sound,
    SoundKind,
    Srtp,
    Transport,
    WatchLevels,
)
from tests.waiting import Heard, until

needs_pjsua2 = [
    pytest.mark.skipif(engine_problem() is not None, reason=str(engine_problem())),
    pytest.mark.xdist_group("real programs"),
]
UDP = Transport(protocol=Protocol.UDP)
LOUD = 6000
IS_HEARD = 0.02
"""Of a tone at `LOUD`, what is left of it after any codec, and more than any noise."""
E = TypeVar("E", bound=EngineEvent)


class Party:
    """An engine, and everything that it has said."""

    def __init__(
        self, user: str, *transports: Transport, sound: Sound | None = None, srtp: Srtp = Srtp.OPTIONAL
    ) -> None:
        self.heard: Heard[EngineEvent] = Heard()
        self.user = user
        settings = Settings(
            user=user, transports=transports or (UDP,), sound=sound or Sound(), srtp=srtp, silence_limit_s=2.0
        )
        self.engine = VoiceEngine(settings, self._hear)
        self._mouths: list[Mouth] = []
        self._points: list[str] = []

    def tell(self, *commands: EngineCommand) -> None:
        for command in commands:
            self.engine.send(command)

    def wait(self, kind: type[E], count: int = 1, **fields: object) -> E:
        """Return the `count`-th event of a kind with these fields."""

        def is_it(event: EngineEvent) -> bool:
            return isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items())

        found = self.heard.wait(is_it, count)
        assert isinstance(found, kind)
        return found

    def has_said(self, kind: type[EngineEvent]) -> bool:
        return any(isinstance(event, kind) for event in self.heard.all)

    @property
    def uri(self) -> str:
        """Where to call it, by its first transport."""
        started = self.wait(EngineStarted)
        protocol = self.engine._settings.transports[0].protocol
        return f"sip:{self.user}@{started.addresses[0]};transport={protocol}"

    def open_mouth(self, point: str, path: Path, hz: int = 0, says: bytes = b"") -> "Mouth":
        """Make a point of the bridge that says a tone or something else, over and over, and hears."""
        self.tell(OpenSocket(point=point, path=path))
        self._points.append(point)
        return self._open(path, says or _tone(hz))

    def open_room(self, path: Path, hz: int = 0) -> "Mouth":
        """Let the room be a socket that says a tone, and hears."""
        self.tell(SetSound(sound=Sound(kind=SoundKind.SOCKET, socket=path)))
        return self._open(path, _tone(hz))

    def _open(self, path: Path, says: bytes) -> "Mouth":
        mouth = Mouth(path, says)
        self._mouths.append(mouth)
        return mouth

    def link(self, *pairs: tuple[str, str]) -> None:
        self.tell(SetLinks(links=tuple(Link(source=source, sink=sink) for source, sink in pairs)))

    def calm(self) -> None:
        """End its legs and points and forget what was said, for the next test."""
        started = self.wait(EngineStarted)
        legs = {event.leg for event in self.heard.all if isinstance(event, LegArrived | LegAnswered | LegProgressed)}
        for mouth in self._mouths:
            mouth.close()
        self.tell(*(EndLeg(leg=leg) for leg in legs), *(ClosePoint(point=point) for point in self._points))
        self.tell(SetLinks(), WatchLevels(), SetSound(sound=Sound()), EndLeg(leg="is everything done?"))
        self.wait(CommandFailed, subject="is everything done?")
        self._mouths, self._points = [], []
        self.heard = Heard()
        self.heard(started)

    def close(self) -> None:
        for mouth in self._mouths:
            mouth.close()
        self.engine.stop()

    def _hear(self, event: EngineEvent) -> None:
        if not isinstance(event, EngineAlive):
            self.heard(event)


class Mouth:
    """The other end of a socket point: says something as long as it is open, and keeps what it has heard."""

    def __init__(self, path: Path, says: bytes) -> None:
        self._path = path
        self._own = path.with_suffix(".own")
        self._says = says
        self._heard = bytearray()
        self._lock = threading.Lock()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def strength(self, hz: int) -> float:
        """Return how strong a tone is in the last half second that was heard, 1 being `LOUD`."""
        with self._lock:
            last = bytes(self._heard[-CLOCK_HZ:])
        return strength(last, hz) if len(last) == CLOCK_HZ else 0.0

    def loudness(self) -> float:
        """Return how loud the last two seconds were, 1 being a tone at `LOUD`; waits for them."""
        until(lambda: len(self._heard) >= 4 * CLOCK_HZ, "two seconds are heard")
        with self._lock:
            samples = array("h", bytes(self._heard[-4 * CLOCK_HZ :]))
        return math.sqrt(2 * sum(sample * sample for sample in samples) / len(samples)) / LOUD

    def forget(self) -> None:
        with self._lock:
            self._heard.clear()

    def hears(self, hz: int) -> None:
        """Wait until the tone is heard."""
        until(lambda: self.strength(hz) > IS_HEARD, f"{hz} Hz are heard at {self._path.name}")

    def close(self) -> None:
        self._is_closing.set()
        self._thread.join()

    def _speak(self) -> None:
        until(self._path.exists, f"{self._path} is there")
        self._own.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.bind(str(self._own))
            line.setblocking(False)
            due_s, at = time.monotonic(), 0
            while not self._is_closing.wait(max(0.0, due_s - time.monotonic())):
                due_s += FRAME_S
                at = (at + FRAME_BYTES) % len(self._says)
                with suppress(OSError):
                    line.sendto(self._says[at : at + FRAME_BYTES], str(self._path))
                self._hear(line)

    def _hear(self, line: socket.socket) -> None:
        while True:
            try:
                frame = line.recv(FRAME_BYTES)
            except OSError:
                return
            with self._lock:
                self._heard += frame


def _tone(hz: int) -> bytes:
    return tone(hz, 1.0) if hz else bytes(CLOCK_HZ * 2)


def babble(seconds: float) -> bytes:
    """Return what has the loudness of words, and no sense; the same every time."""
    random = Random(1)
    samples = array("h")
    while len(samples) < seconds * CLOCK_HZ:
        loudness, sample = random.randint(500, 2 * LOUD), 0.0
        for _ in range(random.randrange(1000, 4000)):
            sample += 0.4 * (random.uniform(-loudness, loudness) - sample)  # softer the higher, as a voice is
            samples.append(int(sample))
        samples.extend([0] * random.randrange(500, 2500))
    return samples[: int(seconds * CLOCK_HZ)].tobytes()


def tone(hz: int, seconds: float, rate_hz: int = CLOCK_HZ) -> bytes:
    """Return a sine, 16 bit."""
    step = 2 * math.pi * hz / rate_hz
    return array("h", (int(LOUD * math.sin(step * n)) for n in range(int(seconds * rate_hz)))).tobytes()


def strength(sound: bytes, hz: int, rate_hz: int = CLOCK_HZ) -> float:
    """Return how strong a tone is in it, 1 being `LOUD` all the time (Goertzel)."""
    samples = array("h", sound)
    factor = 2 * math.cos(2 * math.pi * hz / rate_hz)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    power = last * last + before * before - factor * last * before
    return 2 * math.sqrt(max(0.0, power)) / len(samples) / LOUD


@contextmanager
def parties(*all_of_them: Party) -> Iterator[tuple[Party, ...]]:
    """Start engines, and end them."""
    try:
        for party in all_of_them:
            party.engine.start()
        for party in all_of_them:
            party.wait(EngineStarted)
        yield all_of_them
    finally:
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(Party.close, all_of_them))


def talk(caller: Party, called: Party, leg: str = "call") -> str:
    """Let one call the other and be heard; return the leg's name at the called side."""
    before = sum(isinstance(event, LegArrived) for event in called.heard.all)
    caller.tell(PlaceCall(leg=leg, uri=called.uri))
    arrived = called.wait(LegArrived, before + 1)
    called.tell(AnswerLeg(leg=arrived.leg))
    caller.wait(LegAnswered, leg=leg)
    called.wait(LegAnswered, leg=arrived.leg)
    caller.wait(LegHeard, leg=leg)
    called.wait(LegHeard, leg=arrived.leg)
    return arrived.leg
