"""Runs mqtt-io on mock pins and presses its button. Belongs to mqtt-io's own environment: imports nothing of this one.

Called by `mqtt_io.py` with an order as JSON; prints one line of JSON: how many presses a subscriber has seen, and how
long after each press where every one was.
"""

import json
import os
import sys
import threading
import time
from typing import Any

from gpiozero import Device
from gpiozero.pins.mock import MockFactory
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

PIN = 5
READY_S = 3.0
REST_S = 0.12
SPREAD_S = 0.037
"""Rests differ by parts of this, so that presses do not keep step with a poll."""
LATE_S = 1.0
TOPIC = "poga/1/bench-home"


def main() -> None:
    """Run mqtt-io in this thread, the finger in another."""
    order = json.loads(sys.argv[1])
    Device.pin_factory = factory = MockFactory()
    from mqtt_io.config import validate_and_normalise_main_config  # type: ignore[import-not-found]  # noqa: PLC0415
    from mqtt_io.server import MqttIo  # type: ignore[import-not-found]  # noqa: PLC0415

    config = {
        "mqtt": {
            "host": order["host"],
            "port": order["port"],
            "user": order["user"],
            "password": order["password"],
            "topic_prefix": TOPIC,
        },
        "gpio_modules": [{"name": "pins", "module": "gpiozero"}],
        "digital_inputs": [{"name": "button", "module": "pins", "pin": PIN, "pullup": True, **order["options"]}],
        "logging": {"version": 1},
    }
    server = MqttIo(validate_and_normalise_main_config(config))
    threading.Thread(target=_press, args=(order, factory.pin(PIN)), daemon=True).start()
    server.run()


def _press(order: dict[str, Any], pin: Any) -> None:
    seen: list[tuple[float, bytes]] = []
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(order["user"], order["password"])
    client.on_message = lambda _client, _data, message: seen.append((time.monotonic(), bytes(message.payload)))
    client.connect(order["host"], order["port"])
    client.subscribe(f"{TOPIC}/#")
    client.loop_start()
    time.sleep(READY_S)
    seen.clear()
    pressed_s: list[float] = []
    for number in range(order["presses"]):
        pressed_s.append(time.monotonic())
        pin.drive_low()
        time.sleep(order["held_s"])
        pin.drive_high()
        time.sleep(REST_S + SPREAD_S * (number % 5) / 5)
    time.sleep(LATE_S)
    on_s = [at_s for at_s, payload in seen if payload == b"ON"]
    is_whole = len(on_s) == len(pressed_s)
    took_s = [on - pressed for on, pressed in zip(on_s, pressed_s, strict=True)] if is_whole else []
    print(json.dumps({"seen": len(on_s), "took_s": took_s}), flush=True)
    os._exit(0)  # mqtt-io knows no end but a signal


if __name__ == "__main__":
    main()
