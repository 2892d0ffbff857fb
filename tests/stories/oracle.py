"""What must hold in every history: the oracle of the simulation.

Every press that reached a disk is either withdrawn or belongs to exactly one incident; no receipt without a commit;
light and words never promise what has not happened; nobody hears a room in the dark, or one that was not told; whoever
is in an alarm reaches an ear; when all is whole again, everything comes to rest.
"""

from dataclasses import dataclass, field

from device.core import effects as fx
from device.core import events as uev
from device.core.alarm import State
from device.core.call import CallState
from device.wire import messages as wire
from hub.core.records import EntryKind, IncidentKind, IncidentState, OrderState
from tests.exchange import SAYS
from tests.home import Home
from tests.world import World

HEARD = (fx.Light.PULSE, fx.Light.FLICKER)
KeyOfUnit = tuple[str, wire.MessageKey]


@dataclass
class Oracle:
    """Watches a world; complains in `check_*` with what it saw."""

    world: World
    kept: set[KeyOfUnit] = field(default_factory=set)
    """Messages that stand for a press and that a disk holds."""
    held_back: dict[str, wire.MessageKey] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    """Homes in which it was said, since their call began, that the room is heard."""
    broken_promises: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Look over every home's shoulder."""
        for home in self.world.homes.values():
            home.on_effect = self._saw

    def _saw(self, home: Home, event: uev.Event, effect: fx.Effect) -> None:  # noqa: C901 - a case an effect
        match effect:
            case fx.Store(message=message) if not home.disk.is_full:
                if isinstance(message.body, wire.AlarmRaised | wire.AlarmJoined | wire.AlarmWithdrawn):
                    self.kept.add((home.unit_id, message.key))
            case fx.SaveAlarm(record=record) if not home.disk.is_full:
                if record is not None and record.rung is None:
                    self.held_back[home.unit_id] = record.key
            case fx.Indicate(light=fx.Light.BRIGHT) | fx.Speak(prompt=fx.Prompt.ANSWERED):
                self._promised(home, "answered")
            case fx.Speak(prompt=fx.Prompt.RECEIVED):
                self._promised(home, "received")
            case fx.Speak(prompt=fx.Prompt.MICROPHONE_OPEN):
                self.told.add(home.unit_id)
            case fx.PlaceCall() | fx.AnswerCall():
                self.told.discard(home.unit_id)
            case fx.SetSpeech(mode=mode) if mode in SAYS and home.unit_id not in self.told:
                self.broken_promises.append(f"{self.world.now_s:.3f} {home.unit_id} is heard and was not told")
            case _:
                pass

    def _promised(self, home: Home, what: str) -> None:
        assert home.core is not None
        shown = home.core.alarm.open_alarm()
        if shown is None:
            self.broken_promises.append(f"{home.unit_id} says {what} without an alarm")
            return
        incidents = [i for i in self.world.store.incidents.values() if shown.alarm in i.alarms]
        committed = (home.unit_id, shown.alarm) in self.world.store.messages or bool(incidents)
        accepted = {
            e.incident_id for e in self.world.store.timeline if e.kind in (EntryKind.ACCEPTED, EntryKind.TAKEN_OVER)
        }
        if not committed or (what == "answered" and not any(i.incident_id in accepted for i in incidents)):
            self.broken_promises.append(f"{self.world.now_s:.3f} {home.unit_id} says {what} of {shown.alarm}")

    def check_history(self) -> None:
        """Check what must have held at every moment."""
        assert not self.broken_promises, self.broken_promises
        for home in self.world.homes.values():
            if home.core is not None and not home.disk.is_full:
                is_calm = home.core.alarm.state is State.NORMAL
                assert is_calm == (home.disk.alarm is None), f"{home.unit_id} forgot its alarm, or made one up"
            line = self.world.exchange.line_of(home)
            if line is not None and line.mode in SAYS:
                assert home.light in HEARD, f"{home.unit_id} is heard while it shines {home.light}"
        for receipt in self.world.receipts:
            assert receipt in self.world.store.messages, f"a receipt without a commit: {receipt}"

    def check_rooms(self) -> None:
        """Check that every room shows what stands on the screens, when all has been whole for a while."""
        for home in self.world.homes.values():
            assert home.core is not None, f"{home.unit_id} does not run"
            shown = home.core.alarm.open_alarm()
            alarms = [i for i in self.world.incidents(only_open=True) if i.unit_id == home.unit_id]
            assert bool(shown) == bool(alarms), f"{home.unit_id} shows {shown}, the screens {alarms}"
            if shown is not None:
                assert shown.alarm in alarms[0].alarms, f"{home.unit_id} shows {shown}, the screens {alarms}"
                should = {fx.Light.BRIGHT if alarms[0].owner else fx.Light.CALLING}
                if self.world.speaks:
                    should = {fx.Light.PULSE} if self._is_in_speech(home) else {fx.Light.BRIGHT}
                assert home.light in should, f"{home.unit_id} shines {home.light}, the screens {alarms}"

    def _is_in_speech(self, home: Home) -> bool:
        """Tell whether somebody has the room on the line; fails where nobody has, and nobody has ended the call."""
        assert home.core is not None
        if self.world.exchange.line_of(home) is not None:
            return True
        assert home.core.speech.state is CallState.CLEARED, f"{home.unit_id} reaches nobody: {home.core.speech.state}"
        return False

    def check_rest(self) -> None:
        """Check that everything is whole: nothing missing, nothing twice, nobody left waiting."""
        self._check_presses()
        assert not self.world.exchange.lines, f"calls that nobody ends: {self.world.exchange.lines}"
        assert not self.world.exchange.browsers, f"operators' legs that nobody ends: {self.world.exchange.browsers}"
        for home in self.world.homes.values():
            assert not home.disk.waiting, f"{home.unit_id} still holds {list(home.disk.waiting.values())}"
            assert home.core is not None, f"{home.unit_id} does not run"
            assert home.core.alarm.state is State.NORMAL, f"{home.unit_id} is still in alarm"
            assert home.light is fx.Light.STEADY, f"{home.unit_id} shines {home.light}"
        still_open = [i for i in self.world.store.incidents.values() if i.state is not IncidentState.CLOSED]
        assert not still_open, f"open: {still_open}"
        waiting = [order for order in self.world.store.orders.values() if order.state is OrderState.WAITING]
        assert not waiting, f"orders wait: {waiting}"

    def _check_presses(self) -> None:
        for unit_id, key in sorted(self.kept, key=str):
            record = self.world.store.messages.get((unit_id, key))
            assert record is not None, f"{unit_id} pressed, {key} never arrived"
            if isinstance(record.message.body, wire.AlarmWithdrawn):
                assert record.incident_id == 0, f"{unit_id} withdrew, and somebody was called"
                continue
            incident = self.world.store.incidents.get(record.incident_id)
            assert incident is not None, f"{key} is in no incident"
            assert incident.kind is IncidentKind.ALARM, f"{key} is in an incident of kind {incident.kind}"
            body = record.message.body
            alarm = body.alarm if isinstance(body, wire.AlarmJoined) else key
            holders = [i for i in self.world.incidents() if alarm in i.alarms and i.unit_id == unit_id]
            assert incident in holders, f"{alarm} is not among the alarms of incident {incident.incident_id}"
