"""What a message is: new or a repetition, on time or late; and memory that grows with the gaps, not the messages."""

from hypothesis import given
from hypothesis import strategies as st

from device.wire import messages as wire
from hub.core import timings
from hub.core.ingest import Ingest, SeenSeqs, happened_s, is_late
from tests.hub.core.shift import key, raised


def message(age_s: float | None) -> wire.Message:
    return wire.Message(key=key(1), age_s=age_s, body=raised())


@given(st.lists(st.integers(1, 60)))
def test_a_number_is_known_when_it_was_taken_and_only_then(seqs: list[int]) -> None:
    seen = SeenSeqs()
    for seq in seqs:
        seen.take(seq)
    assert [seq for seq in range(1, 62) if seen.has(seq)] == sorted(set(seqs))


@given(st.lists(st.integers(1, 60)), st.randoms(use_true_random=False))
def test_the_order_of_arrival_leaves_no_trace(seqs: list[int], chance: object) -> None:
    one, other = SeenSeqs(), SeenSeqs()
    for seq in seqs:
        one.take(seq)
    for seq in sorted(seqs):
        other.take(seq)
    assert one == other


def test_memory_grows_with_the_gaps_and_not_with_the_messages() -> None:
    seen = SeenSeqs()
    for seq in range(1, 10_000):
        if seq not in (5, 5_000):
            seen.take(seq)
    assert seen == SeenSeqs(up_to=4, runs=[(6, 4_999), (5_001, 9_999)])
    seen.take(5)
    seen.take(5_000)
    assert seen == SeenSeqs(up_to=9_999)


def test_a_number_beyond_all_measure_costs_no_more_than_another() -> None:
    seen = SeenSeqs()
    seen.take(2**53)
    assert seen.has(2**53)
    assert not seen.has(2**53 - 1)


def test_keys_are_told_apart_by_unit_and_epoch() -> None:
    ingest = Ingest()
    ingest.take("home-1", key(1))
    assert ingest.has_seen("home-1", key(1))
    assert not ingest.has_seen("home-2", key(1))
    assert not ingest.has_seen("home-1", key(1, "b" * 16))


def test_what_earlier_lives_have_seen_is_known() -> None:
    ingest = Ingest()
    ingest.begin({"home-1": {key(1).epoch: SeenSeqs(up_to=7)}})
    assert ingest.has_seen("home-1", key(7))
    assert not ingest.has_seen("home-1", key(8))


def test_the_epochs_that_are_remembered_are_bounded() -> None:
    ingest = Ingest()
    for number in range(timings.EPOCHS_REMEMBERED + 1):
        ingest.take("home-1", key(1, f"{number:016x}"))
    assert not ingest.has_seen("home-1", key(1, "0" * 16))
    assert ingest.has_seen("home-1", key(1, f"{1:016x}"))


def test_what_happened_long_ago_or_nobody_knows_when_is_late() -> None:
    ages = (0.0, timings.LATE_AFTER_S, timings.LATE_AFTER_S + 1, None)
    assert [is_late(message(age_s)) for age_s in ages] == [False, False, True, True]


def test_when_it_happened_is_told_by_the_centres_own_clock() -> None:
    assert happened_s(message(40.0), 1_000.0) == 960.0
    assert happened_s(message(None), 1_000.0) is None
