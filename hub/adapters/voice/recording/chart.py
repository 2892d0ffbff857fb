"""Where the chunks of a recording lie: found without opening but its first and its last.

Rules: what a killed writer or a power cut left at the end is passed over; anything else that is not as it was sealed
is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from hub.adapters.voice.recording.sealed import (
    CHUNK_HEAD,
    HEAD_BYTES,
    KEY_ID_BYTES,
    LARGEST_CHUNK,
    MAGIC,
    TAG_BYTES,
    Kind,
    SegmentKey,
)
from hub.ports import RecordingLostError

FindKey = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: `offset` is where its sealed bytes begin, `start` the first byte of its sound in the recording."""

    key: SegmentKey
    kind: Kind
    number: int
    offset: int
    length: int
    start: int

    @property
    def sound_bytes(self) -> int:
        """Return how much sound it holds."""
        return self.length - TAG_BYTES

    @property
    def end_offset(self) -> int:
        """Return where the next one begins."""
        return self.offset + self.length

    def read(self, file: BinaryIO) -> bytes:
        """Return its sound. Raises InvalidTag."""
        file.seek(self.offset)
        return self.key.open(self.kind, self.number, file.read(self.length))


@dataclass(frozen=True, slots=True)
class Chart:
    """All whole chunks of a file, in order."""

    chunks: tuple[Chunk, ...]

    @property
    def sound_bytes(self) -> int:
        """Return how much sound there is."""
        return self.chunks[-1].start + self.chunks[-1].sound_bytes if self.chunks else 0

    @property
    def is_whole(self) -> bool:
        """Tell whether the last writer came to its end."""
        return bool(self.chunks) and self.chunks[-1].kind is Kind.END


def draw(file: BinaryIO, find_key: FindKey) -> Chart:
    """Return the chart of a file. Raises RecordingLostError, OSError."""
    chunks = list(_chunks(file, find_key))
    if chunks and not _opens(chunks[0], file):
        raise RecordingLostError("its first second cannot be opened: the file is damaged")
    while chunks and not _opens(chunks[-1], file):
        chunks.pop()
    return Chart(tuple(chunks))


def _chunks(file: BinaryIO, find_key: FindKey) -> Iterator[Chunk]:
    size = file.seek(0, 2)
    offset, start, number = 0, 0, 0
    key: SegmentKey | None = None
    while offset < size:
        file.seek(offset)
        head = file.read(HEAD_BYTES)
        if head.startswith(MAGIC) and len(head) == HEAD_BYTES:
            key = SegmentKey.of(find_key(head[len(MAGIC) :][:KEY_ID_BYTES]), head)
            offset, number = offset + HEAD_BYTES, 0
            continue
        if key is None:
            raise RecordingLostError("it is not a recording of this program")
        found = _chunk_head(head)
        if found is None:
            return  # the torn end
        kind, length = found
        chunk = Chunk(key, kind, number, offset + CHUNK_HEAD.size, length, start)
        if chunk.end_offset > size:
            return  # as above
        yield chunk
        offset, start, number = chunk.end_offset, start + chunk.sound_bytes, number + 1


def _chunk_head(head: bytes) -> tuple[Kind, int] | None:
    if len(head) < CHUNK_HEAD.size:
        return None
    kind, length = CHUNK_HEAD.unpack_from(head)
    if kind not in tuple(Kind) or not TAG_BYTES <= length <= LARGEST_CHUNK:
        return None
    return Kind(kind), length


def _opens(chunk: Chunk, file: BinaryIO) -> bool:
    try:
        chunk.read(file)
    except InvalidTag:
        return False
    return True
