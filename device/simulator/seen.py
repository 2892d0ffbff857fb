"""What somebody knows who watches the unit: its alarm on the ladder of truth, its faults, its light, its log.

Rules: gathered from the steps of the real core, never asked of its inside; written on the loop's thread, read from any.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from device.core import events as ev
from device.core.alarm import RUNGS, State
from device.core.effects import Effect, Indicate, Light, Store
from device.core.triggers import Trigger
from device.journal import Step
from device.simulator.call_seen import CallSeen
from device.simulator.log_line import line_of
from device.wire.messages import FaultRaised, FaultRestored

LINES_KEPT = 200


class LadderRung(StrEnum):
    """The ladder of truth, as far as a unit can know it."""

    PRESSED = "pressed"
    RECEIVED = "received"
    ANSWERED = "answered"
    SPEAKING = "speaking"
    CLOSED = "closed"


_REACHED = {
    State.RAISED: (LadderRung.PRESSED,),
    State.RECEIVED: (LadderRung.PRESSED, LadderRung.RECEIVED),
    State.ANSWERED: (LadderRung.PRESSED, LadderRung.RECEIVED, LadderRung.ANSWERED),
}


@dataclass(slots=True)
class _Sight:
    """Everything that was seen in this life of the program."""

    alarm: State = State.NORMAL
    key: str | None = None
    trigger_id: str | None = None
    rungs_s: dict[LadderRung, float] = field(default_factory=dict)
    pre_alarm_ends_s: float | None = None
    faults: dict[tuple[str, str], None] = field(default_factory=dict)
    path_is_open: bool = False
    centre_is_heard: bool = False
    waiting: int = 0
    light: Light = Light.DARK
    began_s: float | None = None
    call: CallSeen = field(default_factory=CallSeen)


class Seen:
    """Gathers steps; tells them as plain data."""

    def __init__(self, triggers: Mapping[str, Trigger]) -> None:
        """Know the triggers' names; nothing was seen yet."""
        self._triggers = triggers
        self._lock = threading.Lock()
        self._sight = _Sight()
        self._lines: deque[dict[str, Any]] = deque(maxlen=LINES_KEPT)
        self._numbered = 0
        self._pressed_s: float | None = None

    def begin_anew(self) -> None:
        """Forget what is gone with a life of the program; the log stays."""
        with self._lock:
            self._sight = _Sight()

    def go_dark(self) -> None:
        """Keep what the unit's disk keeps: a raised alarm, what waits for the centre, what it has told."""
        with self._lock:
            was, self._sight = self._sight, _Sight()
            self._sight.faults, self._sight.waiting = was.faults, was.waiting
            if was.alarm in RUNGS:
                self._sight.alarm, self._sight.key = was.alarm, was.key
                self._sight.trigger_id, self._sight.rungs_s = was.trigger_id, was.rungs_s

    def take(self, step: Step) -> None:
        """See a step."""
        with self._lock:
            if self._sight.began_s is None:
                self._sight.began_s = step.entry.moment.mono_s
            self._see_event(step.entry.event, step.entry.moment.mono_s)
            for effect in step.effects:
                self._see_effect(effect)
            if step.state is not self._sight.alarm:
                self._climb(step.state, step.entry.moment.mono_s)
            if self._sight.alarm in RUNGS and self._sight.call.is_open:
                self._sight.rungs_s.setdefault(LadderRung.SPEAKING, step.entry.moment.mono_s)
            self._note(step)

    def room_is_heard(self) -> bool:
        """Tell whether a call hears the room."""
        return self._sight.call.hears_the_room

    def plain(self, now_s: float | None = None) -> dict[str, Any]:
        """Return what is known now, as JSON can hold it."""
        now_s = time.monotonic() if now_s is None else now_s
        with self._lock:
            sight = self._sight
            began_s = sight.rungs_s.get(LadderRung.PRESSED, 0.0)
            left_s = None if sight.pre_alarm_ends_s is None else max(0.0, round(sight.pre_alarm_ends_s - now_s, 1))
            return {
                "alarm": {
                    "state": sight.alarm,
                    "key": sight.key,
                    "trigger": sight.trigger_id,
                    "pre_alarm_left_s": left_s,
                    "ladder": {rung: round((at_s - began_s) * 1000, 1) for rung, at_s in sight.rungs_s.items()},
                },
                "faults": [f"{code}:{subject}" if subject else code for code, subject in sight.faults],
                "path_is_open": sight.path_is_open,
                "centre_is_heard": sight.centre_is_heard,
                "waiting": sight.waiting,
                "light": sight.light,
                "call": sight.call.plain(),
                "log": list(self._lines),
            }

    def _see_event(self, event: ev.Event, now_s: float) -> None:
        sight = self._sight
        match event:
            case ev.TriggerActivated(trigger_id) if sight.alarm is State.NORMAL:
                self._pressed_s = now_s
                sight.trigger_id = trigger_id
            case ev.PathOpened():
                sight.path_is_open = True
            case ev.PathClosed():
                sight.path_is_open = False
            case ev.CentreHeard(is_alive):
                sight.centre_is_heard = is_alive
            case ev.OutboxRead(depth):
                sight.waiting = depth
            case _:
                sight.call.take_event(event)

    def _see_effect(self, effect: Effect) -> None:
        match effect:
            case Indicate(light):
                self._sight.light = light
            case Store(message, opens):
                if opens is not None:
                    self._sight.key = str(opens.key)
                if isinstance(message.body, FaultRaised):
                    self._sight.faults[str(message.body.fault), message.body.subject] = None
                elif isinstance(message.body, FaultRestored):
                    self._sight.faults.pop((str(message.body.fault), message.body.subject), None)
            case _:
                self._sight.call.take_effect(effect)

    def _climb(self, state: State, now_s: float) -> None:
        """Move the alarm to where it stands now, and note when each rung was first reached."""
        sight = self._sight
        was_open, sight.alarm = sight.alarm in RUNGS, state
        trigger = self._triggers.get(sight.trigger_id or "")
        sight.pre_alarm_ends_s = now_s + trigger.pre_alarm_s if trigger and state is State.PRE_ALARM else None
        if state in _REACHED:
            if not was_open:
                sight.rungs_s = {LadderRung.PRESSED: now_s if self._pressed_s is None else self._pressed_s}
            spoken = {rung: at_s for rung, at_s in sight.rungs_s.items() if rung is LadderRung.SPEAKING}
            sight.rungs_s = {rung: sight.rungs_s.get(rung, now_s) for rung in _REACHED[state]} | spoken
        elif was_open:
            sight.rungs_s[LadderRung.CLOSED] = now_s
        else:
            sight.rungs_s, sight.key = {}, None

    def _note(self, step: Step) -> None:
        """Write a line for the log, of what a person would want to read."""
        line = line_of(step)
        if line is None:
            return
        event, effects = line
        self._numbered += 1
        self._lines.append(
            {
                "number": self._numbered,
                "at_s": round(step.entry.moment.mono_s - (self._sight.began_s or 0.0), 3),
                "event": event,
                "effects": effects,
            }
        )
