"""What a program owes the machine it runs on: a log that can be read, an end when it is told to, little memory."""

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}
_M_ARENA_MAX = -8  # of <malloc.h>
_SETTLED_S = 10.0
_ENDING = (signal.SIGTERM, signal.SIGINT)


def log_to_stderr(level: str) -> None:
    """Log from now on: with priorities for systemd's journal, with the time of day for a terminal."""
    handler = logging.StreamHandler(sys.stderr)
    in_journal = "JOURNAL_STREAM" in os.environ
    handler.setFormatter(_ForJournal() if in_journal else logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` when SIGTERM or SIGINT comes.

    From a thread: the handler itself interrupts the loop, which may hold the very lock that `stop` needs.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)
    waiter = threading.Thread(target=_wait, args=(heard, stop), name="signals", daemon=True)
    before = {number: signal.signal(number, _leave_it_to_the_thread) for number in _ENDING}
    told_before = signal.set_wakeup_fd(told)
    waiter.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(told_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(told)
        waiter.join()
        os.close(heard)


def live_thriftily() -> None:
    """Give back the memory that only loading needed (4 MB of 48), and do not keep a heap for every thread.

    Soon once more, when what only starting needed is free too.
    """
    _give_memory_back()
    later = threading.Timer(_SETTLED_S, _give_memory_back)
    later.name, later.daemon = "thrift", True
    later.start()


def _give_memory_back() -> None:
    gc.collect()
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.malloc_trim(0)
    except (OSError, AttributeError):
        pass  # not glibc: it keeps its heap in its own way


def _wait(heard: int, stop: Callable[[], None]) -> None:
    while signals := os.read(heard, 16):
        if set(signals) & set(_ENDING):
            stop()


def _leave_it_to_the_thread(number: int, frame: FrameType | None) -> None:
    logging.getLogger(__name__).info("%s: the program ends", signal.Signals(number).name)


class _ForJournal(logging.Formatter):
    """Gives each line the priority that systemd's journal reads."""

    def format(self, record: logging.LogRecord) -> str:
        priority = f"<{_PRIORITIES.get(record.levelno, 6)}>"
        return f"{priority}{super().format(record)}".replace("\n", f"\n{priority}")
