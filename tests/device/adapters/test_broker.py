"""The unit's path to its centre, over a real broker."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.adapters.broker import Broker
from device.core.effects import ChangeCentre, Publish, PublishHeartbeat
from device.core.events import (
    CentreHeard,
    CommandArrived,
    Event,
    MessageUnreadable,
    PathClosed,
    PathOpened,
    ReceiptArrived,
)
from device.ports import TransientAdapterError
from device.wire.codec import MAX_BYTES, decode, encode
from device.wire.messages import (
    AnswerAlarm,
    CentreState,
    Command,
    Heartbeat,
    Message,
    MessageKey,
    Presence,
    Receipt,
)
from device.wire.topics import CENTRE
from device.wire.vocabulary import Urgency
from tests.device.adapters.unit_side import EPOCH, TOPIC, UNIT_ID, UnitSide, a_heartbeat, an_alarm, plain
from tests.mosquitto import Arrived, Peer, RealMosquitto
from tests.waiting import until

KEY = MessageKey(epoch=EPOCH, seq=7)
COMMAND = Command(command_id="c1", order=AnswerAlarm(alarm=KEY))
RECEIPT = Receipt(keys=(KEY,))


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[RealMosquitto]:
    with RealMosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def centre(mosquitto: RealMosquitto) -> Iterator[Peer]:
    with Peer(mosquitto.port, "centre") as peer:
        yield peer.connect("poga/1/#")


@pytest.fixture
def unit(mosquitto: RealMosquitto) -> Iterator[UnitSide]:
    with UnitSide(plain(mosquitto.port)) as side:
        side.wait_open()
        yield side


def presences(peer: Peer) -> list[bool]:
    """What the centre was told of the unit's connection, in order."""
    messages = [message for message in peer.arrived.all if message.topic == f"{TOPIC}/presence"]
    assert all(decode(Presence, message.payload).epoch == EPOCH for message in messages)
    return [decode(Presence, message.payload).online for message in messages]


def arrival(peer: Peer, leaf: str) -> Arrived:
    """What comes on a topic of the unit."""
    return peer.arrived.wait(lambda message: message.topic == f"{TOPIC}/{leaf}")


def cut(unit: UnitSide) -> None:
    """Take the connection away without a word."""
    connection = unit.broker._current
    assert connection is not None
    sock = connection._client.socket()
    assert isinstance(sock, socket.socket)
    sock.shutdown(socket.SHUT_RDWR)


def test_performs_what_goes_to_the_centre() -> None:
    assert Broker.performs == (Publish, PublishHeartbeat, ChangeCentre)
    assert Broker.name == "broker"


def test_the_centre_sees_a_unit_come_die_and_come_again(centre: Peer, unit: UnitSide) -> None:
    until(lambda: presences(centre) == [True], "birth")
    cut(unit)
    until(lambda: presences(centre) == [True, False, True], "last will, and birth again")
    unit.wait_open(2)
    assert unit.path_events() == [PathOpened, PathClosed, PathOpened]


def test_presence_is_retained(mosquitto: RealMosquitto, unit: UnitSide) -> None:
    with Peer(mosquitto.port, "later") as later:
        later.connect(f"{TOPIC}/presence")
        message = later.arrived.wait(lambda message: message.topic == f"{TOPIC}/presence")
        assert message.retain
        assert decode(Presence, message.payload) == Presence(online=True, epoch=EPOCH)


def test_a_stopped_unit_says_goodbye_and_reports_nothing_more(centre: Peer, unit: UnitSide) -> None:
    unit.broker.stop()
    until(lambda: presences(centre) == [True, False], "goodbye")
    unit.broker.stop()
    assert unit.path_events() == [PathOpened]
    with pytest.raises(TransientAdapterError):
        unit.broker.perform(an_alarm())


def test_stop_before_start_is_harmless() -> None:
    UnitSide(plain(1)).broker.stop()


def test_messages_go_to_the_topic_of_their_urgency(centre: Peer, unit: UnitSide) -> None:
    alarm, event, heartbeat = an_alarm(1), an_alarm(2, Urgency.EVENT), a_heartbeat()
    for effect in (alarm, event, heartbeat):
        unit.broker.perform(effect)
    first, second, third = (arrival(centre, leaf) for leaf in ("alarm", "event", "heartbeat"))
    assert (decode(Message, first.payload), first.qos) == (alarm.message, 1)
    assert (decode(Message, second.payload), second.qos) == (event.message, 1)
    assert (decode(Heartbeat, third.payload), third.qos) == (heartbeat.heartbeat, 0)


def test_what_the_centre_says_is_reported(centre: Peer, unit: UnitSide) -> None:
    centre.send(f"{TOPIC}/receipt", encode(RECEIPT))
    unit.events.wait(ReceiptArrived((KEY,)))
    centre.send(f"{TOPIC}/command", encode(COMMAND))
    unit.events.wait(CommandArrived(COMMAND))
    centre.send(CENTRE, encode(CentreState(alive=True, beat=4)))
    unit.events.wait(CentreHeard(is_alive=True, beat=4))
    centre.send(CENTRE, encode(CentreState(alive=False, beat=4)))
    unit.events.wait(CentreHeard(is_alive=False, beat=4))


def test_the_centres_retained_state_is_heard_on_connecting(mosquitto: RealMosquitto, centre: Peer) -> None:
    centre.send(CENTRE, encode(CentreState(alive=True, beat=9)), retain=True)
    with UnitSide(plain(mosquitto.port)) as unit:
        unit.events.wait(CentreHeard(is_alive=True, beat=9))


def test_orders_and_receipts_of_the_past_are_never_delivered(mosquitto: RealMosquitto, centre: Peer) -> None:
    with UnitSide(plain(mosquitto.port)) as unit:
        unit.wait_open()
    for leaf, message in (("command", COMMAND), ("receipt", RECEIPT)):
        centre.send(f"{TOPIC}/{leaf}", encode(message))  # a session that lives on would get it later
        centre.send(f"{TOPIC}/{leaf}", encode(message), retain=True)
    with UnitSide(plain(mosquitto.port)) as unit:
        unit.wait_open()
        centre.send(CENTRE, encode(CentreState(alive=True, beat=1)))
        unit.events.wait(CentreHeard(is_alive=True, beat=1))
        assert not [event for event in unit.events.all if isinstance(event, CommandArrived | ReceiptArrived)]


@pytest.mark.parametrize(
    ("leaf", "payload", "problem"),
    [
        ("receipt", b"", "not_json"),
        ("receipt", b"\xff\xfe{", "not_json"),
        ("receipt", b'{"keys": []}', "wrong_shape"),
        ("receipt", b"[" * 9_000, "not_json"),
        ("command", b'{"command_id": 5}', "wrong_shape"),
        ("command", b" " * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_garbage_is_counted_and_survived(centre: Peer, unit: UnitSide, leaf: str, payload: bytes, problem: str) -> None:
    centre.send(f"{TOPIC}/{leaf}", payload)
    unit.events.wait(MessageUnreadable(f"{TOPIC}/{leaf}", problem))
    assert unit.broker.unreadable == {problem: 1}
    centre.send(f"{TOPIC}/receipt", encode(RECEIPT))
    unit.events.wait(ReceiptArrived((KEY,)))
    assert unit.path_events() == [PathOpened]


def test_a_reporter_that_fails_does_not_end_the_connection(mosquitto: RealMosquitto, centre: Peer) -> None:
    unit = UnitSide(plain(mosquitto.port))

    def report(event: Event) -> None:
        unit.events(event)
        if type(event) in (CommandArrived, PathOpened):
            raise RuntimeError("a mistake of ours")

    unit.broker.start(report)
    try:
        unit.wait_open()
        centre.send(f"{TOPIC}/command", encode(COMMAND))
        unit.events.wait(CommandArrived(COMMAND))
        centre.send(f"{TOPIC}/receipt", encode(RECEIPT))
        unit.events.wait(ReceiptArrived((KEY,)))
        assert unit.path_events() == [PathOpened]
    finally:
        unit.broker.stop()


def test_nothing_is_queued_while_the_path_is_down(mosquitto: RealMosquitto) -> None:
    mosquitto.kill()
    with UnitSide(plain(mosquitto.port)) as unit:
        with pytest.raises(TransientAdapterError, match="ethernet"):
            unit.broker.perform(an_alarm(1))
        unit.broker.perform(a_heartbeat())
        mosquitto.start()
        with Peer(mosquitto.port, "centre") as centre:
            centre.connect("poga/1/#")
            unit.wait_open()
            unit.broker.perform(an_alarm(2))
            arrival(centre, "alarm")
            told = [message for message in centre.arrived.all if message.topic != f"{TOPIC}/presence"]
            assert [decode(Message, message.payload).key.seq for message in told] == [2]


def test_a_killed_broker_is_come_back_to(mosquitto: RealMosquitto, centre: Peer, unit: UnitSide) -> None:
    mosquitto.kill()
    unit.wait_closed()
    mosquitto.start()
    unit.wait_open(2)
    unit.broker.perform(an_alarm())
    unit.broker.perform(a_heartbeat())
    with Peer(mosquitto.port, "again") as again:
        again.connect("poga/1/#")
        unit.broker.perform(an_alarm(5))
        arrival(again, "alarm")
    assert unit.path_events() == [PathOpened, PathClosed, PathOpened]


def test_a_unit_thrown_out_by_its_double_comes_back(mosquitto: RealMosquitto, centre: Peer, unit: UnitSide) -> None:
    with Peer(mosquitto.port, UNIT_ID) as double:
        double.connect(f"{TOPIC}/receipt")
        unit.wait_closed()

    def is_reached() -> bool:
        centre.send(f"{TOPIC}/receipt", encode(RECEIPT))
        return ReceiptArrived((KEY,)) in unit.events.all

    until(is_reached, "a receipt reaches the unit again")
    assert unit.path_events()[-1] is PathOpened
