"""A real mosquitto for tests, open to everybody on loopback, and a paho client that plays the centre on it."""

import shutil
import signal
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from tests.waiting import Heard, until

# Debian keeps daemons where a normal user's PATH does not look.
PROGRAM = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Tell whether somebody accepts connections at `port`."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


class RealMosquitto:
    """One broker on one port; can be killed, frozen and started again. Keeps nothing over a restart."""

    def __init__(self, folder: Path, *extra: str) -> None:
        self.port = free_port()
        self._config = folder / f"mosquitto-{self.port}.conf"
        lines = [
            "persistence false",
            "allow_anonymous true",
            "set_tcp_nodelay true",
            "user root",  # of effect for root alone, who could not read the test's folder as anybody else
            f"listener {self.port} {LOOPBACK}",
            *extra,
        ]
        self._config.write_text("\n".join(lines) + "\n")
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._child = subprocess.Popen(
            [PROGRAM, "-c", self._config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: answers(self.port), f"mosquitto answers at {self.port}")

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self._wait()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._child is not None:
            self.thaw()
            self._signal(signal.SIGTERM)
            self._wait()

    def _signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        self._child.send_signal(number)

    def _wait(self) -> None:
        assert self._child is not None
        self._child.wait(timeout=30)
        self._child = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class Arrived(NamedTuple):
    """A message as a subscriber saw it."""

    topic: str
    payload: bytes
    qos: int
    retain: bool


class Peer:
    """A client beside the one under test: the centre, or another unit. Reconnects by itself."""

    def __init__(self, port: int, client_id: str, username: str | None = None, password: str | None = None) -> None:
        self.arrived: Heard[Arrived] = Heard()
        self.connects: Heard[str] = Heard()
        self.disconnects: Heard[str] = Heard()
        self.acknowledged: Heard[str] = Heard()
        self._granted: Heard[str] = Heard()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTv5)
        self.client.username = username
        self.client.password = password
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = lambda _client, _data, _flags, reason, _properties: self.disconnects(str(reason))
        self.client.on_subscribe = lambda _client, _data, _mid, _reasons, _properties: self._granted("granted")
        self.client.on_publish = lambda _client, _data, _mid, reason, _properties: self.acknowledged(str(reason))
        self.client.on_message = self._on_message
        self.client.connect_async(LOOPBACK, port, clean_start=True)
        self._topics: tuple[str, ...] = ()

    def connect(self, *topics: str) -> Self:
        """Connect and, where topics are given, wait until they are subscribed."""
        self._topics = topics
        self.client.loop_start()
        if topics:
            self._granted.wait("granted")
        return self

    def send(self, topic: str, payload: bytes, qos: int = 1, retain: bool = False) -> None:
        """Publish and wait for the broker's word."""
        before = len(self.acknowledged.all)
        self.client.publish(topic, payload, qos=qos, retain=retain)
        until(lambda: len(self.acknowledged.all) > before, f"acknowledged: {topic}")

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_connect = self.client.on_disconnect = self.client.on_subscribe = None
        self.client.on_publish = self.client.on_message = None

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.connects(str(reason))
        if self._topics and not reason.is_failure:
            client.subscribe([(topic, 1) for topic in self._topics])

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.arrived(Arrived(message.topic, bytes(message.payload), message.qos, message.retain))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
