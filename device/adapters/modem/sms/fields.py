"""A message's fields: numbers, times, how long it is worth delivering.

Rules: a reader takes octets in order and raises `UnreadablePduError` at the end of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from device.adapters.modem.sms.alphabet import packed, septets_of, text_of, unpacked

INTERNATIONAL, NATIONAL_UNKNOWN, ALPHANUMERIC = 0x91, 0x81, 0xD0
FIRST_GSM_YEAR = 90
_TYPE_OF_NUMBER = 0x70
_DIGITS = "0123456789*#abc"
_DIALLED = frozenset("0123456789*#")
_FILLER = 0xF


class UnreadablePduError(ValueError):
    """These octets are no message; the text says why."""


@dataclass(slots=True)
class Octets:
    """A PDU that is read from its beginning."""

    rest: bytes

    def take(self, count: int) -> bytes:
        """Return the next ones. Raises UnreadablePduError."""
        if len(self.rest) < count:
            raise UnreadablePduError(f"the message ends {count - len(self.rest)} octets too early")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def octet(self) -> int:
        """Return the next one. Raises UnreadablePduError."""
        return self.take(1)[0]


def octets_of(pdu: str) -> Octets:
    """Return a hexadecimal PDU's octets. Raises UnreadablePduError."""
    try:
        return Octets(bytes.fromhex(pdu))
    except ValueError as error:
        raise UnreadablePduError(f"no hexadecimal PDU: {error}") from error


def read_service_centre(octets: Octets) -> str:
    """Return the service centre's number, empty where the SIM's own is meant."""
    length = octets.octet()
    if length == 0:
        return ""
    kind, digits = octets.octet(), octets.take(length - 1)
    return _number(kind, _semi_octets(digits))


def read_address(octets: Octets) -> str:
    """Return who wrote, or is written to: a number, or a name."""
    length = octets.octet()
    kind, octets_taken = octets.octet(), octets.take((length + 1) // 2)
    if kind & _TYPE_OF_NUMBER == ALPHANUMERIC & _TYPE_OF_NUMBER:
        return text_of(unpacked(octets_taken, length * 4 // 7))
    return _number(kind, _semi_octets(octets_taken)[:length])


def address(text: str) -> bytes:
    """Return an address's octets; what is no number is written as a name (only a network does that)."""
    digits = text.removeprefix("+")
    if digits and set(digits) <= _DIALLED:
        kind = INTERNATIONAL if text.startswith("+") else NATIONAL_UNKNOWN
        return bytes([len(digits), kind]) + _semi_octets_of(digits)
    septets = [septet for character in septets_of(text) or [] for septet in character]
    octets = packed(septets)
    return bytes([(7 * len(septets) + 3) // 4, ALPHANUMERIC]) + octets


def read_timestamp(octets: Octets) -> float | None:
    """Return a time as seconds since 1970, None where the network gave none. Raises UnreadablePduError."""
    taken = octets.take(7)
    year, month, day, hour, minute, second = (_swapped(octet) for octet in taken[:6])
    zone = taken[6]
    quarters = (zone & 0x07) * 10 + (zone >> 4)
    offset = timedelta(minutes=15 * (-quarters if zone & 0x08 else quarters))
    try:
        century = 1900 if year >= FIRST_GSM_YEAR else 2000
        return datetime(century + year, month, day, hour, minute, second, tzinfo=timezone(offset)).timestamp()
    except ValueError:
        return None


def timestamp(wall_s: float, offset_min: int = 0) -> bytes:
    """Return a time's seven octets."""
    moment = datetime.fromtimestamp(wall_s, timezone(timedelta(minutes=offset_min)))
    values = (moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    quarters = abs(offset_min) // 15
    zone = _swap(quarters) | (0x08 if offset_min < 0 else 0)
    return bytes([*(_swap(value) for value in values), zone])


def validity(minutes: int) -> int:
    """Return a relative validity (23.040, 9.2.3.12.1): the shortest that is at least this long."""
    if minutes <= 12 * 60:
        return max(0, -(-minutes // 5) - 1)
    if minutes <= 24 * 60:
        return 143 + -(-(minutes - 12 * 60) // 30)
    days = -(-minutes // (24 * 60))
    return 166 + days if days <= 30 else min(255, 192 + -(-days // 7))  # noqa: PLR2004


def validity_minutes(value: int) -> int:
    """Return how long a relative validity is."""
    if value <= 143:  # noqa: PLR2004 - the standard's table
        return (value + 1) * 5
    if value <= 167:  # noqa: PLR2004
        return 12 * 60 + (value - 143) * 30
    return (value - 166 if value <= 196 else (value - 192) * 7) * 24 * 60  # noqa: PLR2004


def _number(kind: int, digits: str) -> str:
    return f"+{digits}" if kind & _TYPE_OF_NUMBER == INTERNATIONAL & _TYPE_OF_NUMBER else digits


def _semi_octets(octets: bytes) -> str:
    nibbles = [nibble for octet in octets for nibble in (octet & 0x0F, octet >> 4)]
    return "".join(_DIGITS[nibble] for nibble in nibbles if nibble != _FILLER)


def _semi_octets_of(digits: str) -> bytes:
    nibbles = [_DIGITS.index(digit) for digit in digits]
    if len(nibbles) % 2:
        nibbles.append(_FILLER)
    return bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))


def _swapped(octet: int) -> int:
    return (octet & 0x0F) * 10 + (octet >> 4)


def _swap(value: int) -> int:
    return value // 10 | value % 10 << 4
