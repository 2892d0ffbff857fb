"""The pages about what happens: the queue, one incident, the history, units, unreadable messages.

Incidents are drawn by the page's scripts from JSON, the same everywhere and live; what seldom changes is drawn here.
"""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from hub.console.auth import SignedIn, signed_in
from hub.console.parts import Parts, PartsOf
from hub.console.templating import page
from hub.ports import HomeView, LastHeartbeat

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

MOST_UNITS = 500
Search = Annotated[str, Query(max_length=200)]


class UnitRow(NamedTuple):
    """A unit as the list shows it."""

    home: HomeView
    last: LastHeartbeat | None
    is_silent: bool

    @property
    def needs_attention(self) -> bool:
        """Tell whether something about it is not as it must be."""
        return self.home.unit.is_in_service and (
            self.is_silent or self.last is None or bool(self.last.heartbeat.faults)
        )


@router.get("/")
async def queue(request: Request, visitor: SignedIn) -> Response:
    """Show the queue."""
    return page(request, visitor, "queue.html")


@router.get("/incidents/{incident_id}")
async def incident(request: Request, visitor: SignedIn, incident_id: int) -> Response:
    """Show one incident."""
    return page(request, visitor, "incident.html", incident_id=incident_id)


@router.get("/history")
async def history(request: Request, visitor: SignedIn) -> Response:
    """Show what is closed."""
    return page(request, visitor, "history.html")


@router.get("/units")
def units(request: Request, visitor: SignedIn, parts: PartsOf, search: Search = "", all: bool = True) -> Response:  # noqa: A002
    """Show the units: those that need attention first, then those not heard for longest."""
    rows = _unit_rows(parts, search)
    shown = rows if all else [row for row in rows if row.needs_attention]
    return page(request, visitor, "units.html", rows=shown, search=search, all=all, most=MOST_UNITS)


@router.get("/unreadable")
def unreadable(request: Request, visitor: SignedIn, parts: PartsOf) -> Response:
    """Show what could not be read."""
    return page(request, visitor, "unreadable.html", messages=parts.reader.unreadable())


def _unit_rows(parts: Parts, search: str) -> list[UnitRow]:
    heartbeats = parts.reader.last_heartbeats()
    now_s = parts.wall_s()
    rows = []
    for home in parts.reader.homes(search, MOST_UNITS):
        last = heartbeats.get(home.unit.unit_id)
        is_silent = last is None or now_s - last.heard_s > home.unit.reporting_time_s
        rows.append(UnitRow(home, last, is_silent))
    return sorted(rows, key=lambda row: (not row.needs_attention, row.last.heard_s if row.last else 0.0))
