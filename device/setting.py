"""One setting as a person sees it: its row in the table, its value, and what is wrong with it.

Rules: everything is read from the pydantic model that holds the settings; each field carries an `About`.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticUndefined


class Data(StrEnum):
    """How a value must be treated: a secret one is never shown, a personal one never leaves the home."""

    PLAIN = "plain"
    SECRET = "secret"  # noqa: S105 - the word, not one
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class About:
    """What a person must know of a setting beside its type; `allowed` where its bounds do not say it."""

    what: str
    unit: str = ""
    allowed: str = ""
    data: Data = Data.PLAIN


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table of settings; its key has `[]` where a list of sections is."""

    key: str
    unit: str
    default: str
    allowed: str
    data: Data
    what: str


def rows_of(model: type[BaseModel], prefix: str = "") -> Iterator[Setting]:
    """Return a row for every setting of a model, in its order; a section's own come after it."""
    for name, field in model.model_fields.items():
        about = next(item for item in field.metadata if isinstance(item, About))
        key = f"{prefix}{name}"
        inner = _section_in(field)
        default = "" if inner else _default(field)
        yield Setting(key, about.unit, default, about.allowed or _allowed(field), about.data, about.what)
        if inner:
            yield from rows_of(inner, f"{key}{'' if field.annotation is inner else '[]'}.")


def values_of(value: Any, secrets: frozenset[str], key: str = "") -> Iterator[tuple[str, str]]:
    """Return every key of a dumped model with its value as a person may see it: of a secret, whether it is there."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from values_of(inner, secrets, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and all(isinstance(inner, str) for inner in value):
        yield key, ", ".join(value)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from values_of(inner, secrets, f"{key}[{number}]")
    elif in_any_entry(key) in secrets:
        yield key, "not set" if value is None else "set, not shown"
    else:
        yield key, "" if value is None else _word(value)


def mistakes_in(error: ValidationError, rows: dict[str, Setting]) -> Iterator[str]:
    """Say what is wrong: key, value unless it is secret, why, and what is allowed."""
    problems = error.errors(include_url=False, include_context=False)
    for problem in problems:
        if not _follows_from_others(problem, problems):
            yield _mistake(problem, rows)


def in_any_entry(key: str) -> str:
    """Return the key as the table has it: `triggers[].name` for `triggers[1].name`."""
    return re.sub(r"\[\d+\]", "[]", key)


def _section_in(field: FieldInfo) -> type[BaseModel] | None:
    kinds = (field.annotation, *get_args(field.annotation))
    return next((kind for kind in kinds if _is(kind, BaseModel)), None)


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "must be given"
    return "" if field.default in (None, ()) else _word(field.default)


def _allowed(field: FieldInfo) -> str:
    kinds = [kind for kind in get_args(field.annotation) or (field.annotation,) if kind is not type(None)]
    enum = next((kind for kind in kinds if _is(kind, StrEnum)), None)
    if enum is not None:
        return ", ".join(enum)
    if bool in kinds:
        return "true, false"
    if Path in kinds:
        return "a path"
    bounds = {type(item): item for item in field.metadata}
    if Ge in bounds and Le in bounds:
        return f"{bounds[Ge].ge} to {bounds[Le].le}"
    if MaxLen in bounds:
        unit = "characters" if field.annotation is str else "entries"
        least = bounds[MinLen].min_length if MinLen in bounds else 0
        return f"{least} to {bounds[MaxLen].max_length} {unit}"
    pattern = next((item.pattern for item in field.metadata if hasattr(item, "pattern")), None)
    return f"`{pattern}`" if pattern else "text"


def _is(kind: object, parent: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, parent)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _mistake(problem: ErrorDetails, rows: dict[str, Setting]) -> str:
    key = _key(problem["loc"])
    row = rows.get(in_any_entry(key))
    if problem["type"] == "extra_forbidden":
        return f"{key}: there is no such setting{_did_you_mean(key, list(rows))}"
    if problem["type"] == "missing":
        return f"{key}: must be given{_hint(row)}"
    said = problem["msg"].removeprefix("Value error, ")
    if row is None or row.data is Data.SECRET or isinstance(problem["input"], dict | list):
        return f"{key}: {said}{_hint(row)}" if key else said
    return f"{key}: {problem['input']!r} cannot be used: {said}{_hint(row)}"


def _hint(row: Setting | None) -> str:
    if row is None:
        return ""
    return f"; allowed: {row.allowed}{f' {row.unit}' if row.unit else ''}"


def _key(location: Sequence[int | str]) -> str:
    key = ""
    for part in location:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def _did_you_mean(key: str, keys: list[str]) -> str:
    close = difflib.get_close_matches(in_any_entry(key), keys, n=1, cutoff=0.6)
    return f"; did you mean {close[0].rpartition('.')[2]}?" if close else "; device/README.md lists them all"


def _follows_from_others(problem: ErrorDetails, problems: list[ErrorDetails]) -> bool:
    """Tell whether a list is called too short only because its entries have mistakes of their own."""
    where = problem["loc"]
    return problem["type"] == "too_short" and any(
        other["loc"][: len(where)] == where and len(other["loc"]) > len(where) for other in problems
    )
