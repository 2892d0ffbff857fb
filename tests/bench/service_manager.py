"""Plays the service manager: hears when a program says that it is ready."""

import socket
import time
from pathlib import Path
from typing import Self

READY = b"READY=1"
LONGEST_WORD = 256


class ServiceManager:
    """A socket for sd_notify. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Name the socket."""
        self._path = path
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        """Listen."""
        self._line.bind(str(self._path))
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._line.close()
        self._path.unlink(missing_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """Return what a program needs to reach it."""
        return {"NOTIFY_SOCKET": str(self._path)}

    def wait_until_ready(self, within_s: float) -> float:
        """Return when the program said that it is ready (monotonic seconds). Raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while True:
            self._line.settimeout(max(0.001, deadline - time.monotonic()))
            if self._line.recv(LONGEST_WORD) == READY:
                return time.monotonic()
