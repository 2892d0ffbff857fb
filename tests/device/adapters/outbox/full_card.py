"""A program that fills the card under its outbox and makes room again, and prints what came of it, as JSON.

It runs on its own, because a small disk is mounted for it alone, or the size of its files is bounded:

    python -m tests.device.adapters.outbox.full_card disk|limit DIRECTORY
"""

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from device.adapters.outbox import Limits, Outbox
from device.core.effects import LoadWaiting, Store
from device.core.events import OutboxFailed, OutboxRecovered, WaitingLoaded
from device.ports import TransientAdapterError
from tests.device.adapters.outbox.material import Beats, Ears, alarm, wait_until

BLOCK = 4096
PLENTY = 5_000
"""Alarms that no card of this size holds."""
LIMITS = Limits(reserve_bytes=16 * BLOCK, patience_s=30, retry_s=0.1, max_alarms=PLENTY)


class Card(Protocol):
    """Can be full."""

    def fill(self) -> None: ...

    def free(self) -> None: ...


class SmallDisk:
    """A disk of its own, filled by a file."""

    def __init__(self, directory: Path) -> None:
        self._ballast = directory / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(BLOCK)):
                pass

    def free(self) -> None:
        self._ballast.unlink()


class SmallFiles:
    """A disk on which no file grows beyond the outbox's: works where nothing may be mounted."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "outbox.db"

    def fill(self) -> None:
        self._limit(self._file.stat().st_size)

    def free(self) -> None:
        self._limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])

    def _limit(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def main(kind: str, directory: Path) -> None:
    """Fill the card, start on it, press until it refuses, make room, press again; then see what a new life finds."""
    path, ears = directory / "outbox.db", Ears()
    card: Card = SmallDisk(directory) if kind == "disk" else SmallFiles(directory)
    live_once(path, press=1)
    card.fill()
    outbox = Outbox(path, Beats(), LIMITS)
    seen = {"found_at_the_start": len(outbox.load().waiting)}
    outbox.start(ears.report)
    seen["stored"] = stored = press_until_refused(outbox)
    seen["failed_when_full"], seen["reserve_when_full"] = len(ears.all_of(OutboxFailed)), reserve(path)
    if kind == "disk":
        seen["found_by_a_new_life"] = live_once(path)
        outbox.perform(LoadWaiting(1))
        seen["loaded_when_full"] = len(ears.wait_for(WaitingLoaded).messages)
    card.free()
    ears.wait_for(OutboxRecovered)
    outbox.perform(Store(alarm(stored + 1)))
    wait_until(lambda: reserve(path), "the reserve is made again")
    outbox.stop()
    seen["failed"], seen["recovered"] = len(ears.all_of(OutboxFailed)), len(ears.all_of(OutboxRecovered))
    seen["found"] = live_once(path)
    print(json.dumps(seen))


def live_once(path: Path, press: int | None = None) -> int:
    """Return what a life finds, also while another still holds the file, as nobody tidies up after a crash."""
    outbox = Outbox(path, Beats(), LIMITS)
    found = len(outbox.load().waiting)
    if press is not None:
        outbox.perform(Store(alarm(press)))
    outbox.stop()
    return found


def press_until_refused(outbox: Outbox) -> int:
    for seq in range(2, PLENTY):
        try:
            outbox.perform(Store(alarm(seq)))
        except TransientAdapterError:
            return seq - 1
    raise AssertionError("the card is never full")


def reserve(path: Path) -> bool:
    return path.with_name("outbox.db.reserve").exists()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
