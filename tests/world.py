"""One centre, some homes, and a wire that can be cut, in simulated time: both real cores, everything else played.

Rules: what is durable lives in `Disk` and `CentreStore` and survives a crash, what is not dies with it. Messages travel
as bytes through the real codec. A crash can strike between any two effects. Nothing here decides what is right: that is
the oracle's (`tests/stories/oracle.py`) and the stories'.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from device.core import effects as fx
from device.core import events as uev
from device.core import timings
from device.core.moment import Moment as UnitMoment
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.triggers import Trigger
from device.core.unit import LocalUnit
from device.wire import codec, topics
from device.wire import messages as wire
from device.wire.vocabulary import ClockQuality, DeviceType, Urgency
from hub.core import effects as hfx
from hub.core import events as hev
from hub.core.centre import ReceivingCentre
from hub.core.ingest import SeenSeqs
from hub.core.moment import Moment as HubMoment
from hub.core.records import (
    Incident,
    IncidentKind,
    IncidentState,
    OrderRecord,
    OrderState,
    Outcome,
    ReceivedMessage,
    Record,
    TimelineEntry,
    Unit,
)
from hub.core.timings import Timings

KEEPALIVE_NOTICED_S = 30.0
"""A line that is cut silently is noticed by both ends after this (1.5 keepalives of 20 s)."""
TRIGGERS = (
    Trigger("button", "Big button", location_code="042"),
    Trigger("pendant", "Pendant", DeviceType.PERSONAL_TRIGGER),
    Trigger("cord", "Bathroom cord", location_code="011", pre_alarm_s=10),
)


class CrashError(Exception):
    """The process was killed here."""


@dataclass(slots=True)
class Disk:
    """What a unit's disk holds; `is_full` refuses every write."""

    waiting: dict[wire.MessageKey, Outgoing] = field(default_factory=dict)
    alarm: AlarmRecord | None = None
    is_full: bool = False


@dataclass(slots=True)
class CentreStore:
    """What the centre has committed."""

    messages: dict[tuple[str, wire.MessageKey], ReceivedMessage] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)
    timeline: list[TimelineEntry] = field(default_factory=list)
    orders: dict[str, OrderRecord] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    others: list[Record] = field(default_factory=list)

    def save(self, record: Record) -> None:
        """Commit one record."""
        match record:
            case ReceivedMessage():
                assert (record.unit_id, record.message.key) not in self.messages, "a message was committed twice"
                self.messages[record.unit_id, record.message.key] = record
            case Incident():
                self.incidents[record.incident_id] = record
            case TimelineEntry():
                self.timeline.append(record)
            case OrderRecord():
                self.orders[record.command_id] = record
            case Unit():
                self.units[record.unit_id] = record
            case _:
                self.others.append(record)

    def snapshot(self) -> hev.Snapshot:
        """Return what a new life of the centre begins with."""
        seen: dict[str, dict[str, SeenSeqs]] = {}
        for unit_id, key in self.messages:
            seen.setdefault(unit_id, {}).setdefault(key.epoch, SeenSeqs()).take(key.seq)
        return hev.Snapshot(
            units=tuple(self.units.values()),
            incidents=tuple(i for i in self.incidents.values() if i.state is not IncidentState.CLOSED),
            orders=tuple(order for order in self.orders.values() if order.state is OrderState.WAITING),
            seen=seen,
            last_incident_id=max(self.incidents, default=0),
        )


class Home:
    """One unit: its core, its disk, its room."""

    def __init__(self, world: "World", unit_id: str) -> None:
        """Put a unit into the world, switched off."""
        self.world = world
        self.unit_id = unit_id
        self.disk = Disk()
        self.core: LocalUnit | None = None
        self.light = fx.Light.DARK
        self.said: list[tuple[float, fx.Prompt]] = []
        self.heartbeats: list[wire.Heartbeat] = []
        self.published: list[wire.Message] = []
        self.line_is_whole = True
        self.is_connected = False
        self.epoch = ""
        self.boots = 0
        self.crash_after: int | None = None
        self.on_effect: Callable[[Home, uev.Event, fx.Effect], None] = lambda home, event, effect: None
        self._link = 0
        self._deferred: list[fx.Effect] = []

    # --- what happens to it ---

    def start(self, cause: uev.StartCause = uev.StartCause.POWER_ON) -> None:
        """Switch on, unless it runs; what the disk holds comes back."""
        if self.core is not None:
            return
        if cause is uev.StartCause.POWER_ON:
            self.boots += 1
        self.epoch = f"{self.world.random.getrandbits(64):016x}"
        self.core = LocalUnit(TRIGGERS)
        alarms = [m for m in self.disk.waiting.values() if m.urgency is Urgency.ALARM]
        others = [m for m in self.disk.waiting.values() if m.urgency is Urgency.EVENT]
        window = (*alarms, *others[: timings.WINDOW])
        self.happen(
            uev.Started(
                epoch=self.epoch,
                boot_id=f"boot-{self.boots}",
                cause=cause,
                software="test",
                waiting=window,
                more_waiting=len(window) < len(self.disk.waiting),
                open_alarm=self.disk.alarm,
            )
        )
        self.world.after(0.2, self.connect)

    def crash(self) -> None:
        """Kill the program: what is not on disk is gone, the line falls."""
        self.core = None
        self.light = fx.Light.DARK
        self._deferred.clear()
        self._drop_link()

    def fill_disk(self) -> None:
        """Let the disk refuse every write from now on."""
        if not self.disk.is_full:
            self.disk.is_full = True
            self.happen(uev.OutboxFailed("disk full", put_aside=False))

    def free_disk(self) -> None:
        """Let the disk take writes again; what the outbox had put off is done first."""
        if self.disk.is_full:
            self.disk.is_full = False
            deferred, self._deferred = self._deferred, []
            for effect in deferred:
                self._perform(effect)
            self.happen(uev.OutboxRecovered())

    def press(self, trigger_id: str = "button", hold_s: float = 0.2) -> None:
        """Press and let go."""
        self.happen(uev.TriggerActivated(trigger_id))
        self.world.after(hold_s, lambda: self.happen(uev.TriggerReleased(trigger_id)))

    def happen(self, event: uev.Event) -> None:
        """Hand the unit an event, and perform what it decides, as the runtime does."""
        if self.core is None:
            return
        try:
            for effect in self.core.handle(event, self.world.unit_moment()):
                self._count_down()
                self.on_effect(self, event, effect)
                self._perform(effect)
        except CrashError:
            self.crash()
            self.world.after(3.0, lambda: self.start(uev.StartCause.RESTART))

    def cancel(self) -> None:
        """Press cancel and let go."""
        self.happen(uev.CancelActivated())
        self.world.after(0.2, lambda: self.happen(uev.TriggerReleased("cancel")))

    def turn(self) -> None:
        """Let the unit do what its deadlines ask."""
        while self.core is not None:
            deadline = self.core.next_deadline()
            if deadline is None or deadline > self.world.now_s:
                return
            self.happen(uev.DeadlineReached())

    # --- the line ---

    def cut(self, noticed_after_s: float = KEEPALIVE_NOTICED_S) -> None:
        """Cut the line silently: both ends notice later."""
        self.line_is_whole = False
        link = self._link
        self.world.after(noticed_after_s, lambda: self._notice(link))

    def mend(self) -> None:
        """Let the line carry again; the unit connects anew."""
        self.line_is_whole = True
        self.world.after(0.5, self.connect)

    def connect(self) -> None:
        """Connect to the broker where everything between stands."""
        if self.core is None or self.is_connected or not self.line_is_whole or not self.world.broker_is_up:
            return
        self.is_connected = True
        self._link += 1
        self.world.presence(self.unit_id, online=True)
        self.happen(uev.PathOpened("ethernet"))
        if self.world.centre_state is not None:
            self.hear_centre(self.world.centre_state)

    def disconnect(self, reason: str) -> None:
        """Lose the connection, and notice."""
        if self.is_connected:
            self._drop_link()
            self.happen(uev.PathClosed("ethernet", reason))

    def hear_centre(self, state: wire.CentreState) -> None:
        """Receive the centre's state."""
        self.happen(uev.CentreHeard(state.alive, state.beat))

    def receive(self, leaf: topics.Leaf, payload: bytes) -> None:
        """Receive what the centre sent, if the line carries it."""
        if not (self.is_connected and self.line_is_whole):
            return
        if leaf is topics.Leaf.RECEIPT:
            self.happen(uev.ReceiptArrived(codec.decode(wire.Receipt, payload).keys))
        else:
            self.happen(uev.CommandArrived(codec.decode(wire.Command, payload)))

    def _notice(self, link: int) -> None:
        if self.is_connected and link == self._link and not self.line_is_whole:
            self.disconnect("no answer to keepalive")
        if not self.is_connected:
            self.connect()

    def _drop_link(self) -> None:
        if self.is_connected:
            self.is_connected = False
            self.world.presence(self.unit_id, online=False)

    def _count_down(self) -> None:
        if self.crash_after is not None:
            self.crash_after -= 1
            if self.crash_after < 0:
                self.crash_after = None
                raise CrashError

    def _perform(self, effect: fx.Effect) -> None:  # noqa: C901 - a case an effect
        match effect:
            case fx.Store():
                self._store(effect)
            case fx.Forget() | fx.SaveAlarm() if self.disk.is_full:
                self._deferred.append(effect)
            case fx.Forget():
                for key in effect.keys:
                    self.disk.waiting.pop(key, None)
            case fx.SaveAlarm():
                self.disk.alarm = effect.record
            case fx.LoadWaiting():
                events = [m for m in self.disk.waiting.values() if m.urgency is Urgency.EVENT]
                loaded = tuple(events[: effect.limit])
                more = len(events) > effect.limit
                self.world.after(0.01, lambda: self.happen(uev.WaitingLoaded(loaded, more)))
            case fx.Publish():
                self.published.append(effect.message)
                self._send(topics.Leaf(str(effect.urgency)), codec.encode(effect.message))
            case fx.PublishHeartbeat():
                self.heartbeats.append(effect.heartbeat)
                self._send(topics.Leaf.HEARTBEAT, codec.encode(effect.heartbeat))
            case fx.Indicate():
                self.light = effect.light
            case fx.Speak():
                self.said.append((self.world.now_s, effect.prompt))
            case _:
                pass

    def _store(self, effect: fx.Store) -> None:
        if self.disk.is_full:
            failed = uev.AdapterFailed("outbox", "Store", "disk full", lasting=False, message=effect.message)
            self.world.after(0.0, lambda: self.happen(failed))
            return
        self.disk.waiting[effect.message.key] = effect.message
        if effect.opens is not None:
            self.disk.alarm = effect.opens

    def _send(self, leaf: topics.Leaf, payload: bytes) -> None:
        if self.is_connected and self.line_is_whole:
            self.world.carry_up(self.unit_id, leaf, payload)


class World:
    """Everything, in one thread and one simulated time."""

    def __init__(self, homes: int = 1, seed: int = 0, plan: Timings | None = None) -> None:
        """Build homes `home-1`... and a centre that knows them; nothing runs yet."""
        self.random = Random(seed)
        self.now_s = 1000.0
        self.wall_offset_s = 1_700_000_000.0
        self.unit_clock = ClockQuality.NETWORK
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.homes = {f"home-{n}": Home(self, f"home-{n}") for n in range(1, homes + 1)}
        self.store = CentreStore(units={unit_id: Unit(unit_id, name=unit_id) for unit_id in self.homes})
        self.plan = plan or Timings()
        self.centre: ReceivingCentre | None = None
        self.broker_is_up = True
        self.centre_is_connected = False
        self.centre_state: wire.CentreState | None = None
        self.crash_centre_after: int | None = None
        self.receipts: list[tuple[str, wire.MessageKey]] = []
        self.relayed: list[tuple[float, Incident, str]] = []
        self.shown: list[tuple[float, Incident]] = []
        self.replies: dict[str, hfx.Reply] = {}
        self.operators: frozenset[str] = frozenset()
        self.misfortune: Callable[[], Iterator[float]] = lambda: iter((0.005,))
        """How a message fares: the delays of its copies; none: it is lost."""

    # --- time ---

    def unit_moment(self) -> UnitMoment:
        """Return now, as units see it."""
        return UnitMoment(self.now_s, self.now_s + self.wall_offset_s, self.unit_clock)

    def after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do something later."""
        heapq.heappush(self._queue, (self.now_s + delay_s, next(self._count), act))

    def run_for(self, seconds: float) -> None:
        """Let time pass."""
        end_s = self.now_s + seconds
        while (at_s := self._next_s()) <= end_s:
            self.now_s = max(self.now_s, at_s)
            while self._queue and self._queue[0][0] <= self.now_s:
                heapq.heappop(self._queue)[2]()
            for home in self.homes.values():
                home.turn()
            self._turn_centre()
        self.now_s = end_s

    def run_until(self, condition: Callable[[], bool], within_s: float) -> float:
        """Let time pass until it is so; return how long that took. Fails where it does not come to be."""
        begun_s = self.now_s
        while not condition():
            at_s = self._next_s()
            assert at_s <= begun_s + within_s, f"not so within {within_s} s"
            self.run_for(max(0.0, at_s - self.now_s))
        return self.now_s - begun_s

    def _next_s(self) -> float:
        candidates = [self._queue[0][0]] if self._queue else []
        for home in self.homes.values():
            deadline = home.core.next_deadline() if home.core else None
            if deadline is not None:
                candidates.append(deadline)
        if self.centre is not None:
            candidates.append(self.centre.next_deadline())
        return min(candidates, default=float("inf"))

    # --- the centre ---

    def start(self) -> "World":
        """Start the centre with one operator on shift, then every home; wait until all is quiet."""
        self.start_centre()
        self.set_operators("anna")
        for home in self.homes.values():
            home.start()
        self.run_for(5)
        return self

    def start_centre(self) -> None:
        """Begin a life of the centre, unless it runs, from what is committed."""
        if self.centre is not None:
            return
        self.centre = ReceivingCentre(self.plan)
        self.centre_happen(hev.Started(f"{self.random.getrandbits(32):08x}", self.store.snapshot()))
        self.after(0.1, self.connect_centre)

    def connect_centre(self) -> None:
        """Connect the centre to its broker."""
        if self.centre is None or self.centre_is_connected or not self.broker_is_up:
            return
        self.centre_is_connected = True
        self.centre_happen(hev.BrokerConnected())
        for home in self.homes.values():
            if home.is_connected:
                self.presence(home.unit_id, online=True)
        self.centre_happen(hev.ConsolesChanged(self.operators))

    def crash_centre(self) -> None:
        """Kill the centre: what is not committed is gone, its last will is published."""
        self.centre = None
        if self.centre_is_connected:
            self.centre_is_connected = False
            self._spread(wire.CentreState(alive=False))

    def break_broker(self) -> None:
        """Kill the broker: every connection falls."""
        self.broker_is_up = False
        self.centre_state = None
        if self.centre_is_connected:
            self.centre_is_connected = False
            self.centre_happen(hev.BrokerLost("gone"))
        for home in self.homes.values():
            home.disconnect("connection reset")

    def mend_broker(self) -> None:
        """Start the broker again; everybody comes back."""
        self.broker_is_up = True
        self.after(0.5, self.connect_centre)
        for home in self.homes.values():
            self.after(self.random.uniform(0.5, 5.0), home.connect)

    def centre_happen(self, event: hev.Event) -> None:
        """Hand the centre an event, commit, then perform the rest, as its runtime does."""
        if self.centre is None:
            return
        effects = self.centre.handle(event, HubMoment(self.now_s, self.now_s + self.wall_offset_s))
        if self._centre_crashes():
            return
        for effect in effects:
            if isinstance(effect, hfx.Save):
                self.store.save(effect.record)
        for effect in effects:
            if self._centre_crashes():
                return
            self._perform(effect)

    def set_operators(self, *names: str) -> None:
        """Let these operators, and no others, have a live console."""
        self.operators = frozenset(names)
        self.centre_happen(hev.ConsolesChanged(self.operators))

    def act(
        self, incident_id: int, act: hev.Act, operator: str = "anna", outcome: Outcome | None = None, text: str = ""
    ) -> hfx.Reply | None:
        """Let an operator act; return the centre's reply, None where it did not survive to give one."""
        request = f"request-{next(self._count)}"
        self.centre_happen(hev.OperatorActed(request, operator, incident_id, act, text, outcome))
        return self.replies.get(request)

    def accept(self, incident_id: int, operator: str = "anna") -> hfx.Reply | None:
        """Let an operator accept."""
        return self.act(incident_id, hev.Act.ACCEPT, operator)

    def close(self, incident_id: int, operator: str = "anna") -> hfx.Reply | None:
        """Let an operator close."""
        return self.act(incident_id, hev.Act.CLOSE, operator, Outcome.HELPED)

    def incidents(self, kind: IncidentKind = IncidentKind.ALARM, only_open: bool = False) -> list[Incident]:
        """Return the committed incidents of a kind."""
        return [
            incident
            for incident in self.store.incidents.values()
            if incident.kind is kind and not (only_open and incident.state is IncidentState.CLOSED)
        ]

    def _turn_centre(self) -> None:
        while self.centre is not None and self.centre.next_deadline() <= self.now_s:
            self.centre_happen(hev.DeadlineReached())

    def _centre_crashes(self) -> bool:
        if self.crash_centre_after is None:
            return False
        self.crash_centre_after -= 1
        if self.crash_centre_after >= 0:
            return False
        self.crash_centre_after = None
        self.crash_centre()
        self.after(3.0, self.start_centre)
        return True

    def _perform(self, effect: hfx.Effect) -> None:
        match effect:
            case hfx.SendReceipt():
                self.receipts.append((effect.unit_id, effect.key))
                self._carry_down(effect.unit_id, topics.Leaf.RECEIPT, wire.Receipt(keys=(effect.key,)))
            case hfx.SendCommand():
                self._carry_down(effect.unit_id, topics.Leaf.COMMAND, effect.command)
            case hfx.PublishCentre():
                self._spread(effect.state)
            case hfx.Show():
                self.shown.append((self.now_s, effect.incident))
            case hfx.Relay():
                self.relayed.append((self.now_s, effect.incident, effect.reason))
            case hfx.Reply():
                self.replies[effect.request_id] = effect
            case _:
                pass

    # --- the wire ---

    def carry_up(self, unit_id: str, leaf: topics.Leaf, payload: bytes) -> None:
        """Carry a unit's message to the centre, as fortune has it."""
        for delay_s in self.misfortune():
            self.after(delay_s, lambda: self._arrive(unit_id, leaf, payload))

    def presence(self, unit_id: str, online: bool) -> None:
        """Tell the centre of a birth or a last will."""
        if self.centre_is_connected:
            self.centre_happen(hev.PresenceArrived(unit_id, online))

    def _arrive(self, unit_id: str, leaf: topics.Leaf, payload: bytes) -> None:
        if not self.centre_is_connected:
            return
        if leaf is topics.Leaf.HEARTBEAT:
            beat = codec.decode(wire.Heartbeat, payload)
            event = hev.Beat(unit_id, beat.interval_s, beat.alarm, tuple(beat.faults))
            self.centre_happen(hev.HeartbeatsArrived((event,)))
        else:
            message = codec.decode(wire.Message, payload)
            self.centre_happen(hev.MessageArrived(unit_id, Urgency(str(leaf)), message))

    def _carry_down(self, unit_id: str, leaf: topics.Leaf, message: wire.Model) -> None:
        home = self.homes.get(unit_id)
        if home is None or not self.centre_is_connected:
            return
        payload = codec.encode(message)
        for delay_s in self.misfortune():
            self.after(delay_s, lambda: home.receive(leaf, payload))

    def _spread(self, state: wire.CentreState) -> None:
        self.centre_state = state
        for home in self.homes.values():
            if home.is_connected and home.line_is_whole:
                home.hear_centre(state)
