"""A whole house in a call with an operator's browser: the demo's centre and virtual home, from the outside."""

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from device.voice.messages import CLOCK_HZ, FRAME_BYTES, FRAME_S
from hub.adapters.voice.webrtc.headset import RATE_HZ, Headset
from hub.demo.home import RemoteHome
from hub.demo.operator import RemoteOperator
from hub.demo.stage import Choice, Stage, staged
from hub.demo.tone import tone
from tests.bench.child import ChildError
from tests.bench.voice.frames import SILENCE, is_loud

CLICK_HZ = 1_000
PAUSE_S = (0.6, 0.8)
LOST_AFTER_S = 1.5
SETTLE_S = 4.0
LOOK_EVERY_S = 0.001
WITHIN_S = 15.0


@dataclass(slots=True)
class Line:
    """The room of a home, by its page: says a frame every 20 ms, and knows when one that is loud came."""

    connection: ClientConnection
    says: bytes = SILENCE
    said_s: float = 0.0
    heard_s: float = 0.0
    is_over: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Hear until the line ends."""
        with contextlib.suppress(Exception):  # however it ends
            while not self.is_over.is_set():
                frame = self.connection.recv()
                if isinstance(frame, bytes) and not self.heard_s and is_loud(frame):
                    self.heard_s = time.monotonic()

    def speak(self) -> None:
        """Say until the line ends."""
        due_s = time.monotonic()
        with contextlib.suppress(Exception):  # however it ends
            while not self.is_over.wait(max(0.0, due_s - time.monotonic())):
                due_s += FRAME_S
                frame, self.says = self.says, SILENCE
                if frame is not SILENCE:
                    self.said_s = time.monotonic()
                self.connection.send(frame)


@dataclass(slots=True)
class Browser:
    """What an operator's browser says: silence, and a click when it is told to."""

    clicks_at_s: float = 0.0

    def sound(self, first: int, samples: int) -> bytes:
        """Return the next piece."""
        del first
        if self.clicks_at_s < 0:
            self.clicks_at_s = time.monotonic()
            return tone(CLICK_HZ, samples, 0, RATE_HZ)
        return bytes(2 * samples)


@contextlib.contextmanager
def pressed_house(stage: Stage) -> Iterator[tuple[RemoteHome, RemoteOperator, int]]:
    """Press in the stage's home, have an operator accept, and close in the end. Raises ChildError."""
    virtual = stage.homes[0]
    with (
        RemoteHome(virtual.unit_id, virtual.url) as home,
        RemoteOperator(stage.console_url, stage.operator, stage.password, can_speak=True) as operator,
    ):
        if not home.wait_until_ready():
            raise ChildError("the home does not hear its centre")
        home.press()
        incident = operator.wait_for(home.unit_id)
        if incident is None:
            raise ChildError("the press has not come")
        number = int(incident["incident_id"])
        operator.accept(number)
        yield home, operator, number
        operator.close(number)


@contextlib.contextmanager
def room_of(home: RemoteHome, url: str) -> Iterator[Line]:
    """Be in the room of a home."""
    origin = Origin(url.rstrip("/"))
    with connect(f"{url.replace('http', 'ws', 1)}api/voice", origin=origin, open_timeout=WITHIN_S) as connection:
        line = Line(connection)
        threads = [threading.Thread(target=work, daemon=True) for work in (line.listen, line.speak)]
        for thread in threads:
            thread.start()
        try:
            yield line
        finally:
            line.is_over.set()


def delays_through_the_house(clicks: int) -> tuple[list[float], list[float]]:
    """Return how long clicks took from the room to the browser, and back. Raises ChildError, StageError."""
    browser = Browser()
    with (
        staged(Choice()) as stage,
        pressed_house(stage) as (home, operator, number),
        room_of(home, stage.homes[0].url) as room,
        Headset(browser.sound) as headset,
    ):
        if stage.why_silent or not operator.speak(number, headset):
            raise ChildError(f"nobody can speak: {stage.why_silent or 'it does not ring'}")
        time.sleep(SETTLE_S)
        there_s, back_s = [], []
        for _ in range(clicks):
            time.sleep(random.uniform(*PAUSE_S))
            if (delay_s := _to_browser(room, headset)) is not None:
                there_s.append(delay_s)
            time.sleep(random.uniform(*PAUSE_S))
            if (delay_s := _to_room(room, browser)) is not None:
                back_s.append(delay_s)
    return there_s, back_s


def _to_browser(room: Line, headset: Headset) -> float | None:
    room.says = tone(CLICK_HZ, FRAME_BYTES // 2, 0, CLOCK_HZ)
    deadline = time.monotonic() + LOST_AFTER_S
    while time.monotonic() < deadline:
        if is_loud(headset.heard(2 * FRAME_S)):
            return time.monotonic() - room.said_s
        time.sleep(LOOK_EVERY_S)
    return None


def _to_room(room: Line, browser: Browser) -> float | None:
    room.heard_s = 0.0
    browser.clicks_at_s = -1.0
    deadline = time.monotonic() + LOST_AFTER_S
    while time.monotonic() < deadline:
        if room.heard_s:
            return room.heard_s - browser.clicks_at_s
        time.sleep(LOOK_EVERY_S)
    return None
