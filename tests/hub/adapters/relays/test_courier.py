"""Every notice is tried as often as promised, alarms first, and ends in exactly one word to the core."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from hub.adapters.relays import Notice, Way
from hub.adapters.relays import courier as module
from hub.adapters.relays.courier import Courier
from hub.core import events as ev
from hub.core.records import Priority
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.hub.adapters.relays.receiver import NOTICE
from tests.waiting import Heard, until

RETRIES_S = (0.001, 0.001)


class Scripted:
    """A way that does what the test says, one error a notice; it may be held shut."""

    name = "scripted"

    def __init__(self) -> None:
        self.told: Heard[int] = Heard()
        self.errors: list[Exception] = []
        self.is_open = threading.Event()
        self.is_open.set()

    def tell(self, notice: Notice) -> None:
        self.told(notice.incident_id)
        assert self.is_open.wait(30)
        if self.errors:
            raise self.errors.pop(0)


Begin = Callable[[Way], Courier]


@pytest.fixture
def way() -> Scripted:
    return Scripted()


@pytest.fixture
def events() -> Heard[ev.Event]:
    return Heard()


@pytest.fixture
def courier(way: Scripted, events: Heard[ev.Event]) -> Iterator[Courier]:
    courier = Courier(way, "scripted", RETRIES_S)
    courier.start(events)
    yield courier
    way.is_open.set()
    courier.stop()


def notice(incident_id: int, priority: Priority = Priority.ALARM) -> Notice:
    return replace(NOTICE, incident_id=incident_id, priority=priority)


def test_a_notice_that_is_told_is_done(courier: Courier, events: Heard[ev.Event]) -> None:
    courier.send(notice(7))
    events.wait(ev.RelayDone("scripted", 7, True, ""))


def test_what_may_pass_is_tried_again(courier: Courier, way: Scripted, events: Heard[ev.Event]) -> None:
    way.errors = [TransientAdapterError("it answers 500"), TransientAdapterError("no answer")]
    courier.send(notice(7))
    events.wait_for(ev.RelayDone)
    assert events.all == [ev.RelayDone("scripted", 7, True, "")]
    assert way.told.all == [7, 7, 7]


def test_after_the_last_try_it_is_given_up(courier: Courier, way: Scripted, events: Heard[ev.Event]) -> None:
    way.errors = [TransientAdapterError("no answer")] * 9
    courier.send(notice(7))
    events.wait_for(ev.RelayDone)
    assert events.all == [ev.RelayDone("scripted", 7, False, "no answer, given up after 3 tries")]
    assert way.told.all == [7, 7, 7]


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (PermanentAdapterError("it answers 404"), "it answers 404"),
        (LookupError("our own"), "LookupError: our own"),
        (PermanentAdapterError("x" * 1000), "x" * 256),
    ],
)
def test_what_will_not_pass_is_given_up_at_once(
    courier: Courier, way: Scripted, events: Heard[ev.Event], error: Exception, detail: str
) -> None:
    way.errors = [error]
    courier.send(notice(7))
    courier.send(notice(8))
    events.wait_for(ev.RelayDone, 2)
    assert events.all == [ev.RelayDone("scripted", 7, False, detail), ev.RelayDone("scripted", 8, True, "")]


def test_one_that_is_tried_again_holds_up_no_other(way: Scripted, events: Heard[ev.Event]) -> None:
    courier = Courier(way, "scripted", retries_s=(3600.0,))
    courier.start(events)
    way.errors = [TransientAdapterError("no answer")]
    courier.send(notice(7))
    courier.send(notice(8))
    events.wait(ev.RelayDone("scripted", 8, True, ""))
    courier.stop()
    assert way.told.all == [7, 8]


def test_alarms_go_first(courier: Courier, way: Scripted, events: Heard[ev.Event]) -> None:
    way.is_open.clear()
    courier.send(notice(1))
    until(lambda: way.told.all == [1], "the way is busy")
    courier.send(notice(2, Priority.NOTICE))
    courier.send(notice(3, Priority.URGENT))
    courier.send(notice(4))
    courier.send(notice(5))
    way.is_open.set()
    events.wait_for(ev.RelayDone, 5)
    assert way.told.all == [1, 4, 5, 2, 3]


def test_where_too_many_wait_the_least_is_given_up_and_told(
    courier: Courier, way: Scripted, events: Heard[ev.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    way.is_open.clear()
    courier.send(notice(1))
    until(lambda: way.told.all == [1], "the way is busy")
    for incident_id, priority in ((2, Priority.NOTICE), (3, Priority.ALARM), (4, Priority.ALARM), (5, Priority.ALARM)):
        courier.send(notice(incident_id, priority))
    assert events.all == [
        ev.RelayDone("scripted", 2, False, "2 others wait"),
        ev.RelayDone("scripted", 5, False, "2 others wait"),
    ]
    way.is_open.set()
    events.wait_for(ev.RelayDone, 5)
    assert way.told.all == [1, 3, 4]


def test_a_way_that_hangs_does_not_keep_the_centre_from_stopping(
    way: Scripted, events: Heard[ev.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_WITHIN_S", 0.01)
    courier = Courier(way, "scripted", RETRIES_S)
    courier.start(events)
    way.is_open.clear()
    courier.send(notice(7))
    until(lambda: way.told.all == [7], "the way is busy")
    courier.stop()
    way.is_open.set()
    courier.stop()
    assert events.all == []


def test_stopping_before_the_start_is_harmless(way: Scripted) -> None:
    courier = Courier(way, "scripted", RETRIES_S)
    courier.stop()
    courier.stop()
