"""What every section of the settings is made of."""

from enum import StrEnum
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, Field

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Data(StrEnum):
    """How a value must be treated."""

    PLAIN = "plain"
    SECRET = "secret"  # noqa: S105 - the word, not one


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def about(what: str, unit: str = "", data: Data = Data.PLAIN, allowed: str = "") -> Any:
    """Return what a setting is for, in which unit, how it must be treated, what is allowed where no type says it."""
    return Field(description=what, json_schema_extra={"unit": unit, "data": data, "allowed": allowed})


Port = Annotated[int, Ge(0), Le(65_535)]
Seconds = Annotated[float, Ge(1), Le(86_400)]
