"""The door of voice: what the core decides of calls goes to engine, browsers and recordings; what happens comes back.

Rules: effects come from the runtime's thread, events from the children's: one lock makes them one after the other, and
nothing under it waits. Where there is no engine there are no calls, and the centre goes on without.
"""

import itertools
import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from device.voice import messages as vm
from device.voice.client import VoiceEngine, engine_problem
from hub.adapters.voice.aloud import Aloud
from hub.adapters.voice.recording.client import Archive, Recorded, Recorder
from hub.adapters.voice.recording.keys import Keys
from hub.adapters.voice.settings import VoiceSettings
from hub.adapters.voice.switchboard import Hands, Switchboard
from hub.adapters.voice.webrtc.client import Browsers, LegEvent
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core import events as ev
from hub.ports import (
    IceServer,
    PermanentAdapterError,
    RecordingLostError,
    Recordings,
    Report,
    SpeechRefusedError,
    TransientAdapterError,
)
from hub.prompts.spoken import SpokenWords

log = logging.getLogger(__name__)

PROMPTS = "prompts"
"""What an incident about missing words is called."""
LOSSES_TOLD = 3
"""An engine that ends so often without having started needs a person."""


class Engine(Protocol):
    """What the door needs of a voice engine."""

    @property
    def is_running(self) -> bool:
        """Tell whether it has started and has not been lost since."""

    def start(self) -> None:
        """Start it, and keep it running."""

    def send(self, command: vm.EngineCommand) -> None:
        """Give it a command; never waits."""

    def stop(self) -> None:
        """End it."""


MakeEngine = Callable[[vm.Settings, Callable[[vm.EngineEvent], None]], Engine]


class Voice:
    """Implements hub.ports.Adapter and hub.ports.BrowserSpeech."""

    name = "voice"
    performs: tuple[type[fx.Effect], ...] = fx.VOICE_EFFECTS

    def __init__(
        self,
        settings: VoiceSettings,
        make_engine: MakeEngine = VoiceEngine,
        problem: Callable[[], str | None] = engine_problem,
    ) -> None:
        """Prepare; nothing is started."""
        self._problem = problem
        self._lock = threading.RLock()
        self._report: Report = _to_nobody
        self._numbers = itertools.count(1)
        self._losses = 0
        self._is_told_lost = False
        self._has_failed = False
        self._ice = tuple(IceServer(ice.urls, ice.username, ice.credential) for ice in settings.browsers.ice)
        self._archive = Archive(settings.recordings, Keys(settings.keys))
        self._recorder = Recorder(self._archive, settings.keys, self._recorded, self._recorder_is_back)
        self._browsers = Browsers(settings.browsers, self._browser_said)
        self._engine = make_engine(settings.engine, self._engine_said)
        self._aloud = Aloud()
        self._words = SpokenWords()
        hands = Hands(
            self._engine.send,
            lambda: self._engine.is_running,
            self._browsers,
            self._recorder,
            self._read_aloud,
            self._words,
        )
        self._board = Switchboard(hands, settings.directory, settings.trunk, self._tell)
        self.addresses: tuple[str, ...] = ()
        """Where calls come in, once the engine has started; in the order of its settings' transports."""

    @property
    def is_running(self) -> bool:
        """Tell whether the centre can speak."""
        return self._engine.is_running

    @property
    def is_ready(self) -> bool:
        """Tell whether operators' browsers can speak, too."""
        return self._engine.is_running and self._browsers.is_running

    @property
    def recordings(self) -> Recordings:
        """Return what was recorded."""
        return self._archive

    # --- hub.ports.Adapter ---

    def start(self, report: Report) -> None:
        """Start the children. Raises PermanentAdapterError where there can be no voice."""
        self._report = report
        self._board.folder = Path(tempfile.mkdtemp(prefix="poga-voice-"))
        if self._words.problems:
            said = f"{len(self._words.problems)} files cannot be played: {self._words.problems[0]}"
            report(ev.AdapterFailed(PROMPTS, "start", said[:256], lasting=True))
        self._recorder.start()
        if problem := self._problem():
            report(ce.VoiceLost(problem))
            raise PermanentAdapterError(problem)
        self._browsers.start()
        self._engine.start()

    def perform(self, effect: fx.Effect) -> None:
        """Do it, or see to it that it is done; returns at once. Raises AdapterError."""
        if isinstance(effect, fx.DeleteRecording):
            self._delete(effect)
            return
        with self._lock:
            self._board.do(effect)

    def stop(self) -> None:
        """End every call, then the children. What was recorded is told at the next start."""
        self._report = _to_nobody
        self._aloud.stop()
        self._engine.stop()
        self._browsers.stop()
        self._recorder.stop()
        if self._board.folder.name:
            shutil.rmtree(self._board.folder, ignore_errors=True)

    # --- hub.ports.BrowserSpeech ---

    def ice_servers(self) -> tuple[IceServer, ...]:
        """Return whom a browser asks for its ways here."""
        return self._ice

    def answer(self, leg: str, operator: str, offer: str) -> str:
        """Answer an operator's browser, which takes a leg that rings it. Raises SpeechRefusedError."""
        legs = self._board.legs
        with self._lock:
            legs.begin_answer(leg, operator)
            socket = self._board.folder / f"browser-{next(self._numbers)}"
            self._engine.send(vm.OpenSocket(point=leg, path=socket))
        try:
            answer = self._browsers.answer(leg, offer, socket)
        except SpeechRefusedError:
            with self._lock:
                self._engine.send(vm.ClosePoint(point=leg))
                legs.rings_again(leg)
            raise
        with self._lock:
            if leg in legs:
                return answer
        self._browsers.end(leg)
        raise SpeechRefusedError("the call has ended meanwhile")

    def decline(self, leg: str, operator: str) -> None:
        """Refuse a leg that rings an operator's browser."""
        with self._lock:
            self._board.legs.decline(leg, operator)

    # --- what happens: called from the children's threads ---

    def _engine_said(self, event: vm.EngineEvent) -> None:
        with self._lock:
            match event:
                case vm.EngineStarted():
                    self._started(event)
                case vm.EngineLost():
                    self._lost(event.reason)
                case _:
                    self._board.engine_said(event)

    def _started(self, event: vm.EngineStarted) -> None:
        self._losses = 0
        self._is_told_lost = False
        self.addresses = event.addresses
        log.info("voice: %s, at %s", build_of(event), ", ".join(event.addresses))
        self._tell(ce.VoiceStarted(build_of(event)))
        if self._has_failed:
            self._has_failed = False
            self._tell(ev.AdapterRecovered(self.name))

    def _lost(self, reason: str) -> None:
        self._board.forget()
        self._losses += 1
        if not self._is_told_lost:
            self._is_told_lost = True
            self._tell(ce.VoiceLost(reason[:256]))
        if self._losses == LOSSES_TOLD:
            self._has_failed = True
            said = f"the voice engine does not run: {reason}"
            self._tell(ev.AdapterFailed(self.name, "start", said[:256], lasting=True))

    def _browser_said(self, event: LegEvent) -> None:
        with self._lock:
            self._board.legs.browser_said(event)
            self._board.wiring.apply()

    def _recorded(self, recorded: Recorded) -> None:
        with self._lock:
            self._board.takings.recorded(recorded)

    def _recorder_is_back(self) -> None:
        with self._lock:
            self._board.takings.recorder_is_back()

    def _read_aloud(self, text: fx.Text, done: Callable[[Path | None], None]) -> None:
        def was_read(file: Path | None) -> None:
            with self._lock:
                done(file)
                self._board.wiring.apply()

        self._aloud.read(text, self._board.folder, was_read)

    def _delete(self, effect: fx.DeleteRecording) -> None:
        try:
            self._archive.delete(effect.file)
        except RecordingLostError as error:
            raise PermanentAdapterError(str(error)) from error
        except OSError as error:
            raise TransientAdapterError(f"{effect.file} cannot be deleted: {error.strerror}") from error
        self._tell(ce.RecordingDeleted(effect.recording_id))

    def _tell(self, event: ev.Event) -> None:
        self._report(event)


def build_of(started: vm.EngineStarted) -> str:
    """Return in a line what engine it is."""
    own = "own build" if started.is_own_build else "for trials only: not our own build"
    tls = started.tls or "no TLS"
    return f"PJSIP {started.version}, {own}, {started.most_legs} legs, {', '.join(started.codecs)}, {tls}"


def _to_nobody(_: ev.Event) -> None:
    """Take an event of a door that is closed."""
