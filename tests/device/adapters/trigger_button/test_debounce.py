"""One contact, in exact times: every press once, whatever it does before it rests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.trigger_button.debounce import REST_S, SHORTEST_PRESS_S, Change, Debounce


def changes_of(edges: list[tuple[float, bool]], is_late: bool) -> list[Change]:
    """What comes of edges; a late program looks only when all is over."""
    debounce = Debounce(is_active=False)
    changes: list[Change] = []
    for at_s, is_active in edges:
        changes += debounce.see(at_s, is_active, is_active and not is_late)
    end_s = edges[-1][0] + 10
    return changes + debounce.see(end_s, is_active=False, is_active_now=False)


def bursts(*presses: tuple[float, float]) -> list[tuple[float, bool]]:
    """Edges of presses: when and for how long."""
    return [edge for at_s, length_s in presses for edge in ((at_s, True), (at_s + length_s, False))]


ONCE = [Change.PRESSED, Change.RELEASED]


@pytest.mark.parametrize("length_s", [SHORTEST_PRESS_S, 0.03, 1.0, 3600.0])
@pytest.mark.parametrize("is_late", [False, True])
def test_a_press_counts_however_late_the_program_looks(length_s: float, is_late: bool) -> None:
    assert changes_of(bursts((0.0, length_s)), is_late) == ONCE


def test_a_spark_that_is_over_when_the_program_looks_is_noise() -> None:
    assert changes_of(bursts((7.0, 0.0001), (7.001, 0.0002), (9.0, 0.004)), is_late=True) == []


def test_a_press_acts_on_its_first_edge() -> None:
    assert Debounce(is_active=False).see(7.0, is_active=True, is_active_now=True) == [Change.PRESSED]


@pytest.mark.parametrize("is_late", [False, True])
def test_two_presses_150_ms_apart_are_two(is_late: bool) -> None:
    assert changes_of(bursts((0.0, 0.03), (0.15, 0.03)), is_late) == ONCE + ONCE


@given(
    bounces=st.lists(st.tuples(st.floats(1e-6, 0.03), st.floats(1e-6, REST_S - 1e-6)), max_size=30),
    is_late=st.booleans(),
)
def test_a_bouncing_contact_is_one_press(bounces: list[tuple[float, float]], is_late: bool) -> None:
    """However it bounces before it rests, and after."""
    edges: list[tuple[float, bool]] = []
    at_s = 0.0
    for closed_s, open_s in [*bounces, (0.03, 0.01), *bounces]:
        edges += [(at_s, True), (at_s + closed_s, False)]
        at_s += closed_s + open_s
    assert changes_of(edges, is_late) == ONCE


def test_an_edge_that_comes_after_the_look_that_saw_it_changes_nothing() -> None:
    debounce = Debounce(is_active=False)
    seen = debounce.see(1.0, is_active=True, is_active_now=True)  # the look
    seen += debounce.see(0.999, is_active=True, is_active_now=True)  # its edge
    seen += debounce.see(1.1, is_active=False, is_active_now=False)
    seen += debounce.see(1.099, is_active=False, is_active_now=False)
    seen += debounce.see(1.139, is_active=False, is_active_now=False)
    assert seen == ONCE
