"""One engine process and the pipe to it, seen from the program.

Rules: it is alive as long as it says something; one that hangs is killed, for there is nothing else to be done with it.
"""

import logging
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

from pydantic import BaseModel, ValidationError

from device.voice.lines import Lines, LineTooLongError
from device.voice.messages import EVENTS, End, EngineEvent, EngineLost, Settings

log = logging.getLogger(__name__)

STARTS_WITHIN_S = 15.0
ALIVE_WITHIN_S = 3.0
ENDS_WITHIN_S = 4.0
LOOK_EVERY_S = 0.5
READ_BYTES = 1 << 16
MOST_UNSENT = 1 << 20


class Wake:
    """Ends a thread's waiting from another."""

    def __init__(self) -> None:
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)

    def fileno(self) -> int:
        """Return what becomes readable."""
        return self._woken.fileno()

    def set(self) -> None:
        """End the waiting."""
        with suppress(OSError):  # it is awake already, or has gone
            self._waker.send(b"!")

    def clear(self) -> None:
        """Be ready to wait again."""
        with suppress(OSError):
            self._woken.recv(READ_BYTES)

    def close(self) -> None:
        """Be of no use any more."""
        self._woken.close()
        self._waker.close()


class Child:
    """An engine from its start to its end."""

    def __init__(self, settings: Settings, wake: Wake) -> None:
        """Start it; `wake` is what ends the waiting in `read`. Raises OSError."""
        self._wake = wake
        self._pipe, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "device.voice", "--pipe", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        self._pipe.setblocking(False)
        self._lines = Lines()
        self._unsent = line_of(settings)
        self._last_word = ""
        self._until_s = time.monotonic() + STARTS_WITHIN_S
        self._is_ending = False
        self.problem = ""

    @property
    def pid(self) -> int:
        """Return its process."""
        return self._process.pid

    def write(self, lines: Iterable[bytes]) -> None:
        """Give it lines, as soon as it takes them."""
        self._unsent += b"".join(lines)
        if len(self._unsent) > MOST_UNSENT:
            self._kill("it does not read what it is told")

    def end(self) -> None:
        """Ask it to end, and give it the time for it."""
        self._is_ending = True
        self._unsent += line_of(End())
        self._until_s = time.monotonic() + ENDS_WITHIN_S

    def read(self) -> list[EngineEvent]:
        """Wait a little, or until woken, and return what it has said; `problem` is set where it is no more."""
        left_s = min(LOOK_EVERY_S, max(0.0, self._until_s - time.monotonic()))
        pipe = self._pipe.fileno()
        readable, writable, _ = select.select((pipe, self._wake.fileno()), (pipe,) if self._unsent else (), (), left_s)
        self._wake.clear()
        try:
            if writable:
                self._unsent = self._unsent[self._pipe.send(self._unsent) :]
            if pipe in readable:
                return self._take(self._pipe.recv(READ_BYTES))
        except BlockingIOError:
            return []
        except (OSError, LineTooLongError) as error:
            self._kill(f"it cannot be heard: {error}")
        if time.monotonic() > self._until_s and not self.problem:
            self._kill("it hung")
        return []

    def close(self) -> None:
        """End it, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _take(self, more: bytes) -> list[EngineEvent]:
        if not more:
            self.problem = self._how_it_ended()
            return []
        if not self._is_ending:
            self._until_s = time.monotonic() + ALIVE_WITHIN_S
        events: list[EngineEvent] = []
        for line in self._lines.feed(more):
            try:
                event = EVENTS.validate_json(line)
            except ValidationError as error:
                log.error("the voice engine said what cannot be understood: %s", error)
                continue
            if isinstance(event, EngineLost):
                self._last_word = event.reason
            else:
                events.append(event)
        return events

    def _how_it_ended(self) -> str:
        if self._last_word:
            return self._last_word
        try:
            status = self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            return "the voice engine closed its pipe"
        name = signal.Signals(-status).name if status < 0 else f"status {status}"
        return f"the voice engine ended by {name}"

    def _kill(self, reason: str) -> None:
        self._process.kill()
        self.problem = f"the voice engine was killed: {reason}"


def line_of(message: BaseModel) -> bytes:
    """Return a message as it goes through the pipe."""
    return message.model_dump_json().encode() + b"\n"
