"""The agenda: every key once, at its last moment, in order."""

from hypothesis import given
from hypothesis import strategies as st

from hub.core.agenda import SWEPT_FROM, Agenda
from hub.core.moment import NEVER


def test_nothing_is_due_in_an_empty_agenda() -> None:
    agenda = Agenda[str]()
    assert agenda.next_s() == NEVER
    assert agenda.take_due(1e9) == []


def test_keys_come_in_the_order_of_their_moments_and_only_once() -> None:
    agenda = Agenda[str]()
    for key, due_s in (("late", 30.0), ("early", 10.0), ("between", 20.0)):
        agenda.put(key, due_s)
    assert agenda.next_s() == 10.0
    assert agenda.take_due(20.0) == ["early", "between"]
    assert agenda.take_due(20.0) == []
    assert agenda.next_s() == 30.0


def test_a_key_that_is_moved_is_due_at_its_new_moment_alone() -> None:
    agenda = Agenda[str]()
    agenda.put("key", 10.0)
    agenda.put("key", 20.0)
    agenda.put("key", 20.0)
    assert agenda.next_s() == 20.0
    assert agenda.take_due(15.0) == []
    assert agenda.take_due(25.0) == ["key"]
    agenda.put("key", 10.0)
    assert agenda.take_due(10.0) == ["key"]


def test_a_key_that_is_dropped_or_never_due_does_not_come() -> None:
    agenda = Agenda[str]()
    agenda.put("dropped", 10.0)
    agenda.put("never", 10.0)
    agenda.drop("dropped")
    agenda.drop("unknown")
    agenda.put("never", NEVER)
    assert agenda.take_due(1e9) == []


def test_places_left_behind_are_swept_out() -> None:
    agenda = Agenda[int]()
    for number in range(10_000):
        agenda.put(number % 3, 1e6 - number)
    assert len(agenda._heap) <= SWEPT_FROM + 10
    assert agenda.take_due(1e6) == [0, 2, 1]


Moves = st.lists(st.tuples(st.integers(0, 9), st.sampled_from((1.0, 2.0, 3.0, 50.0, NEVER))))


@given(Moves, st.sampled_from((0.0, 2.0, 60.0)))
def test_what_is_due_is_what_a_plain_list_would_say(moves: list[tuple[int, float]], now_s: float) -> None:
    agenda = Agenda[int]()
    plain: dict[int, float] = {}
    for key, due_s in moves:
        agenda.put(key, due_s)
        plain[key] = due_s
    assert agenda.next_s() == min(plain.values(), default=NEVER)
    due = sorted((due_s, key) for key, due_s in plain.items() if due_s <= now_s)
    assert agenda.take_due(now_s) == [key for _, key in due]
