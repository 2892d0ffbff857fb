"""One connection: open when everything is granted, over when something is wrong, silent once it is given up."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

from device.adapters.broker.client import IN_FLIGHT, QUEUED
from device.adapters.broker.connection import QUEUED_EVENTS, Connection
from device.core.events import AdapterFailed, PathClosed, PathOpened
from device.ports import TransientAdapterError
from device.wire.vocabulary import Urgency
from tests.device.adapters.unit_side import UnitSide, a_heartbeat, an_alarm, counted, plain
from tests.mosquitto import LOOPBACK
from tests.scripted_broker import GRANTED, NOT_AUTHORIZED, ScriptedBroker
from tests.waiting import until


@pytest.fixture
def broker() -> Iterator[ScriptedBroker]:
    with ScriptedBroker() as scripted:
        yield scripted


def send_until_refused(unit: UnitSide, urgency: Urgency) -> int:
    """Return how many messages were taken."""
    for count in range(10_000):
        try:
            unit.broker.perform(an_alarm(count + 1, urgency))
        except TransientAdapterError:
            return count
    raise AssertionError("there is no bound")


def test_the_path_is_open_only_when_the_subscriptions_are_granted(broker: ScriptedBroker) -> None:
    broker.subscribe_code = None
    with UnitSide(plain(broker.port)) as unit:
        until(lambda: broker.count("presence") == 1, "the unit is connected, and has said so")
        assert unit.path_events() == []
        with pytest.raises(TransientAdapterError):
            unit.broker.perform(an_alarm())
        broker.subscribe_code = GRANTED
        broker.answer_late()
        unit.wait_open()
        unit.broker.perform(an_alarm())
        until(lambda: broker.count("alarm") == 1, "the alarm goes out")


def test_a_refused_subscription_is_no_open_path(broker: ScriptedBroker) -> None:
    broker.subscribe_code = NOT_AUTHORIZED
    with UnitSide(plain(broker.port)) as unit:
        until(lambda: broker.connects() >= 3, "it is tried again")
        assert unit.path_events() == []
        broker.subscribe_code = GRANTED
        unit.wait_open()


def test_a_refused_connection_is_tried_again(broker: ScriptedBroker, caplog: pytest.LogCaptureFixture) -> None:
    broker.connect_code = NOT_AUTHORIZED
    with UnitSide(plain(broker.port)) as unit:
        until(lambda: broker.connects() >= 3, "it is tried again")
        assert unit.path_events() == []
        assert broker.count("presence") == 0
        broker.connect_code = 0
        unit.wait_open()
    assert caplog.text.count("refused: Not authorized") == 1, "the same failure is told once"


def test_an_attempt_without_answer_is_given_up(broker: ScriptedBroker) -> None:
    broker.connect_code = None
    with UnitSide(plain(broker.port), attempt_s=0.2) as unit:
        until(lambda: broker.connects() >= 3, "new attempts, each on a new connection")
        assert unit.path_events() == []
    assert broker.connects() == len(broker.accepted.all)


def test_an_attempt_that_was_given_up_sends_nothing_however_late(
    broker: ScriptedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung: list[str] = []
    look_up = socket.create_connection
    may_go_on = False

    def slow(address: Any, *rest: Any, **more: Any) -> socket.socket:
        hung.append(address[0])
        until(lambda: may_go_on, "the look-up ends")
        return look_up(address, *rest, **more)

    monkeypatch.setattr(socket, "create_connection", slow)
    with UnitSide(plain(broker.port), attempt_s=0.1) as unit:
        until(lambda: len(hung) >= 3, "attempts hang in the look-up of the name")
        monkeypatch.setattr(socket, "create_connection", look_up)
        unit.wait_open()
        may_go_on = True
        until(lambda: not [given_up for given_up in unit.broker._given_up if given_up.is_alive()], "all are over")
        assert broker.connects() == 1
        assert unit.path_events() == [PathOpened]


def test_hanging_attempts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    hung: list[int] = []
    may_go_on = False

    def never(*_rest: Any, **_more: Any) -> socket.socket:
        hung.append(1)
        until(lambda: may_go_on, "the look-up ends")
        raise OSError("no such host")

    monkeypatch.setattr(socket, "create_connection", never)
    with UnitSide(plain(1), attempt_s=0.02) as unit:
        until(lambda: len(unit.broker._given_up) == 8, "attempts hang")
        looks = counted(monkeypatch, unit.broker, "_attempt")
        until(lambda: len(looks) >= 5, "the watcher looks on")
        assert len(hung) == 8
        may_go_on = True
        until(lambda: len(hung) > 8, "attempts go on when the old ones have ended")


def test_an_alarm_without_acknowledgement_takes_a_new_connection(broker: ScriptedBroker) -> None:
    with UnitSide(plain(broker.port), acknowledgement_s=0.3) as unit:
        unit.wait_open()
        broker.publish_code = None
        unit.broker.perform(an_alarm())
        assert "acknowledged" in unit.wait_closed().reason
        broker.publish_code = 0
        unit.wait_open(2)


def test_an_acknowledged_line_may_be_silent(broker: ScriptedBroker) -> None:
    with UnitSide(plain(broker.port), acknowledgement_s=0.2) as unit:
        unit.wait_open()
        unit.broker.perform(an_alarm())
        connection = unit.broker._current
        assert connection is not None
        until(lambda: connection.unacknowledged() == 0, "acknowledged")
        assert connection.silent_s() == 0.0
        assert unit.path_events() == [PathOpened]


def test_a_refused_message_is_told(broker: ScriptedBroker) -> None:
    with UnitSide(plain(broker.port)) as unit:
        unit.wait_open()
        broker.publish_code = NOT_AUTHORIZED
        unit.broker.perform(an_alarm())
        failure = unit.events.wait_for(AdapterFailed)
        assert isinstance(failure, AdapterFailed)
        assert (failure.adapter, failure.effect, failure.lasting) == ("broker", "Publish", True)
        assert "Not authorized" in failure.reason
        assert unit.path_events() == [PathOpened]


def test_what_waits_for_the_broker_is_bounded_and_alarms_keep_their_place(broker: ScriptedBroker) -> None:
    broker.publish_code = None
    with UnitSide(plain(broker.port)) as unit:
        unit.wait_open()
        assert send_until_refused(unit, Urgency.EVENT) == QUEUED_EVENTS
        alarms = send_until_refused(unit, Urgency.ALARM)
        birth = 1
        assert QUEUED_EVENTS + alarms + birth == QUEUED
        unit.broker.perform(a_heartbeat())
        until(lambda: broker.count("heartbeat") == 1, "heartbeats pass")
        assert broker.count("event") + birth == IN_FLIGHT


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_dies_is_rebuilt(
    broker: ScriptedBroker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loop = Client.loop
    deaths: list[type[BaseException]] = [SystemExit, RuntimeError]

    def mortal(self: Client, timeout: float = 1.0) -> MQTTErrorCode:
        if deaths and self.is_connected() and broker.count("alarm") >= 3 - len(deaths):
            raise deaths.pop()
        return loop(self, timeout)

    monkeypatch.setattr(Client, "loop", mortal)
    with UnitSide(plain(broker.port)) as unit:
        unit.wait_open()
        unit.broker.perform(an_alarm(1))
        assert "RuntimeError" in unit.wait_closed().reason
        unit.wait_open(2)
        unit.broker.perform(an_alarm(2))
        unit.wait_open(3)
        unit.broker.perform(an_alarm(3))
        until(lambda: broker.count("alarm") >= 3, "the line works")
        assert unit.path_events() == [PathOpened, PathClosed, PathOpened, PathClosed, PathOpened]
    assert "RuntimeError" in caplog.text


def test_a_thread_that_ended_without_a_word_is_noticed(broker: ScriptedBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    with UnitSide(plain(broker.port)) as unit:
        unit.wait_open()
        monkeypatch.setattr(Connection, "is_alive", lambda _self: False)
        assert unit.wait_closed().reason == "its thread has died"
        monkeypatch.undo()
        unit.wait_open(2)


def test_the_socket_does_not_wait_to_fill_a_packet(broker: ScriptedBroker) -> None:
    with UnitSide(plain(broker.port)) as unit:
        unit.wait_open()
        connection = unit.broker._current
        assert connection is not None
        sock = connection._client.socket()
        assert isinstance(sock, socket.socket)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        assert sock.getpeername()[0] == LOOPBACK
