"""How good speech is at the other end of a line that loses packets: PESQ, by codec and loss."""

import contextlib
import statistics
import threading
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
from pesq import pesq

from device.voice.messages import CLOCK_HZ, Link, OpenSocket
from tests.bench.child import ChildError
from tests.bench.figures import NONE, Section
from tests.bench.voice.frames import Ear
from tests.bench.voice.lossy_line import LossyLine
from tests.bench.voice.parties import Party, Phone, Unit
from tests.peers.sound import Phrase, Sound, spoken

CODECS = ("opus", "G722", "PCMA")
NARROW = frozenset({"PCMA"})
LOSSES = (0.0, 0.01, 0.05, 0.10)
CALLS = 6
SPEECH_S = 9.0

Samples: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float32]]

HOW = f"""An engine says a phrase over a line that loses a part of its packets at random, another hears it; {CALLS}
calls of {SPEECH_S:g} s each, the median. PESQ compares what was heard with what was said: 1 is bad, 4.5 perfect; PCMA
by its narrow form (P.862.1), the others by its wide one (P.862.2), so the two are not for comparison. The speech is
espeak-ng's, which PESQ likes less than a person's."""


@dataclass(slots=True)
class Heard:
    """What came of one call."""

    sound: bytearray = field(default_factory=bytearray)
    is_enough: threading.Event = field(default_factory=threading.Event)

    def hear(self, frame: bytes, _at_s: float) -> None:
        """Take a frame."""
        self.sound += frame
        if len(self.sound) >= 2 * CLOCK_HZ * SPEECH_S:
            self.is_enough.set()


def run(folder: Path) -> Section:
    """Measure. Raises ChildError."""
    folder.mkdir(parents=True)
    says = folder / "says.wav"
    once = spoken(Phrase.QUESTION, says, CLOCK_HZ, 20)
    rows = []
    for codec in CODECS:
        cells = [_median(folder / f"{codec}-{round(loss * 100)}", says, once, codec, loss) for loss in LOSSES]
        rows.append((codec, "narrow" if codec in NARROW else "wide", *cells))
    return Section(
        title="Speech on a bad line",
        how=HOW,
        columns=("", "PESQ", *(f"{loss:.0%} lost" for loss in LOSSES)),
        rows=tuple(rows),
    )


def _median(folder: Path, says: Path, once: Sound, codec: str, loss: float) -> str:
    folder.mkdir()
    with Listener("ears", folder) as ears, Unit("mouth", says, codecs=(codec,)) as mouth:
        if codec.lower() not in {one.lower() for one in mouth.codecs}:
            return NONE
        scores = [_score(call, once, codec) for call in _calls(ears, mouth, loss)]
    return f"{statistics.median(scores):.2f}"


def _calls(ears: "Listener", mouth: Unit, loss: float) -> list[bytes]:
    with contextlib.ExitStack() as stack:
        for seed in range(CALLS):
            line = stack.enter_context(LossyLine(ears.address, loss, seed))
            leg = mouth.call(f"sip:ears@{line.address}")
            mouth.wait_until(lambda leg=leg: leg in mouth.legs, "the call is answered")  # type: ignore[misc]
        ears.wait_until(lambda: len(ears.heard) == CALLS, "all are heard")
        for heard in ears.heard.values():
            if not heard.is_enough.wait(5 * SPEECH_S):
                raise ChildError("too little was heard")
        return [bytes(heard.sound) for heard in ears.heard.values()]


class Listener(Phone):
    """Answers, and keeps what it hears of each call."""

    def __init__(self, user: str, folder: Path) -> None:
        super().__init__(user, Path())
        self._folder = folder
        self.heard: dict[str, Heard] = {}

    def link(self, leg: str, *links: Link) -> None:
        """Listen, where a phone would speak."""
        if links:
            path = self._folder / f"e-{leg}"
            self.heard[leg] = Heard()
            self.tell(OpenSocket(point=f"ear-{leg}", path=path))
            Ear(path, self.heard[leg].hear)
            links = (Link(source=leg, sink=f"ear-{leg}"),)
        Party.link(self, leg, *links)


def _score(heard: bytes, once: Sound, codec: str) -> float:
    """Return PESQ's opinion of the middle of what was heard."""
    said = np.array(once.samples, dtype=np.float32)
    came = np.frombuffer(array("h", heard).tobytes(), dtype=np.int16).astype(np.float32)
    # From the beginning of a phrase on: where what came is most like one.
    middle = came[len(said) // 2 : len(said) // 2 + 2 * len(said)]
    start = int(np.argmax(np.correlate(middle, said, mode="valid")))
    phrase = middle[start : start + len(said)]
    if codec in NARROW:
        return float(pesq(CLOCK_HZ // 2, _halved(said), _halved(phrase), "nb"))
    return float(pesq(CLOCK_HZ, said, phrase, "wb"))


def _halved(samples: Samples) -> Samples:
    """Return every second sample, after a low pass."""
    taps = np.sinc(np.arange(-32, 33) * 0.47) * np.hamming(65)
    passed = np.convolve(samples, taps / taps.sum(), mode="same")
    return cast(Samples, passed[::2].astype(np.float32))
