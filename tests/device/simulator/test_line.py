"""The wire that can be cut: what passes, what does not, and that nobody is told."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from device.simulator.line import Line

LONGEST_S = 20.0
QUIET_S = 0.3
Talk = Callable[[Line, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def over_a_line(talk: Talk) -> None:
    """Hold a conversation with an echo through a line."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(100):
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def play() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        line = Line("127.0.0.1", server.sockets[0].getsockname()[1])
        reader, writer = await asyncio.open_connection("127.0.0.1", await line.open())
        async with asyncio.timeout(LONGEST_S):
            await talk(line, reader, writer)
        writer.close()
        await line.close()
        server.close()

    asyncio.run(play())


async def hears(reader: asyncio.StreamReader, wanted: bytes) -> None:
    assert await reader.readexactly(len(wanted)) == wanted


def test_a_whole_line_passes_everything() -> None:
    async def talk(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = bytes(range(256)) * 4_000
        writer.write(sent)
        await hears(reader, sent)
        assert line.is_whole

    over_a_line(talk)


def test_a_cut_line_is_silent_and_delivers_late() -> None:
    async def talk(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"before")
        await hears(reader, b"before")
        line.cut()
        assert not line.is_whole
        writer.write(b"during")
        with pytest.raises(TimeoutError):  # neither bytes nor an end
            await asyncio.wait_for(reader.read(1), QUIET_S)
        line.mend()
        await hears(reader, b"during")

    over_a_line(talk)


def test_a_connection_made_while_it_is_cut_is_accepted_and_silent() -> None:
    async def talk(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line.cut()
        host, port = writer.get_extra_info("peername")
        late_reader, late_writer = await asyncio.open_connection(host, port)
        late_writer.write(b"hello")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(late_reader.read(1), QUIET_S)
        line.mend()
        await hears(late_reader, b"hello")
        late_writer.close()

    over_a_line(talk)


def test_the_end_of_a_connection_is_passed_on() -> None:
    async def talk(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        assert await reader.read() == b""

    over_a_line(talk)


def test_a_centre_that_is_not_there_ends_the_connection() -> None:
    async def play() -> None:
        nobody = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
        port = nobody.sockets[0].getsockname()[1]
        nobody.close()
        await nobody.wait_closed()
        line = Line("127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", await line.open())
        async with asyncio.timeout(LONGEST_S):
            assert await reader.read() == b""
        writer.close()
        await line.close()

    asyncio.run(play())
