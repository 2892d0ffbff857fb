"""The broker of every bench: a real mosquitto, configured as the centre configures its own, peers or not."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.mosquitto import Listener, Mosquitto, MosquittoSettings

UNIT = "bench-home"
"""The unit that really lives; the others are names in the register and in the generator's messages."""
UNIT_PASSWORD = "a password for measuring"


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody connects, and as whom."""

    host: str
    port: int
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class RealBroker:
    """A running broker: one door for the centre (and for those who take its place), one for units."""

    centre: Door
    unit: Door


@contextlib.contextmanager
def real_broker(folder: Path) -> Iterator[RealBroker]:
    """Run a broker; end it. Raises AdapterError."""
    mosquitto = Mosquitto(MosquittoSettings(folder / "broker", (Listener("127.0.0.1", 0),)), {UNIT: UNIT_PASSWORD})
    mosquitto.start()
    try:
        unit_host, unit_port = mosquitto.unit_addresses[0]
        yield RealBroker(
            Door(*mosquitto.hub_address, *mosquitto.hub_credentials),
            Door(unit_host, unit_port, UNIT, UNIT_PASSWORD),
        )
    finally:
        mosquitto.stop()
