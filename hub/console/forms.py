"""From a page's form to a checked model, or to what is wrong with each field, in words."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from fastapi import Request
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hub.console.auth import CSRF_FIELD, MOST_FIELDS
from hub.console.register import FormIn
from hub.console.wording import N_

F = TypeVar("F", bound=FormIn)
Errors = Mapping[str, str]
Gettext = Callable[[str], str]
WHOLE = ""
"""The key of what is wrong with the form as a whole."""

_WORDS: dict[str, str] = {
    "missing": N_("Fill this in."),
    "string_too_short": N_("At least %(min_length)s characters."),
    "string_too_long": N_("At most %(max_length)s characters."),
    "greater_than_equal": N_("At least %(ge)s."),
    "less_than_equal": N_("At most %(le)s."),
    "float_parsing": N_("Write a number."),
    "finite_number": N_("Write a number."),
    "enum": N_("Choose one of these."),
}
_OTHERWISE = N_("This cannot be taken.")


class FormError(Exception):
    """Some fields cannot be taken."""

    def __init__(self, errors: Errors) -> None:
        """Take what is wrong, by field."""
        super().__init__(", ".join(errors))
        self.errors = errors


class Failed(NamedTuple):
    """A form of a page that could not be taken: which, why, and what was typed."""

    section: str
    errors: Errors
    fields: Mapping[str, str]


NOTHING_FAILED = Failed("", {}, {})


async def fields_of(request: Request) -> dict[str, str]:
    """Return what was typed, by field."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str) and name != CSRF_FIELD}


def checked(model: type[F], fields: Mapping[str, str | bool], gettext: Gettext, prefix: str = "") -> F:
    """Return the form's model from the fields that begin with `prefix`. Raises FormError."""
    own = {
        name.removeprefix(prefix): value
        for name, value in fields.items()
        if name.startswith(prefix) and name.removeprefix(prefix) in model.model_fields
    }
    try:
        return model.model_validate(own)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise FormError({_field(one, prefix): words_of(one, gettext) for one in found}) from None


def _field(error: ErrorDetails, prefix: str) -> str:
    return f"{prefix}{error['loc'][0]}" if error["loc"] else WHOLE


def words_of(error: ErrorDetails, gettext: Gettext) -> str:
    """Return what is wrong, in words."""
    context = {
        name: f"{value:g}" if isinstance(value, float) else value for name, value in error.get("ctx", {}).items()
    }
    if error["type"] == "value_error":
        return gettext(str(context["error"]))
    if error["type"] == "string_too_short" and context.get("min_length") == 1:
        return gettext(_WORDS["missing"])
    return gettext(_WORDS.get(error["type"], _OTHERWISE)) % context
