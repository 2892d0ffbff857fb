"""A TCP wire between a unit and its broker that can fail in every way a real one does.

Rules: all on loopback, in a thread of its own. A fault is set for all connections at once, those to come, too.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from enum import StrEnum
from typing import Any, Self

CHUNK = 4096
DELAY_S = 1.0
TRICKLE_S = 1.0
TURN_S = 0.02


class Fault(StrEnum):
    """How the wire is."""

    WHOLE = "whole"
    DROPPING = "dropping"
    """Bytes are taken and go nowhere: a dead router behind a living link."""
    HALF_OPEN = "half_open"
    """Nothing is taken any more, nothing is closed: a peer that has lost its power."""
    DELAYED = "delayed"
    TRICKLING = "trickling"
    """One byte a second."""
    RESETTING = "resetting"
    """Every connection is reset, new ones as well."""


class Wire:
    """Carries bytes from its own port to a target, as its fault allows."""

    def __init__(self, target_port: int, target_host: str = "127.0.0.1") -> None:
        """Name the target; `open` begins to listen."""
        self._target = (target_host, target_port)
        self.fault = Fault.WHOLE
        self.port = 0
        self.dropped = 0
        """Bytes that went nowhere."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        """Listen on a free port of loopback."""
        self._thread.start()
        self.port = self._run(self._listen()).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything."""
        self._run(self._close()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def be(self, fault: Fault) -> None:
        """Fail like this from now on (or be whole); what was taken before a drop is lost with its connection."""
        was, self.fault = self.fault, fault
        if fault is Fault.RESETTING or (fault is Fault.WHOLE and was is Fault.DROPPING):
            self._run(self._reset_all()).result(10)

    def _run(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._reset_all()
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        """Carry one connection, both ways, until either end is gone."""
        self._writers.add(near_out)
        try:
            if self.fault is Fault.RESETTING:
                self._reset(near_out)
                return
            far_in, far_out = await asyncio.open_connection(*self._target)
            self._writers.add(far_out)
            try:
                ways = (self._one_way(near_in, far_out), self._one_way(far_in, near_out))
                tasks = [asyncio.ensure_future(way) for way in ways]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            finally:
                self._forget(far_out)
        except (OSError, asyncio.CancelledError):
            pass  # the target is gone, or the wire is closed: the near end learns it by the closing
        finally:
            self._forget(near_out)

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                await self._until_bytes_are_taken()
                data = await source.read(CHUNK)
                if not data:
                    return
                await self._pass_on(data, sink)

    async def _pass_on(self, data: bytes, sink: asyncio.StreamWriter) -> None:
        """Carry what was taken, as the fault allows at each moment: it may change on the way."""
        while data:
            await self._until_bytes_are_taken()
            if self.fault is Fault.DROPPING:
                self.dropped += len(data)
                return
            if self.fault is Fault.DELAYED:
                await asyncio.sleep(DELAY_S)
            if self.fault is Fault.TRICKLING:
                await asyncio.sleep(TRICKLE_S)
            size = 1 if self.fault is Fault.TRICKLING else len(data)
            await self._until_bytes_are_taken()
            sink.write(data[:size])
            await sink.drain()
            data = data[size:]

    async def _until_bytes_are_taken(self) -> None:
        while self.fault is Fault.HALF_OPEN:  # noqa: ASYNC110 - set from another thread
            await asyncio.sleep(TURN_S)

    async def _reset_all(self) -> None:
        for writer in list(self._writers):
            self._reset(writer)

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        raw = writer.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._forget(writer)

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.transport.abort()
