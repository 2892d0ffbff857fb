"""The clock: what is believed of the wall time."""

import pytest

from device.adapters.clock import QUALITY_HOLDS_S, RELEASED_UNIX_S, Clock, kernel_is_synchronized
from device.wire.vocabulary import ClockQuality

NOW_S = RELEASED_UNIX_S + 1000


@pytest.mark.parametrize(
    ("wall_s", "synchronized", "quality"),
    [
        (0.0, True, ClockQuality.UNSET),
        (RELEASED_UNIX_S - 1, True, ClockQuality.UNSET),
        (NOW_S, False, ClockQuality.KEPT),
        (NOW_S, True, ClockQuality.NETWORK),
    ],
)
def test_quality_says_how_far_the_time_can_be_believed(
    wall_s: float, synchronized: bool, quality: ClockQuality
) -> None:
    moment = Clock(lambda: 5.0, lambda: wall_s, lambda: synchronized)()
    assert (moment.mono_s, moment.wall_s, moment.clock) == (5.0, wall_s, quality)


def test_a_time_service_that_comes_late_is_noticed() -> None:
    mono_s, synchronized = 0.0, False
    clock = Clock(lambda: mono_s, lambda: NOW_S, lambda: synchronized)
    assert clock().clock is ClockQuality.KEPT
    synchronized = True
    mono_s = QUALITY_HOLDS_S
    assert clock().clock is ClockQuality.NETWORK


def test_a_clock_that_is_set_at_last_is_noticed_at_once() -> None:
    wall_s = 0.0
    clock = Clock(lambda: 0.0, lambda: wall_s, lambda: True)
    assert clock().clock is ClockQuality.UNSET
    wall_s = NOW_S
    assert clock().clock is ClockQuality.NETWORK


def test_the_kernel_answers() -> None:
    assert kernel_is_synchronized() in (True, False)


def test_monotonic_time_does_not_go_back() -> None:
    clock = Clock()
    moments = [clock().mono_s for _ in range(100)]
    assert moments == sorted(moments)
