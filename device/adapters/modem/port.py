"""The modem's serial port: one thread reads, one command at a time is asked, and the port comes back by itself.

Rules: `ask` keeps its caller no longer than the command's time, and once more that where another command is under way.
After a command without a reply both sides are brought into step again before the next, so that a late reply is never
taken for another's. A port that fails is closed and opened again, by its name under /dev/serial/by-id, with back-off:
USB gives a modem another number when it comes back. Power is cut, where the unit can, only after `SILENT_S` without a
byte and at most every `POWER_CYCLE_EVERY_S`. The listener is told in the reading thread and only enqueues.
"""

import contextlib
import errno
import logging
import queue
import termios
import threading
import time
from collections.abc import Callable
from typing import Protocol

import serial

from device.adapters.modem.at.codes import Readiness, ReadinessSeen, Unsolicited
from device.adapters.modem.at.commands import ESCAPE, PING, Command
from device.adapters.modem.at.dialogue import Dialogue, Heard, Reply, Unexplained
from device.adapters.modem.at.lines import Prompt
from device.adapters.modem.at.unsolicited import prefix_of
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError

log = logging.getLogger(__name__)

BAUD = 115_200
FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S = 0.2, 15.0
READ_S, WRITE_S = 1.0, 5.0
STEP_TRIES, STEP_S, QUIET_S = 2, 2.0, 0.3
"""How often, and for how long each, an AT is tried to come into step; how long late replies are waited for then."""
SILENT_S, POWER_CYCLE_EVERY_S = 120.0, 600.0

PowerCycle = Callable[[], None]
_LOST = (OSError, TypeError, termios.error)
"""pyserial says an unplugged port in each of these ways, TypeError where it was closed meanwhile."""


class Listener(Protocol):
    """Whom the port tells; in its own thread."""

    def opened(self) -> None:
        """The port can be asked."""

    def lost(self, error: AdapterError) -> None:
        """The port cannot be asked; it is being tried again."""

    def heard(self, said: Unsolicited | Unexplained) -> None:
        """The modem said something unasked."""


class Port:
    """One modem's AT port."""

    def __init__(self, path: str, listener: Listener, power_cycle: PowerCycle | None = None) -> None:
        """Take where it is and, where the unit can, what cuts the modem's power and gives it again (it may block)."""
        self._path = path
        self._listener = listener
        self._power_cycle = power_cycle
        self._dialogue = Dialogue()
        self._guard = threading.Lock()  # the dialogue: fed by one thread, begun by another
        self._turn = threading.Lock()  # one command at a time
        self._answers: queue.SimpleQueue[Reply | Prompt | None] = queue.SimpleQueue()
        self._serial: serial.Serial | None = None
        self._is_in_step = True
        self._is_stopping = threading.Event()
        self._reopening = ""
        self._told = ""
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the port, now and whenever it comes back."""
        self._is_stopping.clear()
        self._thread = threading.Thread(target=self._run, name="modem-port", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port; nothing is told any more."""
        self._is_stopping.set()
        self._wake()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def reopen(self, reason: str) -> None:
        """Close the port and open it anew: the modem does not answer as it should."""
        self._reopening = reason
        self._wake()

    def ask(self, command: Command) -> Reply:
        """Return the modem's reply, a refusal too. Raises TransientAdapterError where there is none in time."""
        if not self._turn.acquire(timeout=command.timeout_s):
            raise TransientAdapterError(f"the modem is busy with another command, {command.shown} was not given")
        try:
            if not self._is_in_step:
                self._come_into_step()
            return self._exchange(command)
        finally:
            self._turn.release()

    # --- a command and its reply ---

    def _exchange(self, command: Command) -> Reply:
        while not self._answers.empty():
            self._answers.get()
        with self._guard:
            self._dialogue.begin(command)
        try:
            self._write(command.sent)
            return self._wait(command, time.monotonic() + command.timeout_s)
        except TransientAdapterError:
            self._is_in_step = False
            raise
        finally:
            with self._guard:
                self._dialogue.give_up()

    def _wait(self, command: Command, until_s: float) -> Reply:
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                raise TransientAdapterError(
                    f"the modem on {self._path} gave no reply to {command.shown} in {command.timeout_s:g} s"
                ) from None
            if answer is None:
                raise TransientAdapterError(
                    f"the modem on {self._path} went away, or started anew, during {command.shown}"
                )
            if isinstance(answer, Reply):
                log.debug("%s -> %s %s", command.shown, answer.outcome, answer.detail)
                return answer
            self._write(command.body or ESCAPE)

    def _write(self, data: bytes) -> None:
        port = self._serial
        if port is None:
            raise TransientAdapterError(f"the modem on {self._path} is not there: is it plugged in and powered?")
        try:
            port.write(data)
        except _LOST as error:
            raise TransientAdapterError(f"the modem on {self._path} takes nothing any more: {error}") from error

    def _come_into_step(self) -> None:
        """Leave a prompt, ask for a sign of life, and let late replies pass by. Raises TransientAdapterError."""
        for tries_left in reversed(range(STEP_TRIES)):
            try:
                self._write(ESCAPE)
                self._exchange(Command(PING.text, timeout_s=STEP_S))
                break
            except TransientAdapterError:
                if tries_left == 0:
                    raise
        self._is_stopping.wait(QUIET_S)
        self._is_in_step = True

    # --- the reading thread ---

    def _run(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        heard_s = cycled_s = time.monotonic()
        while not self._is_stopping.is_set():
            if self._read_until_lost():
                heard_s, back_off_s = time.monotonic(), FIRST_BACK_OFF_S
            now_s = time.monotonic()
            if self._power_cycle and now_s - heard_s > SILENT_S and now_s - cycled_s > POWER_CYCLE_EVERY_S:
                cycled_s = now_s
                self._cut_power(self._power_cycle)
            self._is_stopping.wait(back_off_s)
            back_off_s = min(2 * back_off_s, LONGEST_BACK_OFF_S)

    def _read_until_lost(self) -> bool:
        """Open the port and stay with it to its end; return whether the modem said anything."""
        try:
            port = _open(self._path)
        except AdapterError as error:
            self._tell_lost(error)
            return False
        self._reopening = self._told = ""
        with self._guard:
            self._dialogue = Dialogue()
        self._is_in_step = False
        self._serial = port
        self._listener.opened()
        has_heard = False
        try:
            while not self._is_stopping.is_set() and not self._reopening:
                data = port.read(max(1, port.in_waiting))
                has_heard = has_heard or bool(data)
                self._take(data)
            reason = self._reopening
        except _LOST as error:
            reason = str(error)
        self._serial = None
        with contextlib.suppress(*_LOST):
            port.close()
        self._answers.put(None)
        if not self._is_stopping.is_set():
            self._tell_lost(TransientAdapterError(f"the modem on {self._path} is being opened again: {reason}"))
        return has_heard

    def _take(self, data: bytes) -> None:
        with self._guard:
            heard: list[Heard] = self._dialogue.feed(data)
        for said in heard:
            if isinstance(said, Reply | Prompt):
                self._answers.put(said)
                continue
            if said == ReadinessSeen(Readiness.STARTED):
                self._answers.put(None)  # whatever was asked before it, it knows nothing of
            if isinstance(said, Unexplained):
                log.debug("nobody asked for a line of %d characters: %s...", len(said.text), prefix_of(said.text))
            self._listener.heard(said)

    def _tell_lost(self, error: AdapterError) -> None:
        if self._told != str(error):  # once, not with every try
            self._told = str(error)
            self._listener.lost(error)

    def _cut_power(self, power_cycle: PowerCycle) -> None:
        log.warning("the modem on %s was silent for %.0f s: its power is cut and given again", self._path, SILENT_S)
        try:
            power_cycle()
        except AdapterError as error:
            self._tell_lost(error)

    def _wake(self) -> None:
        port = self._serial
        if port is not None:
            with contextlib.suppress(*_LOST):
                port.cancel_read()


def _open(path: str) -> serial.Serial:
    """Open the port for this program alone. Raises AdapterError: what to do."""
    try:
        return serial.Serial(path, BAUD, timeout=READ_S, write_timeout=WRITE_S, exclusive=True)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise TransientAdapterError(f"there is no modem at {path}: is it plugged in and powered?") from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise PermanentAdapterError(
                f"{path} may not be opened: put the unit's user into the port's group (`usermod -aG dialout`), restart"
            ) from error
        if error.errno in (errno.EBUSY, errno.EAGAIN) or "lock" in str(error):
            raise TransientAdapterError(
                f"another program has {path}: stop it (ModemManager must leave the port alone; is the unit running?)"
            ) from error
        raise TransientAdapterError(f"{path} cannot be opened: {error}; plug the modem in again") from error
