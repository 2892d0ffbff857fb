"""The page of the virtual home: shows what is seen and heard, and takes the hands' doings.

Rules: for this machine alone (any other host's name is refused, and so is what another site's page could send); no
asset from elsewhere. `/api` is also how tests and the centre's demo press.
"""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from device.prompts.words import Language
from device.simulator.home import NoSuchTriggerError, VirtualHome
from device.simulator.line import Line
from device.simulator.talk import add_talk

HERE = Path(__file__).parent
FRAME_S = 0.04
"""The page is told of a change within this: 25 times a second, as the lamp is set."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Hand(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Press(_Hand):
    """A trigger is pressed, or let go of."""

    trigger: str
    down: bool


class Cancel(_Hand):
    """Cancel is pressed, or let go of."""

    down: bool


class Network(_Hand):
    """The wire to the centre is whole, or cut."""

    up: bool


class Mains(_Hand):
    """The mains are there, or not."""

    on: bool


class Battery(_Hand):
    """How full the battery is."""

    percent: Annotated[float, Field(ge=0, le=100)]


class Works(_Hand):
    """A part works, or is broken."""

    works: bool


def labels(language: Language) -> dict[str, str]:
    """Return the page's own words in a language."""
    tables = tomllib.loads((HERE / "labels.toml").read_text(encoding="utf-8"))
    return {name: said[language] for name, said in tables.items()}


def make_page(home: VirtualHome, line: Line, is_ending: Callable[[], bool] = lambda: False) -> FastAPI:
    """Return the page's application; its streams end when `is_ending`."""
    page = FastAPI(title="Poga virtual home", docs_url=None, redoc_url=None)
    page.add_middleware(_Headers)
    page.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    page.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_eyes(page, home, is_ending)
    _add_presses(page, home)
    _add_switches(page, home, line)
    add_talk(page, home.room)
    return page


def _add_eyes(page: FastAPI, home: VirtualHome, is_ending: Callable[[], bool]) -> None:
    @page.get("/", include_in_schema=False)
    async def index() -> FileResponse:
        return FileResponse(HERE / "static" / "index.html")

    @page.get("/api/labels")
    async def words() -> dict[str, str]:
        return labels(home.settings.language)

    @page.get("/api/state")
    async def state() -> dict[str, Any]:
        return home.plain()

    @page.get("/api/stream", response_class=EventSourceResponse)
    async def stream() -> AsyncIterator[ServerSentEvent]:
        async for event in _changes(home, is_ending):
            yield event


async def _changes(home: VirtualHome, is_ending: Callable[[], bool]) -> AsyncIterator[ServerSentEvent]:
    """Tell the whole state at first, then whatever of it has changed; of the log only what is new."""
    told: dict[str, Any] = {}
    line_told = 0
    while not is_ending():
        now = home.plain()
        log = [line for line in now.pop("log") if line["number"] > line_told]
        changed = {name: value for name, value in now.items() if name not in told or told[name] != value}
        if changed:
            told = now
            yield ServerSentEvent(event="change", data=changed)
        if log:
            line_told = log[-1]["number"]
            yield ServerSentEvent(event="log", data=log)
        await asyncio.sleep(FRAME_S)


def _add_presses(page: FastAPI, home: VirtualHome) -> None:
    @page.post("/api/press", status_code=204)
    async def press(hand: Press) -> None:
        try:
            home.press(hand.trigger, hand.down)
        except NoSuchTriggerError as error:
            raise HTTPException(404, error.args[0]) from None

    @page.post("/api/cancel", status_code=204)
    async def cancel(hand: Cancel) -> None:
        home.cancel(hand.down)


def _add_switches(page: FastAPI, home: VirtualHome, line: Line) -> None:
    @page.post("/api/network", status_code=204)
    async def network(hand: Network) -> None:
        line.mend() if hand.up else line.cut()

    @page.post("/api/mains", status_code=204)
    async def mains(hand: Mains) -> None:
        await asyncio.to_thread(home.supply, mains=hand.on)

    @page.post("/api/battery", status_code=204)
    async def battery(hand: Battery) -> None:
        await asyncio.to_thread(home.supply, battery_percent=hand.percent)

    @page.post("/api/loudspeaker", status_code=204)
    async def loudspeaker(hand: Works) -> None:
        home.mute(not hand.works)

    @page.post("/api/lamp", status_code=204)
    async def lamp(hand: Works) -> None:
        home.break_lamp(not hand.works)


class _Headers:
    """Says with every answer what a browser may do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with_headers)
