"""The chirp: as long, as loud and as wide as it says, and without a click."""

import io
import wave

from device.adapters.voice import chirp
from device.adapters.voice.spectrum import transform_two


def test_the_file_is_what_the_bridge_plays() -> None:
    with wave.open(io.BytesIO(chirp.wav())) as file:
        form = file.getparams()
    assert (form.nchannels, form.sampwidth, form.framerate) == (1, 2, 16_000)
    assert form.nframes == len(chirp.samples()) == chirp.LENGTH_S * 16_000


def test_it_is_as_loud_as_it_says_and_begins_and_ends_in_silence() -> None:
    samples = chirp.samples()
    assert 0.99 * chirp.LEVEL < max(samples) <= chirp.LEVEL
    assert max(map(abs, (*samples[:8], *samples[-8:]))) < 0.01


def test_every_octave_that_is_tested_has_its_share() -> None:
    padded = [*chirp.samples(), *[0.0] * 384]  # 16,384: a power of two
    spectrum, _ = transform_two(padded, padded)
    hz = len(padded) / 16_000
    energies = []
    low = chirp.LOWEST_HZ
    while low * 2 <= chirp.HIGHEST_HZ:
        energies.append(sum(abs(value) ** 2 for value in spectrum[round(low * hz) : round(low * 2 * hz)]))
        low *= 2
    assert len(energies) == 6
    assert max(energies) < 1.5 * min(energies)
