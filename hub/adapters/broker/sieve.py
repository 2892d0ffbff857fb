"""Takes publications out of a stream of MQTT 5 packets, and leaves all other packets for paho.

Why: paho needs 42 microseconds for a publication, 25 of them for properties that are not there; this needs 2. Rules:
packets come out whole and in order however the stream is cut; a publication has to fit into `LARGEST_BYTES`; whatever
breaks the protocol raises ConnectionError, which ends the connection. Topic aliases cannot come: we allow none.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

LARGEST_BYTES = 1_048_576
_PUBLISH = 3
_MORE = 0x80
_QOS = 0b0110
_RETAIN = 0b0001
_CUT_SHORT = "the broker sends a publication that is cut short"


class Publication(NamedTuple):
    """A message of a unit, as the broker hands it on. `mid` is 0 where there is nothing to acknowledge."""

    topic: str
    payload: bytes
    mid: int = 0
    is_retained: bool = False


class Sieve:
    """Sifts one stream."""

    def __init__(self, take: Callable[[Sequence[Publication]], None]) -> None:
        """Hand all publications of a piece of the stream to `take` at once."""
        self._take = take
        self._left = b""

    def __call__(self, piece: bytes) -> bytes:
        """Return the whole packets that are no publications; keep what is not whole yet. Raises ConnectionError."""
        data = self._left + piece
        others: list[bytes] = []
        publications: list[Publication] = []
        start = 0
        while (span := _span(data, start)) is not None:
            body, end = span
            if end > len(data):
                break
            if data[start] >> 4 == _PUBLISH:
                publications.append(_publication(data[start], data[body:end]))
            else:
                others.append(data[start:end])
            start = end
        self._left = data[start:]
        if publications:
            self._take(publications)
        return b"".join(others)


def _span(data: bytes, start: int) -> tuple[int, int] | None:
    """Return where the packet at `start` has its body, and where it ends; None where that has not come yet."""
    try:
        length, body = _number(data, start + 1)
    except IndexError:
        return None
    if length > LARGEST_BYTES:
        raise ConnectionError(f"the broker sends a packet of {length} bytes; at most {LARGEST_BYTES} are taken")
    return body, body + length


def _publication(head: int, packet: bytes) -> Publication:
    try:
        topic_end = 2 + (packet[0] << 8 | packet[1])
        at = topic_end
        mid = 0
        if head & _QOS:
            mid = packet[at] << 8 | packet[at + 1]
            at += 2
        properties_length, at = _number(packet, at)
    except IndexError:
        raise ConnectionError(_CUT_SHORT) from None
    at += properties_length
    if at > len(packet):
        raise ConnectionError(_CUT_SHORT)
    return Publication(packet[2:topic_end].decode(errors="replace"), packet[at:], mid, bool(head & _RETAIN))


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return MQTT's variable byte integer at `at`, and where it ends. Raises IndexError, ConnectionError."""
    byte = data[at]
    if byte < _MORE:
        return byte, at + 1
    number = byte & ~_MORE
    for shift in (7, 14, 21):
        at += 1
        byte = data[at]
        number |= (byte & ~_MORE) << shift
        if byte < _MORE:
            return number, at + 1
    raise ConnectionError("the broker sends a length that never ends")
