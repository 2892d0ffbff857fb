"""The page's ear and mouth: a WebSocket on which every message is 20 ms of sound, each way.

Rules: only the home's own page may listen, for a browser lets any page open a socket anywhere; a page that does not
keep up loses the oldest sound.
"""

import asyncio
import contextlib

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from device.simulator.room import VirtualRoom
from device.voice.messages import FRAME_BYTES

FRAMES_KEPT = 25
POLICY_VIOLATED = 1008


def add_talk(page: FastAPI, room: VirtualRoom) -> None:
    """Let a page's visitors hear the room and speak in it."""

    @page.websocket("/api/voice")
    async def voice(socket: WebSocket) -> None:
        if not _is_own_page(socket):
            await socket.close(POLICY_VIOLATED)
            return
        await socket.accept()
        frames: asyncio.Queue[bytes] = asyncio.Queue(FRAMES_KEPT)
        loop = asyncio.get_running_loop()

        def hear(frame: bytes) -> None:
            with contextlib.suppress(RuntimeError):  # the program ends, and its loop with it
                loop.call_soon_threadsafe(_keep, frames, frame)

        room.listen(hear)
        telling = asyncio.create_task(_tell(socket, frames))
        try:
            await _listen(socket, room)
        except WebSocketDisconnect:
            pass
        finally:
            room.leave(hear)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


def _is_own_page(socket: WebSocket) -> bool:
    origin = socket.headers.get("origin", "")
    return origin == f"http://{socket.headers.get('host', '')}"


def _keep(frames: "asyncio.Queue[bytes]", frame: bytes) -> None:
    if frames.full():
        frames.get_nowait()
    frames.put_nowait(frame)


async def _tell(socket: WebSocket, frames: "asyncio.Queue[bytes]") -> None:
    while True:
        await socket.send_bytes(await frames.get())


async def _listen(socket: WebSocket, room: VirtualRoom) -> None:
    has_spoken = False
    while True:
        frame = await socket.receive_bytes()
        if not has_spoken:
            has_spoken = True
            room.take_microphone(socket)
        if len(frame) == FRAME_BYTES:
            room.speak(socket, frame)
