"""Streams: numbered frames, bounded queues, ended by who may end them."""

import asyncio
from typing import Any

from hub.console.streams import LONGEST_QUEUE, EventStream, Stream, Streams
from hub.core.records import Session

SESSION = Session("hash", "Elza", 0.0, 100.0)


def frames(stream: Stream) -> list[str]:
    return [stream.frames.get_nowait().decode() for _ in range(stream.frames.qsize())]


def test_frames_are_numbered_and_the_first_is_the_snapshot() -> None:
    streams = Streams(5)
    stream = streams.open(SESSION, '{"all": 1}')
    streams.publish("incident", '{"one": 2}')
    first, second = frames(stream)
    assert first.startswith("retry: 1000\nid: ")
    assert first.endswith('\nevent: snapshot\ndata: {"all": 1}\n\n')
    assert second.endswith('\nevent: incident\ndata: {"one": 2}\n\n')
    numbers = [int(frame.split("id: ")[1].split("\n")[0]) for frame in (first, second)]
    assert numbers[1] == numbers[0] + 1


def test_a_full_queue_ends_its_stream_and_no_other() -> None:
    streams = Streams(5)
    slow, quick = streams.open(SESSION, "{}"), streams.open(SESSION, "{}")
    for number in range(LONGEST_QUEUE + 10):
        streams.publish("ping", str(number))
        frames(quick)
    assert slow.has_ended.is_set()
    assert slow.frames.qsize() == LONGEST_QUEUE
    assert not quick.has_ended.is_set()
    streams.close(slow)
    streams.close(quick)
    assert (len(streams), streams.dropped) == (0, 1)


def test_streams_of_a_session_end_with_it() -> None:
    streams = Streams(5)
    mine = streams.open(SESSION, "{}")
    other = streams.open(Session("other", "Juris", 0.0, 100.0), "{}")
    streams.end(lambda session: session.token_hash == "hash")
    assert (mine.has_ended.is_set(), other.has_ended.is_set()) == (True, False)


def test_there_is_room_for_so_many() -> None:
    streams = Streams(1)
    assert streams.has_room()
    streams.open(SESSION, "{}")
    assert not streams.has_room()


async def answered(stream: Stream, gone: asyncio.Event | None = None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    ended: list[Stream] = []

    async def send(message: Any) -> None:
        sent.append(message)
        if message.get("body") == b"last":
            stream.has_ended.set()

    async def receive() -> Any:
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    await EventStream(stream, ended.append)({"type": "http"}, receive, send)
    assert ended == [stream]
    return sent


def test_what_is_queued_is_sent_until_the_stream_ends() -> None:
    async def check() -> None:
        stream = Stream(SESSION)
        for frame in (b"first", b"last"):
            stream.put(frame)
        sent = await answered(stream)
        headers = dict(sent[0]["headers"])
        assert headers[b"content-type"].startswith(b"text/event-stream")
        assert b"content-length" not in headers
        assert [one["body"] for one in sent[1:]] == [b"first", b"last", b""]
        assert sent[-1]["more_body"] is False

    asyncio.run(check())


def test_a_browser_that_goes_ends_its_stream() -> None:
    async def check() -> None:
        gone = asyncio.Event()
        gone.set()
        await answered(Stream(SESSION), gone)

    asyncio.run(check())
