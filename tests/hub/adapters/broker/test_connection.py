"""A connection is kept for ever: whatever the broker, the network or we ourselves do wrong ends one attempt only."""

import logging
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Protocol

import pytest

from hub.adapters.broker import connection as module
from hub.adapters.broker.connection import Connection
from hub.adapters.broker.session import BrokerAddress, Session, Subscription
from hub.adapters.broker.sieve import Publication
from hub.ports import TransientAdapterError
from tests.mosquitto import LOOPBACK, Peer, RealMosquitto
from tests.scripted_broker import GRANTED, NOT_AUTHORIZED, ScriptedBroker
from tests.waiting import Heard, until

TOPICS = ("t/1", "t/2", "t/3")
SERVER_BUSY = 0x89
SESSION_TAKEN_OVER = bytes([0xE0, 2, 0x8E, 0])


class Ear:
    """Collects what a connection tells, and fails where it is told to."""

    def __init__(self) -> None:
        self.told: Heard[str] = Heard()
        self.mistake: Exception | None = None

    def stood(self) -> None:
        self.told("stood")

    def fell(self, reason: str) -> None:
        self.told(f"fell: {reason}")

    def refused(self, reason: str) -> None:
        self.told(f"refused: {reason}")

    def heard(self, publications: Sequence[Publication], generation: int) -> None:
        mistake, self.mistake = self.mistake, None
        if mistake is not None:
            raise mistake
        for message in publications:
            self.told(f"heard {message.payload.decode()} on {message.topic} by {generation}")


class Connect(Protocol):
    def __call__(self, port: int, is_crowded: bool = False) -> Connection: ...


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def connect(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Connect to a port of this machine; the connection is ended after the test."""
    made: list[Connection] = []

    def begin(port: int, is_crowded: bool = False) -> Connection:
        session = Session("centre", tuple(map(Subscription, TOPICS)), kept_s=60, is_crowded=is_crowded)
        made.append(Connection(BrokerAddress(port=port), session, ear))
        made[-1].start()
        return made[-1]

    monkeypatch.setattr(module, "REFUSED_PAUSE_S", 0.01)
    monkeypatch.setattr(module, "LEAST_PAUSE_S", 0.01)
    yield begin
    for connection in made:
        connection.stop()


@pytest.fixture
def scripted() -> Iterator[ScriptedBroker]:
    with ScriptedBroker() as broker:
        yield broker


def test_it_stands_when_the_subscriptions_are_granted_and_not_before(
    scripted: ScriptedBroker, connect: Connect, ear: Ear
) -> None:
    scripted.subscribe_code = None
    connect(scripted.port)
    until(lambda: bool(scripted.unanswered), "the subscriptions are asked for")
    assert ear.told.all == []
    scripted.subscribe_code = GRANTED
    scripted.answer_late()
    ear.told.wait("stood")


def test_subscriptions_that_are_denied_are_a_refusal(scripted: ScriptedBroker, connect: Connect, ear: Ear) -> None:
    scripted.subscribe_code = NOT_AUTHORIZED
    connect(scripted.port)
    ear.told.wait("refused: the broker does not let centre hear t/1, t/2, t/3", 2)
    assert "stood" not in ear.told.all
    scripted.subscribe_code = GRANTED
    ear.told.wait("stood")


def test_a_broker_that_is_busy_is_asked_again_without_a_word(
    scripted: ScriptedBroker, connect: Connect, ear: Ear
) -> None:
    scripted.connect_code = SERVER_BUSY
    connect(scripted.port)
    until(lambda: scripted.connects() > 1, "a second attempt")
    scripted.connect_code = 0
    ear.told.wait("stood")
    assert not [said for said in ear.told.all if said.startswith("refused")]


@pytest.mark.parametrize("is_half_open", [True, False])
def test_a_broker_that_does_not_answer_is_given_up(
    is_half_open: bool, scripted: ScriptedBroker, connect: Connect, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ANSWER_WITHIN_S", 0.05)
    scripted.connect_code = 0 if is_half_open else None
    scripted.subscribe_code = None
    connect(scripted.port)
    until(lambda: scripted.connects() > 1, "a second attempt")
    assert ear.told.all == []


def test_a_session_taken_over_waits_long_enough_to_be_noticed(
    scripted: ScriptedBroker, connect: Connect, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    connect(scripted.port)
    ear.told.wait("stood")
    scripted.accepted.all[0].sendall(SESSION_TAKEN_OVER)
    ear.told.wait("fell: Session taken over")
    assert "another program" in caplog.text
    assert scripted.connects() == 1


def test_nonsense_from_the_broker_ends_one_attempt(scripted: ScriptedBroker, connect: Connect, ear: Ear) -> None:
    connect(scripted.port)
    ear.told.wait("stood")
    scripted.accepted.all[0].sendall(b"\xff" * 64)
    ear.told.wait("stood", 2)
    assert [said.partition(":")[0] for said in ear.told.all] == ["stood", "fell", "stood"]


@pytest.mark.parametrize("is_crowded", [False, True])
def test_a_flood_of_large_messages_comes_in_whole(
    is_crowded: bool, mosquitto: RealMosquitto, connect: Connect, ear: Ear
) -> None:
    connect(mosquitto.port, is_crowded)
    ear.told.wait("stood")
    with Peer(mosquitto.port, "peer").connect("t/4") as peer:
        for number in range(50):
            peer.client.publish("t/1", f"{number:05d}" * 4000)
        ear.told.wait(f"heard {'00049' * 4000} on t/1 by 1")
    assert [said[6:11] for said in ear.told.all[1:]] == [f"{number:05d}" for number in range(50)]


def test_a_topic_that_is_no_text_is_handed_on_as_empty(scripted: ScriptedBroker, connect: Connect, ear: Ear) -> None:
    connect(scripted.port)
    ear.told.wait("stood")
    scripted.accepted.all[0].sendall(bytes([0x30, 6, 0, 2, 0xFF, 0xFE, 0]) + b"!")
    ear.told.wait("heard ! on  by 1")


def test_a_packet_that_breaks_the_protocol_ends_a_crowded_connection(
    scripted: ScriptedBroker, connect: Connect, ear: Ear
) -> None:
    connect(scripted.port, is_crowded=True)
    ear.told.wait("stood")
    scripted.accepted.all[0].sendall(bytes([0x30, 2, 0xFF, 0xFF]))
    ear.told.wait("stood", 2)


def test_something_that_is_no_broker_is_given_up(connect: Connect, ear: Ear) -> None:
    accepted = Heard[socket.socket]()
    with closing(socket.create_server((LOOPBACK, 0))) as server:

        def serve() -> None:
            for _ in range(2):
                sock, _address = server.accept()
                with sock:
                    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    accepted(sock)

        thread = threading.Thread(target=serve)
        thread.start()
        connect(server.getsockname()[1])
        until(lambda: len(accepted.all) == 2, "a second attempt")
        thread.join()
    assert ear.told.all == []


@pytest.mark.parametrize("is_crowded", [False, True])
def test_a_mistake_in_a_callback_ends_one_attempt(
    is_crowded: bool, mosquitto: RealMosquitto, connect: Connect, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    connect(mosquitto.port, is_crowded)
    ear.told.wait("stood")
    ear.mistake = RuntimeError("our own")
    with Peer(mosquitto.port, "peer").connect("t/4") as peer:
        peer.send("t/1", b"one")
        ear.told.wait("stood", 2)
        peer.send("t/2", b"two")
        ear.told.wait("heard two on t/2 by 2")
    assert "our own" in caplog.text


def test_what_was_waiting_dies_with_its_connection(scripted: ScriptedBroker, connect: Connect, ear: Ear) -> None:
    """The core repeats what needs repeating; an old word must not come after a newer one."""
    scripted.publish_code = None
    connection = connect(scripted.port)
    ear.told.wait("stood")
    connection.publish("t/old", b"old")
    until(lambda: scripted.count("old") == 1, "it went out")
    scripted.accepted.all[0].shutdown(socket.SHUT_RDWR)
    ear.told.wait("stood", 2)
    connection.publish("t/new", b"new")
    until(lambda: scripted.count("new") == 1, "the new one went out")
    assert scripted.count("old") == 1


def test_a_broker_that_takes_no_more_is_told_to_the_publisher(
    scripted: ScriptedBroker, connect: Connect, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.adapters.broker.session.MOST_WAITING", 5)
    scripted.publish_code = None
    connection = connect(scripted.port)
    ear.told.wait("stood")
    for _ in range(5):
        connection.publish("t/x", b"x")
    with pytest.raises(TransientAdapterError, match="takes nothing now"):
        connection.publish("t/x", b"x")


def test_a_publication_the_broker_refuses_is_told(scripted: ScriptedBroker, connect: Connect, ear: Ear) -> None:
    scripted.publish_code = NOT_AUTHORIZED
    connection = connect(scripted.port)
    ear.told.wait("stood")
    connection.publish("t/x", b"x")
    ear.told.wait("refused: the broker takes no message of centre: Not authorized")


def test_a_flood_does_not_keep_words_from_going_out(
    mosquitto: RealMosquitto, connect: Connect, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn reads a bounded number of packets, then writes."""
    monkeypatch.setattr(module, "PACKETS_A_TURN", 1)
    connection = connect(mosquitto.port)
    ear.told.wait("stood")
    with Peer(mosquitto.port, "peer").connect("back") as peer:
        for _ in range(500):
            peer.client.publish("t/1", b"flood")
        connection.publish("back", b"word")
        peer.arrived.wait(lambda message: message.payload == b"word")
        ear.told.wait(lambda said: said.startswith("heard flood"), 500)


def test_a_frozen_broker_does_not_keep_the_centre_from_stopping(
    mosquitto: RealMosquitto, connect: Connect, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAVE_WITHIN_S", 0.1)
    connection = connect(mosquitto.port)
    ear.told.wait("stood")
    mosquitto.freeze()
    connection.stop()
    assert ear.told.wait(lambda said: said.startswith("fell"))
    mosquitto.thaw()


def test_stopping_before_the_start_is_harmless(ear: Ear) -> None:
    connection = Connection(BrokerAddress(), Session("centre", ()), ear)
    connection.stop()
    connection.stop()
    with pytest.raises(TransientAdapterError):
        connection.publish("t", b"")
    connection.acknowledge(1, 1)


def test_passwords_are_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert "secret" not in repr(BrokerAddress(username="centre", password="secret"))
