"""Sound by its content: phrases that are known, and whether one of them is in what was heard.

Rules: a phrase is known by how loud and how sharp it is from moment to moment, which no codec takes away. A phrase that
is there is at least `IS_HEARD` like itself, another one less than `IS_ANOTHER`: a test asserts both.
"""

import math
import struct
import subprocess
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

LOWEST_HZ = 8_000
MOMENT_S = 0.01
FLOOR = 900.0
"""Of energy a sample: what is softer is silence, so that a codec's noise is no feature."""
IS_HEARD, IS_ANOTHER = 0.6, 0.5
LONG_ENOUGH_S = 7.0
"""To have a phrase from its beginning to its end, whenever one has begun to listen to one who repeats it."""


class Phrase(StrEnum):
    """Two that nobody would take for one another."""

    NUMBERS = "One, seven three. Nine!"
    QUESTION = "Can you hear me? Please stay."


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples of 16 bits, one channel."""

    rate_hz: int
    samples: Sequence[int]

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return len(self.samples) / self.rate_hz


SpokenFiles = dict[tuple[Phrase, int], tuple[Path, Sound]]
"""Of a phrase and a rate: a file that says it again and again, and the phrase once."""


def assert_says(heard: Sound, phrase: Phrase, files: SpokenFiles) -> None:
    """Assert that a phrase is in what was heard, and that no other is."""
    for known in Phrase:
        found = likeness(files[known, LOWEST_HZ][1], heard)
        assert found >= IS_HEARD if known is phrase else found < IS_ANOTHER, f"{known.name} is {found:.2f} like it"


def spoken(phrase: Phrase, file: Path, rate_hz: int, repeats: int = 1) -> Sound:
    """Render a phrase to a WAV file, `repeats` times one after the other, and return one of them."""
    once = file.with_suffix(".once.wav")
    subprocess.run(["espeak-ng", "-v", "en", "-s", "150", "-w", str(once), phrase], check=True, capture_output=True)
    shape = ["-r", str(rate_hz), "-c", "1", "-b", "16"]
    # `--no-dither`: the same phrase is the same file. A pause parts it from the next.
    subprocess.run(
        ["sox", "--no-dither", str(once), *shape, str(file), "pad", "0", "0.6", "repeat", str(repeats - 1)], check=True
    )
    one = read(file)
    return Sound(one.rate_hz, one.samples[: len(one.samples) // repeats])


def read(file: Path, channel: int = 0) -> Sound:
    """Return a channel of a WAV file. One that is still being written is read as far as it goes, whatever it says."""
    raw = file.read_bytes()
    at, channels, rate_hz = 12, 1, 0
    while at + 8 <= len(raw):
        name, size = struct.unpack_from("<4sI", raw, at)
        at += 8
        if name == b"fmt ":
            _, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", raw, at)
            assert bits == 16, f"{file} is of {bits} bits"
        if name == b"data":
            break
        at += size + size % 2
    frame = 2 * channels
    samples = array("h", raw[at : at + (len(raw) - at) // frame * frame])
    return Sound(rate_hz, samples[channel::channels])


def likeness(phrase: Sound, heard: Sound) -> float:
    """Return how much of `heard` is like the phrase where it is most like it, 0 to 1."""
    wanted = [_outline(feature) for feature in _features(phrase)]
    found = _features(heard)
    length, longest = len(wanted[0]), len(found[0])
    if length > longest:
        return 0.0
    return max(
        sum(_like(one, other[at : at + length]) for one, other in zip(wanted, found, strict=True)) / len(wanted)
        for at in range(longest - length + 1)
    )


def _features(sound: Sound) -> tuple[list[float], list[float]]:
    """Return how loud and how sharp each moment is, as far as it can be heard over the oldest telephone."""
    times = sound.rate_hz // LOWEST_HZ
    samples = [sum(sound.samples[at : at + times]) // times for at in range(0, len(sound.samples), times)]
    step = int(LOWEST_HZ * MOMENT_S)
    loud, sharp = [], []
    for at in range(0, len(samples) - step + 1, step):
        moment = samples[at : at + step]
        energy = sum(sample * sample for sample in moment) / step + FLOOR
        change = sum((after - before) ** 2 for before, after in pairwise(moment)) / step + FLOOR
        loud.append(math.log(energy))
        sharp.append(math.log(change / energy))
    return loud, sharp


def _outline(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    rest = [value - mean for value in values]
    size = math.sqrt(sum(value * value for value in rest)) or 1.0
    return [value / size for value in rest]


def _like(outline: Sequence[float], values: Sequence[float]) -> float:
    """Return the correlation of an outline with values."""
    mean = sum(values) / len(values)
    size = math.sqrt(sum((value - mean) ** 2 for value in values))
    return sum(one * value for one, value in zip(outline, values, strict=True)) / size if size else 0.0
