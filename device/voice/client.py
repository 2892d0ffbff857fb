"""A program's voice engine: started, spoken to, and started again when it ends or hangs.

Rules: the engine is a process of its own, and its end takes nothing else along. Nothing here waits for it: a command
for an engine that does not run is lost, and only a call that can thus not be placed is told. After a restart nothing is
sent again; `EngineStarted` is the moment to decide anew.
"""

import importlib.util
import logging
import queue
import select
import threading
import time
from collections import deque
from collections.abc import Callable

from device.voice.child import STARTS_WITHIN_S, Child, Wake, line_of
from device.voice.messages import (
    CommandFailed,
    EngineCommand,
    EngineEvent,
    EngineLost,
    EngineStarted,
    PlaceCall,
    Protocol,
    Settings,
    Transport,
)

log = logging.getLogger(__name__)

PAUSES_S = (0.0, 0.2, 0.5, 1.0, 2.0)
STEADY_S = 10.0
"""An engine that ran for so long is started again at once when it ends."""


def engine_problem() -> str | None:
    """Return why there is no voice, or None."""
    if importlib.util.find_spec("pjsua2") is None:
        return "pjsua2 is not installed: make pjsua2"
    return None


class EngineUnavailableError(Exception):
    """There is no engine; the text says why, and what to do."""


def probe(within_s: float = STARTS_WITHIN_S) -> EngineStarted:
    """Start an engine for a moment and return what it says of itself. Raises EngineUnavailableError."""
    if problem := engine_problem():
        raise EngineUnavailableError(problem)
    said: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
    engine = VoiceEngine(Settings(user="probe", transports=(Transport(protocol=Protocol.UDP),)), said.put)
    engine.start()
    try:
        first = said.get(timeout=within_s)
    except queue.Empty:
        raise EngineUnavailableError(f"the voice engine has not started within {within_s:.0f} s") from None
    finally:
        engine.stop()
    if isinstance(first, EngineStarted):
        return first
    raise EngineUnavailableError(first.reason if isinstance(first, EngineLost) else str(first))


class VoiceEngine:
    """The engine of a program; `report` is called from a thread of its own, and must not wait."""

    def __init__(self, settings: Settings, report: Callable[[EngineEvent], None]) -> None:
        """Take what the engine is to be; nothing is started yet."""
        self._settings = settings
        self._report = report
        self._lock = threading.Lock()
        self._is_running = False
        self._stopping = threading.Event()
        self._commands: deque[bytes] = deque()
        self._refused: deque[PlaceCall] = deque()
        self._wake: Wake | None = None
        self._thread: threading.Thread | None = None
        self._child: Child | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether it has started and has not been lost since."""
        return self._is_running

    @property
    def pid(self) -> int | None:
        """Return the engine's process, if there is one."""
        child = self._child
        return child.pid if child else None

    def start(self) -> None:
        """Start the engine, and keep it running."""
        self._stopping.clear()
        self._wake = wake = Wake()
        self._thread = threading.Thread(target=self._keep, args=(wake,), name="voice engine", daemon=True)
        self._thread.start()

    def send(self, command: EngineCommand) -> None:
        """Give the engine a command. Never waits, and never raises."""
        with self._lock:
            if self._is_running:
                self._commands.append(line_of(command))
            elif isinstance(command, PlaceCall):
                self._refused.append(command)
        self._rouse()

    def stop(self) -> None:
        """Let it hang up everything and end."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping.set()
        self._rouse()
        if thread is not threading.current_thread():
            thread.join()

    def _keep(self, wake: Wake) -> None:
        try:
            self._keep_running(wake)
        finally:
            wake.close()

    def _keep_running(self, wake: Wake) -> None:
        failures = 0
        while not self._stopping.is_set():
            began_s = time.monotonic()
            reason = self._run_once(wake)
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began_s > STEADY_S else failures
            pause_s = PAUSES_S[min(failures, len(PAUSES_S) - 1)]
            failures += 1
            log.error("%s; it is started again in %.1f s", reason, pause_s)
            self._report(EngineLost(reason=reason))
            self._pause(wake, pause_s)

    def _run_once(self, wake: Wake) -> str:
        """Run an engine until it ends, and return why it did."""
        try:
            self._child = child = Child(self._settings, wake)
        except OSError as error:
            return f"the voice engine cannot be started: {error}"
        try:
            return self._attend(child)
        finally:
            with self._lock:
                self._is_running = False
                self._commands.clear()
            self._child = None
            child.close()

    def _attend(self, child: Child) -> str:
        is_ending = False
        while not child.problem:
            if self._stopping.is_set() and not is_ending:
                is_ending = True
                child.end()
            self._refuse()
            with self._lock:
                child.write(self._commands)
                self._commands.clear()
            for event in child.read():
                self._hear(event)
        return child.problem

    def _hear(self, event: EngineEvent) -> None:
        if isinstance(event, EngineStarted):
            with self._lock:
                self._is_running = True
        self._report(event)

    def _pause(self, wake: Wake, pause_s: float) -> None:
        until_s = time.monotonic() + pause_s
        while not self._stopping.is_set() and (left_s := until_s - time.monotonic()) > 0:
            self._refuse()
            select.select((wake,), (), (), left_s)
            wake.clear()

    def _refuse(self) -> None:
        while self._refused:
            call = self._refused.popleft()
            self._report(CommandFailed(command=call.kind, subject=call.leg, reason="the voice engine does not run"))

    def _rouse(self) -> None:
        if self._wake:
            self._wake.set()
