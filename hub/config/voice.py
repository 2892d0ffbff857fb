"""The settings of voice: where calls come in, how telephones and units are reached, how browsers are."""

import re
from pathlib import Path
from typing import Annotated, Self

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator, SecretStr, model_validator

from device.voice.messages import Protocol
from hub.config.section import LOOPBACK, Data, Port, Section, about

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what is looked for
_TRUNK = re.compile(r"^sips?:[A-Za-z0-9.\-\[\]:]+(;[\w;=.\-]+)?$")
_UNIT_ADDRESS = re.compile(r"^sips?:\{unit_id\}@[A-Za-z0-9.\-\[\]:]+(;[\w;=.\-]+)?$")
_STUN = re.compile(r"^stuns?:[^\s@?]+$")
_TURN = re.compile(r"^turns?:[^\s@?]+(\?transport=(udp|tcp))?$")


def _written_like(pattern: re.Pattern[str], example: str) -> AfterValidator:
    def check(text: str) -> str:
        if text and not pattern.match(text):
            raise ValueError(f"write it like {example}")
        return text

    return AfterValidator(check)


Trunk = Annotated[str, _written_like(_TRUNK, "sip:trunk.example:5061;transport=tls, without a user")]
UnitAddress = Annotated[str, _written_like(_UNIT_ADDRESS, "sip:{unit_id}@registrar.example;transport=tls")]
StunServer = Annotated[str, _written_like(_STUN, "stun:stun.example:3478")]
TurnServer = Annotated[str, _written_like(_TURN, "turn:turn.example:3478?transport=udp")]
Region = Annotated[str, _written_like(re.compile(r"^[A-Z]{2}$"), "LV, the two letters of a country")]


class VoiceSettings(Section):
    """Calls of units, operators and telephones."""

    is_on: Annotated[bool, about("Speak. Needs the voice engine: `make pjsua2`.")] = True
    host: Annotated[str, MinLen(1), about("Where calls come in.")] = "127.0.0.1"
    protocols: Annotated[
        tuple[Protocol, ...],
        MinLen(1),
        MaxLen(3),
        about("How they come in; beyond this machine by tls alone.", allowed="udp, tcp, tls"),
    ] = (Protocol.UDP, Protocol.TCP)
    port: Annotated[Port, about("The port of udp and tcp; 0: any free one.")] = 5060
    tls_port: Annotated[Port, about("The port of tls; 0: any free one.")] = 5061
    certificate: Annotated[Path | None, about("Its certificate, for tls.")] = None
    key: Annotated[Path | None, about("The key of `certificate`.")] = None
    ca_file: Annotated[Path | None, about("Who vouches for units and for the trunk, for tls.")] = None
    media_host: Annotated[str, about("The address told for sound, where that is not `host`.")] = ""
    rtp_port: Annotated[Port, about("The first port of sound; 0: any.")] = 0
    unit_address: Annotated[UnitAddress, about("Where units are called; empty: they are told to call.")] = ""
    trunk: Annotated[Trunk, about("The way to telephone numbers; empty: there is none.")] = ""
    trunk_is_encrypted: Annotated[bool, about("Require SRTP of a trunk that is reached by tls.")] = True
    caller_number: Annotated[str, MaxLen(20), about("The number that the centre shows to telephones.")] = ""
    region: Annotated[Region, about("The country whose telephone numbers and emergency numbers these are.")] = "LV"
    may_call_emergency: Annotated[
        bool, about("Allow calls to public emergency numbers by the trunk; only where that was agreed on.")
    ] = False
    stun: Annotated[tuple[StunServer, ...], MaxLen(4), about("Who tells browsers how they look from outside.")] = ()
    turn: Annotated[tuple[TurnServer, ...], MaxLen(4), about("Who passes on the sound of browsers.")] = ()
    turn_username: Annotated[str, about("As whom browsers sign in at `turn`.")] = ""
    turn_password: Annotated[SecretStr | None, about("The password of `turn_username`.", data=Data.SECRET)] = None

    @model_validator(mode="after")
    def _no_open_line(self) -> Self:
        has_tls = Protocol.TLS in self.protocols
        if self.host not in LOOPBACK and set(self.protocols) != {Protocol.TLS}:
            raise ValueError('beyond this machine calls come in by tls alone: protocols = ["tls"]')
        if has_tls and not (self.certificate and self.key and self.ca_file):
            raise ValueError("tls needs certificate, key and ca_file: units are known by their certificates")
        if self.host in EVERYWHERE and not self.media_host:
            raise ValueError("say with media_host which address sound is to be sent to")
        if self.may_call_emergency and not self.trunk:
            raise ValueError("may_call_emergency needs a trunk")
        return self
