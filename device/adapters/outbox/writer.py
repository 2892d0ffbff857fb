"""The outbox's one thread: it owns the file, does what is asked in order, and mends what can be mended.

A broken file is put aside at once and a new one takes its place. A full disk is given the reserve. A file that cannot
be used for any other reason is closed and tried again every few seconds; until then every act fails at once, and
the thread lives. While the disk hangs it hangs too, and its pulse stops.
"""

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from device.adapters.outbox.aside import DAMAGE, Opened, code_of, open_outbox, start_anew
from device.adapters.outbox.file import OutboxFile
from device.adapters.outbox.limits import Limits
from device.adapters.outbox.reserve import Reserve
from device.adapters.outbox.schema import BrokenFileError
from device.adapters.outbox.troubles import Trouble, Troubles
from device.core.events import OutboxFailed, OutboxRead, OutboxTrimmed, WaitingLoaded
from device.core.timings import WINDOW
from device.ports import Pulse, Report

log = logging.getLogger(__name__)
T = TypeVar("T")

TICK_S = 1.0
"""The thread turns at least this often, so that its pulse shows that it lives."""
STOP_PATIENCE_S = 5.0
DEPTH_EVERY_S = 1.0
AGE_CHECK_EVERY_S = 3600.0
_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
"""What SQLite says on a full disk, depending on which of its three files wanted to grow."""


class UnusableError(Exception):
    """The file cannot be used now; the text says why."""


class Writer:
    """Does work on the file, one piece after the other."""

    def __init__(self, path: Path, pulse: Pulse, limits: Limits, report: Report) -> None:
        """Name the file; nothing is opened before `start`."""
        self._path = path
        self._pulse = pulse
        self._limits = limits
        self._report = report
        self._reserve = Reserve(path.with_name(f"{path.name}.reserve"), limits.reserve_bytes)
        self.troubles = Troubles(report)
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="outbox", daemon=True)
        self._file: OutboxFile | None = None
        self._why_no_file = "not open yet"
        self._load_owed = 0
        self._has_refused = False
        self._mend_at_s = 0.0
        self._age_check_at_s = 0.0
        self._depth_at_s = 0.0
        self._depth: int | None = None
        self._is_checkpoint_due = False

    def start(self) -> None:
        """Start the thread, once."""
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Do what waits, close the file; a disk that hangs is left behind."""
        if not self._thread.is_alive():
            return
        self._tasks.put(None)
        self._thread.join(STOP_PATIENCE_S)

    def submit(self, work: Callable[[OutboxFile], T]) -> Future[T]:
        """Have work done on the file; its future may end in UnusableError. Raises UnusableError: too much waits."""
        if self._tasks.qsize() >= self._limits.max_queued:
            raise UnusableError(f"{self._limits.max_queued} acts wait for the disk already")
        done: Future[T] = Future()

        def act() -> None:
            try:
                done.set_result(self._on_file(work))
            except UnusableError as error:
                done.set_exception(error)

        self._tasks.put(act)
        return done

    def owe_load(self, limit: int) -> None:
        """Report what waits as soon as the file can be read: whoever asked relies on an answer."""
        self._tasks.put(partial(self._note_owed, limit))

    # --- the thread ---

    def _live(self) -> None:
        self._pulse.beat("outbox")
        self._open(partial(open_outbox, self._path, self._limits))
        self._keep_reserve()
        while self._turn():
            self._keep_house()
        self._close()

    def _turn(self) -> bool:
        """Do the next piece of work, if one comes; tell whether to go on."""
        self._pulse.beat("outbox")
        try:
            task = self._tasks.get(timeout=TICK_S)
        except queue.Empty:
            self._checkpoint()
            return True
        if task is None:
            return False
        task()
        self._is_checkpoint_due = True
        return True

    def _keep_house(self) -> None:
        now_s = time.monotonic()
        self.troubles.end(Trouble.STALLED)
        if now_s >= self._mend_at_s and self._wants_mending():
            self._mend_at_s = now_s + self._limits.retry_s
            self._mend()
        if self._file is None:
            return
        self._pay_load()
        if now_s >= self._age_check_at_s:
            self._trim_aged(now_s)
        self._report_depth(now_s)

    def _wants_mending(self) -> bool:
        return self._file is None or self.troubles.has(Trouble.NO_RESERVE)

    def _mend(self) -> None:
        if self._file is None:
            self._open(partial(open_outbox, self._path, self._limits))
        if self._file is not None:
            self._keep_reserve()
            self._look_again()

    # --- work, and what goes wrong with it ---

    def _on_file(self, work: Callable[[OutboxFile], T]) -> T:
        """Do it; on a file that proves broken, do it on a new one. Raises UnusableError."""
        try:
            return self._with_room(partial(self._do, work))
        except sqlite3.Error as error:
            if code_of(error) not in DAMAGE:
                raise self._give_up(error) from error
            self._close()
            self._open(partial(start_anew, self._path, self._limits, str(error)))
        try:
            return self._with_room(partial(self._do, work))
        except sqlite3.Error as error:
            raise self._give_up(error) from error

    def _do(self, work: Callable[[OutboxFile], T]) -> T:
        if self._file is None:
            raise UnusableError(self._why_no_file)
        return work(self._file)

    def _with_room(self, act: Callable[[], T]) -> T:
        """Act; where the disk is full, give it the reserve and act once more."""
        try:
            return act()
        except sqlite3.Error as error:
            if code_of(error) not in _NO_ROOM or not self._reserve.give_away():
                raise
            self.troubles.begin(Trouble.NO_RESERVE, f"the disk takes no more, the reserve is given away: {error}")
            return act()

    def _open(self, opener: Callable[[], Opened]) -> None:
        try:
            opened = self._with_room(opener)
        except (sqlite3.Error, OSError, BrokenFileError) as error:
            self._close()
            self._begin_without_file(error)
            return
        self._file = opened.file
        if opened.put_aside_because is not None:
            self._report(OutboxFailed(f"put aside: {opened.put_aside_because}"[:200], put_aside=True))
        try:
            self._with_room(opened.file.prove)
        except sqlite3.Error as error:
            self._give_up(error)
        if self._file is not None:
            self.troubles.end(Trouble.NO_FILE)

    def _give_up(self, error: sqlite3.Error) -> UnusableError:
        """Leave the file until it is tried again; a full disk's stays open: it can be read, and room may come."""
        if code_of(error) == sqlite3.SQLITE_FULL:
            self._has_refused = True
            self.troubles.begin(Trouble.NO_RESERVE, f"the disk is full: {error}")
        else:
            self._close()
            self._begin_without_file(error)
        return UnusableError(str(error))

    def _begin_without_file(self, error: Exception) -> None:
        self._why_no_file = f"{self._path} cannot be used: {error}"
        self._load_owed = max(self._load_owed, WINDOW)
        self._mend_at_s = time.monotonic() + self._limits.retry_s
        self.troubles.begin(Trouble.NO_FILE, self._why_no_file)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _quietly(self, work: Callable[[OutboxFile], T]) -> T | None:
        """Do it for the file's own good: its failure is told by `troubles` alone."""
        try:
            return self._on_file(work)
        except UnusableError:
            return None

    # --- housekeeping ---

    def _keep_reserve(self) -> None:
        try:
            self._reserve.make()
        except OSError as error:
            self.troubles.begin(Trouble.NO_RESERVE, f"no room can be kept for a full disk: {error}")
        else:
            self.troubles.end(Trouble.NO_RESERVE)

    def _look_again(self) -> None:
        """Bring what waits once more as soon as a full disk takes something: it could not forget what was received."""
        if self._has_refused and self._quietly(_proven):
            self._has_refused = False
            self._load_owed = max(self._load_owed, WINDOW)

    def _note_owed(self, limit: int) -> None:
        self._load_owed = max(self._load_owed, limit)

    def _pay_load(self) -> None:
        if not self._load_owed:
            return
        limit = self._load_owed
        waiting = self._quietly(lambda file: file.waiting(limit))
        if waiting is None:
            return
        self._load_owed = 0
        if waiting.lost:
            self._report(OutboxTrimmed(waiting.lost))
        self._report(WaitingLoaded(waiting.messages, waiting.more))

    def _trim_aged(self, now_s: float) -> None:
        trimmed = self._quietly(OutboxFile.trim_aged)
        if trimmed:
            self._report(OutboxTrimmed(trimmed))
        else:
            self._age_check_at_s = now_s + AGE_CHECK_EVERY_S

    def _checkpoint(self) -> None:
        """Use a quiet moment, so that no alarm's commit has to, and no alarm stands in the log alone for long."""
        if self._is_checkpoint_due and self._file is not None:
            self._is_checkpoint_due = False
            self._quietly(OutboxFile.checkpoint)

    def _report_depth(self, now_s: float) -> None:
        if self._file is None or self._file.depth == self._depth or now_s < self._depth_at_s:
            return
        self._depth, self._depth_at_s = self._file.depth, now_s + DEPTH_EVERY_S
        self._report(OutboxRead(self._depth))


def _proven(file: OutboxFile) -> bool:
    """Return True where the disk takes a commit. Raises sqlite3.Error where not."""
    file.prove()
    return True
