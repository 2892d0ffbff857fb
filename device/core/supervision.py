"""The unit watches itself: heartbeats, the centre's life, its path, mains, battery, buttons and doors.

Notices faults and their ends, once each; a reading that is missing ends none. The first sight of the centre's retained
state counts, its repetition does not: a broker can hand out a dead centre's last word for ever, so only a beat not seen
before is evidence, also after another centre was tried in between.
"""

from collections import deque
from dataclasses import dataclass

from device.core import events as ev
from device.core import timings
from device.core.effects import ChangeCentre, Effect, PublishHeartbeat
from device.core.faults import Faults
from device.core.moment import Moment
from device.core.readings import within
from device.core.transmission import Transmission
from device.wire.messages import Body, Heartbeat, OpenAlarm, PathHealth, UnitStarted
from device.wire.vocabulary import FaultCode, Urgency

_ADAPTER_FAULTS = {
    "triggers": FaultCode.TRIGGER_LOST,
    "prompts": FaultCode.SOUND_LOST,
    "indicators": FaultCode.LIGHT_LOST,
}
_LASTING_FAULTS = {"broker": FaultCode.PATH_LOST, "voice": FaultCode.VOICE_LOST}
"""Of these doors only what lasts: what passes is noticed by other signs."""


@dataclass(slots=True)
class _Readings:
    """The last values for the heartbeat."""

    mains: bool | None = None
    battery_percent: float | None = None
    temperature_c: float | None = None
    disk_free_mb: float | None = None
    outbox_depth: int = 0


class Supervision:
    """Everything the unit knows of its own health."""

    def __init__(self, mail: Transmission) -> None:
        """Begin with nothing known and nothing wrong."""
        self._mail = mail
        self.faults = Faults()
        self._read = _Readings()
        self._epoch = "0" * 16
        self._software = ""
        self._started_s = 0.0
        self._heartbeat_s = timings.HEARTBEAT_S
        self._next_heartbeat_s: float | None = None
        self._paths: dict[str, bool] = {}
        self._path_fault_at_s: float | None = None
        self._centre_lost_at_s = float("inf")
        self._last_beat: int | None = None
        self._last_words: deque[int] = deque(maxlen=timings.LAST_WORDS_REMEMBERED)
        self._mains_fault_at_s: float | None = None
        self._held_since_s: dict[str, float] = {}
        self.centre_is_live = False

    def begin(self, event: ev.Started, now: Moment) -> list[Effect]:
        """Start watching, and report the new life."""
        self._epoch, self._software, self._started_s = event.epoch, event.software[:64], now.mono_s
        self._centre_lost_at_s = now.mono_s + timings.CENTRE_SILENT_AFTER_S
        self._path_fault_at_s = now.mono_s + timings.PATH_FAULT_AFTER_S
        return self._tell([UnitStarted(cause=event.cause, software=self._software)], now)

    def set_heartbeat(self, interval_s: float, now: Moment) -> None:
        """Send heartbeats this often from now on."""
        self._heartbeat_s = interval_s
        if self._next_heartbeat_s is not None:
            self._next_heartbeat_s = now.mono_s

    # --- the line ---

    @property
    def has_path(self) -> bool:
        """Tell whether any path carries messages."""
        return any(self._paths.values())

    def path_opened(self, path: str, now: Moment) -> list[Effect]:
        """Note a path that carries messages, and send a heartbeat over it at once."""
        self._paths[path[:64]] = True
        self._path_fault_at_s = None
        self._next_heartbeat_s = now.mono_s
        if self.faults.has(FaultCode.CENTRE_LOST):  # let the centre at its other end speak before the next one is tried
            self._centre_lost_at_s = max(self._centre_lost_at_s, now.mono_s + timings.CENTRE_GRACE_S)
        return self._tell(self.faults.end(FaultCode.PATH_LOST), now)

    def path_closed(self, path: str, now: Moment) -> None:
        """Note a path that is gone; without any it is a fault, when it stays so."""
        self._paths[path[:64]] = False
        if self.has_path:
            return
        if self._last_beat is not None and self._last_beat not in self._last_words:
            self._last_words.append(self._last_beat)
        self._next_heartbeat_s = None
        if self._path_fault_at_s is None and not self.faults.has(FaultCode.PATH_LOST):
            self._path_fault_at_s = now.mono_s + timings.PATH_FAULT_AFTER_S

    def centre_heard(self, event: ev.CentreHeard, now: Moment) -> list[Effect]:
        """Take the centre's state as evidence; send everything again where the centre has come back."""
        if not event.is_alive:
            self._centre_lost_at_s = min(self._centre_lost_at_s, now.mono_s + timings.CENTRE_GRACE_S)
            return []
        if event.beat == self._last_beat or event.beat in self._last_words:
            return []
        was_live, self.centre_is_live = self.centre_is_live, True
        self._last_beat = event.beat
        self._centre_lost_at_s = now.mono_s + timings.CENTRE_SILENT_AFTER_S
        effects = self._tell(self.faults.end(FaultCode.CENTRE_LOST), now)
        return effects if was_live else effects + self._mail.send_again(now)

    # --- power, buttons, doors ---

    def power_read(self, event: ev.PowerRead, now: Moment) -> list[Effect]:
        """Note mains and battery."""
        percent = within(event.battery_percent, 0.0, 100.0)
        self._read.mains, self._read.battery_percent = event.mains, percent
        bodies: list[Body] = []
        if event.mains is False:
            if self._mains_fault_at_s is None and not self.faults.has(FaultCode.MAINS_LOST):
                self._mains_fault_at_s = now.mono_s + timings.MAINS_FAULT_AFTER_S
        elif event.mains is True:
            self._mains_fault_at_s = None
            bodies += self.faults.end(FaultCode.MAINS_LOST)
        if percent is not None and percent <= timings.BATTERY_LOW_PERCENT:
            bodies += self.faults.begin(FaultCode.BATTERY_LOW, detail=f"{percent:.0f} %")
        elif percent is not None and percent >= timings.BATTERY_OK_PERCENT:
            bodies += self.faults.end(FaultCode.BATTERY_LOW)
        return self._tell(bodies, now)

    def health_read(self, event: ev.HealthRead) -> None:
        """Note the readings of the next heartbeat."""
        self._read.temperature_c = within(event.temperature_c, least=-273.15)
        self._read.disk_free_mb = within(event.disk_free_mb, least=0.0)

    def outbox_read(self, depth: int) -> None:
        """Note how many messages wait."""
        self._read.outbox_depth = max(0, depth)

    def trigger_activated(self, trigger_id: str, now: Moment) -> None:
        """Begin to time how long it is held."""
        self._held_since_s.setdefault(trigger_id, now.mono_s)

    def trigger_found_active(self, trigger_id: str, now: Moment) -> list[Effect]:
        """Report a contact that was closed before anybody could have pressed it."""
        return self._tell(self.faults.begin(FaultCode.TRIGGER_HELD, trigger_id, "held at start"), now)

    def trigger_released(self, trigger_id: str, now: Moment) -> list[Effect]:
        """Stop timing it; a stuck one is well again."""
        self._held_since_s.pop(trigger_id, None)
        return self._tell(self.faults.end(FaultCode.TRIGGER_HELD, trigger_id), now)

    def adapter_failed(self, event: ev.AdapterFailed, now: Moment) -> list[Effect]:
        """Report what a door that cannot act takes away; a door that stumbles may have taken anything."""
        code = _ADAPTER_FAULTS.get(event.adapter)
        if code is None and event.is_mistake:
            return self._tell(self.faults.begin(FaultCode.PROGRAM_FAULT, event.adapter, event.reason), now)
        if code is None and event.lasting:
            code = _LASTING_FAULTS.get(event.adapter)
        return self._tell(self.faults.begin(code, detail=event.reason), now) if code else []

    def adapter_recovered(self, adapter: str, now: Moment) -> list[Effect]:
        """Report a door that works again."""
        code = _ADAPTER_FAULTS.get(adapter)
        return self._tell(self.faults.end(code), now) if code else []

    def outbox_failed(self, event: ev.OutboxFailed, now: Moment) -> list[Effect]:
        """Report that alarms are kept in memory only, or that a broken file was put aside."""
        bodies = self.faults.begin(FaultCode.OUTBOX_BROKEN, detail=event.reason)
        if event.put_aside:  # a new file works already: the fault begins and ends, and both are told
            bodies += self.faults.end(FaultCode.OUTBOX_BROKEN)
        return self._tell(bodies, now)

    def outbox_recovered(self, now: Moment) -> list[Effect]:
        """Report that the disk takes messages again."""
        return self._tell(self.faults.end(FaultCode.OUTBOX_BROKEN), now)

    # --- time ---

    def next_deadline(self) -> float | None:
        """Return the earliest moment at which something is due."""
        held = min(self._held_since_s.values(), default=None)
        candidates = [
            self._next_heartbeat_s,
            self._path_fault_at_s,
            self._centre_lost_at_s,
            self._mains_fault_at_s,
            None if held is None else held + timings.STUCK_AFTER_S,
        ]
        return min((at_s for at_s in candidates if at_s is not None), default=None)

    def deadline_reached(self, alarm: OpenAlarm | None, now: Moment) -> list[Effect]:
        """Do what is due: faults first, then the heartbeat that names them."""
        effects = self._tell(self._overdue(now), now) + self._centre_overdue(now)
        if self._next_heartbeat_s is not None and now.mono_s >= self._next_heartbeat_s:
            self._next_heartbeat_s = now.mono_s + self._heartbeat_s
            effects.append(PublishHeartbeat(self.heartbeat(alarm, now)))
        return effects

    def heartbeat(self, alarm: OpenAlarm | None, now: Moment) -> Heartbeat:
        """Return the unit's health at this moment."""
        return Heartbeat(
            epoch=self._epoch,
            uptime_s=round(now.mono_s - self._started_s, 1),
            interval_s=self._heartbeat_s,
            software=self._software,
            alarm=alarm,
            faults=tuple(str(fault)[:64] for fault in self.faults.present()[:64]),
            paths=tuple(PathHealth(name=name, is_up=is_up) for name, is_up in sorted(self._paths.items()))[:16],
            mains=self._read.mains,
            battery_percent=self._read.battery_percent,
            temperature_c=self._read.temperature_c,
            disk_free_mb=self._read.disk_free_mb,
            clock=now.clock,
            outbox_depth=self._read.outbox_depth,
        )

    def _overdue(self, now: Moment) -> list[Body]:
        bodies: list[Body] = []
        if self._path_fault_at_s is not None and now.mono_s >= self._path_fault_at_s:
            self._path_fault_at_s = None
            bodies += self.faults.begin(FaultCode.PATH_LOST)
        if self._mains_fault_at_s is not None and now.mono_s >= self._mains_fault_at_s:
            self._mains_fault_at_s = None
            bodies += self.faults.begin(FaultCode.MAINS_LOST)
        for trigger_id, since_s in list(self._held_since_s.items()):
            if now.mono_s >= since_s + timings.STUCK_AFTER_S:
                del self._held_since_s[trigger_id]
                bodies += self.faults.begin(FaultCode.TRIGGER_HELD, trigger_id, "held for a minute")
        return bodies

    def _centre_overdue(self, now: Moment) -> list[Effect]:
        """Note a silent centre, and try the next one for as long as it is silent."""
        if now.mono_s < self._centre_lost_at_s:
            return []
        self.centre_is_live = False
        self._centre_lost_at_s = now.mono_s + timings.CENTRE_SILENT_AFTER_S
        effects = self._tell(self.faults.begin(FaultCode.CENTRE_LOST), now)
        return [*effects, ChangeCentre()] if self._mail.is_open else effects

    def _tell(self, bodies: list[Body], now: Moment) -> list[Effect]:
        return [effect for body in bodies for effect in self._mail.submit(body, Urgency.EVENT, now)]
