"""The sections of the settings but voice's."""

from pathlib import Path
from typing import Annotated, Self

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator, SecretStr, model_validator

from hub.config.section import LOOPBACK, Data, Port, Seconds, Section, about
from hub.core.timings import Timings


def _web_address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("write it like https://centre.example/alarm")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]


class BrokerSettings(Section):
    """The MQTT broker through which units and centre speak."""

    is_embedded: Annotated[bool, about("Run mosquitto as a child of the centre; else one is there already.")] = True
    host: Annotated[str, MinLen(1), about("Where it listens, or where it is.")] = "127.0.0.1"
    port: Annotated[Port, about("Its port; 0: any free one, embedded only.")] = 1883
    certificate: Annotated[Path | None, about("Its certificate; needed where it is not on this machine alone.")] = None
    key: Annotated[Path | None, about("The key of `certificate`.")] = None
    ca_file: Annotated[Path | None, about("The authority to believe, where the broker is not embedded.")] = None
    username: Annotated[str, about("As whom the centre signs in, where the broker is not embedded.")] = "hub"
    password: Annotated[
        SecretStr | None, about("The centre's password, where the broker is not embedded.", data=Data.SECRET)
    ] = None

    @model_validator(mode="after")
    def _no_open_line(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key belong together: set both or none")
        if self.is_embedded and self.certificate is None and self.host not in LOOPBACK:
            raise ValueError("a broker that listens beyond this machine needs certificate and key")
        if not self.is_embedded and self.port == 0:
            raise ValueError("name the port of the broker that is there already")
        return self


class ConsoleSettings(Section):
    """The operators' console."""

    host: Annotated[str, MinLen(1), about("Where it listens.")] = "127.0.0.1"
    port: Annotated[Port, about("Its port; 0: any free one.")] = 8080
    public_url: Annotated[WebAddress, about("What browsers call it, where that is not host and port.")] = ""
    certificate: Annotated[Path | None, about("Its certificate; without one it speaks plain HTTP.")] = None
    key: Annotated[Path | None, about("The key of `certificate`.")] = None
    metrics_token: Annotated[
        SecretStr | None, about("Who brings it may read /metrics from elsewhere.", data=Data.SECRET)
    ] = None


class EscalationSettings(Section):
    """Who is told, and when, if nobody answers."""

    no_console_after_s: Annotated[Seconds, about("No console on shift for so long goes outside.", "s")] = 30.0
    alarm_steps_s: Annotated[
        tuple[Seconds, ...], MinLen(1), MaxLen(10), about("Steps after an alarm that nobody accepts.", "s")
    ] = (30.0, 60.0, 120.0)
    alarm_repeat_s: Annotated[Seconds, about("Afterwards again and again.", "s")] = 60.0
    fault_steps_s: Annotated[
        tuple[Seconds, ...], MinLen(1), MaxLen(10), about("Steps after an urgent fault that nobody accepts.", "s")
    ] = (120.0, 600.0)
    fault_repeat_s: Annotated[Seconds, about("Afterwards again and again.", "s")] = 3600.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name, steps in (("alarm_steps_s", self.alarm_steps_s), ("fault_steps_s", self.fault_steps_s)):
            if list(steps) != sorted(set(steps)):
                raise ValueError(f"{name} must rise: each step is counted from the beginning")
        return self

    def timings(self) -> Timings:
        """Return them as the core takes them."""
        return Timings(**self.model_dump())


class RelaySettings(Section):
    """Ways out of the centre for what nobody attends to."""

    webhooks: Annotated[tuple[WebAddress, ...], MaxLen(16), about("Addresses that get a POST with JSON.")] = ()
    apprise: Annotated[
        tuple[SecretStr, ...],
        MaxLen(16),
        about("Apprise addresses (mail, SMS, messengers).", data=Data.SECRET, allowed="an Apprise address each"),
    ] = ()
