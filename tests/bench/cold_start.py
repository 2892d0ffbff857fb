"""Cold start: from the program's start until a press can be seen, the centre is reached, the first receipt is given."""

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from device.wire import codec, topics
from device.wire.messages import AlarmRaised, Message, MessageKey, TriggerInfo
from device.wire.topics import Leaf
from device.wire.vocabulary import DeviceType, StatusCode
from hub.adapters.enrolled import enrol
from tests.bench.broker import UNIT, Door, real_broker
from tests.bench.child import Child, Memory, python
from tests.bench.figures import Section, in_ms, number
from tests.bench.home import write_settings
from tests.bench.register import Contents, fill, unit_id
from tests.bench.service_manager import ServiceManager
from tests.mosquitto import LOOPBACK, free_port

STARTS = 10
CENTRE_STARTS = 5
CONTENTS = Contents(units=10_000, messages=100_000)
AS_ITS_SERVICE = {"PYTHONOPTIMIZE": "2"}
MOCK_PINS = {"GPIOZERO_PIN_FACTORY": "mock", "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin"}
WITHIN_S = 120.0
ATTEMPT_S = 1.0
AGAIN_EVERY_S = 0.02
STEADY_S = 15.0

HOW = f"""Each program as a new process, its files in the machine's cache. Unit: `poga-device run` on mock pins, as its
service runs it, {STARTS} starts on the same data folder; ready for a press when it tells the service manager so,
connected when the broker tells a subscriber of its presence. Centre: `poga-hub run` with its own mosquitto,
{CENTRE_STARTS} starts on a store with {number(CONTENTS.units)} units, all enrolled at the broker, and
{number(CONTENTS.messages)} messages; first receipt: a unit that has been trying since the start has its first
receipt."""


def run(folder: Path, memory: dict[str, Memory]) -> Section:
    """Start both again and again; put what the unit holds in memory into `memory`. Raises ChildError, AdapterError."""
    folder.mkdir(parents=True)
    ready_s, connected_s = _start_units(folder, memory)
    receipts_s = list(_start_centres(folder))
    return Section(
        title="Cold start",
        how=HOW,
        columns=("", "starts", "median ms", "p99 ms", "worst ms"),
        rows=(
            ("unit → ready for a press", *in_ms(ready_s)),
            ("unit → connected", *in_ms(connected_s)),
            ("centre → first receipt", *in_ms(receipts_s)),
        ),
    )


def _start_units(folder: Path, memory: dict[str, Memory]) -> tuple[list[float], list[float]]:
    ready_s: list[float] = []
    connected_s: list[float] = []
    with real_broker(folder) as broker, ServiceManager(folder / "notify") as manager:
        settings = write_settings(folder / "unit", broker.unit)
        command = python("device", "run", "--config", str(settings))
        environment = {**AS_ITS_SERVICE, **MOCK_PINS, **manager.environment}
        for _ in range(STARTS):
            with (
                _presence_of(UNIT, broker.centre) as seen,
                Child("the unit", command, folder / "unit.log", environment=environment) as unit,
            ):
                ready_s.append(manager.wait_until_ready(WITHIN_S) - unit.started_s)
                connected_s.append(seen.wait() - unit.started_s)
                if len(ready_s) == STARTS:
                    time.sleep(STEADY_S)
                    memory["unit, `poga-device run`"] = unit.memory()
    return ready_s, connected_s


def _start_centres(folder: Path) -> Iterator[float]:
    data, port, console = folder / "centre", free_port(), free_port()
    data.mkdir(mode=0o700)
    fill(data / "store", CONTENTS)
    enrolled = [enrol(data / "units", unit_id(count)) for count in range(CONTENTS.units)]
    settings = folder / "hub.toml"
    settings.write_text(
        f'data_dir = "{data}"\n[broker]\nport = {port}\n[console]\nport = {console}\n[voice]\nis_on = false\n',
        encoding="utf-8",
    )
    door = Door(LOOPBACK, port, enrolled[0].unit_id, enrolled[0].password)
    for _ in range(CENTRE_STARTS):
        with Child("the centre", python("hub", "--config", str(settings), "run"), folder / "centre.log") as centre:
            yield _first_receipt_s(door, centre) - centre.started_s


class Moment:
    """When something was seen for the first time."""

    def __init__(self) -> None:
        """Not yet."""
        self.at_s = 0.0
        self._has_come = threading.Event()

    def __call__(self, *_: object) -> None:
        """It is now."""
        self.at_s = self.at_s or time.monotonic()
        self._has_come.set()

    def has_come(self, within_s: float) -> bool:
        """Tell whether it comes in time."""
        return self._has_come.wait(within_s)

    def wait(self) -> float:
        """Return when it was. Raises TimeoutError."""
        if not self.has_come(WITHIN_S):
            raise TimeoutError(f"waited {WITHIN_S:g} s in vain")
        return self.at_s


@contextlib.contextmanager
def _presence_of(unit: str, door: Door) -> Iterator[Moment]:
    """Watch for a unit that comes to the broker; what the broker remembers of it does not count."""
    seen, subscribed = Moment(), Moment()
    client = _client(door, f"watcher-{secrets.token_hex(4)}")
    client.on_subscribe = subscribed

    def look(_client: Client, _data: Any, message: MQTTMessage) -> None:
        if not message.retain and b"true" in message.payload:
            seen()

    client.on_message = look
    client.connect(door.host, door.port)
    client.subscribe(topics.unit_topic(unit, Leaf.PRESENCE))
    with _looping(client):
        subscribed.wait()
        yield seen


def _first_receipt_s(door: Door, centre: Child) -> float:
    """Try to connect, then send an alarm every now and then; return when the first receipt came."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        client = _client(door, door.username)
        subscribed, received = Moment(), Moment()
        client.on_subscribe, client.on_message = subscribed, received
        client.on_connect = lambda client, *_: client.subscribe(topics.unit_topic(door.username, Leaf.RECEIPT), qos=1)
        try:
            client.connect(door.host, door.port)
        except OSError:
            time.sleep(AGAIN_EVERY_S)
            continue
        with _looping(client):
            if subscribed.has_come(ATTEMPT_S) and _is_received(client, door.username, received, deadline):
                return received.at_s
    raise centre.failed(f"gives no receipt in {WITHIN_S:g} s")


def _is_received(client: Client, unit: str, received: Moment, deadline: float) -> bool:
    epoch = os.urandom(8).hex()
    trigger = TriggerInfo(trigger_id="sos", name="SOS", device_type=DeviceType.FIXED_TRIGGER)
    body = AlarmRaised(trigger=trigger, status_code=StatusCode.MANUAL_ALARM)
    payload = codec.encode(Message(key=MessageKey(epoch=epoch, seq=1), age_s=0, body=body))
    while client.is_connected() and time.monotonic() < deadline:
        client.publish(topics.unit_topic(unit, Leaf.ALARM), payload, qos=1)
        if received.has_come(AGAIN_EVERY_S):
            return True
    return False


def _client(door: Door, client_id: str) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTv5)
    client.username_pw_set(door.username, door.password)
    return client


@contextlib.contextmanager
def _looping(client: Client) -> Iterator[None]:
    client.loop_start()
    try:
        yield
    finally:
        client.disconnect()
        client.loop_stop()
