"""Copies of the main file while it is in use, and back.

Rules: a backup is complete or has no name; it appears by a rename after it is on the disk. Room is looked for first.
Of the backups, the newest 24 stay, and the newest of each of the last 7 days that have one. What a restored backup
replaces is put aside, never deleted. Heartbeats are not backed up.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hub.adapters.store.connections import as_adapter_error, connect_reader, sync_folder
from hub.adapters.store.integrity import STAMP, Aside, Health, examine, has_remains, index_of, log_of, put_aside
from hub.adapters.store.places import FolderLock, Places
from hub.ports import PermanentAdapterError

HOURLY_KEPT = 24
DAILY_KEPT = 7
ROOM_LEFT_BYTES = 64 * 1024**2
"""What must stay free beside a copy: alarms come first."""

NAME = f"poga-{STAMP}.sqlite"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the main file, and when it was made."""

    path: Path
    made_s: float


def back_up(places: Places, now_s: float) -> Backup:
    """Make a backup, then let go of those that are too many. Raises AdapterError."""
    backup = Backup(places.backups / time.strftime(NAME, time.gmtime(now_s)), float(int(now_s)))
    unfinished = places.backups / "unfinished"
    try:
        places.backups.mkdir(mode=0o700, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with closing(connect_reader(places.main)) as connection:
            _look_for_room(places.backups, _size_of(connection))
            _make_private(unfinished)
            connection.execute("PRAGMA query_only = OFF")  # else it refuses the copy, too; the file stays read-only
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _sync_file(unfinished)
        unfinished.replace(backup.path)
        sync_folder(places.backups)
        _let_go(places)
    except (sqlite3.Error, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise as_adapter_error(error, places.backups) from error
    return backup


def list_backups(places: Places) -> list[Backup]:
    """Return every backup, newest first."""
    found = [Backup(path, made_s) for path in places.backups.glob("poga-*.sqlite") if (made_s := _made_s(path))]
    return sorted(found, key=lambda backup: backup.made_s, reverse=True)


def kept(made_s: Iterable[float]) -> set[float]:
    """Return which of these moments' backups stay."""
    newest_first = sorted(made_s, reverse=True)
    of_day: dict[int, float] = {}
    for moment in newest_first:
        of_day.setdefault(int(moment // 86_400), moment)
    days = sorted(of_day, reverse=True)[:DAILY_KEPT]
    return {*newest_first[:HOURLY_KEPT], *(of_day[day] for day in days)}


def restore(folder: Path, backup: Path, now_s: float) -> Path | None:
    """Put a backup in the main file's place while no centre runs; return where the main file is now, if there was one.

    Raises:
        PermanentAdapterError: the folder is in use, the backup is not whole, a later release made it, there is no room.
    """
    places = Places(folder)
    try:
        lock = FolderLock(places)
        try:
            finding = examine(backup)
            if finding.health is not Health.GOOD:
                raise PermanentAdapterError(f"{backup} cannot be restored: {finding.detail}. Choose another backup")
            return swap_in(copy_for_use(backup, places), places, Aside.REPLACED, now_s)
        finally:
            lock.release()
    except (sqlite3.Error, OSError) as error:
        raise as_adapter_error(error, backup) from error


def copy_for_use(backup: Path, places: Places) -> Path:
    """Return a copy of a backup that may become the main file. Raises PermanentAdapterError (no room), OSError."""
    _look_for_room(places.folder, backup.stat().st_size)
    copy = new_main(places)
    shutil.copyfile(backup, copy)
    _sync_file(copy)
    return copy


def new_main(places: Places) -> Path:
    """Return an empty file, for its owner alone, that may become the main file. Raises OSError."""
    new = places.folder / "poga.sqlite.unfinished"
    for path in (new, log_of(new), index_of(new)):
        path.unlink(missing_ok=True)
    _make_private(new)
    return new


def swap_in(new: Path, places: Places, why: Aside, now_s: float) -> Path | None:
    """Make a finished file the main file; what stood there is put aside, and its name returned. Raises OSError."""
    if log_of(new).exists():
        raise OSError(f"{new} still has a log: another program holds it open")
    aside = put_aside(places.main, why, now_s) if has_remains(places.main) else None
    for leftover in (log_of(places.main), index_of(places.main)):  # would be played into the new file
        leftover.unlink(missing_ok=True)
    new.replace(places.main)
    sync_folder(places.folder)
    return aside


def _made_s(path: Path) -> float | None:
    try:
        return datetime.strptime(path.name, NAME).replace(tzinfo=UTC).timestamp()
    except ValueError:  # somebody's own copy
        return None


def _let_go(places: Places) -> None:
    backups = list_backups(places)
    keep = kept(backup.made_s for backup in backups)
    for backup in backups:
        if backup.made_s not in keep:
            backup.path.unlink(missing_ok=True)


def _size_of(connection: sqlite3.Connection) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_bytes)


def _look_for_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    wanted = size + ROOM_LEFT_BYTES
    if free < wanted:
        raise PermanentAdapterError(
            f"{folder}: no room for a copy of {size // 1024**2} MiB, {free // 1024**2} MiB are free:"
            f" make {-(-wanted // 1024**2)} MiB free on this disk"
        )


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
