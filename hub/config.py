"""Every setting of a centre: name, unit of measure, default, bounds, what it is for, how its value must be treated.

Rules: the model is the whole truth; `show-config` and the README's table are made from it (`describe`). An unknown key
and a bad value are told with file, key, what is wrong and what is allowed. A secret is shown nowhere.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from hub.core.timings import Timings

DEFAULT_PATH = Path("/etc/poga/hub.toml")


class Data(StrEnum):
    """How a value must be treated."""

    PLAIN = "plain"
    SECRET = "secret"  # noqa: S105 - the word, not one


class LogLevel(StrEnum):
    """How much is written to the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ConfigError(Exception):
    """The settings cannot be used; one line per mistake."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table of settings; its key has `[]` where a list is."""

    key: str
    unit: str
    default: str
    allowed: str
    data: Data
    what: str


def _about(what: str, unit: str = "", data: Data = Data.PLAIN, allowed: str = "") -> Any:
    return Field(description=what, json_schema_extra={"unit": unit, "data": data, "allowed": allowed})


def _web_address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("write it like https://centre.example/alarm")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]
Seconds = Annotated[float, Ge(1), Le(86_400)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BrokerSettings(_Section):
    """The MQTT broker through which units and centre speak."""

    is_embedded: Annotated[bool, _about("Run mosquitto as a child of the centre; else one is there already.")] = True
    host: Annotated[str, MinLen(1), _about("Where it listens, or where it is.")] = "127.0.0.1"
    port: Annotated[int, Ge(0), Le(65_535), _about("Its port; 0: any free one, embedded only.")] = 1883
    certificate: Annotated[Path | None, _about("Its certificate; needed where it is not on this machine alone.")] = None
    key: Annotated[Path | None, _about("The key of `certificate`.")] = None
    ca_file: Annotated[Path | None, _about("The authority to believe, where the broker is not embedded.")] = None
    username: Annotated[str, _about("As whom the centre signs in, where the broker is not embedded.")] = "hub"
    password: Annotated[
        SecretStr | None, _about("The centre's password, where the broker is not embedded.", data=Data.SECRET)
    ] = None

    @model_validator(mode="after")
    def _no_open_line(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key belong together: set both or none")
        if self.is_embedded and self.certificate is None and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("a broker that listens beyond this machine needs certificate and key")
        if not self.is_embedded and self.port == 0:
            raise ValueError("name the port of the broker that is there already")
        return self


class ConsoleSettings(_Section):
    """The operators' console."""

    host: Annotated[str, MinLen(1), _about("Where it listens.")] = "127.0.0.1"
    port: Annotated[int, Ge(0), Le(65_535), _about("Its port; 0: any free one.")] = 8080
    public_url: Annotated[WebAddress, _about("What browsers call it, where that is not host and port.")] = ""
    certificate: Annotated[Path | None, _about("Its certificate; without one it speaks plain HTTP.")] = None
    key: Annotated[Path | None, _about("The key of `certificate`.")] = None
    metrics_token: Annotated[
        SecretStr | None, _about("Who brings it may read /metrics from elsewhere.", data=Data.SECRET)
    ] = None


class EscalationSettings(_Section):
    """Who is told, and when, if nobody answers."""

    no_console_after_s: Annotated[Seconds, _about("No console on shift for so long goes outside.", "s")] = 30.0
    alarm_steps_s: Annotated[
        tuple[Seconds, ...], MinLen(1), MaxLen(10), _about("Steps after an alarm that nobody accepts.", "s")
    ] = (30.0, 60.0, 120.0)
    alarm_repeat_s: Annotated[Seconds, _about("Afterwards again and again.", "s")] = 60.0
    fault_steps_s: Annotated[
        tuple[Seconds, ...], MinLen(1), MaxLen(10), _about("Steps after an urgent fault that nobody accepts.", "s")
    ] = (120.0, 600.0)
    fault_repeat_s: Annotated[Seconds, _about("Afterwards again and again.", "s")] = 3600.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name, steps in (("alarm_steps_s", self.alarm_steps_s), ("fault_steps_s", self.fault_steps_s)):
            if list(steps) != sorted(set(steps)):
                raise ValueError(f"{name} must rise: each step is counted from the beginning")
        return self

    def timings(self) -> Timings:
        """Return them as the core takes them."""
        return Timings(**self.model_dump())


class RelaySettings(_Section):
    """Ways out of the centre for what nobody attends to."""

    webhooks: Annotated[tuple[WebAddress, ...], MaxLen(16), _about("Addresses that get a POST with JSON.")] = ()
    apprise: Annotated[
        tuple[SecretStr, ...],
        MaxLen(16),
        _about("Apprise addresses (mail, SMS, messengers).", data=Data.SECRET, allowed="an Apprise address each"),
    ] = ()


class Settings(_Section):
    """All settings of one centre."""

    name: Annotated[str, MinLen(1), MaxLen(64), _about("The centre's name, on the console.")] = "Poga"
    data_dir: Annotated[Path, _about("Folder of the stores; only this program may use it.")] = Path("/var/lib/poga-hub")
    log_level: Annotated[LogLevel, _about("How much is logged.")] = LogLevel.INFO
    broker: Annotated[BrokerSettings, _about("The MQTT broker.")] = BrokerSettings()
    console: Annotated[ConsoleSettings, _about("The operators' console.")] = ConsoleSettings()
    escalation: Annotated[EscalationSettings, _about("What happens when nobody answers.")] = EscalationSettings()
    relays: Annotated[RelaySettings, _about("Ways out of the centre.")] = RelaySettings()


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
