"""A child process that is kept: it speaks lines of JSON over a socket, and is started again whenever it ends or hangs.

Rules: whoever is silent for `SILENCE_LIMIT_S` is killed; a first restart comes at once, the next ones ever later.
Nothing is sent twice: who listens to `lost` decides anew what is wanted. `send` never waits and never raises. Only this
child is ever signalled, and it ends by itself when our end of the line closes, however we end.
"""

import contextlib
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

SILENCE_LIMIT_S = 3.0
START_WITHIN_S = 10.0
"""A busy machine takes its time to load the libraries."""
PAUSES_S = (0.0, 0.2, 0.5, 1.0, 2.0)
STEADY_S = 30.0
"""After a life this long it is started again at once."""
END_WITHIN_S = 3.0
PIECE_BYTES = 65_536


class Child:
    """One kept child."""

    def __init__(
        self, module: str, settings: bytes, hear: Callable[[bytes], None], lost: Callable[[str], None]
    ) -> None:
        """Prepare; `settings` are its first line. `hear` and `lost` are called from the keeper's thread."""
        self._module = module
        self._settings = settings
        self._hear = hear
        self._lost = lost
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name=module.rsplit(".", 1)[-1], daemon=True)

    @property
    def pid(self) -> int | None:
        """Return the process's number while there is one."""
        with self._lock:
            return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Begin to keep it; returns at once."""
        self._keeper.start()

    def send(self, line: bytes) -> bool:
        """Send a line, where somebody is there to hear it; one that does not read is ended."""
        with self._lock:
            if self._line is None or self._process is None:
                return False
            try:
                if self._line.send(line + b"\n", socket.MSG_DONTWAIT) > len(line):
                    return True
            except OSError as error:
                log.error("%s does not take what it is told: %s", self._module, error)
            self._process.kill()  # the keeper sees it end; half a line would spoil the next
            return False

    def stop(self) -> None:
        """End it. May be called twice."""
        self._stopping.set()
        with self._lock:
            if self._line is not None:
                with contextlib.suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)
        if self._keeper.ident is not None:
            self._keeper.join(2 * END_WITHIN_S)

    # --- the keeper's thread ---

    def _keep(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began_s = time.monotonic()
            reason = self._live_once()
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began_s >= STEADY_S else failures
            log.error("%s is lost: %s", self._module, reason)
            self._lost(reason)
            self._stopping.wait(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            failures += 1

    def _live_once(self) -> str:
        """Start it and listen until it ends; return how it ended."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                try:
                    process = self._spawn(theirs)
                except OSError as error:
                    return str(error)
            ours.sendall(self._settings + b"\n")
            with self._lock:
                self._process, self._line = process, ours
            reason = self._listen(ours)
            with self._lock:
                self._line = None
        code = _ended(process)
        with self._lock:
            self._process = None
        return reason or (f"signal {-code}" if code < 0 else f"code {code}")

    def _spawn(self, line: socket.socket) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", self._module],
            stdin=line.fileno(),
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C at the centre's terminal ends it through its line, in order
        )

    def _listen(self, line: socket.socket) -> str:
        """Hand on every line until there are no more; return why not, empty where it just ended."""
        line.settimeout(START_WITHIN_S)
        rest = b""
        while not self._stopping.is_set():
            try:
                piece = line.recv(PIECE_BYTES)
            except TimeoutError:
                return f"it has said nothing for {line.gettimeout():g} s"
            except OSError as error:
                return str(error)
            if not piece:
                return ""
            line.settimeout(SILENCE_LIMIT_S)
            *whole, rest = (rest + piece).split(b"\n")
            for said in whole:
                self._hand_on(said)
        return "it was told to end"

    def _hand_on(self, said: bytes) -> None:
        try:
            self._hear(said)
        except Exception:  # a mistake about one line must not lose the next
            log.critical("%s said what could not be taken: %.200r", self._module, said, exc_info=True)


def _ended(process: "subprocess.Popen[bytes]") -> int:
    """Return how a process ended, that is made to end where it does not by itself; nothing of it is left."""
    if process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(0.2)
        process.kill()
    return process.wait()
