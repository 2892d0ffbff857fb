"""One life of the program: why it began, and that it is the only one with its data folder.

Rules: nothing here may keep the unit from starting but a second program on the same data; whatever cannot be read or
written makes the cause of the start `unknown`. The service manager leaves `last-exit` (ExecStopPost of the service).
"""

import fcntl
import logging
import os
from pathlib import Path

from device.core.events import StartCause

log = logging.getLogger(__name__)

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
LAST_BOOT = "last-boot"
LAST_EXIT = "last-exit"
LOCK = "in-use"

_BY_WATCHDOG = "watchdog"


class AlreadyRunningError(Exception):
    """Another program holds this data folder."""


class Lifetime:
    """A life on one data folder."""

    def __init__(self, data_dir: Path, boot_id: str) -> None:
        """Begin on `data_dir`, in the machine's boot `boot_id`."""
        self._data_dir = data_dir
        self._boot_id = boot_id
        self._lock: int | None = None

    @property
    def has_folder(self) -> bool:
        """Tell whether the folder is this life's alone; where it cannot be used, nobody can know."""
        return self._lock is not None

    def begin(self) -> StartCause:
        """Return why the program started, and leave a mark for the next life. Raises AlreadyRunningError."""
        self.claim()
        try:
            cause = self._cause()
            (self._data_dir / LAST_EXIT).unlink(missing_ok=True)
            (self._data_dir / LAST_BOOT).write_text(self._boot_id, encoding="ascii")
        except (OSError, UnicodeError) as error:
            log.error("%s cannot be used: %s. Alarms are kept in memory only", self._data_dir, error)
            return StartCause.UNKNOWN
        return cause

    def claim(self) -> None:
        """Have the folder alone from now on. Raises AlreadyRunningError; a folder that cannot be used has no owner."""
        if self._lock is not None:
            return
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._data_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            log.error("%s cannot be used: %s", self._data_dir, error)
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            if isinstance(error, BlockingIOError):
                raise AlreadyRunningError(
                    f"another unit runs with {self._data_dir}: stop it, or give this one a data folder of its own"
                ) from None
            log.error("%s cannot be locked: %s", self._data_dir, error)
        else:
            self._lock = lock

    def end(self) -> None:
        """Let another life have the folder. May be called twice."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def _cause(self) -> StartCause:
        if _read(self._data_dir / LAST_BOOT) != self._boot_id:
            return StartCause.POWER_ON
        return StartCause.WATCHDOG if _read(self._data_dir / LAST_EXIT) == _BY_WATCHDOG else StartCause.RESTART


def boot_id() -> str:
    """Return what names this boot of the machine; empty where the kernel does not say."""
    try:
        return _read(BOOT_ID)
    except OSError:
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
