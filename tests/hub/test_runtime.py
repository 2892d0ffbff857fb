"""The centre's loop: one commit a batch, nothing said to a unit before it, and nothing that breaks stops it."""

import time

import pytest

from hub import runtime as module
from hub.core import events as ev
from hub.core.effects import ALL_EFFECTS, Acknowledge, Effect, Problem, Relay, Reply, Save, SendReceipt, Show
from hub.core.moment import Moment
from hub.core.records import Incident, IncidentKind, IncidentState, Priority, Unit
from hub.ports import PermanentAdapterError, TransientAdapterError
from hub.runtime import Runtime
from tests.hub.core.shift import key
from tests.hub.house import STARTED, Door, House
from tests.waiting import until

FULL = PermanentAdapterError("the disk is full")
INCIDENT = Incident(1, IncidentKind.ALARM, Priority.ALARM, IncidentState.RAISED, 0.0)


def receipt(number: int, token: int = 0) -> SendReceipt:
    return SendReceipt(f"home-{number}", key(number), token)


def alarm(number: int, token: int = 0) -> list[Effect]:
    """Return what an alarm leads to."""
    return [Save(Unit(f"home-{number}")), Show(INCIDENT, ()), receipt(number, token), Relay(INCIDENT, "")]


@pytest.fixture
def house() -> House:
    return House()


# --- one batch, one commit ---


def test_a_batch_is_committed_once_and_only_then_receipted_and_shown(house: House) -> None:
    house.prepare(alarm(1), alarm(2))
    with house.living():
        house.done.wait(Relay(INCIDENT, ""), 2)
    shown: list[object] = [Show(INCIDENT, ()), Relay(INCIDENT, "")]
    assert house.acts() == [("commit", 2), receipt(1), receipt(2), *shown, *shown]


def test_a_batch_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_BATCH", 2)
    house.prepare(alarm(1), alarm(2), alarm(3))
    with house.living():
        house.done.wait(receipt(3))
    assert [what for what in house.done.all if isinstance(what, tuple) and what[0] == "commit"] == [
        ("commit", 2),
        ("commit", 1),
    ]


def test_doors_are_opened_after_the_start_was_taken_and_closed_in_reverse(house: House) -> None:
    with house.living():
        pass
    assert [what for what in house.done.all if what != ("commit", 1)] == [
        ("screens", "start"),
        ("rest", "start"),
        ("rest", "stop"),
        ("screens", "stop"),
    ]
    assert house.core.heard.all[0] == STARTED
    assert house.core.heard.all[-1] == ev.StopRequested()


# --- a store that fails ---


def test_while_the_store_fails_receipts_wait_and_screens_and_relays_do_not(house: House) -> None:
    house.store.error = FULL
    house.prepare(alarm(1, token=7))
    with house.living():
        house.done.wait(Relay(INCIDENT, ""))
        house.still_answers()
        assert receipt(1) not in house.done.all
        assert Acknowledge(7) in house.done.all, "the broker does not wait, the unit repeats"
        house.core.heard.wait(ev.AdapterFailed("store", "Save", "the disk is full", lasting=True))
        house.store.error = None
        house.core.heard.wait(ev.AdapterRecovered("store"))
        house.done.wait(receipt(1))
    assert house.store.kept == [Unit("home-1")]
    assert house.done.all.index(("commit", 1)) < house.done.all.index(receipt(1))


def test_a_console_is_told_that_its_request_is_not_kept(house: House) -> None:
    house.store.error = FULL
    saved: list[Effect] = [Save(Unit("home-1"))]
    house.prepare([*saved, Reply("done")], [*saved, Reply("taken", Problem.TAKEN, "anna")], [Reply("nothing to keep")])
    with house.living():
        house.done.wait(Reply("nothing to keep"))
    replies = [what for what in house.done.all if isinstance(what, Reply)]
    assert replies == [
        Reply("done", Problem.STORE_FAILED),
        Reply("taken", Problem.TAKEN, "anna"),
        Reply("nothing to keep"),
    ]


# --- what breaks ---


@pytest.mark.parametrize(
    ("error", "lasting"),
    [
        (TransientAdapterError("not now"), False),
        (PermanentAdapterError("broken"), True),
        (RuntimeError("a mistake"), True),
    ],
)
def test_a_door_that_cannot_act_becomes_an_event_and_the_others_act(
    house: House, error: Exception, lasting: bool
) -> None:
    house.screens.fails = {Show(INCIDENT, ()): error}
    house.prepare(alarm(1))
    with house.living():
        failed = house.core.heard.wait_for(ev.AdapterFailed)
        house.done.wait(Relay(INCIDENT, ""))
        house.still_answers()
    assert failed == ev.AdapterFailed("screens", "Show", f"{type(error).__name__}: {error}", lasting)


@pytest.mark.parametrize("error", [PermanentAdapterError("no such port"), RuntimeError("a mistake")])
def test_a_door_that_does_not_open_is_told_and_the_others_are_opened(house: House, error: Exception) -> None:
    house.screens.fails = {("screens", "start"): error}
    with house.living():
        failed = house.core.heard.wait_for(ev.AdapterFailed)
    assert failed == ev.AdapterFailed("screens", "start", f"{type(error).__name__}: {error}", lasting=True)
    assert ("rest", "start") in house.done.all


def test_a_door_that_does_not_close_keeps_no_other_open(house: House) -> None:
    house.rest.fails = {("rest", "stop"): RuntimeError("a mistake")}
    with house.living():
        pass
    assert house.done.all[-1] == ("screens", "stop")


def test_a_mistake_in_one_decision_keeps_no_other_message_out(house: House) -> None:
    house.core.stumbles_over = {ev.BrokerConnected}
    house.runtime.report(ev.BrokerConnected())
    house.prepare(alarm(1))
    with house.living():
        house.done.wait(receipt(1))


# --- time ---


def test_a_deadline_is_handed_to_the_core_when_it_comes(house: House) -> None:
    with house.living():
        house.core.deadline = time.monotonic() + 0.05
        due_s = house.core.deadline
        house.still_answers()
        house.core.heard.wait_for(ev.DeadlineReached)
        assert time.monotonic() >= due_s


def test_a_core_that_stumbles_over_a_deadline_is_not_asked_without_pause(house: House) -> None:
    house.core.stumbles_over = {ev.DeadlineReached}
    began_s = time.monotonic()
    with house.living():
        house.core.deadline = 0.0
        for _ in range(100):
            house.still_answers()
        stumbles = sum(isinstance(one, ev.DeadlineReached) for one in house.core.heard.all)
        pauses = (time.monotonic() - began_s) / module.LONGEST_WAIT_S
    assert 1 <= stumbles <= pauses + 1


def test_the_pulse_beats_while_nothing_happens(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 0.01)
    with house.living():
        until(lambda: len(house.beats.all) > 5, "five beats of the loop")


def test_an_effect_without_a_door_or_with_two_is_told_at_once(house: House) -> None:
    def make(*doors: Door) -> Runtime:
        return Runtime(house.core, house.store, list(doors), lambda: Moment(0.0), lambda: None)

    with pytest.raises(ValueError, match="no adapter performs SendReceipt, Acknowledge"):
        make(house.screens)
    everything = Door("everything", ALL_EFFECTS, house.done)
    with pytest.raises(ValueError, match="Show has two doors: everything and screens"):
        make(everything, house.screens)
