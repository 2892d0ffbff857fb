"""The pages about calls, for administrators: who is rung in which order, what is recorded, the announcements."""

from collections.abc import Mapping
from typing import Any

from babel.dates import get_day_names
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from hub.console.answers import done
from hub.console.auth import Administrator, Visitor
from hub.console.call_book import CallListIn, ReadyWordsIn, RecordingRuleIn, WordsName
from hub.console.call_forms import DAYS, OPERATOR, PHONE, days_named, hours_rows, list_of, member_rows, rows_typed
from hub.console.forms import NOTHING_FAILED, WHOLE, Failed, FormError, Gettext, checked, fields_of
from hub.console.languages import Language, catalogue
from hub.console.parts import Parts, PartsOf
from hub.console.register import ChangedMeanwhileError, FormIn, TakenError, stamp_of
from hub.console.templating import page
from hub.console.wording import AFTER_CYCLE, CALL_ORDERS, N_
from hub.core.call_records import RING_TIMES_S, CallList

router = APIRouter(include_in_schema=False)

NEW_LIST = "new-list"
RULE = "rule"
NEW_WORDS = "new"
NAME_TAKEN = N_("There is a list of this name already.")
CHANGED = N_("Somebody else has changed it meanwhile: what is shown is how it is now. Change it again.")
NO_WORDS = N_("Write the words in at least one language.")


class WordsIn(FormIn):
    """The name of an announcement."""

    name: WordsName


@router.get("/calls")
async def calls(request: Request, visitor: Administrator, parts: PartsOf, saved: bool = False) -> Response:
    """Show the call lists and the rule of recording."""
    return await run_in_threadpool(_calls_page, request, visitor, parts, NOTHING_FAILED, saved)


@router.post("/calls/lists")
async def add_list(request: Request, visitor: Administrator, parts: PartsOf) -> Response:
    """Add a call list."""
    return await _keep_list(request, visitor, parts, None)


@router.post("/calls/lists/{list_id}")
async def edit_list(request: Request, visitor: Administrator, parts: PartsOf, list_id: int) -> Response:
    """Change a call list."""
    return await _keep_list(request, visitor, parts, list_id)


@router.post("/calls/recording")
async def set_rule(request: Request, visitor: Administrator, parts: PartsOf) -> Response:
    """Change what is recorded."""
    fields = await fields_of(request)
    try:
        typed: dict[str, str | bool] = {**fields, "records_calls": "records_calls" in fields}
        rule = checked(RecordingRuleIn, typed, catalogue(visitor.language).gettext)
    except FormError as error:
        failed = Failed(RULE, error.errors, fields)
        return await run_in_threadpool(_calls_page, request, visitor, parts, failed)
    done(await parts.call_book.set_rule(rule))
    return RedirectResponse("/calls?saved=1", 303)


@router.get("/announcements")
async def announcements(request: Request, visitor: Administrator, parts: PartsOf, saved: bool = False) -> Response:
    """Show the library of announcements."""
    return await run_in_threadpool(_announcements_page, request, visitor, parts, NOTHING_FAILED, saved)


@router.post("/announcements")
async def set_words(request: Request, visitor: Administrator, parts: PartsOf) -> Response:
    """Change an announcement, or add one; without any words it is taken out."""
    gettext = catalogue(visitor.language).gettext
    fields = await fields_of(request)
    section = fields.get("section", NEW_WORDS)
    try:
        name = checked(WordsIn, fields, gettext).name
        texts = {
            language: checked(ReadyWordsIn, {"text": fields[f"text-{language}"]}, gettext).text
            for language in Language
            if fields.get(f"text-{language}", "").strip()
        }
        if section == NEW_WORDS and not texts:
            raise FormError({WHOLE: gettext(NO_WORDS)})
    except FormError as error:
        failed = Failed(section, error.errors, fields)
        return await run_in_threadpool(_announcements_page, request, visitor, parts, failed)
    done(await parts.call_book.set_words(name, texts))
    return RedirectResponse("/announcements?saved=1", 303)


async def _keep_list(request: Request, visitor: Visitor, parts: Parts, list_id: int | None) -> Response:
    gettext = catalogue(visitor.language).gettext
    section = NEW_LIST if list_id is None else f"list-{list_id}"
    fields = await fields_of(request)
    try:
        await _keep(parts, list_id, list_of(fields, gettext), fields.get("stamp"))
    except FormError as error:
        failed = Failed(section, error.errors, fields)
    except TakenError:
        failed = Failed(section, {"name": gettext(NAME_TAKEN)}, fields)
    except ChangedMeanwhileError:
        failed = Failed(section, {WHOLE: gettext(CHANGED)}, {})
    else:
        return RedirectResponse("/calls?saved=1", 303)
    return await run_in_threadpool(_calls_page, request, visitor, parts, failed)


async def _keep(parts: Parts, list_id: int | None, form: CallListIn, stamp: str | None) -> None:
    if list_id is None:
        done(await parts.call_book.add_list(form))
    else:
        done(await parts.call_book.edit_list(list_id, form, stamp))


def _calls_page(
    request: Request, visitor: Visitor, parts: Parts, failed: Failed = NOTHING_FAILED, saved: bool = False
) -> Response:
    gettext = catalogue(visitor.language).gettext
    lists = parts.reader.call_lists()
    operators = [one.name for one in parts.reader.operators() if one.is_active]
    return page(
        request,
        visitor,
        "calls.html",
        422 if failed.section else 200,
        lists=lists,
        rows={one.list_id: _rows(one, failed) for one in lists},
        new_rows=rows_typed(failed.fields) if failed.section == NEW_LIST else (member_rows(()), hours_rows(())),
        hours_named={one.list_id: days_named(one, _days(visitor.language)) for one in lists},
        stamps={one.list_id: stamp_of(one) for one in lists},
        whom={
            "": gettext(N_("nobody")),
            **{f"{OPERATOR}{name}": name for name in operators},
            PHONE: gettext(N_("a telephone")),
        },
        days=_days(visitor.language),
        orders=_translated(CALL_ORDERS, gettext),
        afters=_translated(AFTER_CYCLE, gettext),
        ring_times={seconds: f"{seconds} s" for seconds in RING_TIMES_S},
        rule=parts.reader.organisation(),
        has_voice=parts.speech is not None,
        failed=failed,
        saved=saved,
    )


def _rows(call_list: CallList, failed: Failed) -> object:
    if failed.section == f"list-{call_list.list_id}" and failed.fields:
        return rows_typed(failed.fields)
    return member_rows(call_list.members), hours_rows(call_list.hours)


def _announcements_page(
    request: Request, visitor: Visitor, parts: Parts, failed: Failed = NOTHING_FAILED, saved: bool = False
) -> Response:
    library: dict[str, dict[str, str]] = {}
    for one in parts.reader.announcements():
        if one.is_active:
            library.setdefault(one.name, {})[one.language] = one.text
    status = 422 if failed.section else 200
    return page(request, visitor, "announcements.html", status, library=library, failed=failed, saved=saved)


def _days(language: Language) -> dict[int, str]:
    names = get_day_names("abbreviated", locale=str(language))
    return {day: names[day] for day in DAYS}


def _translated(table: Mapping[Any, str], gettext: Gettext) -> dict[str, str]:
    return {str(code): gettext(words) for code, words in table.items()}
