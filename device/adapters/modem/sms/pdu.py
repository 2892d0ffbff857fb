"""A unit's messages: texts out in as many parts as they need; texts and delivery reports in.

Rules: the default alphabet where it suffices, UCS2 else. A part is never cut within a character. A report is asked for
with every part: a text is delivered when all of them are. Times are wall time, seconds since 1970.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from device.adapters.modem.phone_number import checked_number
from device.adapters.modem.sms.alphabet import packed as packed_septets
from device.adapters.modem.sms.alphabet import septets_of, text_of, unpacked
from device.adapters.modem.sms.fields import (
    Octets,
    UnreadablePduError,
    address,
    octets_of,
    read_address,
    read_service_centre,
    read_timestamp,
    validity,
)

LONGEST_TEXT_PARTS = 10
DELIVER, REPORT_OR_SUBMIT, STATUS_REPORT = 0, 1, 2
SUBMIT, VALIDITY_RELATIVE, REPORT_WANTED, HAS_HEADER = 0x01, 0x10, 0x20, 0x40
DEFAULT_ALPHABET, UCS2 = 0x00, 0x08
WHOLE_SEPTETS, PART_SEPTETS = 160, 153
WHOLE_UNITS, PART_UNITS = 70, 67
CONCATENATION, CONCATENATION_16 = 0x00, 0x08


_Coded = TypeVar("_Coded", bytes, tuple[int, ...])


class Alphabet(Enum):
    """How a message's text is written (23.038, 4)."""

    DEFAULT = "7 bit"
    OCTETS = "8 bit"
    UCS2 = "16 bit"


class Delivery(StrEnum):
    """What became of a text (TP-Status, 23.040, 9.2.3.15)."""

    DELIVERED = "delivered"
    ON_ITS_WAY = "on its way"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of which long text this is; `number` from 1 to `total`."""

    series: int
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class OutgoingPdu:
    """One part of a text, as the modem takes it; `octets` without the service centre."""

    hex: str
    octets: int


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text, or a part of one."""

    sender: str
    text: str
    sent_at_s: float | None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What the network says of a text of ours, by the number it gave it."""

    reference: int
    recipient: str
    delivery: Delivery
    status: int


def write_text(
    recipient: str, text: str, *, series: int = 0, wants_report: bool = True, validity_min: int = 24 * 60
) -> list[OutgoingPdu]:
    """Return a text's parts, in order. Raises ForbiddenNumberError, and ValueError for a text that is too long."""
    to = address(checked_number(recipient))
    scheme, bodies = _bodies(text, series % 256)
    if len(bodies) > LONGEST_TEXT_PARTS:
        raise ValueError(f"a text of {len(bodies)} parts is too long: at most {LONGEST_TEXT_PARTS} are sent")
    parts = []
    for header, length, data in bodies:
        first = SUBMIT | VALIDITY_RELATIVE | (HAS_HEADER if header else 0)
        first |= REPORT_WANTED if wants_report else 0
        tpdu = bytes([first, 0]) + to + bytes([0, scheme, validity(validity_min), length]) + data
        parts.append(OutgoingPdu("00" + tpdu.hex().upper(), len(tpdu)))
    return parts


def read_incoming(pdu: str) -> IncomingText | DeliveryReport:
    """Return what a received PDU says. Raises UnreadablePduError."""
    octets = octets_of(pdu)
    read_service_centre(octets)
    first = octets.octet()
    kind = first & 0x03
    if kind == STATUS_REPORT:
        return _report(octets)
    if kind != DELIVER:
        raise UnreadablePduError(f"a message of type {kind} is none that comes in")
    sender = read_address(octets)
    octets.octet()  # the protocol: of no meaning here
    scheme = octets.octet()
    sent_at_s = read_timestamp(octets)
    text, part = read_user_data(octets, scheme, has_header=bool(first & HAS_HEADER))
    return IncomingText(sender, text, sent_at_s, part)


def read_user_data(octets: Octets, scheme: int, *, has_header: bool) -> tuple[str, Part | None]:
    """Return the text behind its length, and which part it is. Raises UnreadablePduError."""
    length = octets.octet()
    alphabet = alphabet_of(scheme)
    data = octets.rest[: (7 * length + 7) // 8 if alphabet is Alphabet.DEFAULT else length]
    header_octets = data[0] + 1 if has_header and data else 0
    part = _part_in(data[1:header_octets])
    if alphabet is Alphabet.DEFAULT:
        header_septets = -(-header_octets * 8 // 7)
        fill_bits = header_septets * 7 - header_octets * 8
        return text_of(unpacked(data[header_octets:], max(0, length - header_septets), fill_bits)), part
    body = data[header_octets:]
    return body.decode("utf-16-be" if alphabet is Alphabet.UCS2 else "latin-1", errors="replace"), part


def alphabet_of(scheme: int) -> Alphabet:
    """Return which alphabet a data coding scheme means (23.038, 4). Raises UnreadablePduError."""
    group = scheme >> 4
    if group < 8:  # noqa: PLR2004 - general, and marked for deletion
        if scheme & 0x20:
            raise UnreadablePduError("a compressed text cannot be read")
        return {1: Alphabet.OCTETS, 2: Alphabet.UCS2}.get(scheme >> 2 & 0x03, Alphabet.DEFAULT)
    if group == 0xE:  # noqa: PLR2004 - waiting messages of a mailbox
        return Alphabet.UCS2
    return Alphabet.OCTETS if group == 0xF and scheme & 0x04 else Alphabet.DEFAULT  # noqa: PLR2004 - with a class


def _bodies(text: str, series: int) -> tuple[int, list[tuple[bytes, int, bytes]]]:
    """Return the scheme, and of each part its header, its length as it is counted, and its octets."""
    septets = septets_of(text)
    if septets is None:
        units = [character.encode("utf-16-be", errors="replace") for character in text]
        pieces = _pieces(units, 2 * WHOLE_UNITS, 2 * PART_UNITS)
        octets = [b"".join(piece) for piece in pieces]
        headers = _headers(len(octets), series)
        return UCS2, [
            (header, len(header) + len(body), header + body) for header, body in zip(headers, octets, strict=True)
        ]
    parts = [
        [septet for character in piece for septet in character]
        for piece in _pieces(septets, WHOLE_SEPTETS, PART_SEPTETS)
    ]
    headers = _headers(len(parts), series)
    bodies = []
    for header, body in zip(headers, parts, strict=True):
        header_septets = -(-len(header) * 8 // 7)
        fill_bits = header_septets * 7 - len(header) * 8
        bodies.append((header, header_septets + len(body), header + packed_septets(body, fill_bits)))
    return DEFAULT_ALPHABET, bodies


def _pieces(characters: list[_Coded], whole: int, part: int) -> list[list[_Coded]]:
    """Return the characters in as many pieces as they need, none cut in two."""
    if sum(len(character) for character in characters) <= whole:
        return [characters]
    pieces: list[list[_Coded]] = [[]]
    used = 0
    for character in characters:
        if used + len(character) > part:
            pieces.append([])
            used = 0
        pieces[-1].append(character)
        used += len(character)
    return pieces


def _headers(total: int, series: int) -> list[bytes]:
    if total == 1:
        return [b""]
    return [bytes([5, CONCATENATION, 3, series, total % 256, number % 256]) for number in range(1, total + 1)]


def _part_in(header: bytes) -> Part | None:
    """Return which part a header says this is, None where it says none, or nonsense."""
    while len(header) >= 2:  # noqa: PLR2004 - an element's name and length
        kind, length = header[0], header[1]
        element, header = header[2 : 2 + length], header[2 + length :]
        if kind == CONCATENATION and len(element) == 3 and 1 <= element[2] <= element[1]:  # noqa: PLR2004
            return Part(element[0], element[2], element[1])
        if kind == CONCATENATION_16 and len(element) == 4 and 1 <= element[3] <= element[2]:  # noqa: PLR2004
            return Part(int.from_bytes(element[:2], "big"), element[3], element[2])
    return None


def _report(octets: Octets) -> DeliveryReport:
    reference = octets.octet()
    recipient = read_address(octets)
    read_timestamp(octets)
    read_timestamp(octets)
    status = octets.octet()
    return DeliveryReport(reference, recipient, _delivery(status), status)


def _delivery(status: int) -> Delivery:
    if status < 0x20:  # noqa: PLR2004 - completed
        return Delivery.DELIVERED
    return Delivery.ON_ITS_WAY if status < 0x40 else Delivery.FAILED  # noqa: PLR2004 - still trying
