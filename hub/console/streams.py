"""Event streams to browsers: one bounded queue each. Who reads too slowly is dropped, reconnects, and gets a snapshot.

All of it belongs to the console's loop.
"""

import asyncio
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hub.core.records import Session

LONGEST_QUEUE = 256
FAREWELL_WITHIN_S = 1.0
RECONNECT_AFTER_MS = 1000


class Stream:
    """What waits to be sent to one browser."""

    def __init__(self, session: Session) -> None:
        """Begin with nothing."""
        self.session = session
        self.has_ended = asyncio.Event()
        self.frames: asyncio.Queue[bytes] = asyncio.Queue(LONGEST_QUEUE)

    def put(self, frame: bytes) -> None:
        """Queue a frame; a reader that is too slow for it is dropped."""
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.has_ended.set()


class Streams:
    """Every open stream."""

    def __init__(self, most: int) -> None:
        """Begin with none."""
        self._most = most
        self._open: set[Stream] = set()
        self._last_id = int(time.time() * 1000)  # grows over restarts as well
        self.dropped = 0

    def __len__(self) -> int:
        """Return how many are open."""
        return len(self._open)

    def has_room(self) -> bool:
        """Tell whether one more may be opened."""
        return len(self._open) < self._most

    def open(self, session: Session, snapshot: str) -> Stream:
        """Open a stream that begins with a snapshot; nothing that is published from now on is missing in it."""
        stream = Stream(session)
        stream.put(f"retry: {RECONNECT_AFTER_MS}\n".encode() + self._frame("snapshot", snapshot))
        self._open.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream that has ended."""
        self._open.discard(stream)
        self.dropped += stream.frames.full()

    def publish(self, event: str, data: str) -> None:
        """Send an event to everybody."""
        frame = self._frame(event, data)
        for stream in self._open:
            stream.put(frame)

    def end(self, is_meant: Callable[[Session], bool]) -> None:
        """End the streams of these sessions."""
        for stream in self._open:
            if is_meant(stream.session):
                stream.has_ended.set()

    def _frame(self, event: str, data: str) -> bytes:
        self._last_id += 1
        return f"id: {self._last_id}\nevent: {event}\ndata: {data}\n\n".encode()


class EventStream(Response):
    """Sends a stream's frames until it is ended or the browser goes."""

    media_type: str = "text/event-stream"

    def __init__(self, stream: Stream, on_end: Callable[[Stream], None]) -> None:
        """Take a stream; `on_end` is called once, whatever ends it."""
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._stream = stream
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is queued."""
        tasks: list[asyncio.Task[Any]] = []
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            tasks = [
                asyncio.create_task(self._write(send)),
                asyncio.create_task(_until_gone(receive)),
                asyncio.create_task(self._stream.has_ended.wait()),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._on_end(self._stream)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await _say_farewell(send)

    async def _write(self, send: Send) -> None:
        while True:
            await send(_body(await self._stream.frames.get(), more=True))


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say_farewell(send: Send) -> None:
    """End the response; a browser that takes nothing any more is left to the kernel's timeout."""
    try:
        await asyncio.wait_for(send(_body(b"", more=False)), FAREWELL_WITHIN_S)
    except (TimeoutError, OSError):
        return


def _body(body: bytes, more: bool) -> MutableMapping[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}
