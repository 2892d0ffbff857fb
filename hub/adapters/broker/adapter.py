"""The broker's door: two connections, one adapter.

Rules: alarms and everything that is said go over one connection, heartbeats over the other; `perform` hands over to the
first and never waits.
"""

import time
from collections.abc import Callable

from hub.adapters.broker import alarms, heartbeats
from hub.adapters.broker.alarms import AlarmLine
from hub.adapters.broker.counts import Counted, Counts
from hub.adapters.broker.hearing import ADAPTER, Hearing
from hub.adapters.broker.heartbeats import HeartbeatLine, HeartbeatStore
from hub.adapters.broker.session import BrokerAddress
from hub.core.effects import Acknowledge, Effect, PublishCentre, SendCommand, SendReceipt
from hub.ports import Report


class Broker:
    """Reports what units say, and tells them what the centre says."""

    name = ADAPTER
    performs: tuple[type[Effect], ...] = (SendReceipt, Acknowledge, SendCommand, PublishCentre)

    def __init__(self, address: BrokerAddress, store: HeartbeatStore, wall_s: Callable[[], float] = time.time) -> None:
        """Prepare; nothing is opened before `start`."""
        self._counts = Counts()
        self._hearing = Hearing(frozenset({alarms.CLIENT_ID, heartbeats.CLIENT_ID}))
        self._alarms = AlarmLine(address, self._hearing, self._counts)
        self._heartbeats = HeartbeatLine(address, self._hearing, self._counts, store, wall_s)

    def start(self, report: Report) -> None:
        """Begin to connect, and return at once. Raises PermanentAdapterError."""
        self._hearing.start(report)
        self._alarms.start()
        self._heartbeats.start()

    def perform(self, effect: Effect) -> None:
        """Hand it to the broker. Raises TransientAdapterError where there is no connection."""
        match effect:
            case SendReceipt():
                self._alarms.send_receipt(effect.unit_id, effect.key, effect.token)
            case Acknowledge():
                self._alarms.acknowledge(effect.token)
            case SendCommand():
                self._alarms.send_command(effect.unit_id, effect.command)
            case PublishCentre():
                self._alarms.publish_centre(effect.state)
            case _:
                raise TypeError(f"the broker does not perform {type(effect).__name__}")

    def stop(self) -> None:
        """Leave the broker, heartbeats first; report nothing any more."""
        self._heartbeats.stop()
        self._alarms.stop()
        self._hearing.stop()

    @property
    def is_connected(self) -> bool:
        """Tell whether the centre hears its units; callable from any thread."""
        return self._hearing.is_hearing

    def counts(self) -> dict[tuple[Counted, str], int]:
        """Return what has passed through, for the metrics."""
        return self._counts.snapshot()
