"""The door through which the unit speaks, one prompt at a time.

Rules: `perform` only leaves the prompt for the speaking thread, so neither a slow disk nor a stuck sound card holds the
loop. A new prompt cuts the one being said. Only files that are what the manifest says are played, and from memory, once
they were read. What cannot be said in the unit's language is said in English. Failing is told once, and working again
once; while something is wrong, it is tried again in silence.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from device.adapters.prompts.player import Player, Sound, Utterance
from device.core.effects import Effect, Prompt, Speak
from device.core.events import AdapterFailed, AdapterRecovered
from device.ports import AdapterError, PermanentAdapterError, Report
from device.prompts import manifest as files
from device.prompts.words import Language

log = logging.getLogger(__name__)

TRY_AGAIN_S = 60.0
STOPS_WITHIN_S = 5.0

_FILES = "files"
_SOUND = "sound"


class Prompts:
    """Says what it is told, in the unit's language."""

    name = "prompts"
    performs: tuple[type[Effect], ...] = (Speak,)

    def __init__(self, folder: Path, language: Language, player: Player, try_again_s: float = TRY_AGAIN_S) -> None:
        """Speak from a folder that `device.prompts.render` has filled."""
        self._folder = folder
        self._language = language
        self._player = player
        self._try_again_s = try_again_s
        self._report: Report | None = None
        self._worker = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._changed = threading.Condition()  # guards the three below
        self._next: Prompt | None = None
        self._sound: Sound | None = None
        self._is_stopping = False
        self._utterances: dict[Prompt, Utterance] = {}
        self._wrong: set[str] = set()

    def start(self, report: Report) -> None:
        """Read the words into memory, and be ready to speak."""
        self._report = report
        try:
            self._worker.start()
        except RuntimeError as error:  # no thread is to be had
            raise PermanentAdapterError(f"nothing can be said: {error}; restart the unit") from error

    def perform(self, effect: Effect) -> None:
        """Say a prompt instead of whatever is being said; returns at once."""
        if not isinstance(effect, Speak):
            raise TypeError(f"{self.name} does not perform {type(effect).__name__}")
        if not self._worker.is_alive():
            raise PermanentAdapterError("the speaking thread has ended; restart the unit")
        with self._changed:
            self._next = effect.prompt
            self._cut()

    def stop(self) -> None:
        """Fall silent."""
        with self._changed:
            self._is_stopping = True
            self._cut()
        if self._worker.is_alive():
            self._worker.join(timeout=STOPS_WITHIN_S)

    def _cut(self) -> None:
        if self._sound is not None:
            self._sound.cut()
        self._changed.notify()

    # --- the speaking thread ---

    def _work(self) -> None:
        self._fetch_words()
        while True:
            with self._changed:
                self._changed.wait_for(self._has_work, timeout=self._try_again_s if self._wrong else None)
                prompt, self._next = self._next, None
                if self._is_stopping:
                    return
            if prompt is None:
                self._try_again()
            elif prompt in self._utterances:
                self._say(partial(self._player.begin, self._utterances[prompt]))

    def _has_work(self) -> bool:
        return self._is_stopping or self._next is not None

    def _say(self, begin: Callable[[], Sound]) -> None:
        try:
            sound = begin()
            with self._changed:
                self._sound = sound
                if self._has_work():  # it came while this one began
                    sound.cut()
            if sound.wait():
                self._mend(_SOUND)
        except AdapterError as error:
            self._fail(_SOUND, error)
        finally:
            with self._changed:
                self._sound = None

    def _try_again(self) -> None:
        self._fetch_words()
        if _SOUND in self._wrong:
            self._say(self._player.probe)

    def _fetch_words(self) -> None:
        """Read into memory what is not there yet, or only in English for want of a whole file."""
        try:
            manifest = files.load(self._folder)
        except files.AudioError as error:
            self._fail(_FILES, PermanentAdapterError(str(error)))
            return
        languages = self._languages(manifest)
        for prompt in Prompt:
            if prompt not in self._utterances or prompt in self._wrong:
                self._fetch(prompt, languages, manifest)
        self._mend(_FILES)

    def _languages(self, manifest: files.Manifest) -> tuple[Language, ...]:
        """Return in which languages to look. One that was never rendered is no failure: English is what there is."""
        if self._language is Language.EN:
            return (Language.EN,)
        if not any(name.startswith(f"{self._language}/") for name in manifest):
            log.warning("%s has no words in %r, the unit speaks English", self._folder, self._language.value)
            return (Language.EN,)
        return (self._language, Language.EN)

    def _fetch(self, prompt: Prompt, languages: tuple[Language, ...], manifest: files.Manifest) -> None:
        problems: list[files.AudioError] = []
        for language in languages:
            name = files.name_of(language, prompt)
            try:
                wav = files.read(self._folder, name, manifest)
            except files.AudioError as error:
                problems.append(error)
                continue
            spoken = manifest[name]
            self._utterances[prompt] = Utterance(prompt, language, spoken.words, wav, spoken.duration_s)
            break
        if problems:
            self._fail(prompt, PermanentAdapterError(str(problems[0])))
        else:
            self._mend(prompt)

    def _fail(self, what: str, error: AdapterError) -> None:
        log.log(logging.DEBUG if what in self._wrong else logging.WARNING, "%s: %s", what, error)
        is_first = not self._wrong
        self._wrong.add(what)
        if is_first and self._report is not None and not self._is_stopping:
            reason = f"{type(error).__name__}: {error}"[:256]
            lasting = isinstance(error, PermanentAdapterError)
            self._report(AdapterFailed(adapter=self.name, effect=Speak.__name__, reason=reason, lasting=lasting))

    def _mend(self, what: str) -> None:
        if what not in self._wrong:
            return
        self._wrong.discard(what)
        if not self._wrong and self._report is not None and not self._is_stopping:
            self._report(AdapterRecovered(adapter=self.name))
