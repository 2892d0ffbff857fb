"""One centre, some homes, and a wire that can be cut, in simulated time: both real cores, everything else played.

Rules: what is committed (`CentreStore`) survives a crash, what is not dies with it. Messages travel as bytes through
the real codec. Nothing here decides what is right: that is the oracle's (`tests/stories/oracle.py`), and the stories'.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator
from random import Random

from device.core.moment import Moment as UnitMoment
from device.wire import codec, topics
from device.wire import messages as wire
from device.wire.vocabulary import ClockQuality, Urgency
from hub.core import effects as hfx
from hub.core import events as hev
from hub.core.centre import ReceivingCentre
from hub.core.moment import Moment as HubMoment
from hub.core.records import (
    Incident,
    IncidentKind,
    IncidentState,
    Outcome,
    Unit,
)
from hub.core.timings import Timings
from tests.centre_store import CentreStore
from tests.exchange import Exchange
from tests.home import Home


class World:
    """Everything, in one thread and one simulated time."""

    def __init__(self, homes: int = 1, seed: int = 0, plan: Timings | None = None, speaks: bool = False) -> None:
        """Build homes `home-1`... and a centre that knows them; nothing runs yet. `speaks`: all have voices."""
        self.random = Random(seed)
        self.now_s = 1000.0
        self.wall_offset_s = 1_700_000_000.0
        self.unit_clock = ClockQuality.NETWORK
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.speaks = speaks
        self.exchange = Exchange(self)
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
        self.with_microphone: frozenset[str] = frozenset()
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
        if self.speaks:
            self.after(0.2, self.exchange.start_centre_voice)

    def connect_centre(self) -> None:
        """Connect the centre to its broker."""
        if self.centre is None or self.centre_is_connected or not self.broker_is_up:
            return
        self.centre_is_connected = True
        self.centre_happen(hev.BrokerConnected())
        for home in self.homes.values():
            if home.is_connected:
                self.presence(home.unit_id, online=True)
        self.centre_happen(hev.ConsolesChanged(self.operators, self.with_microphone))

    def crash_centre(self) -> None:
        """Kill the centre: what is not committed is gone, its last will is published."""
        self.centre = None
        self.exchange.lose_centre_voice()
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
        self.with_microphone = self.operators if self.speaks else frozenset()
        self.centre_happen(hev.ConsolesChanged(self.operators, self.with_microphone))

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
                self.exchange.centre_performs(effect)

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
