"""The modem's door: a thread that drives it, and what may be asked of it.

Rules: whoever asks waits for nothing: it is put in line, and what became of it is reported. What stands in line is
bounded. Events are reported in the driver's thread; reporting them returns at once. Nothing but the driver's thread
touches what it knows.
"""

import contextlib
import itertools
import logging
import math
import queue
import threading
import time
from collections.abc import Callable

from device.adapters.modem.at.codes import Unsolicited
from device.adapters.modem.at.dialogue import Unexplained
from device.adapters.modem.calls import RING_S
from device.adapters.modem.driver import RETRY_S, Driver
from device.adapters.modem.events import ModemEvent
from device.adapters.modem.port import Port, PowerCycle
from device.adapters.modem.settings import ModemSettings
from device.ports import AdapterError, TransientAdapterError

log = logging.getLogger(__name__)

MOST_IN_LINE = 1_000
LONGEST_WAIT_S = 60.0
HANG_UP_S = 5.0
"""How long a call's end is waited for when it stops."""


class Modem:
    """A mobile modem: texts, calls, and how it is with its SIM and network."""

    def __init__(self, settings: ModemSettings, power_cycle: PowerCycle | None = None) -> None:
        """Take the settings and, where the unit can, what cuts the modem's power and gives it again."""
        self._settings = settings
        self._port = Port(settings.port, self, power_cycle)
        self._numbers = itertools.count(1)
        self._line: queue.Queue[Callable[[], None]] = queue.Queue(MOST_IN_LINE)
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, report: Callable[[ModemEvent], None]) -> None:
        """Open the port, set the modem up, and report from now on; a modem that is not there yet is reported too."""
        self._line = queue.Queue(MOST_IN_LINE)
        self._driver = Driver(self._settings, self._port.ask, self._port.reopen, report)
        self._is_stopping.clear()
        self._thread = threading.Thread(target=self._run, name="modem", daemon=True)
        self._thread.start()
        self._port.start()

    def stop(self) -> None:
        """Hang up and close the port; nothing is reported any more."""
        self._is_stopping.set()
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with contextlib.suppress(queue.Full):
            self._line.put_nowait(lambda: None)
        thread.join(HANG_UP_S)
        self._port.stop()  # whatever is still being asked fails now
        thread.join()

    def send_text(self, recipient: str, text: str) -> int:
        """Send a text; return the ticket that its events carry: TextTaken and TextDelivered, or TextFailed."""
        ticket = next(self._numbers)
        self._put(lambda: self._driver.send_text(ticket, recipient, text))
        return ticket

    def forget(self, key: int) -> None:
        """Delete a received text from the SIM: it is stored elsewhere now."""
        self._put(lambda: self._driver.forget(key))

    def dial(self, numbers: tuple[str, ...], ring_s: float = RING_S) -> int:
        """Call the first of these numbers that answers; return what the call's events carry."""
        call = next(self._numbers)
        self._put(lambda: self._driver.dial(call, numbers, ring_s))
        return call

    def hang_up(self) -> None:
        """End the call."""
        self._put(self._driver.calls.hang_up)

    def send_tones(self, tones: str) -> None:
        """Press these keys in the call."""
        self._put(lambda: self._driver.calls.send_tones(tones))

    def look_now(self) -> None:
        """Look at network and signal at once; they are reported."""
        self._put(self._driver.look_now)

    def scan(self) -> None:
        """List the operators in reach: OperatorsFound. For installers: it takes minutes, and all else waits."""
        self._put(self._driver.scan)

    # --- for the port, in its thread ---

    def opened(self) -> None:
        """The port can be asked."""
        self._tell(self._driver.opened)

    def lost(self, error: AdapterError) -> None:
        """The port cannot be asked."""
        self._tell(lambda: self._driver.closed(error))

    def heard(self, said: Unsolicited | Unexplained) -> None:
        """Take what the modem said unasked."""
        if not isinstance(said, Unexplained):
            self._tell(lambda: self._driver.hear(said))

    # --- the driver's thread ---

    def _put(self, act: Callable[[], None]) -> None:
        try:
            self._line.put_nowait(act)
        except queue.Full:
            raise TransientAdapterError(f"{MOST_IN_LINE} things wait for the modem already, it is stuck") from None

    def _tell(self, act: Callable[[], None]) -> None:
        try:
            self._put(act)
        except TransientAdapterError as error:
            log.error("what the modem says is lost: %s", error)

    def _run(self) -> None:
        not_before_s = 0.0
        while not self._is_stopping.is_set():
            wait_s = min(max(self._driver.due_s, not_before_s) - time.monotonic(), LONGEST_WAIT_S)
            try:
                act = self._line.get(timeout=max(0.0, wait_s) if math.isfinite(wait_s) else LONGEST_WAIT_S)
            except queue.Empty:
                if not self._is_done(self._driver.act_in_time):
                    not_before_s = time.monotonic() + RETRY_S
            else:
                self._is_done(act)
        self._is_done(self._driver.calls.hang_up)

    def _is_done(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except AdapterError as error:
            log.warning("modem: %s", error)
        except Exception:  # whatever it is, the next call or text must find a thread that works
            log.critical("the modem's driver failed", exc_info=True)
        else:
            return True
        return False
