"""What waits for the store: kept whole and in order, receipted only then, and no mistake holds the others back."""

from collections.abc import Sequence

import pytest

from hub.commits import MOST_REFUSED, Act, Commits
from hub.core import events as ev
from hub.core.effects import Acknowledge, Effect, Reply, Save, SendReceipt
from hub.core.records import Record, Unit
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.hub.core.shift import key

FULL = PermanentAdapterError("the disk is full")
FAILED = ev.AdapterFailed("store", "Save", "the disk is full", lasting=True)
RECOVERED = ev.AdapterRecovered("store")


class ScriptedStore:
    """Commits, fails or refuses as it is told."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.refuses: set[Record] = set()
        self.room = 1_000
        self.commits: list[list[Record]] = []

    @property
    def kept(self) -> list[Record]:
        """Return every record, in the order of the commits."""
        return [record for records in self.commits for record in records]

    def save(self, records: Sequence[Record]) -> None:
        if self.error is not None:
            raise self.error
        if self.refuses & set(records):
            raise OverflowError("a number beyond all measure")
        if len(self.kept) + len(records) > self.room:
            raise FULL
        self.commits.append([*records])


class Desk:
    """What waits for a store, and what was told of it."""

    def __init__(self) -> None:
        self.store = ScriptedStore()
        self.told: list[ev.Event] = []
        self.commits = Commits(self.store, self.told.append)

    def take(self, *acts: Act) -> list[Effect]:
        return self.commits.take(acts)


def receipt(number: int, token: int = 0) -> SendReceipt:
    return SendReceipt(f"home-{number}", key(number), token)


def unit(number: int) -> Unit:
    return Unit(f"home-{number}")


def act(number: int, token: int = 0) -> Act:
    """Return what a message leads to."""
    return Act.of([Save(unit(number)), Reply("request"), receipt(number, token)])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_effects_are_sorted_and_keep_their_order() -> None:
    sorted_act = act(1)
    assert (sorted_act.records, sorted_act.receipts, sorted_act.others) == ([unit(1)], [receipt(1)], [Reply("request")])


def test_all_that_has_come_is_one_commit_and_then_receipted(desk: Desk) -> None:
    acts = [act(1), act(2)]
    assert desk.take(*acts) == [receipt(1), receipt(2)]
    assert desk.store.commits == [[unit(1), unit(2)]]
    assert all(act.is_kept for act in acts)
    assert not desk.commits.are_waiting


def test_what_needs_no_commit_needs_no_store(desk: Desk) -> None:
    desk.store.error = FULL
    repeated = Act.of([receipt(1)])
    assert desk.take(repeated) == [receipt(1)]
    assert repeated.is_kept
    assert desk.told == []


@pytest.mark.parametrize("error", [FULL, TransientAdapterError("locked"), RuntimeError("a mistake")])
def test_while_the_store_fails_receipts_wait_and_the_broker_does_not(desk: Desk, error: Exception) -> None:
    desk.store.error = error
    waiting = act(1, token=7)
    assert desk.take(waiting) == [Acknowledge(7)]
    assert desk.commits.are_waiting
    assert not waiting.is_kept
    desk.store.error = None
    assert desk.take() == [receipt(1)]
    assert desk.take() == []
    assert desk.store.kept == [unit(1)]


def test_what_waited_comes_before_what_has_come_since(desk: Desk) -> None:
    desk.store.error = FULL
    desk.take(act(1))
    desk.take(act(2))
    desk.store.error = None
    assert desk.take(act(3)) == [receipt(1), receipt(2), receipt(3)]
    assert desk.store.commits == [[unit(1), unit(2), unit(3)]]


def test_a_repetition_waits_with_the_first_and_is_receipted_once(desk: Desk) -> None:
    desk.store.error = FULL
    desk.take(act(1, token=7))
    assert desk.take(Act.of([receipt(1, token=8)])) == [Acknowledge(8)]
    desk.store.error = None
    assert desk.take() == [receipt(1)]


def test_the_store_is_told_once_when_it_fails_and_once_when_it_works(desk: Desk) -> None:
    for _ in range(2):
        desk.store.error = FULL
        desk.take(act(1))
        desk.take(act(2))
        desk.store.error = None
        desk.take()
        desk.take(act(3))
    assert desk.told == [FAILED, RECOVERED] * 2


# --- a record that no store takes ---


def test_a_record_that_no_store_takes_holds_back_no_other_receipt(desk: Desk) -> None:
    desk.store.refuses = {unit(2)}
    refused = act(2, token=7)
    assert desk.take(act(1), refused, act(3)) == [receipt(1), Acknowledge(7), receipt(3)]
    assert desk.store.kept == [unit(1), unit(3)]
    assert not refused.is_kept
    (failed,) = desk.told
    assert failed == ev.AdapterFailed("records", "Save", "the store refuses Unit: see the log", lasting=True)


def test_what_is_refused_is_never_receipted_however_often_it_is_repeated(desk: Desk) -> None:
    desk.store.refuses = {unit(1)}
    desk.take(act(1), act(2))
    assert desk.take(Act.of([receipt(1, token=8)])) == [Acknowledge(8)]
    desk.store.error = FULL
    assert desk.take(act(3), Act.of([receipt(1, token=9)])) == [Acknowledge(0), Acknowledge(9)]
    desk.store.error = None
    assert desk.take() == [receipt(3)]


def test_what_waited_and_is_then_refused_loses_its_receipt(desk: Desk) -> None:
    desk.store.error = FULL
    desk.take(act(1), act(2))
    desk.store.refuses, desk.store.error = {unit(1)}, None
    assert desk.take() == [receipt(2)]


def test_one_record_that_is_refused_waits_for_another_to_tell_whose_fault_it_is(desk: Desk) -> None:
    desk.store.refuses = {unit(1)}
    assert desk.take(act(1)) == [Acknowledge(0)]
    assert desk.commits.are_waiting
    assert desk.take(act(2)) == [receipt(2)]
    assert not desk.commits.are_waiting


@pytest.mark.parametrize("count", [2, MOST_REFUSED, MOST_REFUSED + 5])
def test_a_store_that_takes_nothing_is_not_the_records_fault(desk: Desk, count: int) -> None:
    numbers = range(1, count + 1)
    desk.store.refuses = {unit(number) for number in numbers}
    desk.take(*map(act, numbers))
    assert [type(event) for event in desk.told] == [ev.AdapterFailed]
    desk.store.refuses = set()
    assert desk.take() == [receipt(number) for number in numbers]


def test_a_store_that_fills_up_meanwhile_refuses_nothing_for_good(desk: Desk) -> None:
    desk.store.refuses, desk.store.room = {unit(1)}, 1
    desk.take(*map(act, range(1, 5)))
    assert desk.store.kept == [unit(2)]
    desk.store.refuses, desk.store.room = set(), 1_000
    assert desk.take() == [receipt(number) for number in range(1, 5)]
    assert desk.store.commits[-1] == [unit(number) for number in range(1, 5)], "in order, so that the last word stays"


def test_a_store_that_fills_up_while_it_stumbles_keeps_what_it_took(desk: Desk) -> None:
    desk.store.refuses, desk.store.room = {unit(4)}, 2
    desk.take(*map(act, range(1, 5)))
    desk.store.refuses, desk.store.room = set(), 1_000
    desk.take()
    assert desk.store.kept == [unit(number) for number in range(1, 5)]
