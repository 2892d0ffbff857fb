"""The transform, held against its definition."""

import cmath
import random

import pytest

from device.adapters.voice.spectrum import transform, transform_back, transform_two

LENGTH = 64


def noise(seed: int) -> list[float]:
    dice = random.Random(seed)
    return [dice.uniform(-1, 1) for _ in range(LENGTH)]


def by_definition(values: list[float]) -> list[complex]:
    return [
        sum(value * cmath.exp(-2j * cmath.pi * bin_ * at / LENGTH) for at, value in enumerate(values))
        for bin_ in range(LENGTH)
    ]


def test_it_is_the_fourier_transform() -> None:
    assert transform(noise(1)) == pytest.approx(by_definition(noise(1)))


def test_two_at_once_are_each_their_own() -> None:
    one, other = transform_two(noise(1), noise(2))
    assert one == pytest.approx(by_definition(noise(1)))
    assert other == pytest.approx(by_definition(noise(2)))


def test_the_way_back_leads_to_where_it_began() -> None:
    assert transform_back(transform(noise(3))) == pytest.approx([complex(value) for value in noise(3)])


def test_a_length_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(AssertionError):
        transform([0.0] * 63)
