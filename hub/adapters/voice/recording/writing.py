"""Writes a recording: opens or goes on with its file, seals second after second, ends it.

Rules: a torn end is cut off before the file is written on, and closed by whoever finds it first after a crash.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from hub.adapters.voice.recording.chart import FindKey, draw
from hub.adapters.voice.recording.sealed import (
    KEY_ID_BYTES,
    MAGIC,
    SALT_BYTES,
    SECOND_BYTES,
    Kind,
    SegmentKey,
    head_of,
)


class Writer:
    """One recording, open for writing. Everything raises OSError, opening RecordingLostError as well."""

    def __init__(self, path: Path, key: bytes, find_key: FindKey) -> None:
        """Begin the file, or go on with it."""
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        try:
            self._sound_bytes = self._go_on(find_key)
            self._segment = SegmentKey.of(key, head_of(key, secrets.token_bytes(SALT_BYTES)))
            self._file.write(self._segment.head)
        except BaseException:
            self._file.close()
            raise
        self._number = 0

    @property
    def seconds(self) -> float:
        """Return how much it holds by now, earlier segments included."""
        return self._sound_bytes / SECOND_BYTES

    def write(self, sound: bytes) -> None:
        """Seal up to a second of both sides."""
        self._put(Kind.SOUND, sound)
        self._sound_bytes += len(sound)

    def end(self) -> None:
        """End it in good order, durably."""
        with self._file:
            self._put(Kind.END)
            os.fsync(self._file.fileno())

    def abandon(self) -> None:
        """Let go of a file that cannot be written any more."""
        with suppress(OSError):
            self._file.close()

    def _put(self, kind: Kind, sound: bytes = b"") -> None:
        chunk = self._segment.seal(kind, self._number, sound)
        if self._file.write(chunk) != len(chunk):
            raise OSError(f"only a part of a chunk could be written to {self._file.name}")
        self._number += 1

    def _go_on(self, find_key: FindKey) -> int:
        """Stand behind all that is whole; return how much sound that is."""
        chart = draw(self._file, find_key)
        end = chart.chunks[-1].end_offset if chart.chunks else 0
        self._file.truncate(end)
        self._file.seek(end)
        return chart.sound_bytes


def mend(path: Path, find_key: FindKey) -> float | None:
    """End a recording whose writer was killed; return its seconds, None where it was whole.

    Raises RecordingLostError, OSError.
    """
    with path.open("r+b", buffering=0) as file:
        chart = draw(file, find_key)
        if chart.is_whole:
            return None
        end = chart.chunks[-1].end_offset if chart.chunks else 0
        file.truncate(end)
        if chart.chunks:
            last = chart.chunks[-1]
            file.seek(end)
            file.write(last.key.seal(Kind.END, last.number + 1))
        os.fsync(file.fileno())
        return chart.sound_bytes / SECOND_BYTES


def key_id_in(path: Path) -> str:
    """Return the id of the key that a recording began with, empty where it is none. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + KEY_ID_BYTES)
    return head[len(MAGIC) :].hex() if head.startswith(MAGIC) else ""
