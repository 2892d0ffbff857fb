"""A disk that can be full: a small one of the program's own where root may mount, else a bound on its files' size.

Rules: the mount is private to the program and goes with it, so nothing is left behind however a test ends. Filling
takes every free byte at that moment; what the program frees itself may be taken again.
"""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.faults.child import Child

BLOCK = 4_096
BALLAST = "ballast"
_MOUNT = """
set -e
mkdir -p "$1.small"
mount -t tmpfs -o "size=$0" none "$1.small"
cp -a "$1/." "$1.small"
mount --bind "$1.small" "$1"
shift
exec "$@"
"""


class Disk(Protocol):
    """Where a program keeps its data."""

    before: Sequence[str]
    """The command that gives it to a program."""

    def path(self, child: Child) -> Path:
        """Return the folder as others see it, while the program runs."""

    def fill(self, child: Child) -> None:
        """Let nothing more fit. May be called again."""

    def free(self, child: Child) -> None:
        """Let there be room again."""


Disks = Callable[[Path], Disk]
"""Makes the disk of a folder."""


class SmallDisk:
    """A disk of some MiB that holds what the folder held, for one life of a program."""

    def __init__(self, folder: Path, size_mib: int) -> None:
        """Name the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.before: Sequence[str] = ("unshare", "--mount", "sh", "-c", _MOUNT, f"{size_mib}m", str(folder))

    def path(self, child: Child) -> Path:
        """Return the folder, through the eyes of the program."""
        return Path(f"/proc/{child.pid}/root{self._folder}")

    def fill(self, child: Child) -> None:
        """Grow the ballast until nothing fits."""
        with (self.path(child) / BALLAST).open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(BLOCK)):
                pass

    def free(self, child: Child) -> None:
        """Throw the ballast out."""
        (self.path(child) / BALLAST).unlink(missing_ok=True)


class BoundedFiles:
    """A disk on which no file takes another byte: works where nothing may be mounted, and at once."""

    before: Sequence[str] = ()

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def path(self, child: Child) -> Path:
        """Return the folder."""
        return self._folder

    def fill(self, child: Child) -> None:
        """Refuse every write but to the first byte."""
        child.limit_files(1)

    def free(self, child: Child) -> None:
        """Refuse none."""
        child.limit_files(None)


def can_mount() -> bool:
    """Tell whether a program may have a disk of its own here."""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/tmp"]  # its own, for a moment
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0
