"""The pages of the register: the search, a home with its people and its unit, a new home."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from device.wire.topics import is_unit_id
from hub.console.answers import done
from hub.console.auth import SignedIn, Visitor, signed_in
from hub.console.forms import NOTHING_FAILED, WHOLE, Failed, FormError, checked, fields_of
from hub.console.languages import catalogue
from hub.console.parts import Parts, PartsOf
from hub.console.register import (
    ChangedMeanwhileError,
    ClientIn,
    FormIn,
    PremisesIn,
    TakenError,
    UnitId,
    UnitIn,
    UnknownRecordError,
    stamp_of,
)
from hub.console.templating import page
from hub.console.wording import N_
from hub.ports import HomeView

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

MOST_HOMES = 200
MOST_MESSAGES = 30
CHANGED = N_("Somebody else has changed it meanwhile: what is shown is how it is now. Change it again.")
NO_HOME_THERE = N_("There is no unit of this name that stands in a home.")
UNIT_TAKEN = N_("The register has this unit already.")
Search = Annotated[str, Query(max_length=200)]
UnitPath = Annotated[str, Path(max_length=64)]


class UnitName(FormIn):
    """The unit of a new home."""

    unit_id: UnitId


@router.get("/homes")
def homes(request: Request, visitor: SignedIn, parts: PartsOf, search: Search = "") -> Response:
    """Show the homes that hold every word of the search."""
    found = parts.reader.homes(search, MOST_HOMES)
    return page(request, visitor, "homes.html", homes=found, search=search, most=MOST_HOMES)


@router.get("/new-home")
async def new_home(request: Request, visitor: SignedIn, unit: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Ask for a new home; `unit` is one that has been heard and is not in the register."""
    return page(request, visitor, "new_home.html", failed=Failed("", {}, {"unit_id": unit}))


@router.post("/new-home")
async def add_home(request: Request, visitor: SignedIn, parts: PartsOf) -> Response:
    """Add a home with its unit and, where a name is given, a person."""
    gettext = catalogue(visitor.language).gettext
    fields = await fields_of(request)
    try:
        unit_id = checked(UnitName, fields, gettext).unit_id
        premises = checked(PremisesIn, fields, gettext, "premises_")
        client = checked(ClientIn, fields, gettext, "client_") if fields.get("client_name", "").strip() else None
        unit = checked(UnitIn, {"unit_name": fields.get("unit_name", "")}, gettext, "unit_")
        done(await parts.register.add_home(unit_id, unit, premises, client))
    except FormError as error:
        return page(request, visitor, "new_home.html", 422, failed=Failed("new", error.errors, fields))
    except TakenError:
        failed = Failed("new", {"unit_id": gettext(UNIT_TAKEN)}, fields)
        return page(request, visitor, "new_home.html", 409, failed=failed)
    return RedirectResponse(f"/homes/{unit_id}?saved=1", 303)


@router.get("/homes/{unit_id}")
async def home(request: Request, visitor: SignedIn, parts: PartsOf, unit_id: UnitPath, saved: bool = False) -> Response:
    """Show a home; a unit that is not in the register can be added."""
    if await run_in_threadpool(parts.reader.home, unit_id) is None and is_unit_id(unit_id):
        return RedirectResponse(f"/new-home?unit={unit_id}", 303)
    return await run_in_threadpool(_home_page, request, visitor, parts, unit_id, NOTHING_FAILED, saved)


@router.post("/homes/{unit_id}/premises")
async def edit_premises(request: Request, visitor: SignedIn, parts: PartsOf, unit_id: UnitPath) -> Response:
    """Change the home; a unit that has none gets one."""

    async def save(fields: Mapping[str, str], view: HomeView) -> None:
        form = checked(PremisesIn, fields, catalogue(visitor.language).gettext)
        if view.premises is None:
            done(await parts.register.give_premises(unit_id, form))
        else:
            done(await parts.register.edit_premises(view.premises.premises_id, form, fields.get("stamp")))

    return await _edit(request, visitor, parts, "premises", save)


@router.post("/homes/{unit_id}/clients")
async def add_client(request: Request, visitor: SignedIn, parts: PartsOf, unit_id: UnitPath) -> Response:
    """Add a person to the home."""

    async def save(fields: Mapping[str, str], view: HomeView) -> None:
        form = checked(ClientIn, fields, catalogue(visitor.language).gettext)
        if view.premises is None:
            raise UnknownRecordError(f"{unit_id} stands in no home")
        done(await parts.register.add_client(view.premises.premises_id, form))

    return await _edit(request, visitor, parts, "new-client", save)


@router.post("/homes/{unit_id}/clients/{client_id}")
async def edit_client(
    request: Request, visitor: SignedIn, parts: PartsOf, unit_id: UnitPath, client_id: int
) -> Response:
    """Change a person of the home."""

    async def save(fields: Mapping[str, str], view: HomeView) -> None:
        if client_id not in {client.client_id for client in view.clients}:
            raise UnknownRecordError(f"nobody of this number lives with {unit_id}")
        form = checked(ClientIn, fields, catalogue(visitor.language).gettext)
        done(await parts.register.edit_client(client_id, form, fields.get("stamp")))

    return await _edit(request, visitor, parts, f"client-{client_id}", save)


@router.post("/homes/{unit_id}/unit")
async def edit_unit(request: Request, visitor: SignedIn, parts: PartsOf, unit_id: UnitPath) -> Response:
    """Change the unit, or move it to another home."""

    async def save(fields: Mapping[str, str], view: HomeView) -> None:
        gettext = catalogue(visitor.language).gettext
        form = checked(UnitIn, {**fields, "is_in_service": "is_in_service" in fields}, gettext)
        premises_id = view.premises.premises_id if view.premises else None
        if "take_out" in fields:
            premises_id = None
        elif fields.get("move_to", "").strip():
            premises_id = await _premises_of(parts, fields["move_to"].strip(), gettext)
        done(await parts.register.edit_unit(unit_id, form, premises_id, fields.get("stamp")))

    return await _edit(request, visitor, parts, "unit", save)


Save = Callable[[Mapping[str, str], HomeView], Awaitable[None]]


async def _edit(request: Request, visitor: Visitor, parts: Parts, section: str, save: Save) -> Response:
    """Save a form of a home's page; show the page again where it cannot be taken."""
    unit_id = request.path_params["unit_id"]
    fields = await fields_of(request)
    view = await run_in_threadpool(parts.reader.home, unit_id)
    if view is None:
        raise UnknownRecordError(unit_id)
    try:
        await save(fields, view)
    except FormError as error:
        failed = Failed(section, error.errors, fields)
    except ChangedMeanwhileError:
        failed = Failed(section, {WHOLE: catalogue(visitor.language).gettext(CHANGED)}, {})
    else:
        return RedirectResponse(f"/homes/{unit_id}?saved=1", 303)
    return await run_in_threadpool(_home_page, request, visitor, parts, unit_id, failed)


async def _premises_of(parts: Parts, unit_id: str, gettext: Callable[[str], str]) -> int:
    """Return the home another unit stands in. Raises FormError."""
    other = await run_in_threadpool(parts.reader.home, unit_id)
    if other is None or other.premises is None:
        raise FormError({"move_to": gettext(NO_HOME_THERE)})
    return other.premises.premises_id


def _home_page(
    request: Request, visitor: Visitor, parts: Parts, unit_id: str, failed: Failed = NOTHING_FAILED, saved: bool = False
) -> Response:
    view = parts.reader.home(unit_id)
    if view is None:
        raise UnknownRecordError(unit_id)
    stamps = {
        "unit": stamp_of(view.unit),
        "premises": stamp_of(view.premises),
        **{f"client-{client.client_id}": stamp_of(client) for client in view.clients},
    }
    return page(
        request,
        visitor,
        "home.html",
        422 if failed.section else 200,
        home=view,
        last=parts.reader.last_heartbeat(unit_id),
        messages=parts.reader.messages(unit_id, MOST_MESSAGES),
        stamps=stamps,
        failed=failed,
        saved=saved,
        now_s=parts.wall_s(),
    )
