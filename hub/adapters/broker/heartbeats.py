"""The connection on which heartbeats come in by the thousand, and the thread that decodes and keeps them.

Rules: no alarm queues behind a heartbeat: own connection, own writer, own file in the store. The connection's thread
only queues; the writer takes what has come, has it committed, acknowledges it, and reports one event for all. Where the
store fails the beats are reported all the same, because supervision must go on. A retained heartbeat tells of the past
and is not asked for.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple, Protocol

from device.wire import codec, topics
from device.wire.messages import Heartbeat
from device.wire.topics import Leaf
from hub.adapters.broker.connection import Connection
from hub.adapters.broker.counts import Counted, Counts
from hub.adapters.broker.hearing import Hearing
from hub.adapters.broker.malformed import Malformed
from hub.adapters.broker.session import BrokerAddress, Session, Subscription
from hub.adapters.broker.sieve import Publication
from hub.core import events as ev
from hub.ports import AdapterError

log = logging.getLogger(__name__)

CLIENT_ID = "hub-heartbeats"
MOST_WAITING = 100_000
LARGEST_BATCH = 5_000
BATCH_EVERY_S = 0.05
"""Long enough for one commit to hold many, short enough for no person to notice."""
STORE = "heartbeat_store"
WRITER = "heartbeat_writer"
PAUSE_AFTER_MISTAKE_S = 1.0
STOP_WITHIN_S = 5.0

SESSION = Session(
    client_id=CLIENT_ID,
    subscriptions=(Subscription(topics.all_units(Leaf.HEARTBEAT)),),
    is_crowded=True,
)


class HeartbeatRow(NamedTuple):
    """A unit's newest heartbeat as it came; `heard_s` is Unix time by the centre's clock."""

    unit_id: str
    heard_s: float
    payload: bytes


class HeartbeatStore(Protocol):
    """Where heartbeats are kept."""

    def save(self, rows: Sequence[HeartbeatRow]) -> None:
        """Commit the rows in one act, from the writer's thread alone; each unit comes once. Raises AdapterError."""


class HeartbeatLine:
    """Hears heartbeats."""

    def __init__(
        self,
        address: BrokerAddress,
        hearing: Hearing,
        counts: Counts,
        store: HeartbeatStore,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        """Prepare the connection and its writer."""
        self._connection = Connection(address, SESSION, self)
        self._hearing = hearing
        self._counts = counts
        self._malformed = Malformed(counts)
        self._store = store
        self._wall_s = wall_s
        self._arrived: deque[tuple[Publication, int]] = deque(maxlen=MOST_WAITING)
        self._something_came = threading.Event()
        self._is_stopping = threading.Event()
        self._failing: set[str] = set()
        self._writer = threading.Thread(target=self._write, name="heartbeat-writer", daemon=True)

    def start(self) -> None:
        """Begin to connect and to write. Raises PermanentAdapterError."""
        self._connection.start()
        self._writer.start()

    def stop(self) -> None:
        """Leave the broker, and keep what has come."""
        self._connection.stop()
        self._is_stopping.set()
        self._something_came.set()
        if self._writer.is_alive():
            self._writer.join(STOP_WITHIN_S)

    # --- what the connection tells ---

    def stood(self) -> None:
        """Pass on that this connection stands."""
        self._counts.add(Counted.CONNECTIONS, CLIENT_ID)
        self._hearing.stood(CLIENT_ID)

    def fell(self, reason: str) -> None:
        """Pass on that it is lost."""
        self._hearing.fell(CLIENT_ID, reason)

    def refused(self, reason: str) -> None:
        """Pass on that the broker does not want us."""
        self._counts.add(Counted.REFUSED)
        self._hearing.failed(reason)

    def heard(self, publications: Sequence[Publication], generation: int) -> None:
        """Queue heartbeats; where too many wait, the oldest go."""
        too_many = len(self._arrived) + len(publications) - MOST_WAITING
        if too_many > 0:
            self._counts.add(Counted.DROPPED, by=too_many)
        self._arrived.extend(zip(publications, repeat(generation)))
        self._something_came.set()

    # --- the writer ---

    def _write(self) -> None:
        while not self._is_stopping.is_set() or self._arrived:
            self._something_came.wait()
            self._something_came.clear()
            try:
                while self._arrived:
                    began_s = time.monotonic()
                    self._take_batch()
                    self._rest(began_s)
            except Exception as error:  # this thread must not end: what is left waits for the next turn
                log.critical("a batch of heartbeats is lost", exc_info=True)
                self._fail(WRITER, error)
                self._is_stopping.wait(PAUSE_AFTER_MISTAKE_S)
                self._something_came.set()

    def _rest(self, began_s: float) -> None:
        """Let a batch gather, unless one waits already."""
        if len(self._arrived) < LARGEST_BATCH:
            self._is_stopping.wait(max(0.0, began_s + BATCH_EVERY_S - time.monotonic()))

    def _take_batch(self) -> None:
        size = min(len(self._arrived), LARGEST_BATCH)
        batch = [self._arrived.popleft() for _ in range(size)]
        heard_s = self._wall_s()
        rows: dict[str, HeartbeatRow] = {}
        beats: dict[str, ev.Beat] = {}
        for message, _ in batch:
            try:
                unit_id = _unit_of(message.topic)
                heartbeat = codec.decode(Heartbeat, message.payload)
            except codec.WireError as error:
                self._malformed.note(message.topic, error)
                continue
            rows[unit_id] = HeartbeatRow(unit_id, heard_s, message.payload)
            beats[unit_id] = ev.Beat(unit_id, heartbeat.interval_s, heartbeat.alarm, heartbeat.faults)
        self._counts.add(Counted.MESSAGES, Leaf.HEARTBEAT, len(batch))
        self._counts.add(Counted.BATCHES)
        try:
            self._save(list(rows.values()))
        finally:  # a store that fails must not make the units silent
            self._acknowledge(batch)
            if beats:
                self._hearing.report(ev.HeartbeatsArrived(tuple(beats.values())))
        self._recover(WRITER)

    def _save(self, rows: Sequence[HeartbeatRow]) -> None:
        if not rows:
            return
        try:
            self._store.save(rows)
        except AdapterError as error:
            self._fail(STORE, error)
        else:
            self._recover(STORE)

    def _acknowledge(self, batch: Sequence[tuple[Publication, int]]) -> None:
        mids: dict[int, list[int]] = {}
        for message, generation in batch:
            if message.mid:
                mids.setdefault(generation, []).append(message.mid)
        for generation, of_one_connection in mids.items():
            self._connection.acknowledge(generation, *of_one_connection)

    def _fail(self, part: str, error: Exception) -> None:
        if part not in self._failing:
            self._failing.add(part)
            log.error("heartbeats are not kept: %s", error)
            reason = f"{type(error).__name__}: {error}"[:256]
            self._hearing.report(ev.AdapterFailed(part, "save", reason, lasting=True))

    def _recover(self, part: str) -> None:
        if part in self._failing:
            self._failing.discard(part)
            self._hearing.report(ev.AdapterRecovered(part))


@lru_cache(maxsize=32_768)
def _unit_of(topic: str) -> str:
    """Return the unit a topic belongs to; remembered, for the same units speak for ever. Raises WireError."""
    parsed = topics.parse_unit_topic(topic)
    if parsed is None:
        raise codec.WireError(codec.WireProblem.WRONG_TOPIC, "it names no unit")
    return parsed.unit_id
