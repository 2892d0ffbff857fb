"""The rest of the JSON: who asks, the live stream, the register, units, and the description of it all.

`/openapi.json` describes every route; there is no page for it, which would need assets from outside.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hub.console.answers import TooManyStreamsError, done
from hub.console.auth import SignedIn, signed_in
from hub.console.live import Snapshot
from hub.console.parts import PartsOf
from hub.console.register import (
    ClientIn,
    FormIn,
    PremisesIn,
    UnitId,
    UnitIn,
    UnknownRecordError,
)
from hub.console.streams import EventStream
from hub.console.views import HealthOut, HomeOut, UnitOut, View
from hub.ports import HomeView, LastHeartbeat

router = APIRouter(dependencies=[Depends(signed_in)])

Done = dict[str, bool]
Search = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=1000)]


class Me(View):
    """Who asks, and the token that belongs into the header `X-CSRF-Token` of every change."""

    operator: str
    role: str
    language: str
    csrf: str
    expires_s: float


class AliveIn(FormIn):
    """A browser's word: it gets the stream, somebody hears it, or not, and can speak from there, or not."""

    on_shift: bool
    can_speak: bool = False


class AliveOut(View):
    """Whether the centre has a stream of this browser."""

    streaming: bool


class HomeIn(FormIn):
    """A new unit with its home."""

    unit_id: UnitId
    unit: UnitIn = UnitIn()
    premises: PremisesIn
    client: ClientIn | None = None


class PremisesEdit(PremisesIn):
    """A changed home; `stamp` names the version it was made from."""

    stamp: str | None = None


class ClientEdit(ClientIn):
    """A changed person."""

    stamp: str | None = None


class UnitEdit(UnitIn):
    """A changed unit."""

    premises_id: int | None = None
    stamp: str | None = None


@router.get("/api/me", tags=["session"])
async def me(visitor: SignedIn) -> Me:
    """Return who asks."""
    return Me(
        operator=visitor.operator.name,
        role=visitor.operator.role,
        language=visitor.language,
        csrf=visitor.csrf,
        expires_s=visitor.session.expires_s,
    )


@router.post("/api/alive", tags=["session"])
async def alive(word: AliveIn, visitor: SignedIn, parts: PartsOf) -> AliveOut:
    """Note that a browser lives."""
    return AliveOut(streaming=parts.live.alive(visitor.session, word.on_shift, word.can_speak))


@router.get("/live", tags=["incidents"], responses={200: {"content": {EventStream.media_type: {}}}})
async def live(visitor: SignedIn, parts: PartsOf) -> Response:
    """Stream what happens: `snapshot` first, then `incident`, `call` and `ping`."""
    stream = parts.live.open_stream(visitor.session)
    if stream is None:
        raise TooManyStreamsError
    return EventStream(stream, parts.live.close_stream)


@router.get("/api/open", tags=["incidents"])
async def snapshot(parts: PartsOf) -> Snapshot:
    """Return what a stream begins with."""
    return parts.live.snapshot()


@router.get("/api/homes", tags=["register"])
def homes(parts: PartsOf, search: Search = "", limit: Limit = 200) -> list[HomeOut]:
    """Return the homes that hold every word of the search."""
    return [HomeOut.of(home) for home in parts.reader.homes(search, limit)]


@router.post("/api/homes", tags=["register"], status_code=201)
async def add_home(home: HomeIn, parts: PartsOf) -> Done:
    """Add a unit with its home and, where there is one, a person."""
    return done(await parts.register.add_home(home.unit_id, home.unit, home.premises, home.client))


@router.put("/api/premises/{premises_id}", tags=["register"])
async def edit_premises(premises_id: int, edit: PremisesEdit, parts: PartsOf) -> Done:
    """Change a home."""
    return done(await parts.register.edit_premises(premises_id, edit, edit.stamp))


@router.post("/api/premises/{premises_id}/clients", tags=["register"], status_code=201)
async def add_client(premises_id: int, client: ClientIn, parts: PartsOf) -> Done:
    """Add a person to a home."""
    return done(await parts.register.add_client(premises_id, client))


@router.put("/api/clients/{client_id}", tags=["register"])
async def edit_client(client_id: int, edit: ClientEdit, parts: PartsOf) -> Done:
    """Change a person."""
    return done(await parts.register.edit_client(client_id, edit, edit.stamp))


@router.get("/api/units", tags=["register"])
def units(parts: PartsOf, search: Search = "", limit: Limit = 200) -> list[UnitOut]:
    """Return units with their health."""
    heartbeats = parts.reader.last_heartbeats()
    return [_unit(home, heartbeats.get(home.unit.unit_id)) for home in parts.reader.homes(search, limit)]


@router.get("/api/units/{unit_id}", tags=["register"])
async def unit(unit_id: UnitId, parts: PartsOf) -> UnitOut:
    """Return a unit with its health."""
    home = await run_in_threadpool(parts.reader.home, unit_id)
    if home is None:
        raise UnknownRecordError(unit_id)
    return _unit(home, await run_in_threadpool(parts.reader.last_heartbeat, unit_id))


@router.put("/api/units/{unit_id}", tags=["register"])
async def edit_unit(unit_id: UnitId, edit: UnitEdit, parts: PartsOf) -> Done:
    """Change a unit, or move it to another home."""
    return done(await parts.register.edit_unit(unit_id, edit, edit.premises_id, edit.stamp))


def _unit(home: HomeView, last: LastHeartbeat | None) -> UnitOut:
    return UnitOut(
        home=HomeOut.of(home),
        reporting_time_s=home.unit.reporting_time_s,
        heartbeat_s=home.unit.heartbeat_s,
        health=HealthOut.of(last) if last else None,
    )
