"""What was noted lets one browser hear one recording, for a while."""

from hub.console.listeners import MOST_NOTED, NOTED_FOR_S, Listeners


def test_only_what_was_noted_is_heard_and_not_for_ever() -> None:
    listeners = Listeners()
    assert not listeners.is_noted("s1", "r1", 0.0)
    listeners.note("s1", "r1", 100.0)
    assert listeners.is_noted("s1", "r1", 100.0 + NOTED_FOR_S - 1)
    assert not listeners.is_noted("s1", "r1", 100.0 + NOTED_FOR_S)
    assert not listeners.is_noted("s2", "r1", 100.0)
    assert not listeners.is_noted("s1", "r2", 100.0)


def test_the_oldest_are_forgotten_first() -> None:
    listeners = Listeners()
    for number in range(MOST_NOTED + 1):
        listeners.note("s", f"r{number}", 0.0)
    assert not listeners.is_noted("s", "r0", 0.0)
    assert listeners.is_noted("s", f"r{MOST_NOTED}", 0.0)
