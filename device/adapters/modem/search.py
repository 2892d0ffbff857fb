"""Which serial port is a modem's: each is asked with AT, and one that says OK is.

Rules: names under /dev/serial/by-id, because they stay; a port that another program has is passed over. A module with
several ports (sound, navigation, data) answers on one or two of them; the first in the names' order is taken.
"""

import threading
from pathlib import Path

from device.adapters.modem.at.codes import Unsolicited
from device.adapters.modem.at.commands import PING, Command
from device.adapters.modem.at.dialogue import Unexplained
from device.adapters.modem.port import Port
from device.ports import AdapterError

SERIAL_PORTS = Path("/dev/serial/by-id")
OPEN_S = 2.0
ANSWER = Command(PING.text, timeout_s=1.5)


def find_port(folder: Path = SERIAL_PORTS) -> str | None:
    """Return the first port on which a modem answers, None where there is none."""
    if not folder.is_dir():
        return None
    return next((str(path) for path in sorted(folder.iterdir()) if _answers(str(path))), None)


class _Ears:
    """Waits for the port to open, and hears nothing else."""

    def __init__(self) -> None:
        self.is_decided = threading.Event()

    def opened(self) -> None:
        self.is_decided.set()

    def lost(self, error: AdapterError) -> None:
        del error
        self.is_decided.set()

    def heard(self, said: Unsolicited | Unexplained) -> None:
        del said


def _answers(path: str) -> bool:
    ears = _Ears()
    port = Port(path, ears)
    port.start()
    try:
        ears.is_decided.wait(OPEN_S)
        return port.ask(ANSWER).is_ok
    except AdapterError:
        return False
    finally:
        port.stop()
