"""The embedded broker: a mosquitto that is the centre's own child, with a generated configuration.

Rules: every unit reaches its own topics and no other; nobody is anonymous; the child is started again whenever it ends,
and ends with the centre. It keeps nothing over a restart: a PUBACK promises nothing, the centre's receipt does, and a
unit repeats until it has that.
"""

from hub.adapters.mosquitto.broker import Mosquitto
from hub.adapters.mosquitto.program import find_mosquitto
from hub.adapters.mosquitto.settings import Listener, MosquittoSettings, ServerCertificate

__all__ = ["Listener", "Mosquitto", "MosquittoSettings", "ServerCertificate", "find_mosquitto"]
