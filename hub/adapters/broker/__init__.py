"""The broker: what units say comes in here, and what the centre says goes out."""

from hub.adapters.broker.adapter import Broker
from hub.adapters.broker.counts import Counted
from hub.adapters.broker.heartbeats import HeartbeatRow, HeartbeatStore
from hub.adapters.broker.session import BrokerAddress, Tls

__all__ = ["Broker", "BrokerAddress", "Counted", "HeartbeatRow", "HeartbeatStore", "Tls"]
