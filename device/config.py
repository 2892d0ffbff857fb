"""Every setting of a unit: name, unit of measure, default, bounds, what it is for, and how its value must be treated.

Rules: the model is the whole truth; `show-config` and the README's table are made from it (`describe`). An unknown key
and a bad value are told with file, key, what is wrong and what is allowed. A secret is shown nowhere.
"""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from device.core.triggers import CANCEL, Trigger
from device.prompts.words import Language
from device.setting import About, Data, Setting, mistakes_in, rows_of, values_of
from device.voice.messages import Protocol, Srtp
from device.wire.topics import is_unit_id
from device.wire.vocabulary import Code3, Code4, DeviceType, LocationCode, StatusCode

DEFAULT_PATH = Path("/etc/poga/device.toml")
A_PIN = "a name in hardware/pins.csv"


class Contact(StrEnum):
    """How a wired trigger is at rest."""

    NORMALLY_OPEN = "normally_open"
    NORMALLY_CLOSED = "normally_closed"


class LogLevel(StrEnum):
    """How much is written to the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ConfigError(Exception):
    """The settings cannot be used; one line per mistake."""


def _unit_id(text: str) -> str:
    if not is_unit_id(text):
        raise ValueError("this cannot name a unit")
    return text


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Centre(_Section):
    """One centre's broker."""

    host: Annotated[str, MinLen(1), About("Name or address of the centre's broker.", allowed="a host name or address")]
    port: Annotated[int, Ge(1), Le(65_535), About("Its port.")] = 8883
    tls: Annotated[bool, About("Encrypt, and believe only `ca_file`. Off only for a broker on the same machine.")] = (
        True
    )
    ca_file: Annotated[
        Path | None, About("Certificate of the authority that vouches for the centre; needed with `tls`.")
    ] = None
    cert_file: Annotated[Path | None, About("This unit's own certificate, where the centre asks for one.")] = None
    key_file: Annotated[Path | None, About("The key of `cert_file`.")] = None
    username: Annotated[str | None, About("Who the unit is to the broker; with a password, `unit_id` if left out.")] = (
        None
    )
    password: Annotated[SecretStr | None, About("The unit's password, where it has one.", data=Data.SECRET)] = None
    password_file: Annotated[Path | None, About("A file with nothing but the password, instead of `password`.")] = None

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password is not None and self.password_file is not None:
            raise ValueError("password and password_file are both given; give one")
        return self

    def read_password(self) -> str | None:
        """Return the password, None where there is none. Raises ConfigError."""
        if self.password is not None:
            return self.password.get_secret_value()
        if self.password_file is None:
            return None
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"password_file {self.password_file} cannot be read: {error}") from None


class TriggerSettings(_Section):
    """One trigger: what a person presses or pulls, or a sensor."""

    id: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$"),
        About("What the trigger is called on the wire.", allowed="1 to 64 of a-z, 0-9, - and _"),
    ]
    name: Annotated[str, MinLen(1), MaxLen(64), About("What operators read: a place or a thing, never a person.")]
    pin: Annotated[str, About("Where it is wired; empty for a worn one.", allowed=A_PIN)] = ""
    contact: Annotated[Contact | None, About("How it is at rest; if left out, as hardware/pins.csv says.")] = None
    device_type: Annotated[Code4, About("SCAIP device type.", allowed="4 digits")] = DeviceType.FIXED_TRIGGER.value
    location_code: Annotated[Code3, About("SCAIP location code.", allowed="3 digits")] = LocationCode.UNKNOWN.value
    status_code: Annotated[Code4, About("SCAIP status code of its alarm.", allowed="4 digits")] = (
        StatusCode.MANUAL_ALARM.value
    )
    pre_alarm_s: Annotated[
        float, Ge(0), Le(30), About("How long a press can be withdrawn with cancel before anybody is called.", unit="s")
    ] = 0.0

    def trigger(self) -> Trigger:
        """Return the trigger as the core knows it."""
        return Trigger(self.id, self.name, self.device_type, self.location_code, self.status_code, self.pre_alarm_s)


THE_BUTTON = TriggerSettings(id="button", name="Button", pin="button")


class SpeechTarget(_Section):
    """Whom the unit calls."""

    uri: Annotated[
        str,
        Field(pattern=r"^sips?:[^@\s]+@[^@\s]+$"),
        About("SIP address of a centre.", allowed="as `sip:alarm@centre.example:5061;transport=tls`"),
    ]
    ring_s: Annotated[float, Ge(5), Le(120), About("How long it may ring before the next one is called.", unit="s")] = (
        20.0
    )
    srtp: Annotated[Srtp, About("Whether speech to it is encrypted. Less than `mandatory` only on trusted lines.")] = (
        Srtp.MANDATORY
    )


class SpeechTransport(_Section):
    """From where the unit calls, and where it can be called."""

    protocol: Annotated[Protocol, About("What carries SIP.")] = Protocol.TLS
    host: Annotated[str, MinLen(1), About("Own address to use.", allowed="an address of this machine")] = "0.0.0.0"  # noqa: S104 - TLS asks for a certificate
    port: Annotated[int, Ge(0), Le(65_535), About("Own port; 0: any that is free.")] = 0


class Speech(_Section):
    """Two-way voice. Without a target there is none."""

    targets: Annotated[
        tuple[SpeechTarget, ...], MaxLen(8), About("Who is called on an alarm, in this order; none: no voice.")
    ] = ()
    transports: Annotated[
        tuple[SpeechTransport, ...],
        MinLen(1),
        MaxLen(3),
        About("From where it calls, each protocol once. Without TLS only a caller on the same machine is the centre."),
    ] = (SpeechTransport(),)
    ca_file: Annotated[Path | None, About("Certificate of the authority that vouches for the centres; for TLS.")] = None
    cert_file: Annotated[Path | None, About("This unit's own certificate, with `unit_id` among its names.")] = None
    key_file: Annotated[Path | None, About("The key of `cert_file`.")] = None
    centre_names: Annotated[
        tuple[str, ...],
        MaxLen(16),
        About("Names in certificates that are the centre's; only who has one may call.", allowed="host names"),
    ] = ()
    sound_card: Annotated[
        str, About("The sound card with loudspeaker and microphone, by a part of its name; empty: the first there is.")
    ] = ""
    has_own_echo_canceller: Annotated[
        bool, About("The device removes its own echo, as conference speakers do: the unit must not do it again.")
    ] = False

    @model_validator(mode="after")
    def _what_tls_needs(self) -> Self:
        protocols = [transport.protocol for transport in self.transports]
        twice = sorted({protocol for protocol in protocols if protocols.count(protocol) > 1})
        if twice:
            raise ValueError(f"transport {', '.join(twice)} is given twice; each can be given once")
        missing = [name for name in ("ca_file", "cert_file", "key_file") if getattr(self, name) is None]
        if self.targets and Protocol.TLS in protocols and missing:
            raise ValueError(f"transport tls needs {', '.join(missing)}; give them, or another transport")
        return self

    def ring_times_s(self) -> tuple[float, ...]:
        """Return how long each target may ring, as the core wants to know it."""
        return tuple(target.ring_s for target in self.targets)


class Settings(_Section):
    """All settings of one unit."""

    unit_id: Annotated[
        str,
        AfterValidator(_unit_id),
        About("The unit's serial; names it on the wire.", allowed="3 to 32 of a-z, 0-9, -; neither `centre` nor `hub`"),
    ]
    language: Annotated[Language, About("The language the unit speaks.")] = Language.EN
    centres: Annotated[tuple[Centre, ...], MinLen(1), MaxLen(8), About("The centres, the preferred one first.")]
    keepalive_s: Annotated[int, Ge(15), Le(30), About("How often a quiet line is tried.", unit="s")] = 20
    triggers: Annotated[tuple[TriggerSettings, ...], MinLen(1), MaxLen(64), About("What asks for help.")] = (
        THE_BUTTON,
    )
    cancel_pin: Annotated[str, About("Where the cancel button is wired; empty: there is none.", allowed=A_PIN)] = (
        "cancel"
    )
    light_pin: Annotated[str, About("Where the light is wired.", allowed=A_PIN)] = "light"
    mains_pin: Annotated[str, About("Where the charger tells of the mains; empty: it does not.", allowed=A_PIN)] = (
        "mains_good"
    )
    sound_device: Annotated[str, MinLen(1), About("The loudspeaker, as `aplay -L` names it.")] = "default"
    speech: Annotated[Speech, About("Two-way voice with the centre.", allowed="a section")] = Speech()
    data_dir: Annotated[Path, About("Folder of outbox and journal; the program must be able to write there.")] = Path(
        "/var/lib/poga"
    )
    log_level: Annotated[LogLevel, About("How much is logged.")] = LogLevel.INFO

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        for what, names in (
            ("trigger id", [trigger.id for trigger in self.triggers] + [CANCEL] * bool(self.cancel_pin)),
            ("pin", [trigger.pin for trigger in self.triggers] + [self.cancel_pin, self.light_pin, self.mains_pin]),
        ):
            given = [name for name in names if name]
            twice = sorted({name for name in given if given.count(name) > 1})
            if twice:
                raise ValueError(f"{what} {', '.join(twice)} is given twice; each can be given once")
        return self


def read_settings(path: Path) -> Settings:
    """Return the settings of a file. Raises ConfigError."""
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no such file; device/README.md shows one, --config names another"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is no TOML file: {error}") from None
    try:
        return Settings.model_validate(plain)
    except ValidationError as error:
        raise ConfigError(
            "\n".join(f"{path}: {mistake}" for mistake in mistakes_in(error, {row.key: row for row in describe()}))
        ) from None


def describe() -> tuple[Setting, ...]:
    """Return a row for every setting, in the order of the model."""
    return tuple(rows_of(Settings))


def show(settings: Settings) -> list[tuple[str, str]]:
    """Return every key with its value as a person may see it."""
    secrets = frozenset(row.key for row in describe() if row.data is Data.SECRET)
    return list(values_of(settings.model_dump(mode="json"), secrets))
