"""The wire between the unit and its centre, which can be cut as wires are: silently.

Rules: while it is cut nothing passes and nobody is told, as where a cable was pulled behind the router; what was under
way is delivered when it is whole again, if both ends still want it.
"""

import asyncio
import contextlib

CHUNK_BYTES = 65_536


class Line:
    """A TCP forwarder on loopback. Lives on one event loop."""

    def __init__(self, host: str, port: int) -> None:
        """Lead to this broker."""
        self._host = host
        self._port = port
        self._whole = asyncio.Event()
        self._whole.set()
        self._server: asyncio.Server | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def is_whole(self) -> bool:
        """Tell whether anything passes."""
        return self._whole.is_set()

    async def open(self) -> int:
        """Listen; return the port at which the unit finds its centre."""
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def cut(self) -> None:
        """Let nothing pass from now on."""
        self._whole.clear()

    def mend(self) -> None:
        """Let everything pass again."""
        self._whole.set()

    async def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server's callback is one
        self._under_way.add(task)
        try:
            await self._whole.wait()
            beyond_reader, beyond_writer = await asyncio.open_connection(self._host, self._port)
            try:
                await self._pass_both_ways((reader, beyond_writer), (beyond_reader, writer))
            finally:
                beyond_writer.close()
        except (OSError, asyncio.CancelledError):
            pass  # nobody there, or the line is closed: the unit sees its connection end
        finally:
            writer.close()
            self._under_way.discard(task)

    async def _pass_both_ways(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        """Pass bytes both ways until either end closes."""
        tasks = [asyncio.create_task(self._pass(reader, writer)) for reader, writer in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(CHUNK_BYTES):
                await self._whole.wait()
                writer.write(chunk)
                await writer.drain()
        await self._whole.wait()  # nor does anybody learn through a cut wire that the other end is gone
