"""What the doctor says of what a unit says and hears: its words, the machine's sound cards, its voice.

Rules: the voice is started for real, on the settings' own sound card, where no unit runs; where one does, an engine
without sound and calls is started beside it, to know the build.
"""

import queue
import shutil
import subprocess
import time
from collections.abc import Iterator

from device.adapters.voice import Voice, build_of
from device.config import Settings
from device.core import events as ev
from device.core.effects import Prompt
from device.doctor.finding import Finding, attention, fault, ok
from device.prompts import manifest, words
from device.voice.client import EngineUnavailableError, probe
from device.voice.messages import EngineStarted

LISTS_WITHIN_S = 5.0
STARTS_WITHIN_S = 5.0
"""From the start of an engine to what it says of the sound card."""
LOOK_S = 0.1
PROBLEMS_TOLD = 3

_GET_OWN_BUILD = "it is good for trying things out alone; `make pjsua2` installs our own build"


def of_words() -> Iterator[Finding]:
    """Look at the spoken words."""
    problems = manifest.verify(manifest.AUDIO, words.load())
    yield from (fault("words", problem) for problem in problems[:PROBLEMS_TOLD])
    if len(problems) > PROBLEMS_TOLD:
        yield fault("words", f"and {len(problems) - PROBLEMS_TOLD} more")
    if not problems:
        yield ok("words", f"all {len(Prompt)} prompts are there in {len(words.Language)} languages")


def of_sound_cards() -> Iterator[Finding]:
    """Look at what the machine has."""
    aplay = shutil.which("aplay")
    if aplay is None:
        yield fault("sound cards", "aplay is not installed", "sudo apt install alsa-utils")
        return
    listed = subprocess.run([aplay, "-l"], capture_output=True, text=True, timeout=LISTS_WITHIN_S, check=False)
    cards = [line.partition(",")[0] for line in listed.stdout.splitlines() if line.startswith("card ")]
    if cards:
        yield ok("sound cards", "; ".join(cards))
    else:
        yield fault("sound cards", "there is none", "plug the loudspeaker in")


def of_voice(settings: Settings, voice: Voice | None) -> Iterator[Finding]:
    """Look at the engine; `voice` is the unit's own door, where it may be opened."""
    if not settings.speech.targets:
        yield ok("voice", "none: the settings name nobody to call", "see `speech.targets`")
    elif voice is None:
        try:
            yield _of_engine(probe(STARTS_WITHIN_S))
        except EngineUnavailableError as error:
            yield fault("voice", str(error))
    else:
        yield from _of_door(voice)


def _of_door(voice: Voice) -> Iterator[Finding]:
    heard: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
    told: list[ev.Event] = []
    ends_s = time.monotonic() + STARTS_WITHIN_S
    voice.start(heard.put)
    try:
        while time.monotonic() < ends_s and not any(isinstance(event, _LAST_WORDS) for event in told):
            try:
                told.append(heard.get(timeout=LOOK_S))
            except queue.Empty:
                continue
        started = voice.started
    finally:
        voice.stop()
    if started is not None:
        yield _of_engine(started)
    findings = [finding for event in told for finding in _meaning(event)]
    yield from findings or [fault("voice", f"the voice engine has not said how it is within {STARTS_WITHIN_S:g} s")]


_LAST_WORDS = (ev.VoiceLost, ev.SoundFound, ev.SoundLost)


def _meaning(event: ev.Event) -> Iterator[Finding]:
    match event:
        case ev.VoiceLost(reason):
            yield fault("voice", reason)
        case ev.SoundLost(reason):
            remedy = "plug it in; see the setting `speech.sound_card`, and `aplay -l` for the names"
            yield fault("voice sound", reason, remedy)
        case ev.SoundFound(name):
            yield ok("voice sound", name)
        case _:
            pass


def _of_engine(started: EngineStarted) -> Finding:
    build = build_of(started)
    return ok("voice", build) if started.is_own_build else attention("voice", build, _GET_OWN_BUILD)
