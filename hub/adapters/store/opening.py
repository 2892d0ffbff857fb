"""open_store: everything of the store, checked, mended and up to date, whatever state the folder is in.

Rules: it refuses only what would do harm: a second program on the folder, a main file of a later release. Of anything
else that is wrong it tells (`trouble`, and later events through `upkeep`), and the centre starts.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.store.backups import back_up
from hub.adapters.store.connections import as_adapter_error, is_full
from hub.adapters.store.heartbeats import HeartbeatStore
from hub.adapters.store.main import MainStore
from hub.adapters.store.mending import mend
from hub.adapters.store.migrations import is_behind, open_main
from hub.adapters.store.places import FolderLock, Places
from hub.adapters.store.reader import SqliteReader
from hub.adapters.store.reserve import Reserve
from hub.adapters.store.troubles import Part, Troubles
from hub.adapters.store.upkeep import Upkeep
from hub.ports import AdapterError, PermanentAdapterError

OLDEST_SQLITE = (3, 38, 0)
"""The first one that has both strict tables and JSON in every build."""


@dataclass(frozen=True, slots=True)
class OpenStore:
    """The store's parts, each for the one who uses it."""

    main: MainStore
    """For the runtime."""
    heartbeats: HeartbeatStore
    """For the heartbeats' writer."""
    reader: SqliteReader
    """For the console."""
    upkeep: Upkeep
    """One of the runtime's adapters."""
    trouble: str | None
    """What happened to the main file or its disk, None where all is well; `upkeep` reports it as an event."""
    lock: FolderLock

    def close(self) -> None:
        """Close every file, when nobody uses them any more; may be called twice."""
        self.reader.close()  # first: the last one to close a file tidies up, and a reader cannot
        self.main.close()
        self.heartbeats.close()
        self.lock.release()


def open_store(folder: Path, wall: Callable[[], float] = time.time) -> OpenStore:
    """Open the store in `folder`, make it where there is none.

    Raises:
        PermanentAdapterError: another program uses the folder, there can be no folder, or SQLite is too old.
        StoreFromTheFutureError: a later release has written the main file.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise PermanentAdapterError(f"SQLite {wanted} or later is needed, this Python has {sqlite3.sqlite_version}")
    places = Places(folder)
    troubles = Troubles()
    reserve = Reserve(places.reserve)
    try:
        lock = FolderLock(places)
    except OSError as error:
        raise as_adapter_error(error, folder) from error
    try:
        _prepare_main(places, troubles, reserve, wall)
        heartbeats = HeartbeatStore(places.heartbeats, troubles, wall)
        _prepare_heartbeats(heartbeats, troubles)
    except BaseException:
        lock.release()
        raise
    return OpenStore(
        main=MainStore(places, troubles, reserve, wall),
        heartbeats=heartbeats,
        reader=SqliteReader(places),
        upkeep=Upkeep(places, troubles, reserve, wall),
        trouble=troubles.of(Part.MAIN_FILE) or troubles.of(Part.DISK),
        lock=lock,
    )


def _prepare_main(places: Places, troubles: Troubles, reserve: Reserve, wall: Callable[[], float]) -> None:
    try:
        try:
            _check(places, troubles, wall())
        except (sqlite3.Error, OSError) as error:
            if not (is_full(error, places.main) and reserve.give_away()):
                raise
            _check(places, troubles, wall())
    except (sqlite3.Error, OSError) as error:
        troubles.begin(Part.MAIN_FILE, str(as_adapter_error(error, places.main)))
    try:
        reserve.make()
    except OSError as error:
        troubles.begin(Part.DISK, str(error))


def _check(places: Places, troubles: Troubles, now_s: float) -> None:
    """Mend what is broken; apply new steps, after a backup where there is something to lose."""
    done = mend(places, now_s)
    if done is not None:
        troubles.begin(Part.MAIN_FILE, done)
    if is_behind(places.main):
        try:
            back_up(places, now_s)
        except AdapterError as error:
            troubles.begin(Part.BACKUPS, f"no backup was made before the file was changed: {error}")
    open_main(places.main).close()


def _prepare_heartbeats(heartbeats: HeartbeatStore, troubles: Troubles) -> None:
    try:
        heartbeats.prepare()
    except AdapterError as error:
        troubles.begin(Part.HEARTBEATS_FILE, str(error))
