"""WAV files as frames, 20 ms each.

Rules: files of one rate that follow each other are one tape, without a gap. A tape is over when its last frame has been
taken and has had the time to be heard. Mono and stereo (its left side), 16 bit, at most half an hour in all.
"""

import wave
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

FRAMES_PER_S = 50
SAMPLE_BYTES = 2
STEREO = 2
LONGEST_S = 1800.0
HEARD_AFTER = 5
"""Frames, from the bridge to the other party's ear."""


class TapeError(Exception):
    """A file cannot be played; the text says which, and why."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound in one piece, mono, 16 bit."""

    rate_hz: int
    samples: bytes


def load(files: Iterable[Path]) -> tuple[Clip, ...]:
    """Read files, joining those that have the same rate. Raises TapeError."""
    clips = [_read(file) for file in files]
    if sum(len(clip.samples) / clip.rate_hz / SAMPLE_BYTES for clip in clips) > LONGEST_S:
        raise TapeError(f"together the files are longer than {LONGEST_S / 60:.0f} minutes; play them in parts")
    joined = groupby(clips, key=lambda clip: clip.rate_hz)
    return tuple(Clip(rate_hz, b"".join(clip.samples for clip in group)) for rate_hz, group in joined)


class Tape:
    """One clip, being played."""

    def __init__(self, clip: Clip, repeats: bool = False) -> None:
        self.clip = clip
        self.is_over = False
        self._repeats = repeats
        self._at = 0
        self._left_to_hear = HEARD_AFTER

    def take(self) -> bytes | None:
        """Return the next frame, the last one filled up with silence, then nothing."""
        size = SAMPLE_BYTES * (self.clip.rate_hz // FRAMES_PER_S)
        frame = self.clip.samples[self._at : self._at + size]
        self._at += size
        if self._repeats and self._at >= len(self.clip.samples):
            self._at = 0
        if frame:
            return frame.ljust(size, b"\0")
        self._left_to_hear -= 1
        self.is_over = self._left_to_hear <= 0
        return None


def _read(path: Path) -> Clip:
    try:
        with wave.open(str(path), "rb") as file:
            channels, rate_hz = file.getnchannels(), file.getframerate()
            if file.getsampwidth() != SAMPLE_BYTES or channels > STEREO or rate_hz % FRAMES_PER_S:
                raise TapeError(
                    f"{path} is not mono or stereo with 16 bit at 16000 Hz or another usual rate: convert it"
                )
            if file.getnframes() > LONGEST_S * rate_hz:
                raise TapeError(f"{path} is longer than {LONGEST_S / 60:.0f} minutes")
            samples = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise TapeError(f"{path} cannot be played: {error}") from error
    if not samples:
        raise TapeError(f"{path} is empty")
    if channels > 1:
        samples = array("h", samples)[::channels].tobytes()
    return Clip(rate_hz, samples)
