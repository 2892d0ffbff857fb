"""One unit in a test: its core is handed events in simulated time, and what it decides is gathered.

Rules: a deadline that is handled must not be due any more, else the real loop would spin; that is checked everywhere.
"""

from typing import TypeVar

from device.core import events as ev
from device.core.call import NO_CALLS, CallPlan
from device.core.effects import Effect, Indicate, Light, Prompt, Publish, Speak, Store
from device.core.moment import Moment
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.triggers import Trigger
from device.core.unit import LocalUnit
from device.wire import messages as wire
from device.wire.vocabulary import DeviceType, LocationCode, Urgency

E = TypeVar("E")

EPOCH = "a" * 16
EARLIER = "b" * 16
BEGAN_S = 1000.0
BEAT_S = 20.0
BUTTON = Trigger("button", "Big button", location_code=LocationCode.HALL)
PENDANT = Trigger("pendant", "Pendant", DeviceType.PERSONAL_TRIGGER)
CORD = Trigger("cord", "Bathroom cord", location_code=LocationCode.BATHROOM, pre_alarm_s=10)
TRIGGERS = (BUTTON, PENDANT, CORD)


def at(seconds: float) -> Moment:
    """Return the moment so long after the beginning."""
    return Moment(BEGAN_S + seconds)


def key(seq: int, epoch: str = EPOCH) -> wire.MessageKey:
    """Return the key of a message."""
    return wire.MessageKey(epoch=epoch, seq=seq)


def raised(trigger: Trigger = BUTTON) -> wire.AlarmRaised:
    """Return what a press says."""
    return wire.AlarmRaised(trigger=trigger.info(), status_code=trigger.status_code)


def of_kind(kind: type[E], effects: list[Effect]) -> list[E]:
    """Return the effects of one kind."""
    return [effect for effect in effects if isinstance(effect, kind)]


def bodies(effects: list[Effect]) -> list[wire.Body]:
    """Return what is sent, in order."""
    return [effect.message.body for effect in of_kind(Publish, effects)]


def faults(effects: list[Effect]) -> list[str]:
    """Return what began (`+`) and what ended (`-`), in order."""
    told = []
    for body in (store.message.body for store in of_kind(Store, effects)):
        if isinstance(body, wire.FaultRaised | wire.FaultRestored):
            sign = "+" if isinstance(body, wire.FaultRaised) else "-"
            told.append(f"{sign}{body.fault}" + (f":{body.subject}" if body.subject else ""))
    return told


def connected() -> "Life":
    """Return a unit that has been on line for a while."""
    life = Life()
    life.connect()
    life.receive_all()
    life.wait(1)
    return life


class Life:
    """A unit from its start on."""

    def __init__(
        self,
        waiting: tuple[Outgoing, ...] = (),
        more: bool = False,
        open_alarm: AlarmRecord | None = None,
        triggers: tuple[Trigger, ...] = TRIGGERS,
        calls: CallPlan = NO_CALLS,
    ) -> None:
        """Start it, without a line."""
        self.unit = LocalUnit(triggers, calls)
        self.now_s = BEGAN_S
        self._light = Light.DARK
        self.said: list[tuple[float, Prompt]] = []
        self._stored: list[wire.MessageKey] = []
        self._beat = 0
        self._beat_due_s: float | None = None
        self.begun = self.happen(ev.Started(EPOCH, "boot-1", ev.StartCause.POWER_ON, "test", waiting, more, open_alarm))

    def happen(self, *events: ev.Event) -> list[Effect]:
        """Hand it events; return what it does about them."""
        done: list[Effect] = []
        for event in events:
            effects = self.unit.handle(event, Moment(self.now_s))
            deadline = self.unit.next_deadline()
            if isinstance(event, ev.DeadlineReached):
                assert deadline is None or deadline > self.now_s, "the loop would spin"
            done += effects
            for effect in effects:
                if isinstance(effect, Indicate):
                    self._light = effect.light
                elif isinstance(effect, Store):
                    self._stored.append(effect.message.key)
                elif isinstance(effect, Speak):
                    self.said.append((self.now_s - BEGAN_S, effect.prompt))
        return done

    def wait(self, seconds: float) -> list[Effect]:
        """Let time pass; return what it does meanwhile. A centre that was connected keeps renewing its state."""
        end_s = self.now_s + seconds
        done: list[Effect] = []
        while (due_s := self._next_s()) <= end_s:
            self.now_s = max(self.now_s, due_s)
            if self._beat_due_s is not None and self.now_s >= self._beat_due_s:
                done += self.hear_centre()
            else:
                done += self.happen(ev.DeadlineReached())
        self.now_s = end_s
        return done

    def connect(self) -> list[Effect]:
        """Open the path to a centre that lives."""
        return self.happen(ev.PathOpened("ethernet")) + self.hear_centre()

    def disconnect(self) -> list[Effect]:
        """Lose the path, and with it the centre."""
        self._beat_due_s = None
        return self.happen(ev.PathClosed("ethernet", "cut"))

    def hear_centre(self) -> list[Effect]:
        """Let the centre renew its state, and go on doing so."""
        self._beat += 1
        self._beat_due_s = self.now_s + BEAT_S
        return self.happen(ev.CentreHeard(True, self._beat))

    def freeze_centre(self) -> None:
        """Let the centre die behind a broker that lives."""
        self._beat_due_s = None

    def press(self, trigger: Trigger = BUTTON) -> list[Effect]:
        """Press and let go at once."""
        return self.happen(ev.TriggerActivated(trigger.trigger_id), ev.TriggerReleased(trigger.trigger_id))

    def receive(self, *keys: wire.MessageKey) -> list[Effect]:
        """Receive a receipt."""
        return self.happen(ev.ReceiptArrived(keys))

    def receive_all(self) -> list[Effect]:
        """Receive receipts for everything it has stored in this life."""
        return self.receive(*self._stored)

    def order(self, order: wire.Order, command_id: str = "order") -> list[Effect]:
        """Receive an order."""
        return self.happen(ev.CommandArrived(wire.Command(command_id=command_id, order=order)))

    def light(self) -> Light:
        """Return how it shines now."""
        return self._light

    def last_words(self) -> list[Prompt]:
        """Return what was said, and forget it."""
        said, self.said = [prompt for _, prompt in self.said], []
        return said

    def alarm_key(self) -> wire.MessageKey:
        """Return the key of the alarm that is open."""
        alarm = self.unit.alarm.open_alarm()
        assert alarm is not None
        return alarm.alarm

    def _next_s(self) -> float:
        deadline = self.unit.next_deadline()
        moments = [due_s for due_s in (deadline, self._beat_due_s) if due_s is not None]
        return min(moments, default=float("inf"))


def waiting_event(seq: int, epoch: str = EARLIER) -> Outgoing:
    """Return an event that an earlier life left waiting."""
    return outgoing(key(seq, epoch), Urgency.EVENT, wire.UnitStarted(cause="unknown", software="test"))


def waiting_alarm(seq: int, trigger: Trigger = BUTTON, epoch: str = EARLIER) -> Outgoing:
    """Return an alarm that an earlier life left waiting."""
    return outgoing(key(seq, epoch), Urgency.ALARM, raised(trigger))


def outgoing(message_key: wire.MessageKey, urgency: Urgency, body: wire.Body) -> Outgoing:
    """Return a message of an earlier life on the same boot of the machine, ten seconds old."""
    return Outgoing(message_key, urgency, body, BEGAN_S - 10.0, "boot-1", Moment(BEGAN_S - 10.0).wall())
