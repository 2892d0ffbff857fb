"""The Fourier transform, for want of a library small enough for a unit: a second of sound takes a fraction of a second.

Rules: lengths are powers of two.
"""

import cmath
from collections.abc import Sequence


def transform(values: Sequence[complex]) -> list[complex]:
    """Return the spectrum of a signal, its first bin at 0 Hz."""
    length = len(values)
    assert length & (length - 1) == 0, length  # noqa: S101 - whoever calls pads
    turns = [cmath.exp(-2j * cmath.pi * number / length) for number in range(length // 2)]
    return _transform(list(values), turns)


def transform_back(spectrum: Sequence[complex]) -> list[complex]:
    """Return the signal of a spectrum."""
    length = len(spectrum)
    return [value.conjugate() / length for value in transform([value.conjugate() for value in spectrum])]


def transform_two(one: Sequence[float], other: Sequence[float]) -> tuple[list[complex], list[complex]]:
    """Return the spectra of two real signals of one length, for the price of one."""
    both = transform([complex(real, imaginary) for real, imaginary in zip(one, other, strict=True)])
    mirrored = [both[-number].conjugate() for number in range(len(both))]
    first = [(value + twin) / 2 for value, twin in zip(both, mirrored, strict=True)]
    second = [(value - twin) / 2j for value, twin in zip(both, mirrored, strict=True)]
    return first, second


def _transform(values: list[complex], turns: list[complex]) -> list[complex]:
    if len(values) == 1:
        return values
    even = _transform(values[0::2], turns[0::2])
    odd = _transform(values[1::2], turns[0::2])
    turned = [turn * value for turn, value in zip(turns, odd, strict=True)]
    rising = [one + other for one, other in zip(even, turned, strict=True)]
    return rising + [one - other for one, other in zip(even, turned, strict=True)]
