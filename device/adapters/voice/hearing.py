"""What became of the chirp: from what was recorded while it was played to how loud, how late and how whole it came.

Rules: pure. The recording divided by the chirp is the answer of the room to a single click; the chirp's whole energy
stands in that one click, so that it is found far below the noise. Level 0 dB: as loud as it was played. The delay is
that of the first arrival, not of the loudest. A tone counts as heard where it stands out of the noise and is not far
weaker than the rest.
"""

import math
import statistics
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from device.adapters.voice import chirp
from device.adapters.voice.spectrum import transform_back, transform_two
from device.core.events import SoundTest
from device.voice.messages import CLOCK_HZ

LENGTH = 32_768
"""Samples that are looked at: 2 s. The chirp must have begun to arrive within the first."""
LATEST = LENGTH - len(chirp.samples())
STANDS_OUT = 9.0
"""A click must be so much stronger than the noise: in a second of noise alone the strongest is 4 to 5 times as much."""
FIRST_OF = 0.5
"""An arrival is as strong as this, of the strongest."""
BEFORE, AFTER = 64, 960
"""Samples around the first arrival that belong to the answer: 4 ms before it, 60 ms of the room's echo."""
TONE_STANDS_OUT_DB = 6.0
WEAKER_BY_DB = 20.0
OVERDRIVEN_SHARE = 0.002
"""Of all samples, at the very end of the scale."""
_LOUDEST = 32_768
_END_OF_SCALE = 32_600
_FAINTEST_DB = -70.0
_WINDOW = 1_024
_PART_OF_OCTAVE = 3
_SPURIOUS = 2
"""So many bands that are not heard, one after the other, are the end of what is heard."""

NOTHING = "the microphone gives nothing but silence"
LOST_IN_NOISE = "the chirp was not in what the microphone heard"
OVERDRIVEN = "the microphone is overdriven: turn it or the loudspeaker down"


def analyse(recorded: Sequence[int]) -> SoundTest:
    """Return what became of the chirp in 16-bit samples, recorded from the moment on when it was played."""
    if not any(recorded):
        return SoundTest(is_heard=False, detail=NOTHING)
    answer = _answer_of([sample / _LOUDEST for sample in recorded[:LENGTH]])
    noise = statistics.median(map(abs, answer[:LATEST])) / 0.6745  # of normal noise, half is below this
    strongest = max(map(abs, answer[:LATEST]))
    click_db = _decibels(strongest / _perfect_click())
    if strongest < STANDS_OUT * noise or click_db < _FAINTEST_DB:
        return SoundTest(is_heard=False, detail=LOST_IN_NOISE)
    first = next(number for number, value in enumerate(answer) if abs(value) >= FIRST_OF * strongest)
    heard = _heard_bands(answer, first)
    return SoundTest(
        is_heard=True,
        level_db=round(max(click_db, _level_db(answer, first, noise)), 1),
        delay_ms=round(first / CLOCK_HZ * 1000, 1),
        lowest_hz=round(heard[0].from_hz) if heard else None,
        highest_hz=round(heard[-1].to_hz) if heard else None,
        detail=OVERDRIVEN if _is_overdriven(recorded) else "",
    )


def samples_of(frames: bytes) -> "array[int]":
    """Return the samples of frames as the engine gives them."""
    return array("h", frames)


@dataclass(frozen=True, slots=True)
class _Band:
    """A third of an octave: how strong the answer is in it, and the noise."""

    from_hz: float
    to_hz: float
    answer: float
    noise: float


def _answer_of(recorded: list[float]) -> list[float]:
    """Return what would have been recorded, had a click been played."""
    padded = recorded + [0.0] * (LENGTH - len(recorded))
    played = [*chirp.samples(), *[0.0] * LATEST]
    spectrum, of_chirp = transform_two(padded, played)
    lowest, highest = _bin(chirp.LOWEST_HZ, LENGTH), _bin(chirp.HIGHEST_HZ, LENGTH)
    quotient = [0j] * LENGTH
    for number in range(lowest, highest + 1):
        quotient[number] = spectrum[number] / of_chirp[number]
        quotient[-number] = quotient[number].conjugate()
    return [value.real for value in transform_back(quotient)]


def _perfect_click() -> float:
    """Return how high a click stands that came back as it was played."""
    return 2 * (chirp.HIGHEST_HZ - chirp.LOWEST_HZ) / CLOCK_HZ


def _level_db(answer: list[float], first: int, noise: float) -> float:
    """Return the energy of the answer, without that of the noise, against that of a perfect one.

    Where there is much noise this says too little; the click alone then says more.
    """
    window = _window(answer, first)
    energy = sum(value * value for value in window) - noise * noise * len(window)
    return _decibels(math.sqrt(max(energy, noise * noise) / _perfect_click()))


def _window(answer: list[float], first: int) -> list[float]:
    """Return the part around an arrival, fading in and out."""
    part = [answer[(first - BEFORE + number) % LENGTH] for number in range(BEFORE + AFTER)]
    for number in range(BEFORE):
        fade = math.sin(math.pi / 2 * number / BEFORE) ** 2
        part[number] *= fade
        part[-1 - number] *= fade
    return part


def _heard_bands(answer: list[float], first: int) -> list[_Band]:
    """Return the bands from the lowest to the highest that is heard: outwards from the strongest."""
    bands = _bands(_window(answer, first), _quietest(answer, first))
    strongest = max(range(len(bands)), key=lambda number: bands[number].answer)
    enough = bands[strongest].answer * 10 ** (-WEAKER_BY_DB / 10)
    above_noise = 10 ** (TONE_STANDS_OUT_DB / 10)
    heard = [band.answer >= max(enough, band.noise * above_noise) for band in bands]
    if not heard[strongest]:
        return []
    lowest = _outwards(heard, range(strongest, -1, -1))
    highest = _outwards(heard, range(strongest, len(bands)))
    return bands[lowest : highest + 1]


def _outwards(heard: list[bool], numbers: range) -> int:
    last, missed = numbers[0], 0
    for number in numbers:
        missed = 0 if heard[number] else missed + 1
        if missed == _SPURIOUS:
            break
        if heard[number]:
            last = number
    return last


def _quietest(answer: list[float], first: int) -> list[float]:
    """Return a part that holds nothing but noise: as long as the window, and as far from the answer as can be."""
    start = first - _WINDOW - BEFORE if first > LATEST // 2 else LATEST - 2 * _WINDOW
    return _window(answer, max(start, 0) + BEFORE)


def _bands(window: list[float], noise: list[float]) -> list[_Band]:
    of_answer, of_noise = transform_two(window, noise)
    bands = []
    from_hz = chirp.LOWEST_HZ
    while from_hz < chirp.HIGHEST_HZ:
        to_hz = min(from_hz * 2 ** (1 / _PART_OF_OCTAVE), chirp.HIGHEST_HZ)
        within = range(_bin(from_hz, _WINDOW), max(_bin(from_hz, _WINDOW), _bin(to_hz, _WINDOW) - 1) + 1)
        bands.append(_Band(from_hz, to_hz, _mean_power(of_answer, within), _mean_power(of_noise, within)))
        from_hz = to_hz
    return bands


def _mean_power(spectrum: list[complex], within: range) -> float:
    return sum(abs(spectrum[number]) ** 2 for number in within) / len(within)


def _bin(hz: float, length: int) -> int:
    return round(hz * length / CLOCK_HZ)


def _is_overdriven(recorded: Sequence[int]) -> bool:
    at_the_end = sum(abs(sample) >= _END_OF_SCALE for sample in recorded)
    return at_the_end > OVERDRIVEN_SHARE * len(recorded)


def _decibels(ratio: float) -> float:
    return 20 * math.log10(max(ratio, 1e-9))
