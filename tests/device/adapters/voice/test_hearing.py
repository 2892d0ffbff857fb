"""What is made of a recording of the chirp: silence, noise, echo, a small loudspeaker, an overdriven microphone."""

import math
import random

import pytest

from device.adapters.voice import chirp
from device.adapters.voice.hearing import LOST_IN_NOISE, NOTHING, OVERDRIVEN, analyse
from device.core.events import SoundTest
from tests.device.adapters.voice.recordings import LENGTH, recorded, through_a_small_loudspeaker

A_THIRD_OF_AN_OCTAVE = 2 ** (1 / 3) + 0.02


@pytest.mark.parametrize(("after_ms", "strength"), [(0, 1.0), (20, 1.0), (125, 0.1), (250, 0.01), (900, 0.3)])
def test_level_and_delay_are_those_of_the_way_it_came(after_ms: float, strength: float) -> None:
    test = analyse(recorded((after_ms, strength)))
    assert test.is_heard
    assert test.level_db == pytest.approx(20 * math.log10(strength), abs=0.5)
    assert test.delay_ms == pytest.approx(after_ms, abs=0.2)
    assert (test.lowest_hz, test.highest_hz, test.detail) == (chirp.LOWEST_HZ, chirp.HIGHEST_HZ, "")


def test_it_is_heard_through_noise_that_is_louder_than_it() -> None:
    faint = 0.02  # of a chirp whose rms is 0.25: 0.005
    test = analyse(recorded((80, faint), noise=0.02))
    assert test.is_heard
    assert test.level_db == pytest.approx(20 * math.log10(faint), abs=3)
    assert test.delay_ms == pytest.approx(80, abs=0.5)


@pytest.mark.parametrize("seed", range(3))
def test_noise_alone_is_never_taken_for_it(seed: int) -> None:
    dice = random.Random(seed)
    test = analyse([round(dice.gauss(0, 3_000)) for _ in range(LENGTH)])
    assert test == SoundTest(is_heard=False, detail=LOST_IN_NOISE)


def test_a_steady_hum_is_not_taken_for_it() -> None:
    hum = [round(9_000 * math.sin(2 * math.pi * 440 * number / 16_000)) for number in range(LENGTH)]
    assert not analyse(hum).is_heard


def test_it_is_heard_beside_a_hum() -> None:
    hum = [round(3_000 * math.sin(2 * math.pi * 50 * number / 16_000)) for number in range(LENGTH)]
    mixed = [one + other for one, other in zip(hum, recorded((60, 0.3)), strict=True)]
    test = analyse(mixed)
    assert test.is_heard
    assert test.delay_ms == pytest.approx(60, abs=0.2)


def test_silence_is_told_from_a_chirp_that_was_lost() -> None:
    assert analyse([0] * LENGTH) == SoundTest(is_heard=False, detail=NOTHING)
    assert analyse([]) == SoundTest(is_heard=False, detail=NOTHING)


def test_the_first_arrival_counts_though_an_echo_is_louder() -> None:
    test = analyse(recorded((50, 0.3), (75, 0.4), (119, 0.2), noise=0.005))
    assert test.is_heard
    assert test.delay_ms == pytest.approx(50, abs=0.2)
    assert test.level_db == pytest.approx(20 * math.log10(0.5), abs=1)  # two of them fall into 60 ms


@pytest.mark.parametrize(("from_hz", "to_hz"), [(300, 3_400), (500, 5_000), (200, 2_000)])
@pytest.mark.parametrize("noise", [0.0, 0.002])
def test_the_band_is_what_a_small_loudspeaker_leaves(from_hz: float, to_hz: float, noise: float) -> None:
    sound = through_a_small_loudspeaker(chirp.samples(), from_hz, to_hz)
    test = analyse(recorded((70, 0.3), sound=sound, noise=noise))
    assert test.is_heard
    assert test.lowest_hz is not None
    assert test.highest_hz is not None
    # 24 dB an octave: what is 20 dB weaker begins most of an octave outside.
    assert from_hz / 2 / A_THIRD_OF_AN_OCTAVE <= test.lowest_hz <= from_hz
    assert to_hz <= test.highest_hz <= to_hz * 2 * A_THIRD_OF_AN_OCTAVE


def test_an_overdriven_microphone_is_told() -> None:
    test = analyse(recorded((60, 1.0), loudness=6))
    assert (test.is_heard, test.detail) == (True, OVERDRIVEN)


def test_what_comes_too_late_or_was_cut_short_does_no_harm() -> None:
    assert not analyse(recorded((1_900, 0.3), noise=0.01)).is_heard
    assert not analyse(recorded((60, 0.3), noise=0.001)[:1_600]).is_heard
