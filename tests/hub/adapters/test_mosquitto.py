"""The embedded broker: who may come in, what each may say and hear, and that it is always there."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from paho.mqtt.client import Client

from hub.adapters.mosquitto import Listener, Mosquitto, MosquittoSettings, ServerCertificate
from hub.adapters.mosquitto.passwords import hashed
from hub.ports import PermanentAdapterError
from tests.certificates import Authority
from tests.mosquitto import LOOPBACK, Peer, answers
from tests.waiting import until

ROOT = Path(__file__).parents[3]
UNITS = {"unit-a": "password of a", "unit-b": "password of b"}


def embedded(folder: Path, *listeners: Listener) -> Mosquitto:
    return Mosquitto(MosquittoSettings(folder, listeners or (Listener(LOOPBACK, 0),)), UNITS)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    mosquitto = embedded(tmp_path)
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


@pytest.fixture
def within_reach() -> Iterator[Path]:
    """A folder through which the broker may pass, whoever runs the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


def hub_of(broker: Mosquitto, client_id: str = "hub-1") -> Peer:
    return Peer(broker.hub_address[1], client_id, *broker.hub_credentials)


def unit_of(broker: Mosquitto, unit_id: str, password: str | None = None, client_id: str | None = None) -> Peer:
    port = broker.unit_addresses[0][1]
    return Peer(port, client_id or unit_id, unit_id, UNITS.get(unit_id) if password is None else password)


def pid_of(broker: Mosquitto) -> int:
    assert broker._child is not None
    pid = broker._child.pid
    assert pid is not None
    return pid


def has_changed(broker: Mosquitto, old_pid: int) -> bool:
    """Tell whether another process has taken the place of that one, and listens."""
    return broker.is_running and pid_of(broker) != old_pid


def told(peer: Peer) -> set[str]:
    return {message.topic for message in peer.arrived.all}


def test_a_unit_speaks_on_its_own_topics_only(broker: Mosquitto) -> None:
    own = {f"poga/1/unit-a/{leaf}" for leaf in ("alarm", "event", "heartbeat", "presence")}
    foreign = [
        *("poga/1/unit-b/alarm", "poga/1/unit-b/presence", "poga/1/unit-a/receipt", "poga/1/unit-a/command"),
        *("poga/1/unit-a/other", "poga/1/centre", "other", "$SYS/x"),
    ]
    with hub_of(broker) as hub, unit_of(broker, "unit-a") as unit:
        hub.connect("#")
        unit.connect()
        for topic in (*foreign, *own):
            unit.send(topic, b"x")
        until(lambda: own <= told(hub), "its own arrive")
        assert told(hub) == own
        assert unit.acknowledged.all.count("Not authorized") == len(foreign)


def test_a_unit_hears_its_own_topics_and_the_centre_only(broker: Mosquitto) -> None:
    own = {"poga/1/unit-a/receipt", "poga/1/unit-a/command", "poga/1/centre"}
    with hub_of(broker) as hub, unit_of(broker, "unit-a") as unit, unit_of(broker, "unit-b") as other:
        hub.connect("poga/1/#")
        unit.connect("#", "poga/1/unit-b/receipt", "poga/1/unit-b/#")
        other.connect()
        other.send("poga/1/unit-b/alarm", b"x")
        for topic in ("poga/1/unit-b/receipt", "poga/1/unit-b/command", *own):
            hub.send(topic, b"x")
        until(lambda: own <= told(unit), "its own arrive")
        assert told(unit) == own


@pytest.mark.parametrize(
    ("name", "password"),
    [(None, None), ("unit-a", "wrong"), ("unit-a", "password of b"), ("unit-x", "x"), ("hub", "password of a")],
)
def test_strangers_stay_outside(broker: Mosquitto, name: str | None, password: str | None) -> None:
    for port in (broker.unit_addresses[0][1], broker.hub_address[1]):
        with Peer(port, "unit-a", name, password) as stranger:
            stranger.connect()
            until(lambda: bool(stranger.connects.all or stranger.disconnects.all), "an answer")
            assert "Success" not in stranger.connects.all


def test_a_unit_cannot_throw_another_out_by_taking_its_name(broker: Mosquitto) -> None:
    with hub_of(broker) as hub, unit_of(broker, "unit-a") as unit, unit_of(broker, "unit-b", None, "unit-a") as thief:
        hub.connect("poga/1/#")
        unit.connect("poga/1/centre")
        thief.connect("poga/1/centre")
        unit.send("poga/1/unit-a/alarm", b"x")
        hub.arrived.wait(lambda message: message.topic == "poga/1/unit-a/alarm")
        assert (unit.disconnects.all, thief.disconnects.all) == ([], [])


def test_the_centre_may_have_several_connections(broker: Mosquitto) -> None:
    with hub_of(broker, "hub-alarms") as one, hub_of(broker, "hub-heartbeats") as two:
        one.connect("poga/1/+/alarm")
        two.connect("poga/1/+/heartbeat")
        two.send("poga/1/unit-a/alarm", b"x")
        one.arrived.wait(lambda message: message.topic == "poga/1/unit-a/alarm")
        assert (one.disconnects.all, two.disconnects.all) == ([], [])


def test_units_come_and_go_without_touching_the_others(broker: Mosquitto) -> None:
    with unit_of(broker, "unit-a") as stays, unit_of(broker, "unit-b") as goes, hub_of(broker) as hub:
        hub.connect("poga/1/#")
        stays.connect("poga/1/unit-a/receipt")
        goes.connect("poga/1/unit-b/receipt")
        broker.set_units({"unit-a": UNITS["unit-a"], "unit-c": hashed("password of c")})
        until(lambda: bool(goes.disconnects.all), "who was taken out is disconnected")
        with unit_of(broker, "unit-c", "password of c") as comes:
            comes.connect("poga/1/unit-c/receipt")
            comes.send("poga/1/unit-c/alarm", b"x")
            hub.arrived.wait(lambda message: message.topic == "poga/1/unit-c/alarm")
        hub.send("poga/1/unit-a/receipt", b"x")
        stays.arrived.wait(lambda message: message.topic == "poga/1/unit-a/receipt")
        assert (stays.disconnects.all, hub.disconnects.all) == ([], [])
        until(lambda: "Not authorized" in goes.connects.all, "and stays outside")


def test_a_hash_of_mosquittos_own_program_is_taken(broker: Mosquitto, tmp_path: Path) -> None:
    file = tmp_path / "made"
    subprocess.run(["mosquitto_passwd", "-c", "-b", file, "unit-d", "word"], check=True, capture_output=True)
    broker.set_units({"unit-d": file.read_text().strip().partition(":")[2]})
    with unit_of(broker, "unit-d", "word") as unit:
        unit.connect("poga/1/unit-d/receipt")


@pytest.mark.parametrize(
    ("units", "complaint"), [({"hub": "x"}, "cannot be"), ({"Unit A": "x"}, "cannot be"), ({"unit-a": ""}, "empty")]
)
def test_units_that_cannot_be_are_refused_and_nothing_changes(
    broker: Mosquitto, units: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        broker.set_units(units)
    with unit_of(broker, "unit-a") as unit:
        unit.connect("poga/1/centre")


def test_a_killed_broker_comes_back_with_its_units(broker: Mosquitto) -> None:
    with unit_of(broker, "unit-a") as unit:
        unit.connect("poga/1/centre")
        for _ in range(2):
            pid = pid_of(broker)
            os.kill(pid, signal.SIGKILL)
            until(partial(has_changed, broker, pid), "it is there again")
        until(lambda: len(unit.connects.all) >= 2, "the unit comes back by itself")


def test_a_stopped_broker_is_gone(broker: Mosquitto) -> None:
    port = broker.hub_address[1]
    assert answers(port)
    broker.stop()
    assert not broker.is_running
    assert not answers(port)
    broker.stop()


def test_stop_before_start_is_harmless(tmp_path: Path) -> None:
    embedded(tmp_path).stop()


def test_the_broker_ends_with_a_centre_that_is_killed(within_reach: Path) -> None:
    script = f"""
        import sys, threading
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from hub.adapters.mosquitto import Listener, Mosquitto, MosquittoSettings
        broker = Mosquitto(MosquittoSettings(Path({str(within_reach)!r}), (Listener("127.0.0.1", 0),)))
        broker.start()
        print(broker.hub_address[1], flush=True)
        threading.Event().wait()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE) as centre:
        assert centre.stdout is not None
        port = int(centre.stdout.readline())
        try:
            assert answers(port)
        finally:
            centre.kill()
        until(lambda: not answers(port), "the broker has ended too")


def test_units_are_encrypted_where_there_is_a_certificate(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path, "ours")
    issued = authority.issue("centre")
    broker = embedded(tmp_path, Listener(LOOPBACK, 0, ServerCertificate(issued.cert, issued.key)))
    broker.start()
    try:
        with unit_of(broker, "unit-a") as unit:
            unit.client.tls_set(ca_certs=str(authority.cert))
            unit.connect("poga/1/centre")
            broker.set_units(UNITS)  # the certificate is read again, with the broker's own rights
            with unit_of(broker, "unit-b") as other:
                other.client.tls_set(ca_certs=str(authority.cert))
                other.connect("poga/1/centre")
            assert unit.disconnects.all == []
        with unit_of(broker, "unit-a") as plain:
            plain.connect()
            until(lambda: bool(plain.disconnects.all), "who does not encrypt is sent away")
            assert plain.connects.all == []
    finally:
        broker.stop()


def test_messages_larger_than_the_wire_allows_do_not_come_in(broker: Mosquitto) -> None:
    with hub_of(broker) as hub, unit_of(broker, "unit-a") as unit:
        hub.connect("poga/1/#")
        unit.connect("poga/1/centre")
        unit.send("poga/1/unit-a/event", b"x" * 16_384)
        hub.arrived.wait(lambda message: len(message.payload) == 16_384)
        publish(unit.client, "poga/1/unit-a/event", 30_000)
        until(lambda: bool(unit.disconnects.all), "who sends more is disconnected")
        assert max(len(message.payload) for message in hub.arrived.all) == 16_384


def publish(client: Client, topic: str, size: int) -> None:
    """Send without waiting, and only once: QoS 0 is not repeated."""
    client.publish(topic, b"x" * size, qos=0)


def test_a_taken_port_is_told(broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.mosquitto.program.FREE_WITHIN_S", 0.1)
    taken = broker.unit_addresses[0][1]
    with pytest.raises(PermanentAdapterError, match=f"port {taken} of {LOOPBACK} is taken by another program"):
        embedded(tmp_path / "other", Listener(LOOPBACK, taken)).start()
    assert broker.is_running, "the other one is left alone"
