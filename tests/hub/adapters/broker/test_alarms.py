"""One message that we cannot take must not keep the next one out; a token names its connection."""

from collections.abc import Callable, Iterator

import pytest

from device.wire import codec, topics
from device.wire.topics import Leaf
from hub.adapters.broker import alarms as module
from hub.adapters.broker.alarms import CLIENT_ID, AlarmLine
from hub.adapters.broker.counts import Counts
from hub.adapters.broker.hearing import Hearing
from hub.adapters.broker.session import BrokerAddress
from hub.adapters.broker.sieve import Publication
from hub.core import events as ev
from tests.hub.adapters.broker.door import alarm
from tests.mosquitto import free_port
from tests.waiting import Heard

Deliver = Callable[[int, int], None]


@pytest.fixture
def events() -> Heard[ev.Event]:
    return Heard()


@pytest.fixture
def deliver(events: Heard[ev.Event]) -> Iterator[Deliver]:
    """Hand an alarm line a message of (generation, mid); its broker is not there."""
    hearing = Hearing(frozenset({CLIENT_ID}))
    hearing.start(events)
    line = AlarmLine(BrokerAddress(port=free_port()), hearing, Counts())

    def hand_over(generation: int, mid: int) -> None:
        payload = codec.encode(alarm(mid + 1))
        line.heard([Publication(topics.unit_topic("unit-1", Leaf.ALARM), payload, mid)], generation)

    yield hand_over
    line.stop()


def tokens(events: Heard[ev.Event]) -> list[int]:
    return [event.token for event in events.all if isinstance(event, ev.MessageArrived)]


def test_no_two_messages_of_any_connections_share_a_token(deliver: Deliver, events: Heard[ev.Event]) -> None:
    for generation in (1, 2, 70_000):
        for mid in (1, 2, 65_535):
            deliver(generation, mid)
    assert len(set(tokens(events))) == 9


def test_a_message_that_needs_no_acknowledgement_has_no_token(deliver: Deliver, events: Heard[ev.Event]) -> None:
    deliver(1, 0)
    assert tokens(events) == [0]


def test_a_mistake_of_ours_is_told_and_outlived(
    deliver: Deliver, events: Heard[ev.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(module, "Message")
        deliver(1, 1)
    failed = events.wait_for(ev.AdapterFailed)
    assert isinstance(failed, ev.AdapterFailed)
    assert failed.lasting
    assert "NameError" in failed.reason
    deliver(1, 2)
    assert len(tokens(events)) == 1
