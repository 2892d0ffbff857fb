"""Where everything of the store stands: one folder on a local disk, and who may use it.

Rules: one program at a time. The lock is the kernel's and dies with the program that holds it.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from hub.ports import PermanentAdapterError


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one centre."""

    folder: Path

    @property
    def main(self) -> Path:
        """Return the file that holds alarms and everything else that matters."""
        return self.folder / "poga.sqlite"

    @property
    def heartbeats(self) -> Path:
        """Return the file that holds units' heartbeats."""
        return self.folder / "heartbeats.sqlite"

    @property
    def backups(self) -> Path:
        """Return the folder of the main file's backups."""
        return self.folder / "backups"

    @property
    def reserve(self) -> Path:
        """Return the file that keeps room for a full disk."""
        return self.folder / "reserve"

    @property
    def lock(self) -> Path:
        """Return the file that is locked as long as a program uses the folder."""
        return self.folder / "lock"


class FolderLock:
    """Held from construction to `release`."""

    def __init__(self, places: Places) -> None:
        """Take the folder. Raises PermanentAdapterError where another program has it, OSError."""
        places.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise PermanentAdapterError(f"{places.folder} is in use: stop the centre that runs there first") from error

    def release(self) -> None:
        """Let others use the folder; may be called twice."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)
