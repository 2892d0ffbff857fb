"""The clock: monotonic seconds for decisions, wall time as advice, with how far it can be believed.

Rules: the wall time is `network` while a time service keeps the kernel right, `kept` where it was once set, and `unset`
where it cannot be: a Raspberry Pi has no clock of its own, and starts in the past.
"""

import ctypes
import logging
import time
from collections.abc import Callable
from pathlib import Path

from device.core.moment import Moment
from device.wire.vocabulary import ClockQuality

log = logging.getLogger(__name__)

RELEASED_UNIX_S = 1_782_864_000.0
"""1 July 2026. This program cannot run at an earlier time than its release: a clock that says so was never set."""
QUALITY_HOLDS_S = 10.0
"""The time service is asked again no sooner than this."""
TIMESYNC_MARK = Path("/run/systemd/timesync/synchronized")

_UNSYNCHRONIZED = 5  # TIME_ERROR of <sys/timex.h>
_FAILED = -1
_TIMEX_BYTES = 512  # more than `struct timex` on any machine; all zero means: only tell


class Clock:
    """Tells the moment; called from one thread."""

    def __init__(
        self,
        mono: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        is_synchronized: Callable[[], bool] | None = None,
    ) -> None:
        """Take the machine's clocks, or others."""
        self._mono = mono
        self._wall = wall
        self._is_synchronized = is_synchronized or kernel_is_synchronized
        self._quality = ClockQuality.UNSET
        self._asked_s: float | None = None

    def __call__(self) -> Moment:
        """Return the moment."""
        mono_s, wall_s = self._mono(), self._wall()
        if self._asked_s is None or mono_s - self._asked_s >= QUALITY_HOLDS_S or self._quality is ClockQuality.UNSET:
            self._asked_s = mono_s
            self._quality = self._judge(wall_s)
        return Moment(mono_s, wall_s, self._quality)

    def _judge(self, wall_s: float) -> ClockQuality:
        if wall_s < RELEASED_UNIX_S:
            return ClockQuality.UNSET
        return ClockQuality.NETWORK if self._is_synchronized() else ClockQuality.KEPT


def kernel_is_synchronized() -> bool:
    """Tell whether a time service (chrony, ntpd, systemd-timesyncd) keeps the kernel's clock right."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        state = _FAILED
    if state == _FAILED:  # not told to us, in some containers
        return TIMESYNC_MARK.exists()
    return bool(state != _UNSYNCHRONIZED)
