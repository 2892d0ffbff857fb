"""What the broker may forget, and when; and one message that we cannot take must not keep the next one out."""

import struct
from collections.abc import Callable, Iterator

import pytest

from device.wire import codec, topics
from device.wire.messages import CentreState
from device.wire.topics import Leaf
from hub.adapters.broker import alarms as module
from hub.adapters.broker.alarms import CLIENT_ID, AlarmLine
from hub.adapters.broker.counts import Counts
from hub.adapters.broker.hearing import Hearing
from hub.adapters.broker.session import BrokerAddress
from hub.adapters.broker.sieve import Publication
from hub.core import events as ev
from hub.ports import PermanentAdapterError
from tests.hub.adapters.broker.door import alarm
from tests.mosquitto import free_port
from tests.scripted_broker import ScriptedBroker
from tests.waiting import Heard, until

PUBLISH, PUBACK = 3, 4

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


@pytest.fixture
def scripted() -> Iterator[ScriptedBroker]:
    with ScriptedBroker() as broker:
        yield broker


@pytest.fixture
def line(scripted: ScriptedBroker, events: Heard[ev.Event]) -> Iterator[AlarmLine]:
    """An alarm line to which the broker has handed one alarm."""
    hearing = Hearing(frozenset({CLIENT_ID}))
    hearing.start(events)
    line = AlarmLine(BrokerAddress(port=scripted.port), hearing, Counts())
    line.start()
    events.wait_for(ev.BrokerConnected)
    topic = topics.unit_topic("unit-1", Leaf.ALARM).encode()
    body = struct.pack("!H", len(topic)) + topic + struct.pack("!H", 77) + b"\0" + codec.encode(alarm(1))
    scripted.accepted.all[0].sendall(bytes([0x32, len(body) & 0x7F | 0x80, len(body) >> 7]) + body)
    yield line
    line.stop()


def test_the_receipt_goes_out_before_the_broker_may_forget(
    line: AlarmLine, scripted: ScriptedBroker, events: Heard[ev.Event]
) -> None:
    arrived = events.wait_for(ev.MessageArrived)
    assert isinstance(arrived, ev.MessageArrived)
    line.send_receipt(arrived.unit_id, arrived.message.key, arrived.token)
    acknowledgement = scripted.packets.wait(lambda packet: packet.kind == PUBACK)
    assert acknowledgement.body[:2] == struct.pack("!H", 77)
    kinds = [packet.kind for packet in scripted.packets.all]
    assert kinds.index(PUBLISH) < kinds.index(PUBACK)


def test_where_the_receipt_cannot_go_out_the_broker_keeps_the_message(
    line: AlarmLine, scripted: ScriptedBroker, events: Heard[ev.Event]
) -> None:
    arrived = events.wait_for(ev.MessageArrived)
    assert isinstance(arrived, ev.MessageArrived)
    with pytest.raises(PermanentAdapterError):
        line.send_receipt("unit/+", arrived.message.key, arrived.token)
    line.publish_centre(CentreState(alive=True))
    until(lambda: scripted.count("centre") == 1, "whatever came before it has come")
    assert not [packet for packet in scripted.packets.all if packet.kind == PUBACK]
