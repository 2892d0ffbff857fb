"""Coming and going: the first administrator, signing in, signing out.

A wrong name and a wrong password look the same and take as long. Who guesses waits, by name and by address.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from hub.console.answers import SIGN_IN, done
from hub.console.auth import (
    LANGUAGE_COOKIE,
    SignedIn,
    drop_session_cookie,
    language_of,
    set_cookie,
    set_session_cookie,
)
from hub.console.first_code import FirstCode
from hub.console.forms import FormError, checked, fields_of
from hub.console.languages import catalogue, known
from hub.console.operators import OperatorIn, Role
from hub.console.parts import Parts, PartsOf
from hub.console.register import FormIn
from hub.console.templating import page
from hub.console.wording import N_
from hub.core.records import Operator

FIRST = "/first"
router = APIRouter(include_in_schema=False)

WRONG = N_("The name or the password is wrong.")
WRONG_CODE = N_("This is not the code. It is shown where the centre was started.")
WAIT = N_("Too many wrong tries. Wait %(minutes)s min, then try again.")
HOUSEHOLD_BITS = 64
NOBODY_FIRST = ""
"""The name under which tries at the first code are counted; no operator can have it."""


class CredentialsIn(FormIn):
    """What somebody signs in with."""

    name: str = Field(default="", max_length=200)
    password: str = Field(default="", max_length=400)
    next: str = Field(default="/", max_length=500)


@router.get(SIGN_IN)
async def sign_in_page(request: Request, parts: PartsOf, next: str = "/", lang: str = "") -> Response:  # noqa: A002
    """Ask for name and password; where nobody can have one yet, for the first administrator."""
    next_path = _local(next)
    chosen = known(lang)
    if chosen is not None:
        response: Response = RedirectResponse(f"{SIGN_IN}?next={quote(next_path)}", 303)
        set_cookie(response, parts, LANGUAGE_COOKIE, chosen)
        return response
    if await _open_code(parts) is not None:
        return RedirectResponse(FIRST, 303)
    return page(request, None, "sign_in.html", next=next_path, name="", error="")


@router.post(SIGN_IN)
async def sign_in(request: Request, parts: PartsOf) -> Response:
    """Check name and password, and begin a session."""
    gettext = catalogue(language_of(request, None)).gettext
    typed = checked(CredentialsIn, await fields_of(request), gettext)
    wait_s = try_wait_s(request, parts, typed.name)
    if wait_s > 0:
        error, status = wait_words(gettext, wait_s), 429
    else:
        operator = await parts.operators.find(typed.name)
        usable = operator if operator is not None and operator.is_active else None
        if await parts.passwords.matches(usable.password_hash if usable else None, typed.password) and usable:
            try_was_right(request, parts, typed.name)
            return await _welcome(parts, usable, _local(typed.next))
        error, status = gettext(WRONG), 403
    headers = {"retry-after": str(math.ceil(wait_s))} if wait_s else {}
    values = {"next": _local(typed.next), "name": typed.name, "error": error}
    response = page(request, None, "sign_in.html", status, **values)
    response.headers.update(headers)
    return response


@router.get(FIRST)
async def first_page(request: Request, parts: PartsOf) -> Response:
    """Ask for the code, and who the first administrator is."""
    if await _open_code(parts) is None:
        return RedirectResponse(SIGN_IN, 303)
    return page(request, None, "first.html", fields={}, errors={})


@router.post(FIRST)
async def first(request: Request, parts: PartsOf) -> Response:
    """Make the first administrator, once."""
    gettext = catalogue(language_of(request, None)).gettext
    fields = await fields_of(request)
    code = await _open_code(parts)
    if code is None:
        return RedirectResponse(SIGN_IN, 303)
    try:
        form = checked(OperatorIn, {**fields, "role": Role.ADMINISTRATOR}, gettext)
        wait_s = try_wait_s(request, parts, NOBODY_FIRST)
        if wait_s > 0:
            raise FormError({"code": wait_words(gettext, wait_s)})
        async with code.turn:
            if not code.matches(fields.get("code", "")):
                raise FormError({"code": gettext(WRONG_CODE)})
            done(await parts.operators.add(form))
            code.expire()
    except FormError as error:
        return page(request, None, "first.html", 422, fields=fields, errors=error.errors)
    try_was_right(request, parts, NOBODY_FIRST)
    return await _welcome(parts, Operator(form.name, "", form.role, form.language), "/")


@router.post("/sign-out")
async def sign_out(visitor: SignedIn, parts: PartsOf) -> Response:
    """End the session."""
    ended = parts.sessions.end(visitor.session, parts.wall_s())
    parts.live.end_sessions({ended.token_hash})
    done(await parts.line.edit(ended))
    response = RedirectResponse(SIGN_IN, 303)
    drop_session_cookie(response, parts)
    return response


async def _welcome(parts: Parts, operator: Operator, next_path: str) -> Response:
    token, session = parts.sessions.open(operator.name, parts.wall_s())
    done(await parts.line.edit(session))
    response = RedirectResponse(next_path, 303)
    set_session_cookie(response, parts, token)
    set_cookie(response, parts, LANGUAGE_COOKIE, operator.language)
    return response


def try_wait_s(request: Request, parts: Parts, name: str) -> float:
    """Count a try at a name's password; return how long it has to wait instead, 0 for not at all."""
    return parts.guesses.begin(name, _neighbourhood(request), time.monotonic())


def try_was_right(request: Request, parts: Parts, name: str) -> None:
    """Take a try back: it was no guess."""
    parts.guesses.was_right(name, _neighbourhood(request))


def wait_words(gettext: Callable[[str], str], wait_s: float) -> str:
    """Return what to say to somebody who has to wait."""
    return gettext(WAIT) % {"minutes": math.ceil(wait_s / 60)}


def _neighbourhood(request: Request) -> str:
    """Return the address that tries are counted for: of IPv6 the network a household gets."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.IPv6Network((address, HOUSEHOLD_BITS), strict=False))


async def _open_code(parts: Parts) -> FirstCode | None:
    """Return the first code while it is good for something: once somebody can sign in, it is not."""
    code = parts.first_code
    if code is None or code.text is None:
        return None
    if await run_in_threadpool(parts.reader.operators):
        code.expire()
        return None
    return code


def _local(path: str) -> str:
    """Return a path of the console; anything that could lead elsewhere leads to the queue."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_local else "/"
