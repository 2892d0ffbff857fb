"""What a modem says unasked: 27.007's and 27.005's codes, and those of SIM7600, SIM800 and EC25.

Rules: a line is read by its form alone, so that one and the same line is always the same code. What is known to come
unasked and means nothing here is a `Notice`. A code whose values cannot be read is a `Notice` too; nothing raises.
"""

from collections.abc import Callable

from device.adapters.modem.at.codes import (
    BodyFollows,
    CallCause,
    CallerShown,
    CallMissed,
    CallOver,
    MessageArrived,
    MessageStored,
    Notice,
    Readiness,
    ReadinessSeen,
    RegistrationSeen,
    Ringing,
    SimSeen,
    Storage,
    StorageFull,
    TimeSeen,
    ToneHeard,
    Unsolicited,
    VoiceBegun,
    VoiceOver,
)
from device.adapters.modem.at.facts import Domain, SimState, network_time, registration, sim_state
from device.adapters.modem.at.fields import at, values_of


def read_unsolicited(line: str) -> Unsolicited | BodyFollows | None:
    """Return what the line says unasked, None where no modem says such a thing unasked."""
    whole = _WHOLE.get(line.upper())
    if whole is not None:
        return whole
    prefix = prefix_of(line)
    reader = _PREFIXED.get(prefix)
    if reader is not None:
        return reader(line) or Notice(line)
    if prefix in _NOTICES or line.startswith(_NOTICE_BEGINNINGS):
        return Notice(line)
    return None


def prefix_of(line: str) -> str:
    """Return what stands before the colon, e.g. `+CMTI`; empty where there is no such thing."""
    head, colon, _ = line.partition(":")
    return head.strip().upper() if colon else ""


def is_always_unsolicited(line: str) -> bool:
    """Tell whether the line's form rules out that it answers a question for the same value.

    `+CREG: 1` and `+CREG: 1,"00C3","3F2A",7` come unasked; an answer has the mode before the state, `+CREG: 2,1,...`.
    """
    if _PREFIXED.get(prefix_of(line)) is not _registration:
        return False
    second = at(values_of(line), 1)
    is_state = not second.is_quoted and len(second.text) in (1, 2) and second.number is not None
    return not is_state


def _registration(line: str) -> Unsolicited | None:
    if not is_always_unsolicited(line):
        return None
    seen = registration(Domain(prefix_of(line)), values_of(line))
    return RegistrationSeen(seen) if seen else None


def _stored(line: str) -> Unsolicited | None:
    found = values_of(line)
    index = at(found, 1).number
    return None if index is None else MessageStored(at(found, 0).text, index, prefix_of(line) == "+CDSI")


def _caller(line: str) -> Unsolicited | None:
    first = at(values_of(line), 0)
    return CallerShown(first.text) if first.is_quoted or not first.text else None  # numbers: an answer to AT+CLIP?


def _tone(line: str) -> Unsolicited | None:
    text = at(values_of(line), 0).text.upper()
    return ToneHeard(text) if len(text) == 1 and text in "0123456789*#ABCD" else None


def _tone_by_code(line: str) -> Unsolicited | None:
    code = at(values_of(line), 0).number
    return _tone(f":{chr(code)}") if code is not None and code in range(128) else None


def _sim(line: str) -> Unsolicited | None:
    return SimSeen(sim_state(line.partition(":")[2]))


def _sim_inserted(line: str) -> Unsolicited | None:
    inserted = at(values_of(line), 1).number
    return None if inserted is None else SimSeen(SimState.BUSY if inserted == 1 else SimState.ABSENT)


def _sim_card(line: str) -> Unsolicited | None:
    return SimSeen(SimState.ABSENT) if "NOT AVAILABLE" in line.upper() else None


def _utc_time(line: str) -> Unsolicited | None:
    seen = network_time(line.partition(":")[2].strip(), is_utc=True)
    return TimeSeen(seen) if seen else None


def _zoned_time(line: str) -> Unsolicited | None:
    """`+CTZE: "+32",0,"2017/11/04,10:06:36"`: the zone comes first, the time is local; with +CTZEU it is UTC."""
    found = values_of(line)
    seen = network_time(f"{at(found, 2).text}{at(found, 0).text}", is_utc=prefix_of(line) == "+CTZEU")
    return TimeSeen(seen) if seen else None


def _ring(line: str) -> Unsolicited | None:
    return Ringing(is_voice="VOICE" in line.upper())


def _voice_call(line: str) -> Unsolicited | None:
    word = line.split(":")[1].strip().upper()  # `VOICE CALL: END: 000034`: the seconds are ours to count
    if word == "BEGIN":
        return VoiceBegun()
    return VoiceOver() if word == "END" else None


def _indication(line: str) -> Unsolicited | None:
    word = at(values_of(line), 0).text.upper()
    if word == "SMS DONE":
        return ReadinessSeen(Readiness.MESSAGES_USABLE)
    return StorageFull() if word == "SMSFULL" else None


def _body(line: str) -> Unsolicited | BodyFollows:
    kind, rest = Storage(prefix_of(line)), line.partition(":")[2].strip()
    if len(rest) >= _SHORTEST_PDU and set(rest) <= _HEX:  # some say it all in one line
        return MessageArrived(kind, rest)
    return BodyFollows(kind)


_SHORTEST_PDU = 20
_HEX = frozenset("0123456789abcdefABCDEF")
_WHOLE: dict[str, Unsolicited] = {
    "RING": Ringing(),
    **{cause.value: CallOver(cause) for cause in CallCause},
    "VOICE CALL: BEGIN": VoiceBegun(),
    "VOICE CALL: END": VoiceOver(),
    "MISSED_CALL": CallMissed(),
    **dict.fromkeys(("RDY", "START", "*ATREADY: 1", "+CFUN: 1"), ReadinessSeen(Readiness.STARTED)),
    **dict.fromkeys(("SMS READY", "SMS DONE"), ReadinessSeen(Readiness.MESSAGES_USABLE)),
    **dict.fromkeys(("NORMAL POWER DOWN", "POWERED DOWN", "+CFUN: 0"), ReadinessSeen(Readiness.GOING_DOWN)),
    **dict.fromkeys(("UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN"), ReadinessSeen(Readiness.GOING_DOWN)),
    **dict.fromkeys(
        ("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE WARNING", "OVER-VOLTAGE WARNNING"),  # spelt so by its maker
        ReadinessSeen(Readiness.POWER_LOW),
    ),
    **{text: Notice(text) for text in ("CALL READY", "PB DONE", "OPL UPDATING", "PNN UPDATING", "NO CARRIER DETECTED")},
    **dict.fromkeys(("+SMS FULL", "SMS FULL"), StorageFull()),
}
_PREFIXED: dict[str, Callable[[str], Unsolicited | BodyFollows | None]] = {
    **dict.fromkeys((domain.value for domain in Domain), _registration),
    **dict.fromkeys(("+CMTI", "+CDSI"), _stored),
    **{kind.value: _body for kind in Storage},
    "+CLIP": _caller,
    "+CRING": _ring,
    **dict.fromkeys(("+DTMF", "+RXDTMF"), _tone),
    "+QTONEDET": _tone_by_code,
    "+CPIN": _sim,
    "+QSIMSTAT": _sim_inserted,
    "+SIMCARD": _sim_card,
    "*PSUTTZ": _utc_time,
    **dict.fromkeys(("+CTZE", "+CTZEU"), _zoned_time),
    "VOICE CALL": _voice_call,
    "MISSED_CALL": lambda _line: CallMissed(),
    "+QIND": _indication,
    "^CEND": lambda _line: VoiceOver(),
    "^CONN": lambda _line: VoiceBegun(),
    "^SMMEMFULL": lambda _line: StorageFull(),
}
_NOTICES = frozenset(
    {
        *("+CGEV", "+CIEV", "+CUSD", "+CTZV", "+CTZR", "+CSSI", "+CSSU", "+CCWA", "+CSMS", "+STIN", "+CMTE", "+PDP"),
        *("+QUSIM", "+QIURC", "+QGPSURC", "+CPSI", "+NITZ", "DST", "*PSNWID", "+CFUN", "+COLP", "+CCCM"),
    }
)
_NOTICE_BEGINNINGS = ("^", "*")
