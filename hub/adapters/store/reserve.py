"""Room on the disk that is kept back, and given away when the disk is full.

In WAL mode a full disk takes nothing any more, not even a DELETE. The reserve makes room for the alarms of some hours;
it is made again only when there is room for several, so that a disk on the brink does not change its mind all day.
"""

import os
from pathlib import Path

RESERVE_BYTES = 32 * 1024**2
ROOMS = 4
"""The reserve is made only where there is room for this many."""
BLOCK = 512
"""Bytes of a block as `stat` counts them."""


class Reserve:
    """A file of real blocks beside the store."""

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        """Name the file; nothing is made yet."""
        self._path = path
        self._size = size

    def is_whole(self) -> bool:
        """Tell whether the room is kept: blocks, not only a size."""
        try:
            return self._path.stat().st_blocks * BLOCK >= self._size
        except OSError:
            return False

    def make(self) -> None:
        """Keep the room. Raises OSError where there is not enough."""
        if self.is_whole():
            return
        disk = os.statvfs(self._path.parent)
        free = disk.f_bavail * disk.f_frsize
        if free < ROOMS * self._size:
            wanted = ROOMS * self._size // 1024**2
            raise OSError(
                f"the disk of {self._path.parent} is nearly full ({free // 1024**2} MiB free):"
                f" make {wanted} MiB free there"
            )
        try:
            self._allocate()
        except OSError:
            self.give_away()
            raise

    def give_away(self) -> bool:
        """Give the room to whoever comes first; tell whether there was any."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _allocate(self) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(handle, 0, self._size)
            os.fsync(handle)
        finally:
            os.close(handle)
