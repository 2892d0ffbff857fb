"""Which centre is tried next, and when: decided over plain numbers."""

import itertools
from functools import partial

import pytest

from device.adapters.broker.route import Route
from device.adapters.broker.settings import Patience

PATIENCE = Patience()
SHORTEST, LONGEST = 0.0, 1.0


def waits(route: Route, attempts: int, now: float = 0.0) -> list[float]:
    """The pauses before each of the next attempts, all of which fail at once."""
    pauses = []
    for _ in range(attempts):
        now = max(now, route.due_s)
        route.attempt(now)
        route.ended(None, now)
        pauses.append(route.due_s - now)
    return pauses


def fail(route: Route, now: float = 0.0) -> None:
    route.attempt(now)
    route.ended(None, now)


@pytest.mark.parametrize(
    ("chance", "expected"),
    [(SHORTEST, [1, 2, 4, 8, 15, 15, 15]), (LONGEST, [2, 4, 8, 16, 30, 30, 30])],
)
def test_the_first_attempt_is_made_at_once_and_the_others_ever_later(chance: float, expected: list[float]) -> None:
    route = Route(1, PATIENCE, lambda: chance)
    assert route.due_s <= 0
    assert waits(route, 7) == expected


def test_the_wait_stays_bounded_however_long_the_line_is_dead() -> None:
    assert waits(Route(1, PATIENCE, lambda: LONGEST), 100_000)[-1] == PATIENCE.longest_wait_s


def test_units_do_not_come_back_in_step() -> None:
    chances = [part / 10 for part in range(10)]
    pauses = {waits(Route(1, PATIENCE, partial(float, chance)), 1)[0] for chance in chances}
    assert len(pauses) == len(chances)


def test_a_lost_connection_that_had_lived_is_tried_again_at_once() -> None:
    route = Route(2, PATIENCE, lambda: LONGEST)
    waits(route, 1)
    route.ended(opened_s=100.0, now=100.0 + PATIENCE.steady_s)
    assert (route.index, route.due_s) == (0, 110.0)
    assert waits(route, 1, now=110.0) == [2], "the waits begin anew"


def test_a_connection_that_died_young_counts_as_a_failed_attempt() -> None:
    route = Route(1, PATIENCE, lambda: LONGEST)
    for expected in (2, 4, 8):
        route.ended(opened_s=99.0, now=100.0)
        assert route.due_s == 100.0 + expected


def test_after_two_failures_the_next_centre_is_tried_at_once_round_the_list() -> None:
    route = Route(3, PATIENCE, lambda: LONGEST)
    seen = []
    for _ in range(8):
        seen.append((route.index, max(route.due_s, 0.0)))
        fail(route, max(route.due_s, 0.0))
    assert [index for index, _ in seen] == [0, 0, 1, 1, 2, 2, 0, 0]
    moments = [moment for _, moment in seen]
    pauses = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert pauses == [2, 0, 4, 0, 8, 16, 30], "a centre nothing is known against is tried at once"


def test_an_alarm_that_waits_is_tried_for_at_once_and_often() -> None:
    route = Route(1, PATIENCE, lambda: LONGEST)
    waits(route, 10)
    late = route.due_s
    now = late - 20
    route.hurry(now)
    assert route.due_s == now
    assert max(waits(route, 50, now)) == PATIENCE.hurried_wait_s


def test_the_hurry_ends() -> None:
    route = Route(1, PATIENCE, lambda: LONGEST)
    route.hurry(0.0)
    waits(route, 10)
    assert waits(route, 1, now=PATIENCE.hurry_s) == [PATIENCE.longest_wait_s]


def test_a_hurry_starts_no_storm_of_attempts() -> None:
    route = Route(1, PATIENCE, lambda: LONGEST)
    fail(route, now=10.0)
    for _ in range(100):
        route.hurry(10.0)
    assert route.due_s == 11.0


def test_a_hurry_never_delays() -> None:
    route = Route(1, PATIENCE, lambda: LONGEST)
    route.hurry(5.0)
    assert route.due_s <= 5.0


def test_a_change_of_centre_is_made_at_once_and_wraps() -> None:
    route = Route(2, PATIENCE, lambda: LONGEST)
    route.change(10.0)
    assert (route.index, route.due_s) == (1, 10.0)
    route.change(20.0)
    assert (route.index, route.due_s) == (0, 20.0)


def test_the_silent_centre_is_not_gone_back_to_without_a_pause() -> None:
    route = Route(2, PATIENCE, lambda: LONGEST)
    route.change(0.0)
    fail(route)
    fail(route)
    assert route.index == 0
    assert route.due_s > 0.0


def test_back_at_the_first_centre_nothing_of_the_past_counts() -> None:
    route = Route(2, PATIENCE, lambda: LONGEST)
    waits(route, 3)
    route.returned()
    assert route.index == 0
    assert waits(route, 1, now=1_000.0) == [2]


def test_there_is_a_choice_only_among_several() -> None:
    assert not Route(1, PATIENCE, lambda: 0.0).has_choice
    assert Route(2, PATIENCE, lambda: 0.0).has_choice
