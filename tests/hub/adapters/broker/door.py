"""A centre's door on the broker whose words are collected, and what units send to it."""

from collections.abc import Callable, Sequence

from device.wire import codec, topics
from device.wire.messages import AlarmRaised, Heartbeat, Message, MessageKey, OpenAlarm, TriggerInfo
from device.wire.topics import Leaf
from device.wire.vocabulary import DeviceType, Rung, StatusCode
from hub.adapters.broker import Broker, BrokerAddress, HeartbeatRow
from hub.core import events as ev
from tests.mosquitto import Peer
from tests.waiting import Heard

EPOCH = "0123456789abcdef"


class KeptInMemory:
    """A store of heartbeats that fails when it is told to."""

    def __init__(self) -> None:
        self.rows: Heard[HeartbeatRow] = Heard()
        self.error: Exception | None = None

    def save(self, rows: Sequence[HeartbeatRow]) -> None:
        if self.error is not None:
            raise self.error
        for row in rows:
            self.rows(row)


class Door:
    """A broker's door that was opened, and everything it has reported."""

    def __init__(self, address: BrokerAddress) -> None:
        self.store = KeptInMemory()
        self.broker = Broker(address, self.store, wall_s=lambda: 1000.0)
        self.events: Heard[ev.Event] = Heard()

    def open(self) -> "Door":
        self.broker.start(self.events)
        return self

    def open_and_hear(self) -> "Door":
        self.open()
        self.events.wait_for(ev.BrokerConnected)
        return self


OpenDoor = Callable[[BrokerAddress], Door]


def alarm(seq: int) -> Message:
    trigger = TriggerInfo(trigger_id="sos", name="SOS", device_type=DeviceType.FIXED_TRIGGER)
    body = AlarmRaised(trigger=trigger, status_code=StatusCode.MANUAL_ALARM)
    return Message(key=MessageKey(epoch=EPOCH, seq=seq), age_s=0.5, body=body)


def heartbeat() -> Heartbeat:
    shown = OpenAlarm(alarm=MessageKey(epoch=EPOCH, seq=7), rung=Rung.RECEIVED)
    return Heartbeat(epoch=EPOCH, uptime_s=5, interval_s=30, software="1", alarm=shown, faults=("mains_lost",))


def send_alarm(unit: Peer, seq: int, unit_id: str = "unit-1") -> None:
    unit.send(topics.unit_topic(unit_id, Leaf.ALARM), codec.encode(alarm(seq)))
