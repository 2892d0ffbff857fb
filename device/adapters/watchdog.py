"""The watchdog: systemd restarts the program unless everything that must never stand still has moved.

Rules: the service manager is fed only while every part of `LONGEST_SILENCE_S` has beaten within its bound, so that a
living loop cannot hide a dead button. It is the last door to open and the first to close: `READY` means that all others
are open.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from device.core.effects import Effect
from device.ports import Report

log = logging.getLogger(__name__)

LONGEST_SILENCE_S: Mapping[str, float] = MappingProxyType({"loop": 8.0, "button": 5.0, "outbox": 180.0})
"""A part that has not moved for longer stands still. A disk that hangs gets minutes: alarms go out from memory
meanwhile, and a restart would forget those that nobody has received yet.
"""
LOOK_EVERY_S = 2.0
SHORTEST_LOOK_S = 0.05


class Watchdog:
    """Gathers the pulse of the parts, and hands it on."""

    name = "watchdog"
    performs: tuple[type[Effect], ...] = ()

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
        longest_silence_s: Mapping[str, float] = LONGEST_SILENCE_S,
    ) -> None:
        """Take what the service manager says of itself in `environment`."""
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._look_every_s = _look_every_s(environment.get("WATCHDOG_USEC", ""))
        self._clock = clock
        self._longest_silence_s = longest_silence_s
        self._last_s = dict.fromkeys(longest_silence_s, clock())
        self._was_silent: tuple[str, ...] = ()
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def beat(self, part: str) -> None:
        """Note that `part` moved just now."""
        self._last_s[part] = self._clock()

    def silent(self) -> tuple[str, ...]:
        """Return the parts that stand still."""
        now_s = self._clock()
        return tuple(part for part, bound_s in self._longest_silence_s.items() if now_s - self._last_s[part] > bound_s)

    def start(self, report: Report) -> None:
        """Tell the service manager that the program is ready, and feed it from now on."""
        self._is_stopping.clear()
        self._tell("READY=1")
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise AssertionError(f"the watchdog performs nothing, it was asked for {effect!r}")

    def stop(self) -> None:
        """Tell the service manager that the program ends."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._tell("STOPPING=1")
        self._is_stopping.set()
        thread.join()

    def _watch(self) -> None:
        while True:
            self.feed()
            if self._is_stopping.wait(self._look_every_s):
                return

    def feed(self) -> None:
        """Feed the service manager, or say who stands still."""
        silent = self.silent()
        if not silent:
            self._tell("WATCHDOG=1")
        elif silent != self._was_silent:
            log.critical("stands still: %s. The service manager will restart the program", ", ".join(silent))
        self._was_silent = silent

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.settimeout(1.0)
                line.sendto(state.encode(), address)
        except OSError as error:
            log.error("the service manager cannot be told %s at %s: %s", state, self._address, error)


def _look_every_s(watchdog_usec: str) -> float:
    """Return how often to look: at least three times within the time the service manager gives."""
    if not watchdog_usec.isdigit() or int(watchdog_usec) == 0:
        return LOOK_EVERY_S
    return max(SHORTEST_LOOK_S, min(LOOK_EVERY_S, int(watchdog_usec) / 1e6 / 3))
