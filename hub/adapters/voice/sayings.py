"""What is said to a leg: prompts from their files, texts read aloud first. Each gets its `SayingEnded`, once.

Belongs to the adapter's lock.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.voice import messages as vm
from hub.adapters.voice.wiring import Wiring
from hub.core import call_events as ce
from hub.core.effects import Say, Spoken, Text
from hub.ports import Report
from hub.prompts.spoken import SpokenWords

log = logging.getLogger(__name__)

Read = Callable[[Text, Callable[[Path | None], None]], None]
"""Reads a text aloud into a file, and calls back under the adapter's lock."""


@dataclass(slots=True)
class _Saying:
    leg: str
    is_playing: bool = False
    is_stopped: bool = False
    made: Path | None = None


class Sayings:
    """Everything that is being said."""

    def __init__(
        self,
        words: SpokenWords,
        read: Read,
        wiring: Wiring,
        send: Callable[[vm.EngineCommand], None],
        report: Report,
    ) -> None:
        """Begin in silence."""
        self._words = words
        self._read = read
        self._wiring = wiring
        self._send = send
        self._report = report
        self._sayings: dict[str, _Saying] = {}

    def say(self, say: Say) -> None:
        """Say something to a leg."""
        self._sayings[say.saying] = _Saying(say.leg)
        match say.words:
            case Spoken(prompts, language):
                found = [self._words.find(prompt, language) for prompt in prompts]
                self._play(say.saying, [path for path in found if path is not None])
            case Text() as text:
                self._read(text, lambda file: self._was_read(say.saying, file))

    def stop(self, saying: str) -> None:
        """Fall silent."""
        found = self._sayings.get(saying)
        if found is None:
            return
        found.is_stopped = True
        if found.is_playing:
            self._send(vm.ClosePoint(point=_point(saying)))  # the engine says that it has ended
        else:
            self._over(saying, is_complete=False)

    def leg_is_over(self, leg: str) -> None:
        """Fall silent towards a leg that is no more."""
        for saying in [name for name, found in self._sayings.items() if found.leg == leg]:
            self.stop(saying)

    def play_ended(self, event: vm.PlayEnded) -> None:
        """Take the engine's word that something was played."""
        saying = event.point.removeprefix(_PREFIX)
        found = self._sayings.get(saying)
        if found is not None and not (event.is_complete or found.is_stopped):
            log.error("the engine could not play %s: %s", event.point, event.reason)
        self._over(saying, is_complete=event.is_complete)

    def forget(self) -> None:
        """Let go of everything without a word: the engine is lost."""
        for saying in list(self._sayings):
            self._drop(saying)

    def _was_read(self, saying: str, file: Path | None) -> None:
        found = self._sayings.get(saying)
        if found is None:
            _remove(file)
            return
        found.made = file
        self._play(saying, [file] if file else [])

    def _play(self, saying: str, files: list[Path]) -> None:
        if not files:
            log.error("there is nothing to play for %s: `make prompts`, and look at `poga-hub doctor`", saying)
            self._over(saying, is_complete=False)
            return
        found = self._sayings[saying]
        found.is_playing = True
        self._wiring.sayings[_point(saying)] = found.leg
        self._send(vm.PlayFiles(point=_point(saying), files=tuple(files)))

    def _over(self, saying: str, *, is_complete: bool) -> None:
        if saying in self._sayings:
            self._drop(saying)
            self._report(ce.SayingEnded(saying, is_complete))

    def _drop(self, saying: str) -> None:
        self._wiring.sayings.pop(_point(saying), None)
        _remove(self._sayings.pop(saying).made)


_PREFIX = "say/"


def _point(saying: str) -> str:
    return f"{_PREFIX}{saying}"


def _remove(file: Path | None) -> None:
    if file is not None:
        file.unlink(missing_ok=True)
