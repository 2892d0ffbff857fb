"""The raw paho loop: receives heartbeats and counts them, nothing else. What Python's usual client allows at most.

Run as a process of its own; the order is JSON. Answers every line of its standard input with the count.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from device.wire import topics
from device.wire.topics import Leaf
from tests.bench.broker import Door
from tests.bench.child import Child, python


@dataclass(frozen=True, slots=True)
class RawPaho:
    """A running loop."""

    child: Child

    def committed(self) -> int:
        """Return how many it has counted; it keeps nothing."""
        self.child.tell("count")
        return int(self.child.hear())


@contextlib.contextmanager
def running_raw_paho(folder: Path, door: Door, qos: int) -> Iterator[RawPaho]:
    """Run the loop."""
    folder.mkdir(parents=True)
    order = json.dumps({**asdict(door), "qos": qos})
    with Child("paho", python("tests.bench.peers.raw_paho", order), folder / "paho.log", speaks=True) as child:
        child.hear()
        yield RawPaho(child)


def main() -> None:
    """Count until the standard input ends."""
    order = json.loads(sys.argv[1])
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.username_pw_set(order["username"], order["password"])
    client.on_message = counted
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.connect(order["host"], order["port"])
    client.subscribe(topics.all_units(Leaf.HEARTBEAT), qos=order["qos"])
    client.loop_start()
    for _ in sys.stdin:
        print(count, flush=True)
    client.loop_stop()


if __name__ == "__main__":
    main()
