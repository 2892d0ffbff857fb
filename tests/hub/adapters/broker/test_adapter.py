"""The broker's door on a real mosquitto: what units say is reported, and what the centre says arrives."""

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from device.wire import codec, topics
from device.wire.messages import CentreState, Command, MessageKey, Presence, Receipt, ResetAlarm
from device.wire.topics import Leaf
from device.wire.vocabulary import Urgency
from hub.adapters.broker import BrokerAddress, Counted
from hub.core import events as ev
from hub.core.effects import Acknowledge, PublishCentre, Reply, SendCommand, SendReceipt
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.hub.adapters.broker.door import EPOCH, Door, OpenDoor, alarm, heartbeat, send_alarm
from tests.mosquitto import Arrived, Peer, RealMosquitto
from tests.waiting import until

KEY = MessageKey(epoch=EPOCH, seq=1)


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """Have more descriptors open than select() can count."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    with ExitStack() as stack:
        for _ in range(1100):
            stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_alarm_is_reported_as_it_was_sent(door: Door, unit: Peer) -> None:
    send_alarm(unit, 1)
    arrived = door.events.wait_for(ev.MessageArrived)
    assert isinstance(arrived, ev.MessageArrived)
    assert (arrived.unit_id, arrived.urgency, arrived.message) == ("unit-1", Urgency.ALARM, alarm(1))


def test_an_event_is_no_alarm(door: Door, unit: Peer) -> None:
    unit.send(topics.unit_topic("unit-1", Leaf.EVENT), codec.encode(alarm(1)))
    arrived = door.events.wait_for(ev.MessageArrived)
    assert isinstance(arrived, ev.MessageArrived)
    assert arrived.urgency is Urgency.EVENT


def test_a_receipt_reaches_the_unit(door: Door, unit: Peer) -> None:
    send_alarm(unit, 1)
    door.broker.perform(SendReceipt("unit-1", KEY, token_of(door)))
    receipt = unit.arrived.wait(lambda message: message.topic.endswith("/receipt"))
    assert codec.decode(Receipt, receipt.payload) == Receipt(keys=(KEY,))


def test_a_message_without_its_receipt_comes_again_to_the_next_life(
    mosquitto: RealMosquitto, make_door: OpenDoor, unit: Peer
) -> None:
    address = BrokerAddress(port=mosquitto.port)
    first = make_door(address).open_and_hear()
    send_alarm(unit, 1)
    first.events.wait_for(ev.MessageArrived)
    first.broker.stop()
    second = make_door(address).open_and_hear()
    assert seqs(second, 1) == [1]


@pytest.mark.parametrize("act", [SendReceipt, Acknowledge])
def test_a_message_that_was_answered_comes_no_more(
    act: type[SendReceipt | Acknowledge], mosquitto: RealMosquitto, make_door: OpenDoor, unit: Peer
) -> None:
    address = BrokerAddress(port=mosquitto.port)
    first = make_door(address).open_and_hear()
    send_alarm(unit, 1)
    token = token_of(first)
    first.broker.perform(SendReceipt("unit-1", KEY, token) if act is SendReceipt else Acknowledge(token))
    first.broker.stop()
    second = make_door(address).open_and_hear()
    send_alarm(unit, 2)
    assert seqs(second, 1) == [2]


def test_what_was_sent_while_the_centre_was_away_is_kept_for_it(
    mosquitto: RealMosquitto, make_door: OpenDoor, unit: Peer
) -> None:
    address = BrokerAddress(port=mosquitto.port)
    first = make_door(address).open_and_hear()
    first.broker.stop()
    for seq in (1, 2, 3):
        send_alarm(unit, seq)
    assert seqs(make_door(address).open_and_hear(), 3) == [1, 2, 3]


def test_a_token_of_an_earlier_connection_acknowledges_nothing(
    mosquitto: RealMosquitto, make_door: OpenDoor, unit: Peer
) -> None:
    address = BrokerAddress(port=mosquitto.port)
    first = make_door(address).open_and_hear()
    send_alarm(unit, 1)
    old = token_of(first)
    mosquitto.kill()
    mosquitto.start()
    first.events.wait_for(ev.BrokerConnected, 2)
    unit.connects.wait("Success", 2)
    send_alarm(unit, 2)
    first.events.wait_for(ev.MessageArrived, 2)
    first.broker.perform(Acknowledge(old))
    first.broker.stop()
    assert seqs(make_door(address).open_and_hear(), 1) == [2]


def test_more_alarms_than_can_be_in_flight_are_all_answered(door: Door, unit: Peer) -> None:
    for seq in range(1, 101):
        unit.client.publish(topics.unit_topic("unit-1", Leaf.ALARM), codec.encode(alarm(seq)), qos=1)
    for count in range(1, 101):
        door.broker.perform(receipt_of(door, count))
    receipts = [unit.arrived.wait(lambda message: message.topic.endswith("/receipt"), count) for count in range(1, 101)]
    assert [codec.decode(Receipt, each.payload).keys[0].seq for each in receipts] == list(range(1, 101))


def test_a_command_reaches_the_unit(door: Door, unit: Peer) -> None:
    command = Command(command_id="c-1", order=ResetAlarm(alarm=KEY))
    door.broker.perform(SendCommand("unit-1", command))
    heard = unit.arrived.wait(lambda message: message.topic.endswith("/command"))
    assert codec.decode(Command, heard.payload) == command


def test_the_centres_state_is_retained_and_dies_with_it(door: Door, unit: Peer, mosquitto: RealMosquitto) -> None:
    state = CentreState(alive=True, beat=3, interval_s=20)
    door.broker.perform(PublishCentre(state))
    unit.arrived.wait(lambda message: said(message) == state)
    with Peer(mosquitto.port, "late").connect(topics.CENTRE) as late:
        late.arrived.wait(lambda message: message.retain and said(message) == state)
        door.broker.stop()
        late.arrived.wait(lambda message: not said(message).alive)
    with Peer(mosquitto.port, "later").connect(topics.CENTRE) as later:
        later.arrived.wait(lambda message: message.retain and not said(message).alive)


@pytest.mark.parametrize(
    ("topic", "payload", "urgency", "unit_id", "problem"),
    [
        ("poga/1/unit-1/alarm", b"{", Urgency.ALARM, "unit-1", "not_json"),
        ("poga/1/unit-1/event", b"\xff\xfe", Urgency.EVENT, "unit-1", "not_json"),
        ("poga/1/unit-1/alarm", b"[]", Urgency.ALARM, "unit-1", "wrong_shape"),
        ("poga/1/unit-1/alarm", b" " * 20_000, Urgency.ALARM, "unit-1", "too_large"),
        ("poga/1/Not A Unit/alarm", b"{}", Urgency.ALARM, "Not A Unit", "wrong_topic"),
        ("poga/1/centre/event", b"{}", Urgency.EVENT, "centre", "wrong_topic"),
    ],
)
def test_what_cannot_be_read_is_reported_and_counted(  # noqa: PLR0917 - a row of the table
    door: Door, unit: Peer, topic: str, payload: bytes, urgency: Urgency, unit_id: str, problem: str
) -> None:
    unit.send(topic, payload)
    arrived = door.events.wait_for(ev.UnreadableArrived)
    assert isinstance(arrived, ev.UnreadableArrived)
    assert (arrived.topic, arrived.urgency, arrived.unit_id, arrived.problem) == (topic, urgency, unit_id, problem)
    assert arrived.payload == payload[: codec.MAX_BYTES]
    assert door.broker.counts()[Counted.MALFORMED, problem] == 1


def test_presence_is_known_even_of_units_that_came_before(
    mosquitto: RealMosquitto, make_door: OpenDoor, unit: Peer
) -> None:
    topic = topics.unit_topic("unit-1", Leaf.PRESENCE)
    unit.send(topic, codec.encode(Presence(online=True, epoch=EPOCH)), retain=True)
    door = make_door(BrokerAddress(port=mosquitto.port)).open()
    door.events.wait(ev.PresenceArrived("unit-1", online=True))
    unit.send(topic, codec.encode(Presence(online=False, epoch=EPOCH)), retain=True)
    door.events.wait(ev.PresenceArrived("unit-1", online=False))
    unit.send(topic, b"nonsense")
    unit.send(topic, b"", retain=True)
    unit.send(topics.unit_topic("Strange", Leaf.PRESENCE), codec.encode(Presence(online=False, epoch=EPOCH)))
    send_alarm(unit, 1)
    door.events.wait_for(ev.MessageArrived)
    assert len([event for event in door.events.all if isinstance(event, ev.PresenceArrived)]) == 2
    assert door.broker.counts()[Counted.MALFORMED, "wrong_topic"] == 1


@pytest.mark.parametrize("qos", [0, 1])
def test_heartbeats_are_kept_and_reported(door: Door, unit: Peer, qos: int) -> None:
    payload = codec.encode(heartbeat())
    unit.send(topics.unit_topic("unit-1", Leaf.HEARTBEAT), payload, qos=qos)
    arrived = door.events.wait_for(ev.HeartbeatsArrived)
    assert arrived == ev.HeartbeatsArrived((ev.Beat("unit-1", 30, heartbeat().alarm, ("mains_lost",)),))
    assert door.store.rows.all == [("unit-1", 1000.0, payload)]


def test_more_heartbeats_than_can_be_in_flight_come_in(door: Door, unit: Peer) -> None:
    """Each is acknowledged: else the broker would stop after the first few."""
    for number in range(200):
        unit.client.publish(topics.unit_topic(f"unit-{number}", Leaf.HEARTBEAT), codec.encode(heartbeat()), qos=1)
    until(lambda: len(door.store.rows.all) == 200, "every heartbeat is kept")


def test_a_retained_heartbeat_tells_of_the_past(mosquitto: RealMosquitto, make_door: OpenDoor, unit: Peer) -> None:
    unit.send(topics.unit_topic("unit-1", Leaf.HEARTBEAT), codec.encode(heartbeat()), retain=True)
    door = make_door(BrokerAddress(port=mosquitto.port)).open_and_hear()
    unit.send(topics.unit_topic("unit-2", Leaf.HEARTBEAT), codec.encode(heartbeat()))
    door.events.wait_for(ev.HeartbeatsArrived)
    assert [row.unit_id for row in door.store.rows.all] == ["unit-2"]


def test_losing_the_broker_is_told_and_so_is_its_return(door: Door, mosquitto: RealMosquitto, unit: Peer) -> None:
    assert door.broker.is_connected
    mosquitto.kill()
    door.events.wait_for(ev.BrokerLost)
    until(lambda: not door.broker.is_connected, "it says so")
    until(lambda: cannot_speak(door), "the connection for receipts is lost, too")
    mosquitto.start()
    door.events.wait_for(ev.BrokerConnected, 2)
    unit.connects.wait("Success", 2)
    send_alarm(unit, 1)
    door.events.wait_for(ev.MessageArrived)


def test_a_broker_that_comes_late_is_found(tmp_path: Path, make_door: OpenDoor) -> None:
    mosquitto = RealMosquitto(tmp_path)
    door = make_door(BrokerAddress(port=mosquitto.port)).open()
    with pytest.raises(TransientAdapterError):
        door.broker.perform(PublishCentre(CentreState(alive=True)))
    with mosquitto:
        door.events.wait_for(ev.BrokerConnected)
        door.broker.stop()


def test_it_hears_above_1024_descriptors(
    mosquitto: RealMosquitto, unit: Peer, many_descriptors: None, make_door: OpenDoor
) -> None:
    """The unit waits with select() and was made first: only the centre's sockets lie beyond."""
    door = make_door(BrokerAddress(port=mosquitto.port)).open_and_hear()
    send_alarm(unit, 1)
    door.events.wait_for(ev.MessageArrived)


def test_after_the_stop_nothing_is_reported(door: Door, unit: Peer) -> None:
    door.broker.stop()
    count = len(door.events.all)
    send_alarm(unit, 1)
    door.broker.stop()
    assert len(door.events.all) == count


def test_a_foreign_effect_is_a_mistake(door: Door) -> None:
    with pytest.raises(TypeError, match="Reply"):
        door.broker.perform(Reply("r"))


def test_a_unit_id_that_is_no_topic_is_told(door: Door) -> None:
    with pytest.raises(PermanentAdapterError, match="published"):
        door.broker.perform(SendReceipt("unit/+", KEY))


def cannot_speak(door: Door) -> bool:
    try:
        door.broker.perform(SendReceipt("unit-1", KEY))
    except TransientAdapterError:
        return True
    return False


def token_of(door: Door, count: int = 1) -> int:
    return arrived_of(door, count).token


def receipt_of(door: Door, count: int) -> SendReceipt:
    arrived = arrived_of(door, count)
    return SendReceipt(arrived.unit_id, arrived.message.key, arrived.token)


def arrived_of(door: Door, count: int) -> ev.MessageArrived:
    arrived = door.events.wait_for(ev.MessageArrived, count)
    assert isinstance(arrived, ev.MessageArrived)
    return arrived


def seqs(door: Door, count: int) -> list[int]:
    """Wait for `count` messages; return the sequence numbers of all that came."""
    door.events.wait_for(ev.MessageArrived, count)
    return [event.message.key.seq for event in door.events.all if isinstance(event, ev.MessageArrived)]


def said(message: Arrived) -> CentreState:
    return codec.decode(CentreState, message.payload) if message.topic == topics.CENTRE else CentreState(alive=True)
