"""From a template to a page in the visitor's language.

Every value is escaped; no page holds a script or a style of its own. Scripts get their words as data: a JSON block with
the texts that stand in `_("...")` and `ngettext("...", "...")` in the scripts, and the tables of `wording`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from hub.console import wording
from hub.console.auth import (
    CSRF_FIELD,
    VISITOR_COOKIE,
    Visitor,
    csrf_token,
    language_of,
    session_cookie,
    set_cookie,
    visitor_secret,
)
from hub.console.languages import NAMES, Language, catalogue
from hub.console.parts import parts_of

HERE = Path(__file__).parent
STATIC = HERE / "static"
PLURALS_TRIED = 200
"""Every plural rule of ours depends on n for small n, and on n % 100 beyond."""

MOST_SHOWN = 1000
"""Bytes of an unreadable message."""

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_SINGULAR = re.compile(rf"\b_\(\s*{_TEXT}")
_PLURAL = re.compile(rf"\bngettext\(\s*{_TEXT},\s*{_TEXT}")


@cache
def static_version() -> str:
    """Return a name for the scripts and styles as they are now, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def page(request: Request, visitor: Visitor | None, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page. Somebody who is not signed in gets the cookie that their form's token belongs to."""
    parts = parts_of(request)
    language = language_of(request, visitor)
    secret = request.cookies.get(session_cookie(parts)) if visitor else visitor_secret(request)
    csrf = csrf_token(secret or "")
    context = {
        "visitor": visitor,
        "language": language,
        "languages": NAMES,
        "centre_name": parts.settings.centre_name,
        "static": f"/static/{static_version()}",
        "csrf_field": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, csrf),
        "spoken": _words(language)["spoken"],
        "path": request.url.path,
        "page_data": {
            **_language_data(language),
            "csrf": csrf if visitor else "",
            "operator": visitor.operator.name if visitor else "",
            "expires_s": visitor.session.expires_s if visitor else 0,
            "session": visitor.session.token_hash[:16] if visitor else "",
            "has_voice": parts.speech is not None,
        },
        **values,
    }
    response = HTMLResponse(_environment(language).get_template(template).render(context), status)
    if visitor is None:
        set_cookie(response, parts, VISITOR_COOKIE, secret or "")
    return response


@cache
def script_texts() -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the texts that the scripts ask for: those with one form, those with a singular and a plural."""
    sources = [path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.js"))]
    singular = {json.loads(f'"{text}"') for source in sources for text in _SINGULAR.findall(source)}
    plural = {
        (json.loads(f'"{one}"'), json.loads(f'"{many}"')) for source in sources for one, many in _PLURAL.findall(source)
    }
    return frozenset(singular), frozenset(plural)


@cache
def _language_data(language: Language) -> Mapping[str, Any]:
    """Return the words of the scripts in a language."""
    texts = catalogue(language)
    singular, plural = script_texts()
    return {
        "texts": {text: texts.gettext(text) for text in sorted(singular)},
        "plurals": {one: _plural_forms(language, one, many) for one, many in sorted(plural)},
        "words": _words(language),
        "outcomes": {
            "alarm": list(map(str, wording.ALARM_OUTCOMES)),
            "fault": list(map(str, wording.FAULT_OUTCOMES)),
        },
    }


@cache
def _words(language: Language) -> Mapping[str, Mapping[str, str]]:
    """Return the tables of codes in a language."""
    gettext = catalogue(language).gettext
    return {name: {str(code): gettext(text) for code, text in table.items()} for name, table in wording.TABLES.items()}


def _plural_forms(language: Language, one: str, many: str) -> Mapping[str, Any]:
    """Return a text's forms, and as a row of digits which of them each number takes."""
    texts = catalogue(language)
    forms: list[str] = []
    rule = ""
    for number in range(PLURALS_TRIED):
        form = texts.ngettext(one, many, number)
        if form not in forms:
            forms.append(form)
        rule += str(forms.index(form))
    return {"forms": forms, "rule": rule}


@cache
def _environment(language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    texts = catalogue(language)
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["moment"] = _moment
    environment.filters["readable"] = _readable
    environment.filters["fault"] = lambda name: wording.fault_words(name, texts.gettext)
    environment.filters["word"] = lambda code, table: _words(language)[table].get(code, code)
    return environment


def _readable(payload: bytes) -> str:
    """Return a payload as text; bytes that are none as their numbers."""
    return payload[:MOST_SHOWN].decode(errors="backslashreplace")


def _moment(unix_s: float | None) -> Markup:
    """Return a moment as an element; the page's script writes it as people here write it."""
    if unix_s is None:
        return Markup("–")
    moment = datetime.fromtimestamp(unix_s, UTC).astimezone()
    return Markup('<time datetime="{}" data-s="{}">{}</time>').format(
        moment.isoformat(timespec="seconds"), unix_s, moment.strftime("%Y-%m-%d %H:%M")
    )
