"""Upkeep: what the store needs by the hour, in a thread of its own: a backup, and the room kept for a full disk.

Rules: an adapter that performs nothing. It is also the store's voice: what is wrong with it and lasts, since before
the start too, is reported as failures of `store_file`, `heartbeats_file`, `store_disk` and `backups`.
"""

import logging
import threading
import time
from collections.abc import Callable

from hub.adapters.store.backups import back_up, list_backups
from hub.adapters.store.places import Places
from hub.adapters.store.reserve import Reserve
from hub.adapters.store.troubles import Part, Troubles
from hub.core.effects import Effect
from hub.ports import AdapterError, PermanentAdapterError, Report

log = logging.getLogger(__name__)

BACKUP_EVERY_S = 3_600.0
FIRST_AFTER_S = 60.0
"""No backup before this: a start has better things to do with the disk."""
AGAIN_AFTER_S = 300.0
"""When one that failed is tried again."""
STOP_PATIENCE_S = 30.0


class Upkeep:
    """Implements hub.ports.Adapter."""

    name = "store"
    performs: tuple[type[Effect], ...] = ()

    def __init__(
        self, places: Places, troubles: Troubles, reserve: Reserve, wall: Callable[[], float] = time.time
    ) -> None:
        """Name the folder; nothing is done yet."""
        self._places = places
        self._troubles = troubles
        self._reserve = reserve
        self._wall = wall
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-upkeep", daemon=True)

    def start(self, report: Report) -> None:
        """Tell what is wrong; begin to work."""
        self._troubles.listen(report)
        self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Perform nothing."""
        raise PermanentAdapterError(f"the store's upkeep performs no {type(effect).__name__}")

    def stop(self) -> None:
        """End; a backup that is being made is waited for. May be called twice, and before `start`."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_PATIENCE_S)
        self._troubles.listen(None)

    def work(self) -> float:
        """Do what is due now; return after how many seconds to come again."""
        self._keep_room()
        try:
            backup = back_up(self._places, self._wall())
        except AdapterError as error:
            self._troubles.begin(Part.BACKUPS, f"no backup was made: {error}")
            return AGAIN_AFTER_S
        log.info("backup %s", backup.path)
        self._troubles.end(Part.BACKUPS)
        return BACKUP_EVERY_S

    def first_after_s(self) -> float:
        """Return how long the newest backup is good for."""
        backups = list_backups(self._places)
        age_s = self._wall() - backups[0].made_s if backups else BACKUP_EVERY_S
        return min(max(BACKUP_EVERY_S - age_s, FIRST_AFTER_S), BACKUP_EVERY_S)

    def _run(self) -> None:
        wait_s = self.first_after_s()
        while not self._is_stopping.wait(wait_s):
            wait_s = self.work()

    def _keep_room(self) -> None:
        try:
            self._reserve.make()
        except OSError as error:
            self._troubles.begin(Part.DISK, str(error))
        else:
            self._troubles.end(Part.DISK)
