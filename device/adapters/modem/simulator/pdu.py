"""The network's side of texts: what a telephone submits is read, what reaches one is written (3GPP TS 23.040)."""

from dataclasses import dataclass

from device.adapters.modem.sms.alphabet import packed, septets_of
from device.adapters.modem.sms.fields import (
    UnreadablePduError,
    address,
    octets_of,
    read_address,
    read_service_centre,
    read_timestamp,
    timestamp,
)
from device.adapters.modem.sms.pdu import (
    DEFAULT_ALPHABET,
    HAS_HEADER,
    REPORT_WANTED,
    SUBMIT,
    UCS2,
    Part,
    read_user_data,
)

SERVICE_CENTRE = "+37120000000"
"""Invented."""
_VALIDITY_FORMATS = {0: 0, 1: 7, 2: 1, 3: 7}
_DELIVER_LAST, _STATUS_REPORT = 0x04, 0x06


@dataclass(frozen=True, slots=True)
class Submitted:
    """A text, or a part, on its way through the network; `user_data` from its length on."""

    recipient: str
    scheme: int
    has_header: bool
    user_data: bytes
    wants_report: bool
    text: str
    part: Part | None


def read_submitted(pdu: str) -> Submitted:
    """Return what a modem submits. Raises UnreadablePduError."""
    octets = octets_of(pdu)
    read_service_centre(octets)
    first = octets.octet()
    if first & 0x03 != SUBMIT:
        raise UnreadablePduError("only a text can be submitted")
    octets.octet()  # the modem's own reference
    recipient = read_address(octets)
    octets.octet()
    scheme = octets.octet()
    validity = octets.take(_VALIDITY_FORMATS[first >> 3 & 0x03])
    if len(validity) == 7:  # noqa: PLR2004 - absolute
        read_timestamp(octets_of(validity.hex()))
    user_data = octets.rest
    text, part = read_user_data(octets, scheme, has_header=bool(first & HAS_HEADER))
    return Submitted(recipient, scheme, bool(first & HAS_HEADER), user_data, bool(first & REPORT_WANTED), text, part)


def delivered(sender: str, submitted: Submitted, wall_s: float) -> str:
    """Return the PDU that reaches the recipient."""
    first = _DELIVER_LAST | (HAS_HEADER if submitted.has_header else 0)
    tpdu = bytes([first]) + address(sender) + bytes([0, submitted.scheme]) + timestamp(wall_s) + submitted.user_data
    return _from_centre(tpdu)


def plain_text(sender: str, text: str, wall_s: float) -> str:
    """Return the PDU of a short text from somebody outside."""
    septets = septets_of(text)
    if septets is not None:
        flat = [septet for character in septets for septet in character]
        scheme, data = DEFAULT_ALPHABET, bytes([len(flat)]) + packed(flat)
    else:
        body = text.encode("utf-16-be")
        scheme, data = UCS2, bytes([len(body)]) + body
    return _from_centre(bytes([_DELIVER_LAST]) + address(sender) + bytes([0, scheme]) + timestamp(wall_s) + data)


def status_report(reference: int, recipient: str, wall_s: float, status: int = 0) -> str:
    """Return the PDU that tells a sender what became of a text."""
    times = timestamp(wall_s) + timestamp(wall_s)
    return _from_centre(bytes([_STATUS_REPORT, reference]) + address(recipient) + times + bytes([status]))


def octets_without_centre(pdu: str) -> int:
    """Return how many octets a PDU has as `+CMT:` and `+CMGR:` count them."""
    return len(pdu) // 2 - 1 - int(pdu[:2], 16)


def _from_centre(tpdu: bytes) -> str:
    centre = address(SERVICE_CENTRE)[1:]
    return (bytes([len(centre)]) + centre + tpdu).hex().upper()
