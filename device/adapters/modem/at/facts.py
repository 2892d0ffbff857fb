"""What a modem can know, whichever way it says it: of its SIM, its network, the time.

Rules: what a modem leaves out or does not know is None; numbers outside what the standard allows are not known either.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, StrEnum

from device.adapters.modem.at.fields import Value, at


class SimState(StrEnum):
    """What stands in the way of the SIM's use."""

    READY = "ready"
    BUSY = "starting"
    PIN_NEEDED = "waits for its PIN"
    PUK_NEEDED = "locked, waits for its PUK"
    OTHER_CODE_NEEDED = "waits for another code"
    ABSENT = "not there"
    FAILED = "failed"


class Registering(StrEnum):
    """Where the search for a network stands (27.007, 7.2)."""

    IDLE = "not searching"
    HOME = "home network"
    SEARCHING = "searching"
    DENIED = "denied"
    UNKNOWN = "unknown"
    ROAMING = "roaming"
    EMERGENCY_ONLY = "emergency calls only"

    @property
    def is_usable(self) -> bool:
        """Whether a message can be sent."""
        return self in (Registering.HOME, Registering.ROAMING)


class Technology(StrEnum):
    """What carries it (27.007's AcT)."""

    GSM = "2G"
    UMTS = "3G"
    LTE = "4G"
    NARROWBAND = "NB-IoT"
    NR = "5G"
    UNKNOWN = "unknown"


class Domain(Enum):
    """Which of a modem's registrations is spoken of."""

    CIRCUIT = "+CREG"
    PACKET = "+CGREG"
    LTE = "+CEREG"


@dataclass(frozen=True, slots=True)
class Registration:
    """Whether the network knows the modem, and where it stands."""

    domain: Domain
    state: Registering
    area: int | None = None
    cell: int | None = None
    technology: Technology = Technology.UNKNOWN


@dataclass(frozen=True, slots=True)
class NetworkTime:
    """The time as the network or the modem's clock says it."""

    utc_s: float
    offset_min: int
    """How far local time is ahead of UTC."""


_STATES = {
    0: Registering.IDLE,
    1: Registering.HOME,
    2: Registering.SEARCHING,
    3: Registering.DENIED,
    4: Registering.UNKNOWN,
    5: Registering.ROAMING,
    6: Registering.HOME,  # for SMS only: a message goes
    7: Registering.ROAMING,  # for SMS only
    8: Registering.EMERGENCY_ONLY,
    9: Registering.HOME,  # without the fallback that voice would need
    10: Registering.ROAMING,
}
_TECHNOLOGIES = {
    **dict.fromkeys((0, 1, 3), Technology.GSM),
    **dict.fromkeys((2, 4, 5, 6), Technology.UMTS),
    **dict.fromkeys((7, 10), Technology.LTE),
    **dict.fromkeys((8, 9), Technology.NARROWBAND),
    **dict.fromkeys((11, 12, 13), Technology.NR),
}
_SIM_WORDS = {
    "READY": SimState.READY,
    "SIM PIN": SimState.PIN_NEEDED,
    "SIM PUK": SimState.PUK_NEEDED,
    "NOT INSERTED": SimState.ABSENT,
    "NOT READY": SimState.ABSENT,
    "SIM REMOVED": SimState.ABSENT,
    "SIM NOT INSERTED": SimState.ABSENT,
    "SIM FAILURE": SimState.FAILED,
    "SIM BUSY": SimState.BUSY,
}
_TIME = re.compile(
    r'"?(\d{2}|\d{4})[/,](\d{1,2})[/,](\d{1,2}),(\d{1,2})[:,](\d{1,2})[:,](\d{1,2})"?(?:,?"?([+-]\d{1,3})"?)?'
)
_FIRST_YEAR, _LAST_YEAR = 2024, 2079
"""A clock that was never set says 1980, 2004 or 2080, as the maker likes."""
_QUARTER_MIN, _LARGEST_OFFSET = 15, 56


def sim_state(word: str) -> SimState:
    """Return what `+CPIN:` says."""
    return _SIM_WORDS.get(word.strip().upper(), SimState.OTHER_CODE_NEEDED)


def technology(value: Value) -> Technology:
    """Return what an AcT says."""
    number = value.number
    return Technology.UNKNOWN if number is None else _TECHNOLOGIES.get(number, Technology.UNKNOWN)


def registration(domain: Domain, found: list[Value]) -> Registration | None:
    """Return what the values from `<stat>` on say, None where they are no registration."""
    number = at(found, 0).number
    if number is None or number not in _STATES:
        return None
    return Registration(
        domain, _STATES[number], at(found, 1).hexadecimal, at(found, 2).hexadecimal, technology(at(found, 3))
    )


def network_time(text: str, *, is_utc: bool = False) -> NetworkTime | None:
    """Return what a clock says, None for one that was never set. Without `is_utc` it is local time."""
    match = _TIME.search(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    quarters = int(match[7] or 0)
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - two digits
    if not _FIRST_YEAR <= year <= _LAST_YEAR or abs(quarters) > _LARGEST_OFFSET:
        return None
    offset = timedelta(minutes=quarters * _QUARTER_MIN)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC if is_utc else timezone(offset))
    except ValueError:
        return None
    return NetworkTime(moment.timestamp(), quarters * _QUARTER_MIN)
