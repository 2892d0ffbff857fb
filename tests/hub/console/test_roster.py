"""Who is at a console: a stream, a word within seconds, a shift."""

from hub.console.roster import Roster

NOBODY: frozenset[str] = frozenset()


def test_stream_word_and_shift_together_make_an_operator_live() -> None:
    roster = Roster(15.0)
    assert not roster.alive("s1", is_on_shift=True, can_speak=False, now_s=0.0)
    assert roster.live(0.0) == NOBODY
    roster.stream_opened("s1", "Elza")
    assert roster.live(0.0) == NOBODY
    assert roster.alive("s1", is_on_shift=False, can_speak=False, now_s=0.0)
    assert roster.live(0.0) == NOBODY
    roster.alive("s1", is_on_shift=True, can_speak=False, now_s=1.0)
    assert roster.live(16.0) == {"Elza"}
    assert roster.live(16.1) == NOBODY


def test_with_its_last_stream_a_browser_is_gone() -> None:
    roster = Roster(15.0)
    for _ in range(2):
        roster.stream_opened("s1", "Elza")
    roster.alive("s1", is_on_shift=True, can_speak=False, now_s=0.0)
    roster.stream_closed("s1")
    assert roster.live(1.0) == {"Elza"}
    roster.stream_closed("s1")
    assert roster.live(1.0) == NOBODY
    roster.stream_closed("s1")


def test_a_browser_that_comes_again_has_to_say_its_word_again() -> None:
    roster = Roster(15.0)
    roster.stream_opened("s1", "Elza")
    roster.alive("s1", is_on_shift=True, can_speak=False, now_s=0.0)
    roster.stream_closed("s1")
    roster.stream_opened("s1", "Elza")
    assert roster.live(1.0) == NOBODY


def test_an_operator_with_two_browsers_needs_one() -> None:
    roster = Roster(15.0)
    for session in ("s1", "s2"):
        roster.stream_opened(session, "Elza")
    roster.alive("s2", is_on_shift=True, can_speak=False, now_s=0.0)
    roster.stream_closed("s1")
    assert roster.live(1.0) == {"Elza"}


def test_who_can_be_spoken_with_is_live_and_has_a_microphone() -> None:
    roster = Roster(15.0)
    for session, name in (("s1", "Elza"), ("s2", "Elza"), ("s3", "Juris"), ("s4", "Vera")):
        roster.stream_opened(session, name)
    roster.alive("s1", is_on_shift=True, can_speak=False, now_s=0.0)
    roster.alive("s2", is_on_shift=True, can_speak=True, now_s=0.0)
    roster.alive("s3", is_on_shift=True, can_speak=False, now_s=0.0)
    roster.alive("s4", is_on_shift=False, can_speak=True, now_s=0.0)
    assert roster.live(0.0) == {"Elza", "Juris"}
    assert roster.speaking(0.0) == {"Elza"}
    assert roster.speaking(15.1) == NOBODY
