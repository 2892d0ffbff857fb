"""How the makers' modems differ where anybody can see it.

Rules: what a modem says of itself and at its start is as records of real ones show it; serial numbers are invented.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Traits:
    """One family's ways."""

    manufacturer: str
    model: str
    revision: str
    start: tuple[str, ...]
    """Said when it starts, with a usable SIM."""
    card_command: str
    card_prefix: str
    tone_code: str
    """How it tells a tone; {} is the key, or its character code."""
    tells_voice: bool
    """Says VOICE CALL: BEGIN and END."""
    has_lte: bool = True
    tones_as_codes: bool = False
    sim_lost: str = "+CPIN: NOT READY"
    sim_found: str = "+CPIN: READY"
    tries_command: str = "CPINR"
    tries_reply: str = "+CPINR: SIM PIN,{tries},3"
    switches: frozenset[str] = frozenset()
    """Settings of its maker's own that are granted and do nothing here."""


class Kind(Enum):
    """Which modem is simulated."""

    SIM7600 = Traits(
        manufacturer="SIMCOM INCORPORATED",
        model="SIMCOM_SIM7600G-H",
        revision="+CGMR: LE20B03SIM7600M22",
        start=("*ATREADY: 1", "+CPIN: READY", "SMS DONE", "PB DONE"),
        card_command="CICCID",
        card_prefix="+ICCID: ",
        tone_code="+RXDTMF: {}",
        tells_voice=True,
        sim_lost="+SIMCARD: NOT AVAILABLE",
        tries_command="SPIC",
        tries_reply="+SPIC: {tries},10,0,10",
        switches=frozenset({"CPCMREG", "DDET"}),
    )
    SIM800 = Traits(
        manufacturer="SIMCOM_Ltd",
        model="SIMCOM_SIM800L",
        revision="Revision:1418B05SIM800L24",
        start=("RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"),
        card_command="CCID",
        card_prefix="",
        tone_code="+DTMF: {}",
        tells_voice=False,
        has_lte=False,
        tries_command="SPIC",
        tries_reply="+SPIC: {tries},10,3,10",
        switches=frozenset({"CLTS", "DDET"}),
    )
    EC25 = Traits(
        manufacturer="Quectel",
        model="EC25",
        revision="EC25EFAR06A01M4G",
        start=("RDY", "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"),
        card_command="QCCID",
        card_prefix="+QCCID: ",
        tone_code="+QTONEDET: {}",
        tells_voice=False,
        tones_as_codes=True,
        sim_lost="+QSIMSTAT: 1,0",
        sim_found="+QSIMSTAT: 1,1",
        tries_command="QPINC",
        tries_reply='+QPINC: "SC",{tries},10',
        switches=frozenset({"QPCMV", "QTONEDET", "QSIMSTAT", "QURCCFG"}),
    )
    PLAIN = Traits(
        manufacturer="Poga",
        model="simulated 27.007",
        revision="1",
        start=(),
        card_command="CCID",
        card_prefix="+CCID: ",
        tone_code="+DTMF: {}",
        tells_voice=False,
        sim_lost="+CPIN: NOT INSERTED",
    )
