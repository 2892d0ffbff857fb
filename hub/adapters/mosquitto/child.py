"""A mosquitto process of our own: started, started again whenever it ends, and gone when we are.

Rules: one thread starts it and reads what it says, for as long as the child lives: the kernel ends the child when that
thread ends, however the centre dies. What it says goes to the log, and never makes it wait: a centre that stands
still must not stop the broker. Only this child is ever signalled.
"""

import logging
import os
import re
import resource
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from hub.adapters.mosquitto.configuration import CENTRE_RULE
from hub.adapters.mosquitto.folder import Account
from hub.ports import PermanentAdapterError

log = logging.getLogger(__name__)

READY_WITHIN_S = 20.0
STOP_WITHIN_S = 5.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
STEADY_S = 30.0
"""After a life this long it is started again at once."""
OPEN_FILES = 200_000
"""Every connection is one."""
ENOUGH_FILES = 4_096
"""Below it an operator is told."""
_KEPT_LINES = 20

_READY = re.compile(r"mosquitto version \S+ running")
_LOUD = re.compile(r"Error|Warning")
_REFUSED = re.compile(r"not authori[sz]ed")
_MEANT = re.compile(re.escape(f"ACL pattern '{CENTRE_RULE.rsplit(maxsplit=1)[-1]}'"))


class Child:
    """Keeps `command` running."""

    def __init__(self, command: Sequence[str], account: Account | None) -> None:
        """Prepare; nothing runs before `start`."""
        self._command = list(command)
        self._account = account
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._lock = threading.Lock()
        self._first_word = threading.Event()
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="mosquitto", daemon=True)

    @property
    def is_running(self) -> bool:
        """Tell whether it runs and listens."""
        with self._lock:
            return self._is_ready

    @property
    def pid(self) -> int | None:
        """Return the process's number while there is one."""
        with self._lock:
            return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Return when it listens. Raises PermanentAdapterError, and leaves nothing behind, where it does not."""
        self._keeper.start()
        self._first_word.wait(READY_WITHIN_S)
        if not self.is_running:
            self.stop()
            said = "; ".join(self._lines) or "nothing"
            raise PermanentAdapterError(f"mosquitto does not run; it said: {said}")

    def reload(self) -> None:
        """Have it read its files again; one that is just starting does so anyway."""
        with self._lock:
            if self._is_ready and self._process is not None:
                self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End it. May be called twice."""
        self._stopping.set()
        with self._lock:
            if self._process is not None:
                self._process.terminate()
        if self._keeper.ident is None:
            return
        self._keeper.join(STOP_WITHIN_S)
        if self._keeper.is_alive():
            with self._lock:
                if self._process is not None:
                    self._process.kill()
            self._keeper.join(STOP_WITHIN_S)

    # --- the keeper's thread ---

    def _keep(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began_s = time.monotonic()
            ending = self._live_once()
            lived_s = time.monotonic() - began_s
            self._first_word.set()
            if self._stopping.is_set():
                return
            pause_s = FIRST_PAUSE_S if lived_s >= STEADY_S else pause_s
            log.error("mosquitto ended after %.1f s: %s; it is started again in %.1f s", lived_s, ending, pause_s)
            self._stopping.wait(pause_s)
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)

    def _live_once(self) -> str:
        """Start it and stay until it has ended; return how it ended."""
        read_end, write_end = os.pipe()
        os.set_blocking(write_end, False)  # a full pipe loses lines; a blocking one would stop the broker
        with os.fdopen(read_end, encoding="utf-8", errors="replace") as said:
            try:
                with self._lock:
                    if self._stopping.is_set():
                        return "not started"
                    process = self._process = self._spawn(write_end)
            except OSError as error:
                return str(error)
            finally:
                os.close(write_end)
            _raise_limit(process.pid)
            for line in said:
                self._hear(line.strip())
        code = process.wait()
        with self._lock:
            self._process = None
            self._is_ready = False
        return f"signal {-code}" if code < 0 else f"code {code}"

    def _spawn(self, stderr: int) -> subprocess.Popen[bytes]:
        account = self._account
        return subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env={"PATH": os.defpath},  # not the centre's: systemd's NOTIFY_SOCKET is not for the broker
            cwd="/",
            start_new_session=True,  # Ctrl-C at the centre's terminal must not end the broker first
            # From the first instruction, and not by mosquitto itself: what changes its user outlives its parent, and
            # reads its files with other rights at a reload than at the start.
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
        )

    def _hear(self, line: str) -> None:
        self._lines.append(line)
        if _LOUD.match(line) and not _MEANT.search(line):
            log.warning("mosquitto: %s", line)
        else:
            log.log(logging.INFO if _REFUSED.search(line) else logging.DEBUG, "mosquitto: %s", line)
        if _READY.fullmatch(line):
            with self._lock:
                self._is_ready = True
            self._first_word.set()


def _raise_limit(pid: int) -> None:
    """Let it have as many connections as the machine allows."""
    with suppress(OSError, ValueError):  # it has gone already, which is told elsewhere
        _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        with suppress(OSError, ValueError):  # only root may raise what root has set
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (max(hard, OPEN_FILES),) * 2)
            return
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (hard, hard))
        if hard < ENOUGH_FILES:
            log.warning("the broker can hold %d connections only: raise LimitNOFILE of the centre's service", hard)
