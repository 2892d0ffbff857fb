"""Texts read aloud, beside everything else: a text becomes a WAV file in seconds at most, or nothing.

Rules: the text never stands where others of this machine can read it; the file is removed when it was played. The voice
is that of all prompts: the program that renders them reads here, too.
"""

import itertools
import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hub.core.effects import Text
from hub.prompts.spoken import FALLBACK, LANGUAGES

log = logging.getLogger(__name__)

LONGEST_RUN_S = 20.0
AT_ONCE = 2
MOST_CHARACTERS = 1_000
READER = "device.prompts.speak"


class Aloud:
    """Reads texts aloud, a few at once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="aloud")
        self._numbers = itertools.count(1)

    def read(self, text: Text, folder: Path, done: Callable[[Path | None], None]) -> None:
        """Read a text into a file in `folder`; `done` gets the file, or None, in another thread."""
        target = folder / f"aloud-{next(self._numbers)}.wav"
        self._workers.submit(self._read, text, target, done)

    def stop(self) -> None:
        """Begin nothing new."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _read(self, text: Text, target: Path, done: Callable[[Path | None], None]) -> None:
        problem = _speak(text, target)
        if problem:
            log.error("a text cannot be read aloud: %s", problem)
        try:
            done(None if problem else target)
        except Exception:  # a mistake about one text must not end the worker without a word
            log.critical("a text that was read aloud could not be played", exc_info=True)


def _speak(text: Text, target: Path) -> str:
    """Return why it cannot be read, empty where it was."""
    if len(text.text) > MOST_CHARACTERS:
        return f"it has more than {MOST_CHARACTERS} characters"
    language = text.language if text.language in LANGUAGES else FALLBACK
    command = [sys.executable, "-m", READER, "--language", language, "--target", str(target)]
    try:
        run = subprocess.run(
            command, input=text.text, capture_output=True, text=True, timeout=LONGEST_RUN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__} of its reader"  # not its text: what was asked for stands in it
    return run.stderr.strip()[-256:] or f"its reader ended with {run.returncode}" if run.returncode else ""
