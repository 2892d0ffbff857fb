"""Names of hosts, looked up aside.

Rules: PJSIP looks a name up where it stands, and stands still as long as nobody answers, which without a network may be
half a minute. So a name is looked up here first, in a thread of its own, and PJSIP is given only what has been found:
its own look is short then.
"""

import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address

LookUp = Callable[[str, None], object]
Found = Callable[[str], None]


class Lookups:
    """Looks names up, and tells of it in the owner's thread."""

    def __init__(self, wake: Callable[[], None], look_up: LookUp = socket.getaddrinfo) -> None:
        self._wake = wake
        self._look_up = look_up
        self._done: queue.SimpleQueue[tuple[Found, str]] = queue.SimpleQueue()

    def start(self, host: str, found: Found) -> None:
        """Have `found` called with nothing, or with why the host cannot be found: at once for an address."""
        if _is_address(host):
            found("")
            return
        threading.Thread(target=self._find, args=(host, found), name=f"look up {host}", daemon=True).start()

    def look(self) -> None:
        """Tell of the lookups that have ended."""
        while True:
            try:
                found, problem = self._done.get_nowait()
            except queue.Empty:
                return
            found(problem)

    def _find(self, host: str, found: Found) -> None:
        try:
            self._look_up(host, None)
            problem = ""
        except (OSError, UnicodeError) as error:
            problem = f"{host} cannot be found: {error}"
        self._done.put((found, problem))
        self._wake()


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False
