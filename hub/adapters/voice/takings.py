"""What is being recorded: which conversation goes to which recording, through two points of the engine.

Rules: a recording whose recorder was lost goes on as soon as that is back; whatever befalls it, what it holds is
reported. Belongs to the adapter's lock.
"""

import itertools
import logging
from collections.abc import Callable
from pathlib import Path

from device.voice import messages as vm
from hub.adapters.voice.recording.client import Recorded
from hub.adapters.voice.wiring import Sides, Wiring
from hub.core import call_events as ce
from hub.core import events as ev
from hub.core.effects import RecordCall
from hub.ports import Report

log = logging.getLogger(__name__)

RECORDING = "recording"
"""What an incident about recordings is called."""


class Takings:
    """Every recording that is wanted."""

    def __init__(
        self,
        wiring: Wiring,
        send: Callable[[vm.EngineCommand], None],
        open_recording: Callable[[str, Path, Path], None],
        close_recording: Callable[[str], None],
        report: Report,
    ) -> None:
        """Begin with none."""
        self._wiring = wiring
        self._send = send
        self._open = open_recording
        self._close = close_recording
        self._report = report
        self._wanted: dict[str, tuple[Path, Path]] = {}
        self._numbers = itertools.count(1)
        self._has_failed = False

    def record(self, effect: RecordCall, folder: Path) -> None:
        """Record a conversation; the sockets stand in `folder`. Raises AdapterError."""
        if effect.recording_id in self._wanted:
            self.stop(effect.recording_id)
        number = next(self._numbers)
        left, right = folder / f"left-{number}", folder / f"right-{number}"
        self._wanted[effect.recording_id] = left, right
        self._wiring.recordings[effect.recording_id] = Sides(
            effect.conversation, effect.unit_leg, left.name, right.name
        )
        for path in (left, right):
            self._send(vm.OpenSocket(point=path.name, path=path))
        self._open(effect.recording_id, left, right)

    def stop(self, recording: str) -> None:
        """End a recording."""
        sockets = self._wanted.pop(recording, None)
        if sockets is None:
            return
        self._close(recording)
        self._wiring.recordings.pop(recording, None)
        for path in sockets:
            self._send(vm.ClosePoint(point=path.name))

    def recorder_is_back(self) -> None:
        """Go on with everything that is wanted."""
        for recording, (left, right) in self._wanted.items():
            self._open(recording, left, right)

    def recorded(self, recorded: Recorded) -> None:
        """Take the recorder's word that a recording was closed."""
        self._report(ce.RecordingEnded(recorded.recording, recorded.file, recorded.seconds, recorded.key_id))
        if recorded.problem:
            self._has_failed = True
            reason = f"{recorded.file}: {recorded.problem}"[:256]
            self._report(ev.AdapterFailed(RECORDING, "RecordCall", reason, lasting=True))
        elif self._has_failed:
            self._has_failed = False
            self._report(ev.AdapterRecovered(RECORDING))

    def forget(self) -> None:
        """End everything: the engine is lost, nothing more will be heard."""
        for recording in list(self._wanted):
            del self._wanted[recording]
            self._close(recording)
