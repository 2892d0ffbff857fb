"""The broker's door: keeps one connection to one of the centres, and watches over it.

Rules: `PathOpened` and `PathClosed` alternate; only the connection in use is heard. A watcher thread gives up attempts
that hang, connections whose thread died, and lines on which nothing is acknowledged, and builds new ones.
The first centre is gone back to without a gap: after a while on a later one, a second connection goes to the first and
takes over only when that centre was heard alive and no message is on its way on the old one.
"""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from device.adapters.broker.connection import FAREWELL_S, Connection, Phase
from device.adapters.broker.route import Route
from device.adapters.broker.settings import BrokerSettings, Patience
from device.adapters.broker.tls import client_context
from device.core.effects import ChangeCentre, Effect, Publish, PublishHeartbeat
from device.core.events import AdapterFailed, Event, MessageUnreadable, PathClosed, PathOpened
from device.ports import PermanentAdapterError, Report, TransientAdapterError
from device.wire.codec import encode
from device.wire.topics import Leaf
from device.wire.vocabulary import Urgency

log = logging.getLogger(__name__)

GIVEN_UP_AT_MOST = 8
"""Attempts that were given up and still hang in the resolver; beyond it, wait for one to end."""
_LEAVES = {Urgency.ALARM: Leaf.ALARM, Urgency.EVENT: Leaf.EVENT}


class Broker:
    """Implements `device.ports.Adapter`."""

    name = "broker"
    performs: tuple[type[Effect], ...] = (Publish, PublishHeartbeat, ChangeCentre)

    def __init__(
        self,
        settings: BrokerSettings,
        epoch: str,
        patience: Patience | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None:
        """Take the centres; `chance` gives numbers from 0 to 1 for the jitter."""
        self.unreadable: Counter[str] = Counter()
        self._settings = settings
        self._epoch = epoch
        self._patience = patience or Patience()
        self._route = Route(len(settings.centres), self._patience, chance or random.SystemRandom().random)
        self._report: Report | None = None
        self._current: Connection | None = None
        self._candidate: Connection | None = None
        self._look_back_s = float("inf")
        self._given_up: list[Connection] = []
        self._path_is_open = False
        self._told_failures: set[str] = set()
        self._is_stopping = False
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="broker watcher", daemon=True)

    def start(self, report: Report) -> None:
        """Begin to connect, and report what comes in."""
        self._report = report
        for centre in self._settings.centres:
            try:
                if centre.tls:
                    client_context(centre)
            except PermanentAdapterError as error:  # the others may serve, and the file may yet be mended
                report(AdapterFailed(self.name, "start", f"{error}"[:256], lasting=True))
        self._watcher.start()

    def perform(self, effect: Effect) -> None:
        """Send, or change the centre. Raises TransientAdapterError where the path is down."""
        match effect:
            case Publish():
                self._publish(effect)
            case PublishHeartbeat():
                connection = self._open_connection()
                if connection is not None:  # one sent later would speak of the past
                    connection.publish_unkept(Leaf.HEARTBEAT, encode(effect.heartbeat))
            case ChangeCentre():
                self._change_centre()
            case _:
                raise AssertionError(f"{type(effect).__name__} is not for the broker")

    def stop(self) -> None:
        """Leave the centre, so that it knows at once."""
        with self._lock:
            self._report = None
            self._is_stopping = True
            leaving = [connection for connection in (self._current, self._candidate) if connection is not None]
            self._current = self._candidate = None
            for connection in leaving:
                connection.leave("the unit stops")
        self._wake.set()
        for connection in leaving:
            connection.join(2 * FAREWELL_S)
        if self._watcher.ident is not None:
            self._watcher.join(FAREWELL_S)

    # --- told by connections, on their threads ---

    def opened(self, connection: Connection) -> None:
        """Tell that the path is open, where this is the connection in use."""
        with self._lock:
            if connection is self._current:
                self._use(connection)
        self._wake.set()

    def heard(self, connection: Connection, event: Event) -> None:
        """Pass on what came in over the connection in use."""
        with self._lock:
            if isinstance(event, MessageUnreadable):
                self.unreadable[event.problem] += 1
            if connection is self._current and self._report is not None:
                self._report(event)

    def closed(self, connection: Connection, reason: str) -> None:
        """Tell that the path is closed, and see to the next attempt."""
        with self._lock:
            self._given_up.append(connection)
            if connection is self._candidate:
                self._candidate = None
                self._look_back_s = time.monotonic() + self._patience.return_s
                log.info("the first centre is not back: %s", reason)
            elif connection is self._current:
                self._lose(connection, reason)
                if self._candidate is not None:
                    self._take_candidate()
                else:
                    self._route.ended(connection.opened_s, time.monotonic())
        self._wake.set()

    # --- acts; the lock is held where a connection is exchanged ---

    def _publish(self, effect: Publish) -> None:
        try:
            connection = self._open_connection()
            if connection is None:
                raise TransientAdapterError(f"no centre is connected over {self._settings.path_name}")
            connection.publish(_LEAVES[effect.urgency], encode(effect.message))
        except TransientAdapterError:
            if effect.urgency is Urgency.ALARM:
                with self._lock:
                    self._route.hurry(time.monotonic())
                self._wake.set()
            raise

    def _open_connection(self) -> Connection | None:
        connection = self._current
        return connection if connection is not None and connection.phase is Phase.OPEN else None

    def _change_centre(self) -> None:
        with self._lock:
            now = time.monotonic()
            current = self._current
            if not self._route.has_choice:
                is_young = (
                    current is None or current.opened_s is None or now - current.opened_s < self._patience.young_s
                )
                if current is not None and not is_young:
                    current.leave("the centre is silent")
                return
            if self._candidate is not None:
                self._candidate.leave("another centre is tried")
            if current is not None:
                self._lose(current, "the centre is silent, the next one is tried")
                current.leave("the centre is silent")
            self._route.change(now)
        self._wake.set()

    def _use(self, connection: Connection) -> None:
        """Report the path as open over `connection`."""
        self._told_failures.clear()
        self._look_back_s = time.monotonic() + self._patience.return_s
        if not self._path_is_open and self._report is not None:
            self._path_is_open = True
            log.info("connected to centre %s", connection.centre)
            self._report(PathOpened(self._settings.path_name))

    def _lose(self, connection: Connection, reason: str) -> None:
        """Take `connection` out of use."""
        self._current = None
        if self._path_is_open and self._report is not None:
            self._path_is_open = False
            self._report(PathClosed(self._settings.path_name, reason))
        failure = f"centre {connection.centre}: {reason}"
        log.log(logging.DEBUG if failure in self._told_failures else logging.WARNING, "%s", failure)
        self._told_failures.add(failure)

    def _take_candidate(self) -> None:
        """Use the connection to the first centre from now on; where it is not open yet, it will tell."""
        self._current, self._candidate = self._candidate, None
        self._route.returned()
        if self._current is not None and self._current.phase is Phase.OPEN:
            self._use(self._current)

    # --- the watcher ---

    def _watch(self) -> None:
        while not self._is_stopping:
            wait_s = self._patience.look_s
            try:
                with self._lock:
                    wait_s = self._look(time.monotonic())
            except Exception:  # a mistake in one look must not end the watch
                log.critical("the watch over the connection failed", exc_info=True)
            self._wake.wait(wait_s)
            self._wake.clear()

    def _look(self, now: float) -> float:
        """Do what is due; return the seconds until the next look."""
        self._given_up = [connection for connection in self._given_up if connection.is_alive()]
        if self._is_stopping:
            return 0.0
        for connection in (self._current, self._candidate):
            if connection is not None and (trouble := self._trouble_with(connection, now)):
                connection.leave(trouble)
        if self._current is None:
            return self._attempt(now)
        self._look_back(self._current, now)
        return self._patience.look_s

    def _trouble_with(self, connection: Connection, now: float) -> str:
        """Return why a connection must be given up, empty where it need not."""
        if not connection.is_alive():
            return "its thread has died"
        if connection.phase is Phase.CONNECTING and now - connection.began_s >= self._patience.attempt_s:
            return f"no answer within {self._patience.attempt_s:.0f} s"
        if connection.phase is Phase.OPEN and connection.silent_s() >= self._patience.acknowledgement_s:
            return f"nothing was acknowledged for {self._patience.acknowledgement_s:.0f} s"
        return ""

    def _attempt(self, now: float) -> float:
        """Begin an attempt where it is due; return the seconds until the next look."""
        if now < self._route.due_s:
            return min(self._route.due_s - now, self._patience.look_s)
        if len(self._given_up) < GIVEN_UP_AT_MOST:
            self._route.attempt(now)
            self._current = self._connect(self._route.index)
        return self._patience.look_s

    def _look_back(self, current: Connection, now: float) -> None:
        """Go back to the first centre, where it lives, after a while on a later one."""
        candidate = self._candidate
        if candidate is None:
            if self._route.index != 0 and current.phase is Phase.OPEN and now >= self._look_back_s:
                self._candidate = self._connect(0)
        elif candidate.opened_s is not None:
            if candidate.has_live_centre and not current.unacknowledged():
                self._lose(current, "back to the first centre")
                self._take_candidate()
                current.leave("back to the first centre")
            elif not candidate.has_live_centre and now - candidate.opened_s >= self._patience.beat_s:
                candidate.leave("its broker is there, but the centre says nothing")

    def _connect(self, index: int) -> Connection:
        connection = Connection(self._settings, self._settings.centres[index], self._epoch, self)
        connection.begin()
        return connection
