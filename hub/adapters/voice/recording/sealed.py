"""How a recording lies on the disk: sealed chunks, one after the other.

    file     segment segment ...          one for every time that it was written on
    segment  b"POGAREC1", key id (8 bytes), salt (16), chunk chunk ...
    chunk    kind (1 byte: 1 sound, 2 end), length of what follows (4, big-endian), sealed by AES-256-GCM

A segment's own key is derived from the centre's key and its salt (HKDF, SHA-256), so that no nonce is ever used twice;
the nonce of a chunk is its kind and its number in the segment. The segment's head, the kind and the length are vouched
for, too: chunks cannot be taken out, swapped or put into another file. Sound is 16 bits, 16 kHz, left and right.
"""

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from device.voice.messages import CLOCK_HZ

MAGIC = b"POGAREC1"
KEY_BYTES = 32
KEY_ID_BYTES = 8
SALT_BYTES = 16
HEAD_BYTES = len(MAGIC) + KEY_ID_BYTES + SALT_BYTES
TAG_BYTES = 16
CHUNK_HEAD = struct.Struct(">BI")
SAMPLE_BYTES = 4
"""Of both sides."""
SECOND_BYTES = CLOCK_HZ * SAMPLE_BYTES
LARGEST_CHUNK = SECOND_BYTES + TAG_BYTES
_NONCE = struct.Struct(">BxxxQ")
_INFO = b"poga recording"


class Kind(IntEnum):
    """What a chunk holds."""

    SOUND = 1
    END = 2


@dataclass(frozen=True, slots=True)
class SegmentKey:
    """Seals and opens the chunks of one segment. Raises InvalidTag for a chunk that is not what was sealed."""

    head: bytes
    cipher: AESGCM

    @classmethod
    def of(cls, key: bytes, head: bytes) -> "SegmentKey":
        """Return the key of the segment with this head."""
        derived = HKDF(SHA256(), KEY_BYTES, salt=head[-SALT_BYTES:], info=_INFO).derive(key)
        return cls(head, AESGCM(derived))

    def seal(self, kind: Kind, number: int, sound: bytes = b"") -> bytes:
        """Return a chunk as it is written."""
        head = CHUNK_HEAD.pack(kind, len(sound) + TAG_BYTES)
        return head + self.cipher.encrypt(_NONCE.pack(kind, number), sound, self.head + head)

    def open(self, kind: Kind, number: int, sealed: bytes) -> bytes:
        """Return what a chunk holds; `sealed` is without its head."""
        head = CHUNK_HEAD.pack(kind, len(sealed))
        return self.cipher.decrypt(_NONCE.pack(kind, number), sealed, self.head + head)


def key_id_of(key: bytes) -> bytes:
    """Return what names a key and tells nothing of it."""
    return hashlib.sha256(_INFO + key).digest()[:KEY_ID_BYTES]


def head_of(key: bytes, salt: bytes) -> bytes:
    """Return the head of a new segment."""
    return MAGIC + key_id_of(key) + salt
