"""The pipe to the program that the engine works for.

Rules: two threads, so that the owner of PJSIP never waits for the other side. When the pipe closes, the program is gone
and so is the reason to be: the engine is told to end, and ended if it does not.
"""

import logging
import os
import queue
import socket
import threading
from collections.abc import Callable

from pydantic import ValidationError

from device.voice.lines import Lines, LineTooLongError
from device.voice.messages import COMMANDS, End, EngineCommand, EngineEvent, LevelsRead, Settings
from device.voice.refusal import EngineFailedError

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
ENDS_WITHIN_S = 5.0
READ_BYTES = 1 << 16


class Channel:
    """Reads commands and writes events, a line each."""

    def __init__(
        self,
        line: socket.socket,
        exit_process: Callable[[int], object] = os._exit,
        ends_within_s: float = ENDS_WITHIN_S,
    ) -> None:
        self._socket = line
        self._exit_process = exit_process
        self._ends_within_s = ends_within_s
        self._lines = Lines()
        self._read: list[bytes] = []
        self._commands: queue.SimpleQueue[EngineCommand] = queue.SimpleQueue()
        self._events: queue.Queue[EngineEvent | None] = queue.Queue(MOST_WAITING)
        self._writer = threading.Thread(target=self._write, name="writer", daemon=True)
        self._writer.start()

    def settings(self) -> Settings:
        """Wait for the first line. Raises EngineFailedError."""
        while not self._read:
            more = self._socket.recv(READ_BYTES)
            if not more:
                raise EngineFailedError("the program went away before it said anything")
            self._read += self._lines.feed(more)
        try:
            return Settings.model_validate_json(self._read.pop(0))
        except ValidationError as error:
            raise EngineFailedError(f"the settings cannot be understood: {error}") from error

    def start(self, wake: Callable[[], None]) -> None:
        """Read commands from now on; `wake` is called, in another thread, when there are some."""
        threading.Thread(target=self._listen, args=(wake,), name="reader", daemon=True).start()

    def commands(self) -> list[EngineCommand]:
        """Return the commands that have come."""
        come: list[EngineCommand] = []
        while True:
            try:
                come.append(self._commands.get_nowait())
            except queue.Empty:
                return come

    def say(self, event: EngineEvent) -> None:
        """Write an event. Levels are left out where the program does not keep up; nothing else ever is."""
        if isinstance(event, LevelsRead) and self._events.qsize() > MOST_WAITING // 10:
            return
        try:
            self._events.put_nowait(event)
        except queue.Full:
            log.critical("the program has not read %d events: it hangs, and the engine ends", MOST_WAITING)
            self._exit_process(1)

    def close(self) -> None:
        """Write what is left."""
        self._events.put(None)
        self._writer.join(self._ends_within_s)

    def _listen(self, wake: Callable[[], None]) -> None:
        try:
            self._take(self._read, wake)
            while more := self._socket.recv(READ_BYTES):
                self._take(self._lines.feed(more), wake)
        except (OSError, LineTooLongError) as error:
            log.error("the program cannot be heard any more: %s", error)
        self._commands.put(End())
        wake()
        last_resort = threading.Timer(self._ends_within_s, self._exit_process, (1,))
        last_resort.daemon = True
        last_resort.start()

    def _take(self, lines: list[bytes], wake: Callable[[], None]) -> None:
        for line in lines:
            try:
                self._commands.put(COMMANDS.validate_json(line))
            except ValidationError as error:
                log.error("a command cannot be understood: %s", error)
        if lines:
            wake()

    def _write(self) -> None:
        try:
            while (event := self._events.get()) is not None:
                self._socket.sendall(event.model_dump_json().encode() + b"\n")
        except OSError as error:
            log.info("the program does not listen any more: %s", error)
            while self._events.get() is not None:
                pass
