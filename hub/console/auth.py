"""Who asks: the session in the cookie, its operator, and that the wish comes from the console's own pages.

Every change needs a token that only the console's own pages know, and an `Origin` that is the console's: both, so that
neither a forgotten check nor an old browser opens the door. `no_forgery` hangs on the whole application, `signed_in`
on everything but what tests/hub/console list as public.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from hub.console.languages import Language, known, preferred
from hub.console.operators import Role
from hub.console.parts import Parts, PartsOf, parts_of
from hub.core.records import Operator, Session

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
VISITOR_COOKIE = "poga_visitor"
LANGUAGE_COOKIE = "poga_language"
SAFE_METHODS = frozenset({"GET", "HEAD"})
YEAR_S = 365 * 86_400
MOST_FIELDS = 200
"""Of a form; a call list has most."""


class NotSignedInError(Exception):
    """Nobody is signed in: pages lead to the sign-in, everything else answers 401."""


class NotAllowedError(Exception):
    """This operator may not do this."""


class ForgedError(Exception):
    """The wish to change something does not come from a page of the console, or from one that is too old."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    operator: Operator
    session: Session
    csrf: str

    @property
    def language(self) -> Language:
        """Return the language they have chosen."""
        return known(self.operator.language) or Language.EN

    @property
    def is_administrator(self) -> bool:
        """Tell whether they keep the register of operators."""
        return self.operator.role == Role.ADMINISTRATOR


def session_cookie(parts: Parts) -> str:
    """Return the cookie's name; over https one that no other site of the domain can set."""
    return "__Host-poga" if parts.settings.is_secure else "poga"


def visitor_of(request: Request, parts: PartsOf) -> Visitor | None:
    """Return who is signed in, None for nobody."""
    token = request.cookies.get(session_cookie(parts), "")
    session = parts.sessions.find(token, parts.wall_s()) if token else None
    operator = parts.reader.operator(session.operator) if session else None
    if session is None or operator is None or not operator.is_active:
        return None
    return Visitor(operator, session, csrf_token(token))


MaybeVisitor = Annotated[Visitor | None, Depends(visitor_of)]


def signed_in(visitor: MaybeVisitor) -> Visitor:
    """Return who is signed in. Raises NotSignedInError."""
    if visitor is None:
        raise NotSignedInError
    return visitor


SignedIn = Annotated[Visitor, Depends(signed_in)]


def administrator(visitor: SignedIn) -> Visitor:
    """Return who is signed in, where they are an administrator. Raises NotAllowedError."""
    if not visitor.is_administrator:
        raise NotAllowedError
    return visitor


Administrator = Annotated[Visitor, Depends(administrator)]


async def no_forgery(request: Request) -> None:
    """Refuse a change that another site's page asks for. Raises ForgedError."""
    if request.method in SAFE_METHODS:
        return
    parts = parts_of(request)
    if request.headers.get("origin", "") not in parts.origins:
        raise ForgedError
    given = (request.headers.get(CSRF_HEADER) or await _field(request)).encode()
    secrets_of_browser = [request.cookies.get(name, "") for name in (session_cookie(parts), VISITOR_COOKIE)]
    if not any(secret and hmac.compare_digest(csrf_token(secret).encode(), given) for secret in secrets_of_browser):
        raise ForgedError


def csrf_token(secret: str) -> str:
    """Return the token that belongs to a cookie; the cookie cannot be found from it."""
    return hmac.new(secret.encode(), b"poga change", hashlib.sha256).hexdigest()


def visitor_secret(request: Request) -> str:
    """Return the secret of a browser that is not signed in, a new one where it has none."""
    return request.cookies.get(VISITOR_COOKIE) or secrets.token_urlsafe(24)


def language_of(request: Request, visitor: Visitor | None) -> Language:
    """Return the language for this request: the operator's, else the chosen one, else what the browser asks for."""
    if visitor is not None:
        return visitor.language
    chosen = known(request.cookies.get(LANGUAGE_COOKIE, ""))
    return chosen or preferred(request.headers.get("accept-language", ""))


def set_session_cookie(response: Response, parts: Parts, token: str) -> None:
    """Give a browser its session; at the end of the session it forgets it."""
    lifetime_s = int(parts.settings.session_s)
    set_cookie(response, parts, session_cookie(parts), token, lifetime_s)


def set_cookie(response: Response, parts: Parts, name: str, value: str, lifetime_s: int = YEAR_S) -> None:
    """Set a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name, value, max_age=lifetime_s, path="/", secure=parts.settings.is_secure, httponly=True, samesite="strict"
    )


def drop_session_cookie(response: Response, parts: Parts) -> None:
    """Take a browser's session away."""
    response.delete_cookie(
        session_cookie(parts), path="/", secure=parts.settings.is_secure, httponly=True, samesite="strict"
    )


async def _field(request: Request) -> str:
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return ""
    value = (await request.form(max_files=0, max_fields=MOST_FIELDS)).get(CSRF_FIELD, "")
    return value if isinstance(value, str) else ""
