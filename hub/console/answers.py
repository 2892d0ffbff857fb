"""What is answered when something cannot be done: JSON to scripts, a page to people.

In the language of whoever asks, and with what to do about it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from hub.console.auth import ForgedError, NotAllowedError, NotSignedInError, Visitor, language_of, visitor_of
from hub.console.core_line import NoReplyError
from hub.console.languages import catalogue
from hub.console.listeners import NotYoursToHearError
from hub.console.parts import parts_of
from hub.console.register import ChangedMeanwhileError, TakenError, UnknownRecordError
from hub.console.templating import page
from hub.console.wording import N_, PROBLEMS
from hub.core.effects import Problem, Reply
from hub.ports import AdapterError, RecordingLostError, SpeechRefusedError

SCRIPT_PATHS = ("/api/", "/live", "/openapi.json", "/healthz", "/metrics")
SIGN_IN = "/sign-in"


class RefusedError(Exception):
    """The core would not do it."""

    def __init__(self, reply: Reply) -> None:
        """Take the core's reply."""
        super().__init__(str(reply.problem))
        self.reply = reply


class TooManyStreamsError(Exception):
    """More consoles are open than the centre serves."""


class Answer(NamedTuple):
    """What a failure is answered with."""

    status: int
    problem: str
    text: str


ANSWERS: dict[type[Exception], Answer] = {
    NotSignedInError: Answer(401, "not_signed_in", N_("You are not signed in any more. Sign in again.")),
    NotAllowedError: Answer(403, "not_allowed", N_("Only an administrator may do this.")),
    NotYoursToHearError: Answer(
        403, "not_yours_to_hear", N_("Only administrators, and whoever had the incident, may listen to this.")
    ),
    ForgedError: Answer(403, "forged", N_("This page is too old, or not the console's own. Load it again.")),
    UnknownRecordError: Answer(404, "unknown", N_("It is not in the register.")),
    TakenError: Answer(409, "taken_name", N_("The register has one of this name already.")),
    ChangedMeanwhileError: Answer(
        409, "changed", N_("Somebody else has changed it meanwhile. Look at it again, then change it.")
    ),
    TooManyStreamsError: Answer(503, "too_many", N_("Too many consoles are open. Close one, and try again.")),
    SpeechRefusedError: Answer(
        409, "no_speech", N_("This browser could not be joined to the call. Try again, or take it by phone.")
    ),
    RecordingLostError: Answer(410, "recording_lost", N_("This recording cannot be heard: it is gone, or damaged.")),
    AdapterError: Answer(
        503, "store", N_("The store cannot be read just now. Alarms are still shown in the queue. Try again.")
    ),
    NoReplyError: Answer(
        504, "no_reply", N_("The centre has not answered. Look whether it was done before you try again.")
    ),
}
NOT_FOUND = Answer(404, "not_found", N_("There is nothing at this address."))
INVALID = Answer(422, "invalid", N_("Something in it cannot be taken: %(what)s"))
BROKEN = Answer(500, "broken", N_("The console has made a mistake; it is in the centre's log."))
OTHER = Answer(400, "other", N_("The console could not do this."))


def done(reply: Reply) -> dict[str, bool]:
    """Return the answer to what was done. Raises RefusedError where it was not."""
    if reply.problem is not None:
        raise RefusedError(reply)
    return {"ok": True}


def _plain(request: Request, error: Exception) -> Response:
    found = next(answer for kind, answer in ANSWERS.items() if isinstance(error, kind))
    is_page = request.method == "GET" and not _is_script(request)
    if isinstance(error, NotSignedInError) and is_page:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path + query)}", 303)
    return _answer(request, found)


def _refused(request: Request, error: RefusedError) -> Response:
    problem = error.reply.problem or Problem.NO_SUCH_INCIDENT
    status = 404 if problem is Problem.NO_SUCH_INCIDENT else 409
    owner = error.reply.owner
    return _answer(request, Answer(status, problem, PROBLEMS[problem]), {"owner": owner}, {"owner": owner})


def _invalid(request: Request, error: RequestValidationError) -> Response:
    found = (f"{'.'.join(map(str, one['loc'][1:])) or 'the body'}: {one['msg']}" for one in error.errors())
    return _answer(request, INVALID, {"what": "; ".join(found)})


def _http(request: Request, error: HTTPException) -> Response:
    found = NOT_FOUND if error.status_code in (404, 405) else OTHER
    return _answer(request, found._replace(status=error.status_code), headers=error.headers)


def _broken(request: Request, _: Exception) -> Response:
    return _answer(request, BROKEN)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    **dict.fromkeys(ANSWERS, _plain),
    RefusedError: _refused,
    RequestValidationError: _invalid,
    HTTPException: _http,
    Exception: _broken,
}


def _answer(
    request: Request,
    found: Answer,
    values: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    visitor = _visitor(request)
    text = catalogue(language_of(request, visitor)).gettext(found.text)
    message = text % values if values else text
    if _is_script(request):
        return JSONResponse({"problem": found.problem, "message": message, **(more or {})}, found.status, headers)
    response = page(request, visitor, "failure.html", found.status, message=message)
    response.headers.update(headers or {})
    return response


def _visitor(request: Request) -> Visitor | None:
    try:
        return visitor_of(request, parts_of(request))
    except AdapterError:  # the store cannot say who it is
        return None


def _is_script(request: Request) -> bool:
    return request.url.path.startswith(SCRIPT_PATHS)
