"""A virtual home as the demo reaches it: by the API of its page."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Self

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from device.voice.messages import CLOCK_HZ, FRAME_S
from hub.demo.tone import tone

WITHIN_S = 10.0
TURN_S = 0.002


class RemoteHome:
    """One virtual home. Use as a context manager."""

    def __init__(self, unit_id: str, url: str) -> None:
        """Name the home and its page."""
        self.unit_id = unit_id
        self._http = httpx.Client(base_url=url, timeout=WITHIN_S)
        self._fingers: list[threading.Timer] = []

    def __enter__(self) -> Self:
        """Return the home."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everything, then of its page."""
        for finger in self._fingers:
            finger.join()
        self._http.close()

    def state(self) -> dict[str, Any]:
        """Return what somebody in the home sees now."""
        found: dict[str, Any] = self._http.get("/api/state").raise_for_status().json()
        return found

    def press(self, trigger: str = "button", hold_s: float = 0.1) -> None:
        """Press a trigger; it is let go of a moment later."""
        self._http.post("/api/press", json={"trigger": trigger, "down": True}).raise_for_status()
        finger = threading.Timer(hold_s, self._let_go, (trigger,))
        self._fingers.append(finger)
        finger.start()

    def wait_for_alarm(self, *states: str, within_s: float = WITHIN_S) -> dict[str, Any] | None:
        """Return the home's state as soon as its alarm is in one of `states`, None where it never is."""
        return self._wait(lambda state: state["alarm"]["state"] in states, within_s)

    def wait_until_ready(self, within_s: float = WITHIN_S) -> bool:
        """Tell whether the home hears its centre in time."""
        return self._wait(lambda state: state["centre_is_heard"] and state["path_is_open"], within_s) is not None

    @contextlib.contextmanager
    def room(self, says_hz: float) -> Iterator["Room"]:
        """Be in the room, where a tone sounds. Raises OSError where its page lets nobody in."""
        url = str(self._http.base_url.copy_with(scheme="ws").join("/api/voice"))
        origin = Origin(str(self._http.base_url).rstrip("/"))
        with connect(url, origin=origin, open_timeout=WITHIN_S) as line, Room(line, says_hz) as room:
            yield room

    def _wait(self, is_so: Callable[[dict[str, Any]], bool], within_s: float) -> dict[str, Any] | None:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            state = self.state()
            if is_so(state):
                return state
            time.sleep(TURN_S)
        return None

    def _let_go(self, trigger: str) -> None:
        with contextlib.suppress(httpx.HTTPError):  # the home has ended: nobody holds its button any more
            self._http.post("/api/press", json={"trigger": trigger, "down": False})


class Room:
    """The sound of a home: a tone sounds in it, and what its loudspeaker said last is kept."""

    def __init__(self, line: ClientConnection, says_hz: float) -> None:
        """Take the line to the home's page."""
        self._line = line
        self._says_hz = says_hz
        self._heard: deque[bytes] = deque(maxlen=int(1.0 / FRAME_S))
        self._has_ended = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._sound)]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave."""
        self._has_ended.set()
        self._line.close()
        for thread in self._threads:
            thread.join()

    def heard(self) -> bytes:
        """Return the last second that the loudspeaker said: 16 bit, mono, at `CLOCK_HZ`."""
        return b"".join(list(self._heard))

    def forget(self) -> None:
        """Forget what was heard."""
        self._heard.clear()

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = self._line.recv()
                if isinstance(frame, bytes):
                    self._heard.append(frame)

    def _sound(self) -> None:
        samples = int(CLOCK_HZ * FRAME_S)
        begun_s, number = time.monotonic(), 0
        with contextlib.suppress(ConnectionClosed):
            while not self._has_ended.wait(max(0.0, begun_s + number * FRAME_S - time.monotonic())):
                self._line.send(tone(self._says_hz, samples, number * samples, CLOCK_HZ))
                number += 1
