"""Bytes to messages and back: JSON in UTF-8, at most `MAX_BYTES`.

Whatever cannot be read raises `WireError` with its kind and what was wrong; nothing else is ever raised.
"""

from enum import StrEnum
from typing import TypeVar

from pydantic import ValidationError

from device.wire.messages import Model

MAX_BYTES = 16_384
M = TypeVar("M", bound=Model)


class WireProblem(StrEnum):
    """Kinds of unreadable message, as counted."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    WRONG_TOPIC = "wrong_topic"


class WireError(Exception):
    """The peer sent what cannot be read: counted and logged, never raised into the loop."""

    def __init__(self, problem: WireProblem, detail: str) -> None:
        """Hold the kind and a short detail that quotes no payload."""
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail


def encode(message: Model) -> bytes:
    """Return the bytes of a message; defaults that say nothing are left out."""
    return message.model_dump_json(exclude_none=True).encode()


def decode(model: type[M], payload: bytes) -> M:
    """Return the message in `payload`.

    Raises:
        WireError: too large, not JSON in UTF-8, or not of the model's shape.
    """
    if len(payload) > MAX_BYTES:
        raise WireError(WireProblem.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_BYTES} are read")
    try:
        return model.model_validate_json(payload)
    except ValidationError as error:
        raise _as_wire_error(error) from None
    except RecursionError:
        raise WireError(WireProblem.NOT_JSON, "nested too deep") from None


def _as_wire_error(error: ValidationError) -> WireError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    problem = WireProblem.NOT_JSON if first["type"] == "json_invalid" else WireProblem.WRONG_SHAPE
    return WireError(problem, f"{where}: {first['msg']}" if where else first["msg"])
