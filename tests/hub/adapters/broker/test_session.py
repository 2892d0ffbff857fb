"""As whom the centre signs in: a wrong password, missing rights and strange certificates are told, once."""

from pathlib import Path

import pytest

from device.wire.messages import CentreState, MessageKey
from hub.adapters.broker import Broker, BrokerAddress, Counted, Tls
from hub.core import events as ev
from hub.core.effects import PublishCentre, SendReceipt
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.certificates import Authority
from tests.hub.adapters.broker.door import EPOCH, KeptInMemory, OpenDoor
from tests.mosquitto import RealMosquitto
from tests.waiting import until

KEY = MessageKey(epoch=EPOCH, seq=1)


def test_a_refusal_is_told_once(tmp_path: Path, make_door: OpenDoor) -> None:
    with RealMosquitto(tmp_path, "allow_anonymous false") as strict:
        door = make_door(BrokerAddress(port=strict.port, username="centre", password="wrong")).open()
        until(lambda: len(door.events.all) == 2, "both connections are refused")
        door.broker.stop()
    reasons = [event.reason for event in door.events.all if isinstance(event, ev.AdapterFailed) and event.lasting]
    assert sorted(reasons) == [
        "the broker refuses hub-alarms: Not authorized",
        "the broker refuses hub-heartbeats: Not authorized",
    ]


def test_a_receipt_the_broker_refuses_is_told(tmp_path: Path, make_door: OpenDoor) -> None:
    rules = tmp_path / "acl"
    rules.write_text("topic readwrite poga/1/+/alarm\n" + "topic read poga/1/#\n")
    with RealMosquitto(tmp_path, f"acl_file {rules}") as strict:
        door = make_door(BrokerAddress(port=strict.port)).open_and_hear()
        door.broker.perform(SendReceipt("unit-1", KEY))
        failed = door.events.wait_for(ev.AdapterFailed)
        door.broker.stop()
    assert isinstance(failed, ev.AdapterFailed)
    assert failed.lasting
    assert "takes no message" in failed.reason


def test_everything_works_over_tls(tmp_path: Path, make_door: OpenDoor) -> None:
    authority = Authority.make(tmp_path, "authority")
    server = authority.issue("server")
    extra = (f"certfile {server.cert}", f"keyfile {server.key}", f"cafile {authority.cert}")
    with RealMosquitto(tmp_path, *extra) as secure:
        door = make_door(BrokerAddress(port=secure.port, tls=Tls(authority.cert))).open_and_hear()
        door.broker.perform(PublishCentre(CentreState(alive=True)))
        until(lambda: door.broker.counts()[Counted.CONNECTIONS, "hub-heartbeats"] == 1, "heartbeats over TLS")
        door.broker.stop()


# paho leaves a socket whose handshake fails to the garbage collector.
@pytest.mark.filterwarnings("ignore:.*ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning")
def test_a_stranger_is_not_taken_for_the_broker(tmp_path: Path, make_door: OpenDoor) -> None:
    authority, stranger = Authority.make(tmp_path, "authority"), Authority.make(tmp_path, "stranger")
    server = stranger.issue("server")
    extra = (f"certfile {server.cert}", f"keyfile {server.key}")
    with RealMosquitto(tmp_path, *extra) as wrong:
        door = make_door(BrokerAddress(port=wrong.port, tls=Tls(authority.cert))).open()
        with pytest.raises(TransientAdapterError):
            door.broker.perform(PublishCentre(CentreState(alive=True)))
        door.broker.stop()
    assert door.events.all == []


def test_missing_files_for_tls_are_told_at_the_start(tmp_path: Path) -> None:
    broker = Broker(BrokerAddress(tls=Tls(tmp_path / "nowhere.pem")), KeptInMemory())
    with pytest.raises(PermanentAdapterError, match="TLS"):
        broker.start(lambda event: None)
    broker.stop()
