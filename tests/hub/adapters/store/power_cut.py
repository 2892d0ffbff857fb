"""A disk that forgets, at a power cut, what was not synced to it.

Rules: SQLite works on real files through `Disk`, which notes what each write since the last sync has replaced. At the
cut nine of ten of those writes are undone, as chance decides, and nothing reaches the files any more.
"""

import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import apsw

LOST_SHARE = 0.9


class PowerCutError(Exception):
    """The machine is dark."""


class Disk(apsw.VFS):
    """A file system over the real one, until `writes_left` changes have been made."""

    def __init__(self, name: str, random: Random, writes_left: int) -> None:
        """Register the file system with SQLite under a name."""
        self._name = name
        self._random = random
        self._writes_left = writes_left
        self._is_dark = False
        self.unsynced: dict[str, list[tuple[int, bytes, int]]] = {}
        """By file: offset, what stood there, and how long the file was, of each change since the last sync."""
        super().__init__(name, base="")

    def connect(self, path: Path, **_: Any) -> sqlite3.Connection:
        """Open a file on this disk, as `sqlite3.connect` does for what the store asks of it."""
        connection: Any = apsw.Connection(str(path), vfs=self._name)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # there is no shared memory on this disk
        return connection  # type: ignore[no-any-return]  # the store uses what both have in common

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's name, as those below
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.use()
        super().xDelete(filename, syncdir)

    def use(self) -> None:
        """Let one more change happen, or cut the power."""
        self._writes_left -= 1
        if self._writes_left < 0:
            if not self._is_dark:
                self._is_dark = True
                self._forget()
            raise PowerCutError

    def _forget(self) -> None:
        for name, changes in self.unsynced.items():
            with Path(name).open("r+b") as file:
                for offset, old, length in reversed(changes):
                    if self._random.random() < LOST_SHARE:
                        file.seek(offset)
                        file.write(old)
                        file.truncate(length)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._note(offset, len(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._note(newsize, max(0, self.xFileSize() - newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.use()
        super().xSync(flags)
        self._disk.unsynced.pop(self._name, None)

    def _note(self, offset: int, length: int) -> None:
        self._disk.use()
        old = Path(self._name).read_bytes()[offset : offset + length]
        self._disk.unsynced.setdefault(self._name, []).append((offset, old, self.xFileSize()))
