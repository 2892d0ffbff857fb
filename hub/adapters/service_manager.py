"""The service manager: systemd restarts the centre when its loop stands still.

Rules: fed by the loop's own turns and nothing else. Without a service manager every call does nothing.
"""

import os
import socket
import time
from collections.abc import Mapping


class ServiceManager:
    """Speaks sd_notify."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Take what the service manager says of itself in `environment`."""
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self._every_s = int(environment.get("WATCHDOG_USEC") or 0) / 1e6 / 3
        self._fed_s = 0.0

    def ready(self) -> None:
        """Tell that the centre is ready."""
        self._tell("READY=1")

    def pulse(self) -> None:
        """Note a turn of the loop."""
        now_s = time.monotonic()
        if self._every_s and now_s - self._fed_s >= self._every_s:
            self._fed_s = now_s
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """Tell that the centre ends."""
        self._tell("STOPPING=1")

    def _tell(self, word: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.sendto(word.encode(), self._address)
