"""One home in simulated time: the unit's real core, its disk, its room, its end of the line.

Rules: what is durable lives in `Disk` and survives a crash, what is not dies with it. A crash can strike between any
two effects. Nothing here decides what is right.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from device.core import effects as fx
from device.core import events as uev
from device.core import timings
from device.core.call import NO_CALLS, CallPlan
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.triggers import CANCEL, Trigger
from device.core.unit import LocalUnit
from device.wire import codec, topics
from device.wire import messages as wire
from device.wire.vocabulary import DeviceType, Urgency

if TYPE_CHECKING:
    from tests.world import World

KEEPALIVE_NOTICED_S = 30.0
"""A line that is cut silently is noticed by both ends after this (1.5 keepalives of 20 s)."""
TRIGGERS = (
    Trigger("button", "Big button", location_code="042"),
    Trigger("pendant", "Pendant", DeviceType.PERSONAL_TRIGGER),
    Trigger("cord", "Bathroom cord", location_code="011", pre_alarm_s=10),
)
CALLS = CallPlan((20.0, 20.0), notice_s=1.2)
"""Of a home that can call: both targets are the centre's."""
VOICE_STARTS_S = 0.3


class CrashError(Exception):
    """The process was killed here."""


@dataclass(slots=True)
class Disk:
    """What a unit's disk holds; `is_full` refuses every write."""

    waiting: dict[wire.MessageKey, Outgoing] = field(default_factory=dict)
    alarm: AlarmRecord | None = None
    is_full: bool = False


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
        self.has_voice = False
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
        self.core = LocalUnit(TRIGGERS, CALLS if self.world.speaks else NO_CALLS)
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
        if self.world.speaks:
            self.start_voice()

    def start_voice(self) -> None:
        """Start the voice engine; it is there in a moment, unless the program has died meanwhile."""
        life = self.core

        def begin() -> None:
            if life is not None and self.core is life and not self.has_voice:
                self.has_voice = True
                self.happen(uev.VoiceStarted("test"))
                self.happen(uev.SoundFound("card"))

        self.world.after(VOICE_STARTS_S, begin)

    def kill_voice(self) -> None:
        """Kill the voice engine; it is started again at once."""
        if self.has_voice:
            self.has_voice = False
            self.world.exchange.home_died(self)
            self.happen(uev.VoiceLost("killed"))
            self.start_voice()

    def crash(self) -> None:
        """Kill the program: what is not on disk is gone, the line falls."""
        self.core = None
        self.light = fx.Light.DARK
        self.has_voice = False
        self.world.exchange.home_died(self)
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
        self.world.after(0.2, lambda: self.happen(uev.TriggerReleased(CANCEL)))

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
        self.world.exchange.home_was_cut(self)
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
                self.world.exchange.unit_performs(self, effect)

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
