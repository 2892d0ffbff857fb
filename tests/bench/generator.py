"""The load, from its own process: heartbeats of many units through the broker."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.broker import RealBroker
from tests.bench.child import Child, python


@dataclass(frozen=True, slots=True)
class Offer:
    """What is sent: heartbeats a second (0: as many as the broker takes), for how long, at which QoS."""

    rate: float
    seconds: float
    units: int = 10_000
    qos: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent."""

    began_s: float
    heartbeats: int
    a_second: float


class Generator:
    """A running generator."""

    def __init__(self, child: Child) -> None:
        """Listen for its outcome."""
        self.child = child
        self._outcome: dict[str, Any] = {}
        self._listener = threading.Thread(target=self._listen, name="generator", daemon=True)
        self._listener.start()

    @property
    def is_sending(self) -> bool:
        """Tell whether it has not told its outcome yet."""
        return self._listener.is_alive()

    def wait(self) -> Sent:
        """Return what was sent, when all of it was. Raises ChildError."""
        self._listener.join()
        if not self._outcome:
            raise self.child.failed("has ended without an outcome")
        outcome = self._outcome
        return Sent(outcome["began_s"], outcome["heartbeats"], outcome["heartbeats_per_s"])

    def _listen(self) -> None:
        with contextlib.suppress(Exception):  # told by `wait`
            self._outcome = json.loads(self.child.hear())


@contextlib.contextmanager
def generating(folder: Path, broker: RealBroker, offer: Offer) -> Iterator[Generator]:
    """Send heartbeats; end it, finished or not."""
    door = broker.centre
    options = {
        "host": door.host,
        "port": door.port,
        "username": door.username,
        "password": door.password,
        "units": offer.units,
        "rate": offer.rate,
        "seconds": offer.seconds,
        "qos": offer.qos,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = python("tests.bench.ingest_generator", *words)
    with Child("the generator", command, folder / "generator.log", speaks=True) as child:
        yield Generator(child)
