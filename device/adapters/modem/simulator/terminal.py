"""The cable: a pseudo-terminal under a name that stays, which can be unplugged and plugged in again.

Rules: what nobody reads is lost, as on a wire. Its thread tells what arrives and, a few times a second, that time goes
by; both in that thread.
"""

import contextlib
import os
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

TICK_S = 0.05
_PIECE = 4_096


class Terminal:
    """One end of the cable, for a modem."""

    def __init__(self, link: Path, heard: Callable[[bytes], None], tick: Callable[[], None]) -> None:
        """Take the name that the other end gets; it is made by `plug`."""
        self.link = link
        self._heard = heard
        self._tick = tick
        self._ends: tuple[int, int] | None = None
        self._wake: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_plugged(self) -> bool:
        """Whether the other end is there."""
        return self._ends is not None

    def plug(self) -> None:
        """Make the other end appear under its name."""
        if self._ends is not None:
            return
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self._ends = ours, theirs
        self._wake = os.pipe()
        temporary = self.link.with_name(f".{self.link.name}.new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(os.ttyname(theirs))
        temporary.replace(self.link)
        self._thread = threading.Thread(
            target=self._run, args=(ours, self._wake[0]), name=f"cable {self.link.name}", daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """Take the other end away, in whatever it is doing."""
        ends, wake, thread = self._ends, self._wake, self._thread
        if ends is None or wake is None or thread is None:
            return
        self._ends = self._wake = self._thread = None
        self.link.unlink(missing_ok=True)
        os.close(wake[1])
        thread.join()
        for end in (*ends, wake[0]):
            os.close(end)

    def write(self, data: bytes) -> None:
        """Send to the other end what it takes; the rest is lost."""
        if self._ends is not None:
            with contextlib.suppress(BlockingIOError, OSError):
                os.write(self._ends[0], data)

    def _run(self, ours: int, wake: int) -> None:
        while True:
            readable, _, _ = select.select([ours, wake], [], [], TICK_S)
            if wake in readable:
                return
            if ours in readable:
                with contextlib.suppress(BlockingIOError, OSError):
                    self._heard(os.read(ours, _PIECE))
            self._tick()
