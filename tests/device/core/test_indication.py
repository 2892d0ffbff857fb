"""Light and words: one condition owns them; they come when they are news and again in time, and promise nothing."""

import itertools

import pytest

from device.core import timings
from device.core.effects import Effect, Indicate, Light, Prompt, Speak
from device.core.indication import TABLE, Condition, Indication
from tests.device.core.life import at

LIGHTS = {
    Condition.PRE_ALARM: Light.FLICKER,
    Condition.SPEAKING: Light.PULSE,
    Condition.ANSWERED: Light.BRIGHT,
    Condition.RECEIVED: Light.CALLING,
    Condition.RAISED_OFFLINE: Light.CALLING,
    Condition.RAISED: Light.CALLING,
    Condition.CENTRE_LOST: Light.BREATH,
    Condition.STARTING: Light.BREATH,
    Condition.BUTTON_STUCK: Light.DOUBLE_BLINK,
    Condition.BATTERY_LOW: Light.DOUBLE_BLINK,
    Condition.MAINS_LOST: Light.DOUBLE_BLINK,
    Condition.FAULT: Light.DOUBLE_BLINK,
    Condition.READY: Light.STEADY,
}
SPEAKING = [condition for condition in Condition if TABLE[condition].prompt]
REPEATING = [condition for condition in Condition if TABLE[condition].repeat_s]
SILENT = [condition for condition in Condition if TABLE[condition].prompt is None]


def show(
    indication: Indication,
    *holding: Condition,
    at_s: float = 0.0,
    has_spoken: bool = False,
    press: bool = False,
    is_quiet: bool = False,
) -> list[Effect]:
    return indication.show(set(holding), at(at_s), has_spoken=has_spoken, press=press, is_quiet=is_quiet)


def words(condition: Condition) -> list[Effect]:
    prompt = TABLE[condition].prompt
    return [Speak(prompt)] if prompt else []


def test_every_condition_has_its_light() -> None:
    assert {condition: row.light for condition, row in TABLE.items()} == LIGHTS
    assert set(TABLE) == set(Condition)


def test_only_an_accepted_alarm_shines_as_one() -> None:
    assert [condition for condition, row in TABLE.items() if row.light is Light.BRIGHT] == [Condition.ANSWERED]
    assert [condition for condition, row in TABLE.items() if row.prompt is Prompt.ANSWERED] == [Condition.ANSWERED]
    assert [condition for condition, row in TABLE.items() if row.prompt is Prompt.RECEIVED] == [Condition.RECEIVED]


def test_words_that_are_repeated_are_there() -> None:
    assert all(row.prompt for row in TABLE.values() if row.repeat_s)


@pytest.mark.parametrize("condition", Condition)
def test_a_condition_owns_light_and_voice_when_it_comes(condition: Condition) -> None:
    assert show(Indication(), condition) == [Indicate(LIGHTS[condition]), *words(condition)]


@pytest.mark.parametrize(("upper", "lower"), [*itertools.combinations(Condition, 2)])
def test_the_most_important_condition_wins(upper: Condition, lower: Condition) -> None:
    assert show(Indication(), upper, lower) == show(Indication(), upper)


def test_where_nothing_holds_it_is_ready() -> None:
    assert show(Indication()) == [Indicate(Light.STEADY), Speak(Prompt.READY)]


@pytest.mark.parametrize("condition", Condition)
def test_what_is_shown_already_is_not_shown_again(condition: Condition) -> None:
    indication = Indication()
    show(indication, condition)
    assert show(indication, condition, at_s=1) == []


def test_another_condition_with_the_same_light_says_its_words_only() -> None:
    indication = Indication()
    show(indication, Condition.RAISED)
    assert show(indication, Condition.RECEIVED, at_s=1) == [Speak(Prompt.RECEIVED)]


@pytest.mark.parametrize("condition", REPEATING)
def test_words_are_repeated_in_their_time(condition: Condition) -> None:
    indication, repeat_s = Indication(), TABLE[condition].repeat_s or 0
    show(indication, condition)
    for turn in range(1, 4):
        assert indication.next_deadline() == at(turn * repeat_s).mono_s
        assert show(indication, condition, at_s=turn * repeat_s - 0.1) == []
        assert show(indication, condition, at_s=turn * repeat_s) == words(condition)


def said_within(indication: Indication, condition: Condition, from_s: float, until_s: float) -> list[float]:
    """Serve every deadline of a condition that lasts; return when its words were said."""
    said = []
    while (due_s := indication.next_deadline()) is not None and due_s <= at(until_s).mono_s:
        said += [due_s - at(0).mono_s for _ in show(indication, condition, at_s=due_s - at(0).mono_s)]
    return [at_s for at_s in said if at_s >= from_s]


@pytest.mark.parametrize("condition", REPEATING)
def test_words_come_more_seldom_after_a_while_until_somebody_presses(condition: Condition) -> None:
    indication, repeat_s = Indication(), TABLE[condition].repeat_s or 0
    show(indication, condition)
    said = said_within(indication, condition, timings.WORDS_OFTEN_FOR_S, 3600)
    gaps = {later - earlier for earlier, later in itertools.pairwise(said)}
    assert gaps == {timings.WORDS_SELDOM_S}
    show(indication, condition, at_s=3600, press=True)
    assert indication.next_deadline() == at(3600 + repeat_s).mono_s


@pytest.mark.parametrize("condition", [c for c in Condition if c not in REPEATING])
def test_other_words_are_said_once(condition: Condition) -> None:
    indication = Indication()
    show(indication, condition)
    assert indication.next_deadline() is None


@pytest.mark.parametrize("condition", SPEAKING)
def test_a_press_lets_the_words_come_again(condition: Condition) -> None:
    indication = Indication()
    show(indication, condition)
    assert show(indication, condition, at_s=1, press=True) == words(condition)


@pytest.mark.parametrize("condition", SPEAKING)
def test_words_wait_for_what_is_being_said(condition: Condition) -> None:
    indication = Indication()
    assert show(indication, condition, has_spoken=True) == [Indicate(LIGHTS[condition])]
    assert indication.next_deadline() == at(timings.WORDS_APART_S).mono_s
    assert show(indication, condition, at_s=timings.WORDS_APART_S) == words(condition)


@pytest.mark.parametrize("condition", SILENT)
def test_where_there_are_no_words_nothing_waits(condition: Condition) -> None:
    indication = Indication()
    show(indication, condition, has_spoken=True)
    assert indication.next_deadline() is None


def test_words_that_were_due_are_not_said_of_what_is_over() -> None:
    """A pre-alarm of ten seconds ends on the very beat of its words."""
    indication, repeat_s = Indication(), TABLE[Condition.PRE_ALARM].repeat_s or 0
    show(indication, Condition.PRE_ALARM)
    over = show(indication, Condition.RAISED, at_s=repeat_s)
    assert over == [Indicate(Light.CALLING), Speak(Prompt.CALLING)]


@pytest.mark.parametrize("condition", Condition)
def test_while_a_call_stands_only_the_light_changes(condition: Condition) -> None:
    indication = Indication()
    assert show(indication, condition, press=True, is_quiet=True) == [Indicate(LIGHTS[condition])]
    assert indication.next_deadline() is None


@pytest.mark.parametrize("condition", SPEAKING)
def test_words_come_when_the_call_is_over(condition: Condition) -> None:
    indication = Indication()
    show(indication, condition)
    show(indication, condition, at_s=1, is_quiet=True)
    assert show(indication, condition, at_s=2) == words(condition)
