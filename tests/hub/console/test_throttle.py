"""Guessing is slow, and remembering it is bounded."""

from hub.console.throttle import WITHIN_S, Guesses, Throttle


def test_after_five_tries_a_key_waits_until_the_first_is_old() -> None:
    throttle = Throttle()
    for second in range(5):
        assert throttle.wait_s("a", float(second)) == 0.0
        throttle.count("a", float(second))
    assert throttle.wait_s("a", 10.0) == WITHIN_S - 10.0
    assert throttle.wait_s("b", 10.0) == 0.0
    assert throttle.wait_s("a", WITHIN_S) == 0.0


def test_a_flood_of_keys_is_not_remembered() -> None:
    throttle = Throttle(most_keys=100)
    for number in range(1_000):
        throttle.count(f"key {number}", 0.0)
    assert len(throttle) == 100


def test_a_right_try_clears_the_name_but_of_the_address_only_itself() -> None:
    guesses = Guesses()
    for name in ("a", "b", "c", "d"):
        guesses.begin(name, "10.0.0.5", 0.0)
    guesses.begin("me", "10.0.0.5", 0.0)
    guesses.was_right("me", "10.0.0.5")
    assert guesses.begin("e", "10.0.0.5", 0.0) == 0.0
    assert guesses.begin("f", "10.0.0.5", 0.0) == WITHIN_S
    assert guesses.begin("f", "10.0.0.6", 0.0) == 0.0


def test_who_waits_does_not_wait_longer_for_trying() -> None:
    guesses = Guesses()
    for _ in range(5):
        guesses.begin("a", "x", 0.0)
    for second in (100.0, 200.0, 299.0):
        assert guesses.begin("A ", "y", second) == WITHIN_S - second
    assert guesses.begin("a", "y", WITHIN_S) == 0.0


def test_names_are_one_however_they_are_written() -> None:
    guesses = Guesses()
    for name in ("Elza", " elza", "ELZA ", "eLZA", "elza"):
        guesses.begin(name, name, 0.0)
    assert guesses.begin("Elza", "elsewhere", 0.0) > 0.0
