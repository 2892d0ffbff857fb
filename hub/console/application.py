"""Puts the web application together: every route, what guards them, what is answered when something fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from hub.console import (
    api,
    calls_api,
    calls_pages,
    health,
    home_pages,
    incidents_api,
    pages,
    profile_pages,
    recordings_api,
    sign_in,
    speech_api,
)
from hub.console.answers import HANDLERS
from hub.console.armour import Armour
from hub.console.auth import SignedIn, no_forgery
from hub.console.parts import Parts
from hub.console.templating import STATIC, static_version

ROUTERS = tuple(
    module.router
    for module in (
        sign_in,
        pages,
        home_pages,
        profile_pages,
        calls_pages,
        incidents_api,
        speech_api,
        recordings_api,
        calls_api,
        api,
        health,
    )
)
STATIC_FOR_EVER = "public, max-age=31536000, immutable"


class _Static(StaticFiles):
    """Files under a name that changes with them."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = STATIC_FOR_EVER
        return response


def build(parts: Parts) -> ASGIApp:
    """Return the application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(parts.live.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    app = FastAPI(
        title=f"{parts.settings.centre_name}: alarm receiving centre",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        dependencies=[Depends(no_forgery)],
        exception_handlers=HANDLERS,
    )
    app.state.parts = parts
    for router in ROUTERS:
        app.include_router(router)
    app.mount(f"/static/{static_version()}", _Static(directory=STATIC))

    @app.get("/openapi.json", include_in_schema=False)
    async def description(_: SignedIn) -> JSONResponse:
        return JSONResponse(app.openapi())

    return Armour(app, parts.settings.is_secure)
