"""The settings as people see them: a row for each, values without secrets, the README's table."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from hub.config.section import Data
from hub.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table of settings; its key has `[]` where a list is."""

    key: str
    unit: str
    default: str
    allowed: str
    data: Data
    what: str


def describe() -> tuple[Setting, ...]:
    """Return a row for every setting, in the order of the model."""
    return tuple(_rows(Settings))


def shown(settings: Settings) -> Iterator[tuple[str, str]]:
    """Return every key with its value as a person may see it: of a secret, whether it is there."""
    secret = {row.key for row in describe() if row.data is Data.SECRET}
    for key, value in _flat(settings.model_dump(mode="json")):
        yield key, _presence(value) if key in secret else _word(value)


def as_markdown() -> str:
    """Return the table of every setting, as the README shows it."""
    lines = ["| setting | default | allowed | what it is for |", "| --- | --- | --- | --- |"]
    for row in describe():
        unit = f" {row.unit}" if row.unit else ""
        default = f"`{row.default}`{unit}" if row.default else ""
        what = f"{row.what} Secret." if row.data is Data.SECRET else row.what
        lines.append(f"| `{row.key}` | {default} | {row.allowed} | {what} |")
    return "\n".join(lines)


def _rows(model: type[BaseModel], prefix: str = "") -> Iterator[Setting]:
    properties = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _rows(field.annotation, f"{prefix}{name}.")
            continue
        schema = properties[name]
        default = _word(field.default)
        allowed = schema["allowed"] or _allowed(field.annotation, schema)
        yield Setting(f"{prefix}{name}", schema["unit"], default, allowed, Data(schema["data"]), schema["description"])


def _allowed(annotation: Any, schema: dict[str, Any]) -> str:
    inner = schema.get("items", schema)
    each = " each" if "items" in schema else ""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ", ".join(annotation)
    if "minimum" in inner:
        unit = f" {schema['unit']}" if schema["unit"] else ""
        return f"{inner['minimum']:g} to {inner['maximum']:g}{unit}{each}"
    if schema.get("type") == "boolean":
        return "true, false"
    if "path" in str(schema.get("anyOf", schema)):
        return "a path"
    return f"text{each}"


def _flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _presence(value: Any) -> str:
    return "set, not shown" if value else "not set"


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(_word(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
