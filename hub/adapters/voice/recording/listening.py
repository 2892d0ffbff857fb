"""Hearing a recording again: it is opened second by second while it is sent, as a stereo WAV, from any byte on."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag

from device.voice.messages import CLOCK_HZ
from hub.adapters.voice.recording.chart import FindKey, draw
from hub.adapters.voice.recording.sealed import SAMPLE_BYTES, SECOND_BYTES
from hub.ports import RecordingLostError

_WAV = struct.Struct("<4sI4s4sIHHIIHH4sI")
_LARGEST_SOUND = 2**32 - 2**16
_CHANNELS, _BITS, _PCM = 2, 16, 1


class Listening:
    """One recording, open for one listener: the `RecordedSound` of hub.ports."""

    def __init__(self, path: Path, find_key: FindKey) -> None:
        """Open it. Raises RecordingLostError."""
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise RecordingLostError(f"{path.name} cannot be read: {error.strerror}") from error
        try:
            self._chart = draw(self._file, find_key)
        except (OSError, RecordingLostError) as error:
            self._file.close()
            raise RecordingLostError(f"{path.name}: {error}") from error
        self._starts = [chunk.start for chunk in self._chart.chunks]

    @property
    def size(self) -> int:
        """Return the bytes of the WAV."""
        return _WAV.size + self._chart.sound_bytes

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return self._chart.sound_bytes / SECOND_BYTES

    @property
    def is_whole(self) -> bool:
        """Tell whether it was ended in good order."""
        return self._chart.is_whole

    def read(self, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Return the WAV from byte `first` to before `end`. Raises RecordingLostError."""
        end = self.size if end is None else min(end, self.size)
        if first < _WAV.size:
            yield _head(self._chart.sound_bytes)[first:end]
        begin, stop = max(0, first - _WAV.size), end - _WAV.size
        position = max(0, bisect_right(self._starts, begin) - 1)
        for chunk in self._chart.chunks[position:]:
            if chunk.start >= stop:
                return
            piece = self._sound_of(position, begin - chunk.start, stop - chunk.start)
            position += 1
            if piece:
                yield piece

    def close(self) -> None:
        """End listening."""
        self._file.close()

    def _sound_of(self, position: int, begin: int, stop: int) -> bytes:
        try:
            return self._chart.chunks[position].read(self._file)[max(0, begin) : stop]
        except InvalidTag:
            second = self._chart.chunks[position].start // SECOND_BYTES
            raise RecordingLostError(f"{self._path.name} is damaged at second {second}") from None
        except (OSError, ValueError) as error:
            raise RecordingLostError(f"{self._path.name} cannot be read: {error}") from error


def _head(sound_bytes: int) -> bytes:
    size = min(sound_bytes, _LARGEST_SOUND)  # a WAV cannot say more; players read on to the end
    rate, block = CLOCK_HZ, SAMPLE_BYTES
    form = (b"fmt ", 16, _PCM, _CHANNELS, rate, rate * block, block, _BITS)
    return _WAV.pack(b"RIFF", size + _WAV.size - 8, b"WAVE", *form, b"data", size)
