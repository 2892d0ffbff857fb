"""The one list of pins, hardware/pins.csv, as the program reads it; `device/pins.csv` is a link to it.

Rules: what the list says of a pin is said nowhere else. A row that cannot be read is told with its line and column.
"""

import csv
from enum import StrEnum
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from device.config import Contact


class Kind(StrEnum):
    """Who drives the pin: the world, the program, or a bus of the board."""

    INPUT = "input"
    OUTPUT = "output"
    BUS = "bus"


class Level(StrEnum):
    """A voltage, as a number's two."""

    LOW = "low"
    HIGH = "high"


class Pull(StrEnum):
    """The resistor that holds an input while nothing drives it."""

    UP = "up"
    DOWN = "down"


class Function(StrEnum):
    """What the pin is for."""

    TRIGGER = "trigger"
    CANCEL = "cancel"
    MAINS_GOOD = "mains_good"
    LIGHT = "light"
    I2C = "i2c"
    UART = "uart"
    I2S = "i2s"


def _none_where_empty(cell: object) -> object:
    return cell or None


class Pin(BaseModel):
    """One row: `bcm` is the GPIO's number, `physical` the place on the 40-pin header."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    kind: Kind
    bcm: Annotated[int, Field(ge=0, le=27)]
    physical: Annotated[int, Field(ge=1, le=40)]
    pull: Annotated[Pull | None, BeforeValidator(_none_where_empty)]
    active: Annotated[Level | None, BeforeValidator(_none_where_empty)]
    contact: Annotated[Contact | None, BeforeValidator(_none_where_empty)]
    function: Function
    note: str


class PinListError(ValueError):
    """The list of pins cannot be used; one line per mistake."""


def load_pins() -> tuple[Pin, ...]:
    """Return the pins of the unit. Raises PinListError."""
    return parse_pins(resources.files("device").joinpath("pins.csv").read_text(encoding="utf-8"))


def parse_pins(text: str) -> tuple[Pin, ...]:
    """Return the pins of a list. Raises PinListError, which names every cell that is wrong."""
    pins: list[Pin] = []
    mistakes: list[str] = []
    reader = csv.DictReader(text.splitlines(), restkey="cells beyond the last column", restval=None)
    for row in reader:
        try:
            pins.append(Pin.model_validate(row))
        except ValidationError as error:
            mistakes += [
                f"hardware/pins.csv line {reader.line_num}, {problem['loc'][0]}: {problem['msg']}"
                for problem in error.errors()
            ]
    if not pins and not mistakes:
        mistakes.append("hardware/pins.csv lists no pin: put a header and at least one row into it")
    if mistakes:
        raise PinListError("\n".join(mistakes))
    return tuple(pins)
