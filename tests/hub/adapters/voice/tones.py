"""Tones, and how much of a tone is in a sound: what went in at one end is found at the other."""

import math
from array import array

CLOCK_HZ = 16_000
FRAME_SAMPLES = 320
AMPLITUDE = 12_000


def tone(hz: float, samples: int = FRAME_SAMPLES, first: int = 0, rate_hz: int = CLOCK_HZ) -> bytes:
    """Return a piece of a tone, from its sample `first` on."""
    turn = 2 * math.pi * hz / rate_hz
    return array("h", (int(AMPLITUDE * math.sin(turn * (first + i))) for i in range(samples))).tobytes()


def level(sound: bytes, hz: float, rate_hz: int = CLOCK_HZ) -> float:
    """Return how much of a tone a sound holds: 1 is all of `tone`, 0 nothing."""
    samples = array("h", sound)
    real = imaginary = 0.0
    turn = 2 * math.pi * hz / rate_hz
    for number, sample in enumerate(samples):
        real += sample * math.cos(turn * number)
        imaginary += sample * math.sin(turn * number)
    return 2 * math.hypot(real, imaginary) / max(1, len(samples)) / AMPLITUDE


def loudest(sound: bytes, hz: float, rate_hz: int = CLOCK_HZ, piece_s: float = 0.2) -> float:
    """Return the level of a tone in the piece that has most of it."""
    size = int(piece_s * rate_hz) * 2
    return max((level(sound[at : at + size], hz, rate_hz) for at in range(0, len(sound) - size + 1, size)), default=0)


def channel(stereo: bytes, side: int) -> bytes:
    """Return the left (0) or the right (1) of a stereo sound."""
    return array("h", stereo)[side::2].tobytes()
