"""What differs from modem to modem: one table, and how a modem is recognised.

Rules: a profile says how to ask, never when. What a modem does not know is left out of its profile, not tried: an
unknown modem gets `PLAIN`, 27.007 and 27.005 alone. Setup commands may be refused; nothing here depends on them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from device.adapters.modem.at import answers
from device.adapters.modem.at.commands import (
    MANUFACTURER,
    MODEL,
    REVISION,
    SERIAL,
    Command,
    Extra,
    plain,
    reading,
)
from device.adapters.modem.events import Identity
from device.adapters.modem.refusal import Ask


class Sound(StrEnum):
    """Where a call's sound is."""

    ANALOGUE = "the modem's own microphone and loudspeaker pins"
    SERIAL_PCM = "a serial port of its own: 8,000 samples a second of 16 bits"
    USB_AUDIO = "a sound card on USB"


@dataclass(frozen=True, slots=True)
class Profile:
    """One family of modems."""

    name: str
    models: str
    """What its maker and model look like, as a regular expression."""
    setup: tuple[Command, ...]
    pin_tries: Command | None
    pin_tries_place: int
    """Which of the reply's values counts the tries that are left for the PIN."""
    card: Command
    """Asks for the SIM's own number."""
    has_lte: bool
    sound: Sound
    voice_on: tuple[Command, ...] = ()
    """Given when the other side has answered."""
    voice_off: tuple[Command, ...] = ()

    @property
    def hears_tones(self) -> bool:
        """Whether the modem itself hears the other side's keys."""
        return any(command.text.startswith(("AT+DDET", "AT+QTONEDET")) for command in self.setup)


BASICS = (
    plain("AT&D0"),  # a port that closes ends nothing
    plain("AT+CMEE=1"),  # numbers: the words differ from maker to maker
    plain("AT+CLIP=1"),
    plain("AT+CRC=0"),
    plain("AT+CREG=2"),
    plain("AT+CGREG=2"),
    plain("AT+CEREG=2"),
    plain("AT+COPS=3,0"),
)
"""For every modem: how errors, callers, registrations and operators are told."""

SIM7600 = Profile(
    name="SIM7600",
    models=r"SIM7[56]\d\d",
    setup=(plain("AT+CTZU=1"), plain("AT+CTZR=1"), plain("AT+DDET=1")),
    pin_tries=reading("SPIC", suffix=""),
    pin_tries_place=0,
    card=Command("AT+CICCID", ("+ICCID:",)),
    has_lte=True,
    sound=Sound.SERIAL_PCM,
    voice_on=(plain("AT+CPCMREG=1"),),
    voice_off=(plain("AT+CPCMREG=0"),),
)
SIM800 = Profile(
    name="SIM800",
    models=r"SIM[89]\d\d",
    setup=(plain("AT+CLTS=1"), plain("AT+DDET=1")),
    pin_tries=reading("SPIC", suffix=""),
    pin_tries_place=0,
    card=Command("AT+CCID", ("+CCID:",), extra=Extra.TEXT),
    has_lte=False,
    sound=Sound.ANALOGUE,
)
EC25 = Profile(
    name="EC25",
    models=r"E[CG](?:2[015]|9[15])",
    setup=(
        plain("AT+CTZU=3"),  # the clock keeps local time, as 27.007 says it should; 1 would keep UTC
        plain("AT+CTZR=2"),
        plain("AT+QTONEDET=1"),
        plain("AT+QSIMSTAT=1"),
        plain('AT+QURCCFG="urcport","all"'),
    ),
    pin_tries=Command('AT+QPINC="SC"', ("+QPINC:",)),
    pin_tries_place=1,
    card=Command("AT+QCCID", ("+QCCID:",)),
    has_lte=True,
    sound=Sound.USB_AUDIO,
    voice_on=(plain("AT+QPCMV=1,2"),),
    voice_off=(plain("AT+QPCMV=0"),),
)
PLAIN = Profile(
    name="27.007",
    models=r"",
    setup=(plain("AT+CTZU=1"), plain("AT+CTZR=1")),
    pin_tries=Command('AT+CPINR="SIM PIN"', ("+CPINR:",)),
    pin_tries_place=1,
    card=Command("AT+CCID", ("+CCID:",), extra=Extra.TEXT),
    has_lte=True,
    sound=Sound.ANALOGUE,
)
_QUESTIONS = (MANUFACTURER, MODEL, REVISION, SERIAL)
PROFILES = (SIM7600, SIM800, EC25, PLAIN)


def identify(ask: Ask) -> Identity:
    """Ask the modem who it is. Raises AdapterError where it does not reply."""
    maker, model, revision, serial = (answers.text(ask(question).lines) for question in _QUESTIONS)
    return Identity(maker, model, revision, serial, profile_of(maker, model).name)


def profile_of(manufacturer: str, model: str) -> Profile:
    """Return the profile of the modem that calls itself so."""
    said = f"{manufacturer} {model}".upper()
    return next(profile for profile in PROFILES if re.search(profile.models, said))
