"""The chirp with which a unit tests its own sound: one rising tone through everything a voice needs.

Rules: computed, never recorded. Each octave gets the same time, as each is worth the same to an ear; the ends fade, so
that no loudspeaker clicks.
"""

import io
import math
import wave
from array import array
from functools import cache

from device.voice.messages import CLOCK_HZ

LOWEST_HZ = 100.0
HIGHEST_HZ = 7_000.0
"""What is tested. The chirp itself runs on a little at both ends, where it fades."""
LENGTH_S = 1.0
LEVEL = 0.35
"""Of the loudest: well heard in the next room, and far from what distorts a small loudspeaker."""
_FROM_HZ, _TO_HZ = 80.0, 7_800.0
_FADE_S = 0.02
_LOUDEST = 32_767


@cache
def samples() -> tuple[float, ...]:
    """Return the chirp, its loudest 1."""
    length = int(CLOCK_HZ * LENGTH_S)
    octaves = math.log(_TO_HZ / _FROM_HZ)
    turns = 2 * math.pi * _FROM_HZ * LENGTH_S / octaves
    return tuple(
        LEVEL * _fade(number, length) * math.sin(turns * (math.exp(octaves * number / length) - 1))
        for number in range(length)
    )


@cache
def wav() -> bytes:
    """Return the chirp as a file."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CLOCK_HZ)
        file.writeframes(array("h", (round(sample * _LOUDEST) for sample in samples())).tobytes())
    return held.getvalue()


def _fade(number: int, length: int) -> float:
    from_an_end_s = min(number, length - 1 - number) / CLOCK_HZ
    return math.sin(math.pi / 2 * min(1.0, from_an_end_s / _FADE_S)) ** 2
