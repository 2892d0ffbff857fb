"""mqtt-io (PyPI): GPIO to MQTT, the usual way to bring a button to a broker."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.broker import Door
from tests.bench.peers.cache import LAST_WORDS, PeerMissingError, installed

VERSION = "2.7.0"
SCRIPT = Path(__file__).with_name("mqtt_io_pressed.py")
WITHIN_S = 180.0


@dataclass(frozen=True, slots=True)
class Pressed:
    """How many presses a subscriber at the broker learned of, and how long after each press."""

    presses: int
    seen: int
    took_s: tuple[float, ...]


def press(door: Door, options: Mapping[str, str | float], held_s: float, presses: int) -> Pressed:
    """Press a button of mqtt-io; `options` go to its digital input. Raises PeerMissingError."""
    folder = installed(
        "mqtt-io",
        VERSION,
        [sys.executable, "-m", "venv", "venv"],
        ["venv/bin/python", "-m", "pip", "install", "--quiet", f"mqtt-io=={VERSION}", "gpiozero"],
    )
    order = {
        "host": door.host,
        "port": door.port,
        "user": door.username,
        "password": door.password,
        "options": dict(options),
        "held_s": held_s,
        "presses": presses,
    }
    # -P: beside the script lies this module, which has the peer's own name.
    command = [str(folder / "venv" / "bin" / "python"), "-P", str(SCRIPT), json.dumps(order)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WITHIN_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissingError(f"mqtt-io did not run: {error}") from None
    if done.returncode != 0 or not done.stdout:
        raise PeerMissingError(f"mqtt-io did not run: {done.stderr.strip()[-LAST_WORDS:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Pressed(presses, told["seen"], tuple(told["took_s"]))
