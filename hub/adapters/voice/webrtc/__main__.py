"""The WebRTC process: hears commands on its standard input, a socket, answers there, and ends when it closes."""

import asyncio
import contextlib
import logging
import socket
import sys
from importlib import metadata

from hub.adapters.voice.webrtc import messages as ms
from hub.adapters.voice.webrtc.browser import Browser, OfferError

log = logging.getLogger(__name__)

ALIVE_EVERY_S = 1.0
LONGEST_LINE = 4 * ms.LONGEST_SDP
SWITCH_INTERVAL_S = 0.0005
"""Decoders are threads: none may hold up the loop that sends."""


class Process:
    """Every browser."""

    def __init__(self, settings: ms.Settings, writer: asyncio.StreamWriter) -> None:
        """Begin with none."""
        self._settings = settings
        self._writer = writer
        self._browsers: dict[str, Browser] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def take(self, command: ms.Command) -> None:
        """Do what a command says."""
        match command:
            case ms.TakeOffer():
                await self._take_offer(command)
            case ms.EndBrowser():
                self._end(command.leg)

    async def live(self) -> None:
        """Tell every second that the loop turns, until cancelled."""
        while True:
            self.say(ms.Alive(browsers=len(self._browsers)))
            await asyncio.sleep(ALIVE_EVERY_S)

    def say(self, event: ms.Event) -> None:
        """Tell the centre; what is gone is let go of."""
        self._writer.write(event.model_dump_json().encode() + b"\n")
        if isinstance(event, ms.BrowserGone):
            self._end(event.leg)

    async def _take_offer(self, command: ms.TakeOffer) -> None:
        if len(self._browsers) >= ms.MOST_BROWSERS:
            self.say(ms.OfferRefused(leg=command.leg, reason=f"{ms.MOST_BROWSERS} browsers are connected already"))
            return
        browser = self._browsers[command.leg] = Browser(command, self._settings, self.say)
        try:
            self.say(ms.OfferAnswered(leg=command.leg, answer=await browser.answer()))
        except OfferError as error:
            self.say(ms.OfferRefused(leg=command.leg, reason=str(error)))
            self._end(command.leg)

    def _end(self, leg: str) -> None:
        browser = self._browsers.pop(leg, None)
        if browser is not None:
            task = asyncio.ensure_future(browser.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


async def run(line: socket.socket) -> None:
    """Serve until the other end closes."""
    reader, writer = await asyncio.open_connection(sock=line, limit=LONGEST_LINE)
    process = Process(ms.Settings.model_validate_json(await reader.readline()), writer)
    process.say(ms.Started(version=f"aiortc {metadata.version('aiortc')}"))
    living = asyncio.create_task(process.live())
    offers: set[asyncio.Task[None]] = set()
    with contextlib.suppress(ConnectionError):
        while text := await reader.readline():
            task = asyncio.create_task(process.take(ms.COMMANDS.validate_json(text)))
            offers.add(task)
            task.add_done_callback(offers.discard)
    living.cancel()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)-8s %(name)s: %(message)s")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    asyncio.run(run(socket.socket(fileno=0)))
