"""All calls at one place: takes what the core wants and what the children say, and hands each to its part.

Belongs to the adapter's lock; nothing here waits.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.voice import messages as vm
from hub.adapters.voice.legs import Legs, Trunk
from hub.adapters.voice.numbers import Directory
from hub.adapters.voice.recording.client import Recorder
from hub.adapters.voice.sayings import Read, Sayings
from hub.adapters.voice.takings import Takings
from hub.adapters.voice.webrtc.client import Browsers
from hub.adapters.voice.wiring import Wiring
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core import events as ev
from hub.ports import PermanentAdapterError, Report
from hub.prompts.spoken import SpokenWords

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hands:
    """Those who do what is wanted: the children, and who reads aloud."""

    send: Callable[[vm.EngineCommand], None]
    speaks: Callable[[], bool]
    browsers: Browsers
    recorder: Recorder
    read: Read
    words: SpokenWords


class Switchboard:
    """Every leg, conversation, saying and recording."""

    def __init__(self, hands: Hands, directory: Directory, trunk: Trunk, report: Report) -> None:
        """Begin with none."""
        self._hands = hands
        self._report = report
        self.folder = Path()
        """Where sockets are made."""
        send = hands.send
        self.wiring = Wiring(send)
        self.legs = Legs(directory, trunk, send, self._end_browser, self._leg_said)
        self.sayings = Sayings(hands.words, hands.read, self.wiring, send, report)
        self.takings = Takings(self.wiring, send, hands.recorder.open, hands.recorder.close, report)
        self._acts: dict[type, Callable[[Any], None]] = {
            fx.Ring: lambda effect: self.legs.ring(effect, browsers_run=self._browsers_run()),
            fx.AnswerCall: lambda effect: self.legs.answer(effect.leg),
            fx.RefuseCall: lambda effect: self.legs.end(effect.leg, effect.status),
            fx.EndCall: lambda effect: self.legs.end(effect.leg),
            fx.Bridge: self.wiring.bridge,
            fx.Say: self.sayings.say,
            fx.StopSaying: lambda effect: self.sayings.stop(effect.saying),
            fx.RecordCall: lambda effect: self.takings.record(effect, self.folder),
            fx.StopRecording: lambda effect: self.takings.stop(effect.recording_id),
        }

    def do(self, effect: fx.Effect) -> None:
        """Do what the core wants. Raises AdapterError."""
        act = self._acts.get(type(effect))
        if act is None:
            raise PermanentAdapterError(f"voice does not perform {type(effect).__name__}")
        act(effect)
        self.wiring.apply()

    def engine_said(self, event: vm.EngineEvent) -> None:
        """Take what the engine says of legs and points."""
        match event:
            case vm.LegArrived():
                self.legs.arrived(event)
            case vm.LegProgressed() | vm.LegAnswered() | vm.LegHeard() | vm.LegEnded():
                self.legs.engine_said(event)
            case vm.DigitHeard():
                self._report(ce.KeyHeard(event.leg, event.digit))
            case vm.PlayEnded():
                self.sayings.play_ended(event)
            case vm.CommandFailed():
                self._failed(event)
            case _:
                return  # of the room, of levels, and that it lives
        self.wiring.apply()

    def forget(self) -> None:
        """Let go of everything: the engine is lost, and with it every call."""
        self.legs.forget()
        self.sayings.forget()
        self.takings.forget()
        self.wiring.forget()

    def _failed(self, event: vm.CommandFailed) -> None:
        log.warning("the voice engine could not %s (%s): %s", event.command, event.subject, event.reason)
        if event.command in ("place_call", "open_socket"):  # a leg is not there; a recording's point is no leg
            self.legs.over(event.subject, 0, event.reason)

    def _leg_said(self, event: ev.Event) -> None:
        self._report(event)
        if isinstance(event, ce.LegEnded):
            self.sayings.leg_is_over(event.leg)

    def _end_browser(self, leg: str) -> None:
        self._hands.browsers.end(leg)
        self._hands.send(vm.ClosePoint(point=leg))

    def _browsers_run(self) -> bool:
        return self._hands.browsers.is_running and self._hands.speaks()
