"""Long texts are put together, in whatever order their parts come."""

from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.sms.parts import MOST_SERIES, JoinedText, Parts
from device.adapters.modem.sms.pdu import IncomingText, Part

SENDER = "+37120000001"


def part(number: int, total: int, text: str, series: int = 1, sender: str = SENDER) -> IncomingText:
    return IncomingText(sender, text, float(number), Part(series, number, total))


def add(parts: Parts, message: IncomingText, index: int, mono_s: float = 0.0) -> JoinedText | None:
    assert message.part is not None
    return parts.add(message, message.part, (index,), mono_s)


@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    parts = Parts()
    found = [add(parts, part(number, 4, f"<{number}>"), number) for number in order]
    assert found[:-1] == [None] * 3
    assert found[-1] == JoinedText(SENDER, "<1><2><3><4>", 1.0, tuple(order))


def test_a_part_that_comes_twice_counts_once_and_both_places_are_kept() -> None:
    parts = Parts()
    assert add(parts, part(1, 2, "a"), 1) is None
    assert add(parts, part(1, 2, "a"), 2) is None
    assert add(parts, part(2, 2, "b"), 3) == JoinedText(SENDER, "ab", 1.0, (1, 2, 3))


def test_texts_of_two_people_are_not_mixed() -> None:
    parts = Parts()
    assert add(parts, part(1, 2, "a"), 1) is None
    assert add(parts, part(2, 2, "b", sender="+37120000002"), 2) is None
    assert add(parts, part(2, 2, "b", series=2), 3) is None


def test_what_lacks_a_part_for_too_long_is_given_up_as_it_is() -> None:
    parts = Parts()
    add(parts, part(2, 3, "b"), 1, 10.0)
    assert parts.older_than(10.0) == []
    assert parts.older_than(11.0) == [JoinedText(SENDER, "b", 2.0, (1,))]
    assert parts.older_than(11.0) == []


def test_it_is_bounded() -> None:
    parts = Parts()
    for series in range(MOST_SERIES + 10):
        add(parts, part(1, 2, "a", series=series), series)
    assert add(parts, part(2, 2, "b", series=0), 99) is None
    assert add(parts, part(2, 2, "b", series=MOST_SERIES + 9), 99) is not None
