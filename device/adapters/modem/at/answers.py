"""What a reply's lines mean.

Rules: given the lines of a reply; what cannot be read is None, or left out of a list. Levels are in dBm, as the
standard's tables give them.
"""

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from device.adapters.modem.at.facts import (
    Domain,
    NetworkTime,
    Registration,
    SimState,
    Technology,
    network_time,
    registration,
    sim_state,
    technology,
)
from device.adapters.modem.at.fields import at, groups, values_of
from device.adapters.modem.at.unsolicited import prefix_of

Lines = tuple[str, ...]
_NOT_KNOWN, _NOT_KNOWN_EXTENDED = 99, 255
_NUMERIC = re.compile(r"\d{5,6}")


@dataclass(frozen=True, slots=True)
class Signal:
    """How strongly the modem hears its cell; of a level that its network has not, None."""

    rssi_dbm: int | None = None
    rsrp_dbm: int | None = None
    """4G's measure: above -90 good, below -110 hardly any."""
    rsrq_db: float | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """Whose network it is."""

    name: str = ""
    code: str = ""
    """Country and network, five or six digits."""
    technology: Technology = Technology.UNKNOWN


class Reachable(StrEnum):
    """Whether a found operator takes this SIM."""

    UNKNOWN = "unknown"
    AVAILABLE = "available"
    CURRENT = "current"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class FoundOperator:
    """One that a scan found."""

    operator: Operator
    reachable: Reachable


class CallState(IntEnum):
    """Where a call stands (27.007, 7.18)."""

    ACTIVE = 0
    HELD = 1
    DIALLING = 2
    ALERTING = 3
    INCOMING = 4
    WAITING = 5


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call as AT+CLCC lists it."""

    index: int
    is_incoming: bool
    state: CallState
    number: str


@dataclass(frozen=True, slots=True)
class StoredPdu:
    """A message in the storage."""

    index: int
    pdu: str


def signal(lines: Lines) -> Signal | None:
    """Return what AT+CSQ says."""
    level = at(values_of(_line(lines, "+CSQ")), 0).number
    if level is None:
        return None
    if 100 <= level <= 191:  # noqa: PLR2004 - 3G and 4G on some: RSCP from -116 dBm
        return Signal(rssi_dbm=level - 216)
    return Signal(rssi_dbm=2 * level - 113 if 0 <= level < 32 else None)  # noqa: PLR2004


def extended_signal(lines: Lines) -> Signal | None:
    """Return what AT+CESQ says: rxlev, ber, rscp, ecno, rsrq, rsrp."""
    found = values_of(_line(lines, "+CESQ"))
    rxlev, rscp, rsrq, rsrp = (at(found, place).number for place in (0, 2, 4, 5))
    if None in (rxlev, rscp, rsrq, rsrp):
        return None
    return Signal(
        rssi_dbm=_level(rxlev, _NOT_KNOWN, -111) if rxlev != _NOT_KNOWN else _level(rscp, _NOT_KNOWN_EXTENDED, -121),
        rsrp_dbm=_level(rsrp, _NOT_KNOWN_EXTENDED, -141),
        rsrq_db=None if rsrq is None or not 0 <= rsrq < _NOT_KNOWN_EXTENDED else rsrq / 2 - 20,
    )


def operator(lines: Lines) -> Operator | None:
    """Return what AT+COPS? says, None where there is no network."""
    found = values_of(_line(lines, "+COPS"))
    name = at(found, 2).text
    if not name:
        return None
    is_code = _NUMERIC.fullmatch(name) is not None
    return Operator("" if is_code else name.strip(), name if is_code else "", technology(at(found, 3)))


def operators(lines: Lines) -> tuple[FoundOperator, ...]:
    """Return what a scan found."""
    reachable = list(Reachable)
    found = []
    for group in groups(_line(lines, "+COPS")):
        place = group[0].number
        code = at(group, 3).text
        if place is None or place not in range(len(reachable)) or not _NUMERIC.fullmatch(code):
            continue  # the two last brackets say which modes there are
        name = at(group, 1).text or at(group, 2).text
        found.append(FoundOperator(Operator(name, code, technology(at(group, 4))), reachable[place]))
    return tuple(found)


def registered(lines: Lines, domain: Domain) -> Registration | None:
    """Return what AT+CREG? and its kin say: the mode comes before the state."""
    return registration(domain, values_of(_line(lines, domain.value))[1:])


def sim(lines: Lines) -> SimState | None:
    """Return what AT+CPIN? says."""
    line = _line(lines, "+CPIN")
    return sim_state(line.partition(":")[2]) if line else None


def clock(lines: Lines) -> NetworkTime | None:
    """Return what AT+CCLK? says, None for a clock that was never set."""
    return network_time(_line(lines, "+CCLK").partition(":")[2])


def calls(lines: Lines) -> tuple[CallSeen, ...]:
    """Return the voice calls that AT+CLCC lists."""
    found = []
    for line in lines:
        values = values_of(line)
        index, direction, state, mode = (at(values, place).number for place in range(4))
        if prefix_of(line) != "+CLCC" or index is None or state is None or state not in set(CallState) or mode != 0:
            continue
        found.append(CallSeen(index, direction == 1, CallState(state), at(values, 5).text))
    return tuple(found)


def stored(lines: Lines, index: int | None = None) -> tuple[StoredPdu, ...]:
    """Return the messages of AT+CMGL, or the one of AT+CMGR at this index."""
    found = []
    head = ""
    for line in lines:
        if prefix_of(line) in ("+CMGL", "+CMGR"):
            head = line
            continue
        place = at(values_of(head), 0).number if index is None else index
        if head and place is not None:
            found.append(StoredPdu(place, line))
        head = ""
    return tuple(found)


def reference(lines: Lines) -> int | None:
    """Return the number that the network gave a text, or one of its parts."""
    return at(values_of(_line(lines, "+CMGS")), 0).number


def storage(lines: Lines) -> tuple[int, int] | None:
    """Return how many messages lie in the storage, and how many find room."""
    found = values_of(_line(lines, "+CPMS"))
    names = [place for place, value in enumerate(found) if value.is_quoted]
    start = names[0] + 1 if names else 0
    used, room = at(found, start).number, at(found, start + 1).number
    return None if used is None or room is None else (used, room)


def text(lines: Lines) -> str:
    """Return a name or version: some modems put the command's name before it, some put it in quotes."""
    line = next((line for line in lines if line), "")
    return (line.partition(":")[2] if line.startswith("+") else line).strip().strip('"')


def first_number(lines: Lines, place: int = 0) -> int | None:
    """Return one of the first line's numbers."""
    return at(values_of(lines[0]), place).number if lines else None


def _line(lines: Lines, prefix: str) -> str:
    return next((line for line in lines if prefix_of(line) == prefix), "")


def _level(value: int | None, unknown: int, zero: int) -> int | None:
    return None if value is None or not 0 <= value < unknown else zero + value
