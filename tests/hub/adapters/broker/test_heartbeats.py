"""Heartbeats come in by the thousand: kept where that is possible, reported in any case."""

from collections.abc import Callable, Iterator

import pytest

from device.wire import codec, topics
from device.wire.topics import Leaf
from hub.adapters.broker import heartbeats as module
from hub.adapters.broker.counts import Counted, Counts
from hub.adapters.broker.hearing import Hearing
from hub.adapters.broker.heartbeats import HeartbeatLine
from hub.adapters.broker.session import BrokerAddress
from hub.adapters.broker.sieve import Publication
from hub.core import events as ev
from hub.ports import PermanentAdapterError
from tests.hub.adapters.broker.door import Door, KeptInMemory, heartbeat
from tests.mosquitto import Peer, free_port
from tests.waiting import Heard, until

Deliver = Callable[[str, bytes], None]


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def store() -> KeptInMemory:
    return KeptInMemory()


@pytest.fixture
def events() -> Heard[ev.Event]:
    return Heard()


@pytest.fixture
def line(counts: Counts, store: KeptInMemory, events: Heard[ev.Event]) -> Iterator[HeartbeatLine]:
    """A line whose broker is not there: the test brings the messages."""
    hearing = Hearing(frozenset({module.CLIENT_ID}))
    hearing.start(events)
    line = HeartbeatLine(BrokerAddress(port=free_port()), hearing, counts, store)
    yield line
    line.stop()


@pytest.fixture
def deliver(line: HeartbeatLine) -> Deliver:
    def hand_over(unit_id: str, payload: bytes) -> None:
        line.heard([Publication(topics.unit_topic(unit_id, Leaf.HEARTBEAT), payload)], 1)

    return hand_over


def beat(unit: Peer, unit_id: str) -> None:
    unit.send(topics.unit_topic(unit_id, Leaf.HEARTBEAT), codec.encode(heartbeat()))


def units_of(events: Heard[ev.Event]) -> list[str]:
    """Whom the core has heard of, in order."""
    return [beat.unit_id for event in events.all if isinstance(event, ev.HeartbeatsArrived) for beat in event.beats]


def test_a_store_that_fails_makes_nobody_silent(door: Door, unit: Peer) -> None:
    door.store.error = PermanentAdapterError("the disk is full")
    for number in range(3):
        beat(unit, f"unit-{number}")
        until(lambda: f"unit-{number}" in units_of(door.events), "the core hears")  # noqa: B023 - called at once
    door.store.error = None
    beat(unit, "unit-9")
    door.events.wait(ev.AdapterRecovered("heartbeat_store"))
    failures = [event for event in door.events.all if isinstance(event, ev.AdapterFailed)]
    assert failures == [
        ev.AdapterFailed("heartbeat_store", "save", "PermanentAdapterError: the disk is full", lasting=True)
    ]
    assert [row.unit_id for row in door.store.rows.all] == ["unit-9"]


def test_a_mistake_in_the_writer_is_told_and_outlived(door: Door, unit: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_AFTER_MISTAKE_S", 0.01)
    door.store.error = LookupError("our own")
    beat(unit, "unit-1")
    failed = door.events.wait_for(ev.AdapterFailed)
    assert failed == ev.AdapterFailed("heartbeat_writer", "save", "LookupError: our own", lasting=True)
    door.store.error = None
    beat(unit, "unit-2")
    door.events.wait(ev.AdapterRecovered("heartbeat_writer"))
    assert units_of(door.events) == ["unit-1", "unit-2"]
    assert [row.unit_id for row in door.store.rows.all] == ["unit-2"]


def test_what_cannot_be_read_is_counted_and_keeps_nobody_else_out(
    line: HeartbeatLine, deliver: Deliver, store: KeptInMemory, events: Heard[ev.Event], counts: Counts
) -> None:
    deliver("unit-1", b"{")
    deliver("unit-1", b'{"epoch": 1}')
    deliver("Strange", codec.encode(heartbeat()))
    deliver("unit-2", codec.encode(heartbeat()))
    line.start()
    events.wait_for(ev.HeartbeatsArrived)
    assert units_of(events) == [row.unit_id for row in store.rows.all] == ["unit-2"]
    problems = {label: count for (what, label), count in counts.snapshot().items() if what is Counted.MALFORMED}
    assert problems == {"not_json": 1, "wrong_shape": 1, "wrong_topic": 1}


def test_of_a_unit_that_comes_twice_at_once_the_newest_counts(
    line: HeartbeatLine, deliver: Deliver, store: KeptInMemory, events: Heard[ev.Event]
) -> None:
    for uptime_s in (1, 2, 3):
        deliver("unit-1", codec.encode(heartbeat().model_copy(update={"uptime_s": uptime_s})))
    line.start()
    events.wait_for(ev.HeartbeatsArrived)
    assert units_of(events) == ["unit-1"]
    assert b'"uptime_s":3' in store.rows.all[0].payload


def test_where_too_many_wait_the_oldest_goes_and_is_counted(
    monkeypatch: pytest.MonkeyPatch, counts: Counts, store: KeptInMemory, events: Heard[ev.Event]
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    hearing = Hearing(frozenset({module.CLIENT_ID}))
    hearing.start(events)
    line = HeartbeatLine(BrokerAddress(port=free_port()), hearing, counts, store)
    payload = codec.encode(heartbeat())
    for piece in (range(8), range(8, 15)):
        line.heard([Publication(topics.unit_topic(f"unit-{n:02d}", Leaf.HEARTBEAT), payload) for n in piece], 1)
    line.start()
    until(lambda: len(store.rows.all) == 10, "the newest ten are kept")
    line.stop()
    assert [row.unit_id for row in store.rows.all] == [f"unit-{number:02d}" for number in range(5, 15)]
    assert counts.snapshot()[Counted.DROPPED, ""] == 5


def test_a_crowd_is_one_event_and_one_commit(
    line: HeartbeatLine, deliver: Deliver, events: Heard[ev.Event], counts: Counts
) -> None:
    for number in range(1000):
        deliver(f"unit-{number}", codec.encode(heartbeat()))
    line.start()
    events.wait_for(ev.HeartbeatsArrived)
    assert len(units_of(events)) == 1000
    assert counts.snapshot()[Counted.BATCHES, ""] == 1


def test_what_has_come_is_kept_before_the_end(
    line: HeartbeatLine, deliver: Deliver, store: KeptInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_BATCH", 10)
    for number in range(35):
        deliver(f"unit-{number}", codec.encode(heartbeat()))
    line.start()
    line.stop()
    assert len(store.rows.all) == 35
