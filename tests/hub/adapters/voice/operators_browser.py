"""An operator's browser without a browser: a real WebRTC client that says a tone and keeps what it hears."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from fractions import Fraction
from types import TracebackType
from typing import Any, Self, TypeVar

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from tests.hub.adapters.voice.tones import channel, tone

RATE_HZ = 48_000
SAMPLES = 960
T = TypeVar("T")


class _Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self, hz: float) -> None:
        super().__init__()
        self._hz = hz
        self._number = 0
        self._begun_s = 0.0

    async def recv(self) -> AudioFrame:
        self._begun_s = self._begun_s or time.monotonic()
        await asyncio.sleep(max(0.0, self._begun_s + self._number * SAMPLES / RATE_HZ - time.monotonic()))
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(tone(self._hz, SAMPLES, self._number * SAMPLES, RATE_HZ))
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._number * SAMPLES, Fraction(1, RATE_HZ)
        self._number += 1
        return frame


class OperatorsBrowser:
    """One browser with one connection. A context manager: it closes the connection at the end."""

    def __init__(self, says_hz: float) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._says_hz = says_hz
        self._frames: list[bytes] = []
        self._connection: RTCPeerConnection | None = None
        self._listening: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.hang_up()
        self._do(_end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, answer: Callable[[str], str]) -> None:
        """Make an offer, have it answered, connect."""
        self._do(self._apply(answer(self._do(self._offer()))))

    def hang_up(self) -> None:
        if self._connection is not None:
            self._do(self._connection.close())
            self._connection = None

    def falls_silent(self) -> None:
        """Send nothing any more, and say nothing of it."""
        assert self._connection is not None
        for sender in self._connection.getSenders():
            self._do(sender.stop())

    def heard(self, last_s: float = 1.0) -> bytes:
        """Return the last second that was heard, one of its two equal sides."""
        return b"".join(self._frames[-int(last_s * RATE_HZ / SAMPLES) :])

    async def _offer(self) -> str:
        connection = self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.addTrack(_Tone(self._says_hz))
        connection.on("track", self._track_came)
        await connection.setLocalDescription(await connection.createOffer())
        return connection.localDescription.sdp

    async def _apply(self, answer: str) -> None:
        assert self._connection is not None
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def _track_came(self, track: MediaStreamTrack) -> None:
        async def listen() -> None:
            try:
                while True:
                    frame = await track.recv()
                    assert isinstance(frame, AudioFrame)
                    self._frames.append(channel(bytes(frame.planes[0])[: frame.samples * 4], 0))
            except MediaStreamError:
                return

        self._listening = asyncio.ensure_future(listen())

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


async def _end_tasks() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
