"""What cannot be read: counted every time, logged now and then, so that one broken unit cannot fill the disk."""

import logging
import threading
import time
from collections.abc import Callable

from device.wire.codec import WireError
from hub.adapters.broker.counts import Counted, Counts

log = logging.getLogger(__name__)

LOG_EVERY_S = 10.0


class Malformed:
    """Takes note of unreadable messages, from any thread."""

    def __init__(self, counts: Counts, clock: Callable[[], float] = time.monotonic) -> None:
        """Count in `counts`."""
        self._clock = clock
        self._counts = counts
        self._lock = threading.Lock()
        self._unsaid = 0
        self._say_from_s = 0.0

    def note(self, topic: str, error: WireError) -> None:
        """Count one by its kind; log it where nothing was logged lately."""
        self._counts.add(Counted.MALFORMED, error.problem)
        with self._lock:
            now_s = self._clock()
            if now_s < self._say_from_s:
                self._unsaid += 1
                return
            unsaid, self._unsaid = self._unsaid, 0
            self._say_from_s = now_s + LOG_EVERY_S
        log.warning("a message on %r cannot be read: %s (and %d before it)", topic[:128], error, unsaid)
