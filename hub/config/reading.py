"""Settings as they are read: from a file, or refused with every mistake at once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hub.config.settings import Settings
from hub.config.table import Setting, describe

DEFAULT_PATH = Path("/etc/poga/hub.toml")


class ConfigError(Exception):
    """The settings cannot be used; one line per mistake."""


def load(path: Path) -> Settings:
    """Return the settings in a file. Raises ConfigError: file, key, what is wrong, what is allowed."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path} is not there; an empty file is enough to begin with") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    return from_values(values, str(path))


def from_values(values: dict[str, Any], source: str) -> Settings:
    """Return the settings in `values`; `source` is named in the error. Raises ConfigError."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        rows = {row.key: row for row in describe()}
        raise ConfigError("\n".join(f"{source}: {mistake}" for mistake in _mistakes(error, rows))) from None


def _mistakes(error: ValidationError, rows: dict[str, Setting]) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        parts = [str(part) for part in problem["loc"] if not isinstance(part, int)]
        key = ".".join(parts)
        row = rows.get(key)
        if problem["type"] == "extra_forbidden":
            yield f"{key}: there is no such setting; `poga-hub show-config` lists them all"
            continue
        allowed = f"; allowed: {row.allowed}" if row else ""
        yield f"{key}: {problem['msg'].removeprefix('Value error, ')}{allowed}"
