"""The pages about operators: the own profile, and for administrators everybody's."""

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from hub.console.answers import done
from hub.console.auth import LANGUAGE_COOKIE, Administrator, SignedIn, Visitor, set_cookie, signed_in
from hub.console.dialling import Dialled
from hub.console.forms import NOTHING_FAILED, WHOLE, Failed, FormError, checked, fields_of
from hub.console.languages import Language, catalogue
from hub.console.operators import (
    ROLE_WORDS,
    LastAdministratorError,
    OperatorIn,
    Password,
    Role,
    Telephone,
)
from hub.console.parts import Parts, PartsOf
from hub.console.register import FormIn, TakenError
from hub.console.sign_in import try_wait_s, try_was_right, wait_words
from hub.console.templating import page
from hub.console.wording import N_

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

WRONG_OLD = N_("This is not your password.")
NAME_TAKEN = N_("There is an operator of this name already.")
LAST_ADMINISTRATOR = N_("Nobody would be left who can add operators. Make somebody else an administrator first.")


class LanguageIn(FormIn):
    """The language an operator wants."""

    language: Language


class NewPasswordIn(FormIn):
    """A new password, and the one it replaces."""

    old: str = ""
    password: Password


class OperatorEdit(FormIn):
    """What an administrator may change about an operator."""

    name: str
    role: Role
    phone: Dialled = ""
    phone_is_sure: bool = False
    is_active: bool


class PasswordGiven(FormIn):
    """A password that an administrator gives to somebody."""

    name: str
    password: Password


@router.get("/profile")
async def profile(request: Request, visitor: SignedIn, saved: bool = False) -> Response:
    """Show what an operator may change about themselves."""
    return page(request, visitor, "profile.html", errors={}, saved=saved)


@router.post("/profile/language")
async def set_language(request: Request, visitor: SignedIn, parts: PartsOf) -> Response:
    """Change the own language."""
    form = checked(LanguageIn, await fields_of(request), catalogue(visitor.language).gettext)
    done(await parts.operators.change(visitor.operator.name, language=form.language))
    response = RedirectResponse("/profile?saved=1", 303)
    set_cookie(response, parts, LANGUAGE_COOKIE, form.language)
    return response


@router.post("/profile/password")
async def set_password(request: Request, visitor: SignedIn, parts: PartsOf) -> Response:
    """Change the own password; every other browser of this operator is signed out."""
    gettext = catalogue(visitor.language).gettext
    try:
        form = checked(NewPasswordIn, await fields_of(request), gettext)
        await _check_old(request, visitor, parts, form.old)
    except FormError as error:
        return page(request, visitor, "profile.html", 422, errors=error.errors, saved=False)
    done(await parts.operators.set_password(visitor.operator.name, form.password))
    await parts.sign_out(visitor.operator.name, spared=visitor.session.token_hash)
    return RedirectResponse("/profile?saved=1", 303)


@router.get("/operators")
async def operators(request: Request, visitor: Administrator, parts: PartsOf, saved: bool = False) -> Response:
    """Show everybody who may sign in."""
    return await _operators_page(request, visitor, parts, saved=saved)


@router.post("/operators")
async def add_operator(request: Request, visitor: Administrator, parts: PartsOf) -> Response:
    """Add an operator."""
    gettext = catalogue(visitor.language).gettext
    fields = await fields_of(request)
    try:
        form = checked(OperatorIn, fields, gettext)
        done(await parts.operators.add(form))
    except FormError as error:
        return await _operators_page(request, visitor, parts, Failed("new", error.errors, fields))
    except TakenError:
        return await _operators_page(request, visitor, parts, Failed("new", {"name": gettext(NAME_TAKEN)}, fields))
    return RedirectResponse("/operators?saved=1", 303)


@router.post("/operators/change")
async def change_operator(request: Request, visitor: Administrator, parts: PartsOf) -> Response:
    """Change what an operator may do; one who may not sign in any more is signed out at once."""
    gettext = catalogue(visitor.language).gettext
    fields = await fields_of(request)
    ticks: dict[str, str | bool] = {tick: tick in fields for tick in ("is_active", "phone_is_sure")}
    try:
        form = checked(OperatorEdit, {**fields, **ticks}, gettext)
        done(
            await parts.operators.change(
                form.name,
                form.role,
                is_active=form.is_active,
                telephone=Telephone(form.phone, form.phone_is_sure),
            )
        )
    except FormError as error:
        return await _operators_page(request, visitor, parts, Failed(fields.get("name", ""), error.errors, fields))
    except LastAdministratorError:
        failed = Failed(fields["name"], {WHOLE: gettext(LAST_ADMINISTRATOR)}, {})
        return await _operators_page(request, visitor, parts, failed)
    if not form.is_active:
        await parts.sign_out(form.name)
    return RedirectResponse("/operators?saved=1", 303)


@router.post("/operators/password")
async def give_password(request: Request, visitor: Administrator, parts: PartsOf) -> Response:
    """Give an operator a new password; they are signed out everywhere."""
    fields = await fields_of(request)
    try:
        form = checked(PasswordGiven, fields, catalogue(visitor.language).gettext)
    except FormError as error:
        return await _operators_page(request, visitor, parts, Failed(fields.get("name", ""), error.errors, {}))
    done(await parts.operators.set_password(form.name, form.password))
    await parts.sign_out(form.name, spared=visitor.session.token_hash)
    return RedirectResponse("/operators?saved=1", 303)


async def _operators_page(
    request: Request, visitor: Visitor, parts: Parts, failed: Failed = NOTHING_FAILED, saved: bool = False
) -> Response:
    gettext = catalogue(visitor.language).gettext
    return page(
        request,
        visitor,
        "operators.html",
        422 if failed.section else 200,
        operators=await run_in_threadpool(parts.reader.operators),
        roles={role: gettext(words) for role, words in ROLE_WORDS.items()},
        failed=failed,
        saved=saved,
    )


async def _check_old(request: Request, visitor: Visitor, parts: Parts, old: str) -> None:
    gettext = catalogue(visitor.language).gettext
    name = visitor.operator.name
    wait_s = try_wait_s(request, parts, name)
    if wait_s > 0:
        raise FormError({"old": wait_words(gettext, wait_s)})
    if not await parts.passwords.matches(visitor.operator.password_hash, old):
        raise FormError({"old": gettext(WRONG_OLD)})
    try_was_right(request, parts, name)
