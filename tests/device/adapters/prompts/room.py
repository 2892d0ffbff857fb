"""A room in which the unit speaks, with an `aplay` that does as it is told and a player in the test's hand."""

import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from device.adapters.prompts import Prompts, Sound, Utterance
from device.core.effects import Prompt, Speak
from device.core.events import AdapterFailed, AdapterRecovered, Event
from device.prompts import manifest as files
from device.prompts.words import Language
from tests.waiting import GENEROUS_S, until

APLAY = """#!/bin/sh
here={here}
mode=$(cat $here/mode)
echo "$$ $*" >> $here/runs
case $mode in
    plays) cat > $here/heard.new; mv $here/heard.new $here/heard ;;
    unknown) echo "ALSA lib pcm.c:2666: Unknown PCM" >&2; echo "aplay: audio open error: No such device" >&2; exit 1 ;;
    busy) echo "aplay: main:831: audio open error: Device or resource busy" >&2; exit 1 ;;
    unplugged) head -c 4000 > /dev/null; echo "aplay: pcm_write:2127: write error: No such device" >&2; exit 1 ;;
    dies) kill -9 $$ ;;
    hangs) exec sleep 600 ;;
esac
"""

Enter = Callable[..., "Room"]


def wav_of(language: Language, prompt: Prompt) -> bytes:
    return f"{language} {prompt}".encode() * 9_000  # more than a pipe holds


def fill(folder: Path, *languages: Language) -> None:
    manifest: files.Manifest = {}
    for language in languages:
        (folder / language).mkdir(parents=True, exist_ok=True)
        for prompt in Prompt:
            name, wav = files.name_of(language, prompt), wav_of(language, prompt)
            (folder / name).write_bytes(wav)
            words = f"{prompt} in {language}"
            manifest[name] = files.Spoken(words=words, source="test", sha256=files.hash_of(wav), duration_s=1)
    files.save(folder, manifest)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Aplay:
    """The script in place of `aplay`, and what it has seen."""

    here: Path

    def behave(self, mode: str) -> None:
        (self.here / "mode.new").write_text(mode)
        (self.here / "mode.new").replace(self.here / "mode")

    def runs(self) -> list[str]:
        """The arguments of every run."""
        return [line.partition(" ")[2] for line in self._lines()]

    def pids(self) -> list[int]:
        return [int(line.partition(" ")[0]) for line in self._lines()]

    def heard(self) -> bytes:
        path = self.here / "heard"
        return path.read_bytes() if path.exists() else b""

    def wait_for_run(self, number: int) -> None:
        until(lambda: len(self.pids()) == number, f"run {number} of aplay")

    def wait_to_hear(self, language: Language, prompt: Prompt) -> None:
        until(lambda: self.heard() == wav_of(language, prompt), f"{prompt} said in {language}")

    def wait_for_the_end_of_run(self, number: int) -> None:
        until(lambda: len(self.pids()) == number and not is_running(self.pids()[-1]), f"the end of run {number}")

    def _lines(self) -> list[str]:
        path = self.here / "runs"
        return path.read_text().splitlines() if path.exists() else []


@dataclass
class Room:
    """A running adapter, and what it reports."""

    adapter: Prompts
    events: queue.Queue[Event] = field(default_factory=queue.Queue)

    def say(self, prompt: Prompt) -> None:
        self.adapter.perform(Speak(prompt))

    def event(self) -> Event:
        return self.events.get(timeout=GENEROUS_S)

    def failure(self) -> AdapterFailed:
        event = self.event()
        assert isinstance(event, AdapterFailed)
        assert (event.adapter, event.effect) == ("prompts", "Speak")
        return event

    def expect_recovery(self) -> None:
        assert self.event() == AdapterRecovered(adapter="prompts")


@dataclass
class Held:
    """A sound that lasts until the test lets it end."""

    is_cut: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> bool:
        assert self.ended.wait(GENEROUS_S)
        return not self.is_cut

    def cut(self) -> None:
        self.is_cut = True
        self.ended.set()


@dataclass
class Stage:
    """A player in the test's hand: it begins when it is let, and its sounds end when they are let."""

    may_begin: threading.Event = field(default_factory=threading.Event)
    asked: list[Utterance] = field(default_factory=list)
    begun: list[Held] = field(default_factory=list)

    def begin(self, utterance: Utterance) -> Sound:
        self.asked.append(utterance)
        assert self.may_begin.wait(GENEROUS_S)
        self.begun.append(Held())
        return self.begun[-1]

    def probe(self) -> Sound:
        raise AssertionError("nothing is wrong here")

    def wait_to_be_asked(self, times: int) -> None:
        until(lambda: len(self.asked) == times, f"the player is asked {times} times")

    def wait_to_begin(self, times: int) -> None:
        until(lambda: len(self.begun) == times, f"the player begins {times} times")
