"""Load for a centre: heartbeats of many units at a steady rate, and alarms whose receipts are timed.

A process of its own, so that it never competes for the centre's interpreter lock:

    python -m tests.bench.ingest_generator --port 1883 --units 10000 --rate 5000 --seconds 10 --alarms 20

Rules: heartbeats are encoded before the clock starts and written as MQTT 3.1.1 packets straight into a socket, so that
a generator costs a fraction of what it loads. At QoS 1 every unit has a packet id of its own, and the broker's
acknowledgements are counted. The outcome is one line of JSON.
"""

import argparse
import json
import secrets
import socket
import statistics
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device.wire import codec, topics
from device.wire.messages import AlarmRaised, Heartbeat, Message, MessageKey, PathHealth, Receipt, TriggerInfo
from device.wire.topics import Leaf
from device.wire.vocabulary import ClockQuality, DeviceType, StatusCode

TICK_S = 0.005
KEEPALIVE_S = 3600
MOST_UNITS = 65_535
"""Each has a packet id."""
PUBACK_BYTES = 4
ACKNOWLEDGED_WITHIN_S = 10.0
PROBES = 100
RECEIPTS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """What to send, and where. `rate` in heartbeats a second, 0: as fast as the broker takes them."""

    host: str
    port: int
    username: str
    password: str
    units: int
    rate: float
    seconds: float
    alarms: float
    qos: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was sent, what the broker acknowledged (QoS 1), and how long receipts took, in milliseconds.

    `began_s` is monotonic, of the moment before the first heartbeat.
    """

    began_s: float
    heartbeats: int
    heartbeats_per_s: float
    acknowledged: int
    alarms: int
    receipts: int
    receipt_p50_ms: float | None
    receipt_p99_ms: float | None
    receipt_max_ms: float | None


class AlarmProbe:
    """Raises alarms one after another and times each until its receipt."""

    def __init__(self, load: Load) -> None:
        """Prepare for `load`."""
        self._load = load
        self._epoch = secrets.token_hex(8)
        self._sent_s: dict[int, float] = {}
        self.took_s: list[float] = []

    @property
    def sent(self) -> int:
        """How many alarms were raised."""
        return len(self._sent_s)

    def run(self) -> None:
        """Raise alarms for as long as the load lasts; then wait for the last receipts."""
        with self._connected() as client:
            end_s = time.monotonic() + self._load.seconds
            while (now_s := time.monotonic()) < end_s:
                self._raise_alarm(client, len(self._sent_s) + 1)
                time.sleep(max(0.0, now_s + 1 / self._load.alarms - time.monotonic()))
            while len(self.took_s) < self.sent and time.monotonic() < end_s + RECEIPTS_WITHIN_S:
                time.sleep(TICK_S)

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        client = Client(CallbackAPIVersion.VERSION2, f"probe-{self._epoch}", protocol=MQTTProtocolVersion.MQTTv5)
        subscribed = threading.Event()
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message = self._on_message
        client.on_socket_open = _send_at_once
        client.username_pw_set(self._load.username or None, self._load.password or None)
        client.connect(self._load.host, self._load.port)
        client.loop_start()
        try:
            client.subscribe(topics.all_units(Leaf.RECEIPT), qos=1)
            if not subscribed.wait(RECEIPTS_WITHIN_S):
                raise TimeoutError("the broker grants no subscription to the receipts")
            yield client
        finally:
            client.disconnect()
            client.loop_stop()

    def _raise_alarm(self, client: Client, seq: int) -> None:
        trigger = TriggerInfo(trigger_id="sos", name="SOS", device_type=DeviceType.FIXED_TRIGGER)
        message = Message(
            key=MessageKey(epoch=self._epoch, seq=seq),
            age_s=0,
            body=AlarmRaised(trigger=trigger, status_code=StatusCode.MANUAL_ALARM),
        )
        payload = codec.encode(message)
        self._sent_s[seq] = time.monotonic()
        client.publish(topics.unit_topic(f"probe-{seq % PROBES:04d}", Leaf.ALARM), payload, qos=1)

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        now_s = time.monotonic()
        for key in codec.decode(Receipt, bytes(message.payload)).keys:
            sent_s = self._sent_s.get(key.seq) if key.epoch == self._epoch else None
            if sent_s is not None:
                self.took_s.append(now_s - sent_s)


def generate(load: Load) -> Outcome:
    """Send the load; return what came of it."""
    probe = AlarmProbe(load)
    alarms = threading.Thread(target=probe.run, name="alarm-probe")
    if load.alarms:
        alarms.start()
    began_s, took_s, count, acknowledged = _send_heartbeats(load)
    if load.alarms:
        alarms.join()
    took_ms = sorted(each_s * 1000 for each_s in probe.took_s)
    return Outcome(
        began_s=began_s,
        heartbeats=count,
        heartbeats_per_s=round(count / took_s, 1),
        acknowledged=acknowledged,
        alarms=probe.sent,
        receipts=len(took_ms),
        receipt_p50_ms=round(statistics.median(took_ms), 2) if took_ms else None,
        receipt_p99_ms=round(took_ms[int(len(took_ms) * 0.99)], 2) if took_ms else None,
        receipt_max_ms=round(took_ms[-1], 2) if took_ms else None,
    )


def _send_heartbeats(load: Load) -> tuple[float, float, int, int]:
    """Send for as long as the load lasts; return from when, for how long, how many, and how many were acknowledged."""
    packets = [_publish_packet(f"bench-{number:06d}", load.qos, number + 1) for number in range(load.units)]
    count = 0
    with closing(socket.create_connection((load.host, load.port))) as sock:
        sock.sendall(_connect_packet(load))
        if sock.recv(4)[3:] != b"\0":
            raise PermissionError("the broker refuses the generator: see --username and --password")
        acknowledgements = Acknowledgements(sock)
        began_s = time.monotonic()
        while (gone_s := time.monotonic() - began_s) < load.seconds:
            due = int(load.rate * gone_s) if load.rate else count + 500
            sock.sendall(b"".join(packets[number % load.units] for number in range(count, due)))
            count = max(count, due)
            if load.rate:
                time.sleep(TICK_S)
        took_s = time.monotonic() - began_s
        return began_s, took_s, count, acknowledgements.wait_for(count if load.qos else 0)


class Acknowledgements:
    """Counts what the broker acknowledges, in a thread of its own."""

    def __init__(self, sock: socket.socket) -> None:
        """Read from `sock` until it is closed."""
        self._sock = sock
        self._bytes = 0
        threading.Thread(target=self._read, name="acknowledgements", daemon=True).start()

    def wait_for(self, count: int) -> int:
        """Return how many came, at the latest after `ACKNOWLEDGED_WITHIN_S`."""
        end_s = time.monotonic() + ACKNOWLEDGED_WITHIN_S
        while self._bytes < count * PUBACK_BYTES and time.monotonic() < end_s:
            time.sleep(TICK_S)
        return self._bytes // PUBACK_BYTES

    def _read(self) -> None:
        with suppress(OSError):
            while piece := self._sock.recv(65_536):
                self._bytes += len(piece)


def _heartbeat() -> bytes:
    heartbeat = Heartbeat(
        epoch="0123456789abcdef",
        uptime_s=86_400.5,
        interval_s=30,
        software="0.1.0",
        paths=(PathHealth(name="lan", is_up=True),),
        mains=True,
        battery_percent=98.0,
        temperature_c=41.2,
        disk_free_mb=5120.0,
        clock=ClockQuality.NETWORK,
    )
    return codec.encode(heartbeat)


def _publish_packet(unit_id: str, qos: int, packet_id: int) -> bytes:
    topic = _text(topics.unit_topic(unit_id, Leaf.HEARTBEAT))
    return _packet(0x30 | qos << 1, topic + (struct.pack("!H", packet_id) if qos else b"") + _heartbeat())


def _connect_packet(load: Load) -> bytes:
    flags = 0x02 | (0x80 if load.username else 0) | (0x40 if load.password else 0)
    names = [f"bench-{secrets.token_hex(4)}", *filter(None, (load.username, load.password))]
    return _packet(0x10, _text("MQTT") + struct.pack("!BBH", 4, flags, KEEPALIVE_S) + b"".join(map(_text, names)))


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def _packet(head: int, body: bytes) -> bytes:
    length = bytearray()
    rest = len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length.append(digit | (0x80 if rest else 0))
        if not rest:
            return bytes([head]) + bytes(length) + body


def _send_at_once(_client: Client, _userdata: object, sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def main() -> None:
    """Read the load from the command line, send it, print the outcome."""
    parser = argparse.ArgumentParser(description="Send heartbeats and alarms of many units to a broker.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--username", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--units", type=int, default=10_000, help="how many units send heartbeats")
    parser.add_argument("--rate", type=float, default=5_000, help="heartbeats a second; 0: as fast as they are taken")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument(
        "--alarms", type=float, default=0, help="alarms a second beside them, timed until their receipts"
    )
    parser.add_argument("--qos", type=int, choices=(0, 1), default=0, help="of the heartbeats; units send at 0")
    options = parser.parse_args()
    if not 1 <= options.units <= MOST_UNITS:
        parser.error(f"--units: from 1 to {MOST_UNITS}")
    print(json.dumps(asdict(generate(Load(**vars(options))))))


if __name__ == "__main__":
    main()
