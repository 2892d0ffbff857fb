"""Tones, and how much of one is in a sound: what goes in at one end of a line is found at the other, or is not."""

import math
from array import array

AMPLITUDE = 12_000
PIECE_S = 0.2


def tone(hz: float, samples: int, first: int, rate_hz: int) -> bytes:
    """Return a piece of a tone from its sample `first` on, 16 bit."""
    turn = 2 * math.pi * hz / rate_hz
    return array("h", (int(AMPLITUDE * math.sin(turn * (first + number))) for number in range(samples))).tobytes()


def level(sound: bytes, hz: float, rate_hz: int) -> float:
    """Return how much of a tone a sound holds: 1 is all of `tone`, 0 nothing (Goertzel)."""
    samples = array("h", sound)
    if not samples:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hz / rate_hz)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    power = last * last + before * before - factor * last * before
    return 2 * math.sqrt(max(0.0, power)) / len(samples) / AMPLITUDE


def loudest(sound: bytes, hz: float, rate_hz: int) -> float:
    """Return the level of a tone in the piece that has most of it."""
    size = int(PIECE_S * rate_hz) * 2
    pieces = (sound[at : at + size] for at in range(0, len(sound) - size + 1, size))
    return max((level(piece, hz, rate_hz) for piece in pieces), default=0.0)
