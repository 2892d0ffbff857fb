"""The unit's path to its centre: MQTT 5 over an IP network.

Rules: nothing is queued here while the path is down, for the outbox alone repeats; a connection that ended is never
used again, the next attempt builds a new one; a PUBACK is the broker's word, only a receipt is the centre's.
"""

from device.adapters.broker.adapter import Broker
from device.adapters.broker.settings import BrokerSettings, CentreAddress, Patience
from device.adapters.broker.visit import knock, sign_in

__all__ = ["Broker", "BrokerSettings", "CentreAddress", "Patience", "knock", "sign_in"]
