"""The broker adapter under test, with everything it reported, on patience short enough for tests."""

from dataclasses import replace
from types import TracebackType
from typing import Self

import pytest

from device.adapters.broker import Broker, BrokerSettings, CentreAddress, Patience
from device.core.effects import Publish, PublishHeartbeat
from device.core.events import Event, PathClosed, PathOpened
from device.wire.messages import AlarmRaised, Heartbeat, Message, MessageKey, TriggerInfo
from device.wire.vocabulary import Urgency
from tests.mosquitto import LOOPBACK
from tests.waiting import Heard

UNIT_ID = "unit-0001"
EPOCH = "00000000000000aa"
TOPIC = f"poga/1/{UNIT_ID}"
PATH = "ethernet"

QUICK = Patience(steady_s=0.0, longest_wait_s=0.2, hurried_wait_s=0.2, look_s=0.05)
"""Never gives up what a slow machine may still do; only the pauses are short."""


def plain(port: int) -> CentreAddress:
    return CentreAddress(LOOPBACK, port, tls=False)


def an_alarm(seq: int = 1, urgency: Urgency = Urgency.ALARM) -> Publish:
    body = AlarmRaised(trigger=TriggerInfo(trigger_id="b", name="Bed", device_type="0004"), status_code="0010")
    return Publish(urgency, Message(key=MessageKey(epoch=EPOCH, seq=seq), body=body))


def a_heartbeat() -> PublishHeartbeat:
    return PublishHeartbeat(Heartbeat(epoch=EPOCH, uptime_s=1, interval_s=30, software="0"))


def counted(monkeypatch: pytest.MonkeyPatch, owner: object, method: str) -> list[str]:
    """Return a list that grows by one whenever `method` of `owner` has been called, which goes on as before."""
    calls: list[str] = []
    original = getattr(owner, method)

    def call(*args: object) -> object:
        result = original(*args)
        calls.append(method)
        return result

    monkeypatch.setattr(owner, method, call)
    return calls


class UnitSide:
    """Starts and stops the adapter; `events` is what it reported."""

    def __init__(self, *centres: CentreAddress, patience: Patience = QUICK, **changed: float) -> None:
        self.events: Heard[Event] = Heard()
        self.broker = Broker(
            BrokerSettings(UNIT_ID, centres, path_name=PATH), EPOCH, replace(patience, **changed), chance=lambda: 0.0
        )

    def wait_open(self, count: int = 1) -> None:
        self.events.wait(PathOpened(PATH), count)

    def wait_closed(self, count: int = 1) -> PathClosed:
        closed = self.events.wait_for(PathClosed, count)
        assert isinstance(closed, PathClosed)
        return closed

    def path_events(self) -> list[type[Event]]:
        """What was told of the path, in order."""
        return [type(event) for event in self.events.all if isinstance(event, PathOpened | PathClosed)]

    def __enter__(self) -> Self:
        self.broker.start(self.events)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.broker.stop()
