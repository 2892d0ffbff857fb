"""An operator's browser without a browser: offers, says what it is given, keeps the last that it heard.

For the demo that plays itself, and for tests: a real WebRTC peer of the centre's process. It runs in a thread of its
own, and every act waits until it is done.
"""

import asyncio
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Coroutine
from fractions import Fraction
from types import TracebackType
from typing import Any, Self, TypeVar

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

RATE_HZ = 48_000
FRAME_SAMPLES = 960
FRAMES_KEPT = 250
DONE_WITHIN_S = 20.0
Sound = Callable[[int, int], bytes]
"""Returns so many samples from a first one on: 16 bit, mono, at `RATE_HZ`."""
T = TypeVar("T")


class _Mouth(MediaStreamTrack):
    kind = "audio"

    def __init__(self, sound: Sound) -> None:
        super().__init__()
        self._sound = sound
        self._first = 0
        self._begun_s = 0.0

    async def recv(self) -> AudioFrame:
        self._begun_s = self._begun_s or time.monotonic()
        await asyncio.sleep(max(0.0, self._begun_s + self._first / RATE_HZ - time.monotonic()))
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        frame.planes[0].update(self._sound(self._first, FRAME_SAMPLES))
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._first, Fraction(1, RATE_HZ)
        self._first += FRAME_SAMPLES
        return frame


class Headset:
    """One browser with one connection at a time. A context manager: the connection is closed at the end."""

    def __init__(self, sound: Sound) -> None:
        """Take what it is to say; nothing runs yet."""
        self._sound = sound
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="headset", daemon=True)
        self._heard: deque[bytes] = deque(maxlen=FRAMES_KEPT)
        self._connection: RTCPeerConnection | None = None
        self._listening: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Hang up, and end."""
        self.hang_up()
        self._do(_end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, answer: Callable[[str], str]) -> None:
        """Make an offer, have it answered, connect; whatever `answer` raises is raised."""
        self._do(self._apply(answer(self._do(self._offer()))))

    def hang_up(self) -> None:
        """Close the connection, where there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._do(connection.close())

    def fall_silent(self) -> None:
        """Send nothing any more, and say nothing of it."""
        assert self._connection is not None  # noqa: S101 - right use
        for sender in self._connection.getSenders():
            self._do(sender.stop())

    def heard(self, last_s: float = 1.0) -> bytes:
        """Return the last that was heard, 16 bit, mono, at `RATE_HZ`."""
        return b"".join(list(self._heard)[-int(last_s * RATE_HZ / FRAME_SAMPLES) :])

    def forget(self) -> None:
        """Forget what was heard."""
        self._heard.clear()

    async def _offer(self) -> str:
        connection = self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.addTrack(_Mouth(self._sound))
        connection.on("track", self._track_came)
        await connection.setLocalDescription(await connection.createOffer())
        return connection.localDescription.sdp

    async def _apply(self, answer: str) -> None:
        assert self._connection is not None  # noqa: S101 - right use
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def _track_came(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.ensure_future(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, AudioFrame):
                    both = array("h", bytes(frame.planes[0])[: frame.samples * 4])
                    self._heard.append(both[0::2].tobytes())
        except MediaStreamError:
            return  # the connection was closed

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(DONE_WITHIN_S)


async def _end_tasks() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
