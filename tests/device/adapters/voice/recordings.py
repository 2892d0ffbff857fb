"""What a microphone would have recorded while the chirp was played: made by rule, so that the right answer is known."""

import math
import random
from collections.abc import Sequence

from device.adapters.voice import chirp
from device.voice.messages import CLOCK_HZ

LENGTH = 32_640
"""Samples: a little more than 2 s, in whole frames."""


def recorded(
    *arrivals: tuple[float, float], noise: float = 0.0, sound: Sequence[float] | None = None, loudness: float = 1.0
) -> list[int]:
    """Return 16-bit samples of the chirp arriving at (after so many ms, so strong), in noise of that rms."""
    dice = random.Random(7)
    samples = [dice.gauss(0, noise) if noise else 0.0 for _ in range(LENGTH)]
    for after_ms, strength in arrivals:
        at = round(after_ms * CLOCK_HZ / 1000)
        for number, sample in enumerate(sound or chirp.samples()):
            if at + number < LENGTH:
                samples[at + number] += strength * sample
    return [max(-32_768, min(32_767, round(loudness * sample * 32_768))) for sample in samples]


def through_a_small_loudspeaker(sound: Sequence[float], from_hz: float, to_hz: float) -> list[float]:
    """Return a sound without what is below and above: two filters of the second order for each end, 24 dB an octave."""
    for hz, is_high in ((from_hz, True), (from_hz, True), (to_hz, False), (to_hz, False)):
        sound = _filtered(sound, hz, is_high=is_high)
    return list(sound)


def _filtered(sound: Sequence[float], hz: float, *, is_high: bool) -> list[float]:
    turn = 2 * math.pi * hz / CLOCK_HZ
    slope = math.sin(turn) / math.sqrt(2)
    b_1 = -(1 + math.cos(turn)) if is_high else 1 - math.cos(turn)
    b_0 = b_2 = abs(b_1) / 2
    a_0, a_1, a_2 = 1 + slope, -2 * math.cos(turn), 1 - slope
    came: list[float] = []
    before, before_that, went, went_before = 0.0, 0.0, 0.0, 0.0
    for sample in sound:
        out = (b_0 * sample + b_1 * before + b_2 * before_that - a_1 * went - a_2 * went_before) / a_0
        before, before_that, went, went_before = sample, before, out, went
        came.append(out)
    return came
