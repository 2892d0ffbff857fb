"""The sieve finds what paho would find, however the stream is cut, and believes no broken packet."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hub.adapters.broker.sieve import LARGEST_BYTES, Publication, Sieve

PINGRESP = bytes([0xD0, 0])
SUBACK = bytes([0x90, 4, 0, 1, 0, 1])


def length_of(body: bytes) -> bytes:
    rest, out = len(body), bytearray()
    while True:
        rest, digit = divmod(rest, 128)
        out.append(digit | (0x80 if rest else 0))
        if not rest:
            return bytes(out)


def head_of(publication: Publication) -> int:
    return 0x30 | (0x02 if publication.mid else 0) | publication.is_retained


def body_of(publication: Publication, properties: bytes) -> bytes:
    topic = publication.topic.encode()
    mid = struct.pack("!H", publication.mid) if publication.mid else b""
    return struct.pack("!H", len(topic)) + topic + mid + properties + publication.payload


def packet(publication: Publication, properties: bytes = b"\0") -> bytes:
    body = body_of(publication, properties)
    return bytes([head_of(publication)]) + length_of(body) + body


def sift(stream: bytes, cuts: list[int]) -> tuple[list[Publication], bytes]:
    """Return what the sieve takes and leaves of a stream that comes in pieces."""
    taken: list[Publication] = []
    sieve = Sieve(taken.extend)
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    left = b"".join(sieve(stream[start:end]) for start, end in pairwise(edges))
    return taken, left


publications = st.builds(
    Publication,
    topic=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40),
    payload=st.one_of(st.binary(max_size=300), st.integers(0, 20_000).map(bytes)),
    mid=st.integers(0, 65_535),
    is_retained=st.booleans(),
)
things = st.one_of(publications, st.sampled_from([PINGRESP, SUBACK]))


@given(sent=st.lists(things, max_size=8), cuts=st.lists(st.integers(0, 2**20), max_size=20))
def test_however_it_is_cut_everything_comes_out_whole_and_in_order(
    sent: list[Publication | bytes], cuts: list[int]
) -> None:
    stream = b"".join(packet(thing) if isinstance(thing, Publication) else thing for thing in sent)
    taken, left = sift(stream, cuts)
    assert taken == [thing for thing in sent if isinstance(thing, Publication)]
    assert left == b"".join(thing for thing in sent if isinstance(thing, bytes))


@given(publication=publications, user=st.text(max_size=200), expiry_s=st.integers(0, 2**32 - 1))
def test_it_reads_what_paho_reads(publication: Publication, user: str, expiry_s: int) -> None:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = expiry_s
    properties.UserProperty = ("key", user.replace("\0", ""))
    packed: bytes = properties.pack()  # type: ignore[no-untyped-call]
    paho = decode_publish(head_of(publication), body_of(publication, packed), MQTTProtocolVersion.MQTTv5)
    assert publication == (paho.topic.decode(), paho.payload, paho.mid, paho.retain)
    assert sift(packet(publication, packed), []) == ([publication], b"")


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_of_any_bytes_it_makes_packets_or_ends_the_connection(pieces: list[bytes]) -> None:
    sieve = Sieve(lambda publications: None)
    try:
        for piece in pieces:
            sieve(piece)
    except ConnectionError:
        pass


@pytest.mark.parametrize(
    "broken",
    [
        bytes([0x30, 1, 0]),  # no room for the length of a topic
        bytes([0x30, 3, 0, 9, 65]),  # a topic longer than its packet
        bytes([0x32, 4, 0, 1, 65, 7]),  # half a message id
        bytes([0x30, 3, 0, 1, 65]),  # no properties
        bytes([0x30, 4, 0, 1, 65, 0x80]),  # half a length of properties
        bytes([0x30, 5, 0, 1, 65, 9, 1]),  # properties longer than their packet
        bytes([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1]),  # a length that never ends
    ],
)
def test_a_broken_publication_ends_the_connection(broken: bytes) -> None:
    with pytest.raises(ConnectionError):
        sift(broken + PINGRESP, [])


def test_a_packet_too_large_ends_the_connection_before_it_has_come() -> None:
    with pytest.raises(ConnectionError, match="at most"):
        sift(bytes([0x30]) + length_of(bytes(LARGEST_BYTES + 1)), [])
