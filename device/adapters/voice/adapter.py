"""The door of the unit's voice: places, answers and ends calls, says who hears whom, and tests the room's sound.

Rules: the engine is a process that may end at any moment and comes back by itself; every call ends with it, in one
`VoiceLost`. A call is called what its leg is: the core names those that it places, the engine those that arrive, and no
name is ever used again. Without an engine (pjsua2 is not installed) the unit lives as before: that is told once, at the
start.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from device.adapters.voice.caller import is_the_centre, purpose_of
from device.adapters.voice.room import Room
from device.adapters.voice.sound_test import SoundTester
from device.adapters.voice.switchboard import Speech, Switchboard
from device.core import events as ev
from device.core.effects import OF_VOICE, AnswerCall, Effect, EndCall, PlaceCall, SetSpeech, TestSound
from device.ports import Report
from device.voice import messages as engine
from device.voice.client import VoiceEngine, engine_problem

log = logging.getLogger(__name__)

ABOUT_ALARM = "Poga-Alarm"
ORDERED_AS = "Poga-Call"
_PLACE_CALL = engine.PlaceCall.model_fields["kind"].default
_SET_SOUND = engine.SetSound.model_fields["kind"].default


@dataclass(frozen=True, slots=True)
class Target:
    """Whom the unit calls, and how."""

    uri: str
    srtp: engine.Srtp


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """The engine, whom it calls, and the names in certificates that are the centre's."""

    engine: engine.Settings
    targets: tuple[Target, ...]
    centre_names: tuple[str, ...] = ()


class Engine(Protocol):
    """What the door asks of the engine's client."""

    def start(self) -> None:
        """Start the process, and keep one running from now on."""

    def send(self, command: engine.EngineCommand) -> None:
        """Have it do something; never waits, never raises."""

    def stop(self) -> None:
        """End it."""


MakeEngine = Callable[[engine.Settings, Callable[[engine.EngineEvent], None]], Engine]


class Voice:
    """The unit's ear and mouth beyond its walls."""

    name = "voice"
    performs: tuple[type[Effect], ...] = OF_VOICE

    def __init__(
        self,
        settings: VoiceSettings,
        make_engine: MakeEngine = VoiceEngine,
        problem: Callable[[], str | None] = engine_problem,
    ) -> None:
        """Prepare an engine; nothing is started yet. `problem` tells why there can be none."""
        self._settings = settings
        self._problem = problem
        self._engine = make_engine(settings.engine, self._heard)
        self._switchboard = Switchboard(self._engine.send)
        self.room = Room(self._engine.send, self._switchboard)
        self._tester = SoundTester(
            self._engine.send, self._switchboard, self.room, settings.engine.sound, self._sound_was_tested
        )
        self._report: Report | None = None
        self._lock = threading.Lock()  # guards the calls that there are
        self._calls: set[str] = set()
        self._is_running = False
        self._is_lost = False
        self.started: engine.EngineStarted | None = None
        """What the engine that runs now has said of itself."""

    def start(self, report: Report) -> None:
        """Start the engine, or tell why there is none."""
        self._report = report
        problem = self._problem()
        if problem is None:
            self._is_running = True
            self.room.expect()
            self._engine.start()
        else:
            log.warning("no voice: %s", problem)
            self._lose(problem)

    def perform(self, effect: Effect) -> None:
        """Do it; what becomes of it is reported. A call that is gone already is no mistake."""
        match effect:
            case PlaceCall():
                self._place(effect)
            case AnswerCall(call):
                self._tester.break_off()
                self._do(engine.AnswerLeg(leg=call))
            case EndCall(call, status):
                self._do(engine.EndLeg(leg=call, status=status))
            case SetSpeech(call, mode, volume):
                if self._is_known(call):
                    self._switchboard.speak(call, Speech(mode, volume))
            case TestSound():
                self._test_sound()
            case _:
                raise TypeError(f"{self.name} does not perform {type(effect).__name__}")

    def stop(self) -> None:
        """Hang up, and end the engine."""
        self._tester.stop()
        self._report = None
        if self._is_running:
            self._is_running = False
            self.room.fall_silent()
            self._engine.stop()

    # --- what is asked of the engine ---

    def _place(self, effect: PlaceCall) -> None:
        self._tester.break_off()
        if not self._is_running:
            self._tell(ev.CallEnded(effect.call, 0, "there is no voice engine", is_silence=False))
            return
        target = self._settings.targets[effect.target]
        headers = {}
        if effect.alarm is not None:
            headers[ABOUT_ALARM] = str(effect.alarm)
        if effect.call_id:
            headers[ORDERED_AS] = effect.call_id
        with self._lock:
            self._calls.add(effect.call)
        self._engine.send(engine.PlaceCall(leg=effect.call, uri=target.uri, headers=headers, srtp=target.srtp))

    def _do(self, command: engine.AnswerLeg | engine.EndLeg) -> None:
        if self._is_known(command.leg):
            self._engine.send(command)

    def _test_sound(self) -> None:
        if self.room.has_sound():
            self._tester.begin()
        else:
            self._sound_was_tested(ev.SoundTest(is_heard=False, detail="the voice engine has no sound device"))

    def _sound_was_tested(self, test: ev.SoundTest) -> None:
        self._tell(ev.SoundTested(test))

    # --- what the engine says, on its client's thread ---

    def _heard(self, event: engine.EngineEvent) -> None:
        try:
            self._take(event)
        except Exception:  # a mistake here must not end the thread that reads
            log.critical("voice could not take %r", event, exc_info=True)

    def _take(self, event: engine.EngineEvent) -> None:
        match event:
            case engine.EngineStarted():
                self._is_lost, self.started = False, event
                self._tell(ev.VoiceStarted(build_of(event)))
            case engine.EngineLost(reason=reason):
                self._lose(reason)
            case engine.LegArrived():
                self._arrive(event)
            case engine.CommandFailed():
                self._fail(event)
            case engine.SoundFound() | engine.SoundLost() | engine.PlayEnded():
                self._take_of_room(event)
            case engine.EngineAlive() | engine.LevelsRead() | engine.LegHeld():
                pass
            case _:
                self._take_of_leg(event)

    def _take_of_room(self, event: engine.SoundFound | engine.SoundLost | engine.PlayEnded) -> None:
        match event:
            case engine.SoundFound(name=name):
                if self.room.found(name):
                    self._tell(ev.SoundFound(name))
            case engine.SoundLost(reason=reason):
                self._lose_sound(reason)
            case engine.PlayEnded():
                self.room.ended(event)

    def _take_of_leg(
        self,
        event: engine.LegProgressed | engine.LegAnswered | engine.LegHeard | engine.LegEnded | engine.DigitHeard,
    ) -> None:
        if not self._is_known(event.leg):
            return
        match event:
            case engine.LegProgressed(leg=call, status=status):
                self._tell(ev.CallProgressed(call, status))
            case engine.LegAnswered(leg=call):
                self._tell(ev.CallAnswered(call))
            case engine.LegHeard(leg=call):
                self._tell(ev.CallHeard(call))
            case engine.DigitHeard(leg=call, digit=digit):
                self._tell(ev.KeyHeard(call, digit))
            case engine.LegEnded(leg=call, status=status, reason=reason, by=by):
                self._end(call, status, reason, is_silence=by is engine.EndedBy.SILENCE)

    def _arrive(self, event: engine.LegArrived) -> None:
        with self._lock:
            self._calls.add(event.leg)
        proven = is_the_centre(event, self._settings.centre_names, self._settings.engine.transports)
        if not proven:
            log.warning("a call from %s at %s is not proven to be the centre's", event.from_user, event.source)
        self._tell(ev.CallArrived(event.leg, purpose_of(event), is_from_centre=proven))

    def _end(self, call: str, status: int, reason: str, *, is_silence: bool) -> None:
        with self._lock:
            self._calls.discard(call)
        self._switchboard.silence(call)
        self._tell(ev.CallEnded(call, status, reason, is_silence))

    def _fail(self, event: engine.CommandFailed) -> None:
        """Know that a command could not be done."""
        log.warning("the voice engine could not %s %s: %s", event.command, event.subject, event.reason)
        if event.command == _PLACE_CALL and self._is_known(event.subject):
            self._end(event.subject, 0, event.reason, is_silence=False)
        elif event.command == _SET_SOUND:
            self._lose_sound(event.reason)

    def _lose_sound(self, reason: str) -> None:
        self.room.lost(reason)
        self._tell(ev.SoundLost(reason))

    def _lose(self, reason: str) -> None:
        with self._lock:
            self._calls.clear()
        had_started, self.started = self.started is not None, None
        self._switchboard.begin_anew()
        self.room.lost(reason, is_expected=had_started)
        if not self._is_lost:  # an engine that cannot start is tried again and again, which is no news
            self._is_lost = True
            self._tell(ev.VoiceLost(reason))

    def _tell(self, event: ev.Event) -> None:
        report = self._report
        if report is not None:
            report(event)

    def _is_known(self, call: str) -> bool:
        with self._lock:
            return call in self._calls


def build_of(started: engine.EngineStarted) -> str:
    """Return which engine runs and what its limits are, in a line for people."""
    kind = "own build" if started.is_own_build else "not our own build"
    sound = "sound cards" if started.has_sound_cards else "no sound cards"
    tls = started.tls or "no TLS"
    codecs = ", ".join(started.codecs)
    return f"PJSIP {started.version} ({kind}): {started.most_legs} legs, {sound}, codecs {codecs}, {tls}"
