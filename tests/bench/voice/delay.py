"""From mouth to ear: a click that is said at one end, and when it is heard at the other, through a centre that bridges.

What is said and heard are frames of 20 ms, so up to a frame of every figure is the measurement's own.
"""

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from device.voice.messages import CLOCK_HZ, FRAME_BYTES, Link, OpenSocket
from hub.demo.tone import tone
from tests.bench.figures import Section, in_ms, median_at_most_ms
from tests.bench.voice.browser import CLICK_HZ, delays_through_the_house
from tests.bench.voice.frames import Mouth, is_loud
from tests.bench.voice.parties import Exchange, Party, Phone, Unit
from tests.peers.sound import Phrase, spoken

CLICKS = 60
CLICK = [tone(CLICK_HZ, FRAME_BYTES // 2, 0, CLOCK_HZ)] * 3
PAUSE_S = (0.4, 0.6)
LOST_AFTER_S = 1.0
SETTLE_S = 3.0
SIP_MS, BROWSER_MS = 120, 200

HOW = f"""Two SIP phones speak by way of the centre's engine, which bridges them: {CLICKS} clicks each way, from when
one is given to an engine to when its first frame comes out of the other. With the browser: a virtual home's room and
an operator's WebRTC peer, by way of the whole centre. Network and sound cards are not in it."""


@dataclass(slots=True)
class Click:
    """When clicks were heard."""

    heard_s: float = 0.0
    came: threading.Event = field(default_factory=threading.Event)

    def hear(self, frame: bytes, at_s: float) -> None:
        """Take a frame."""
        if not self.came.is_set() and is_loud(frame):
            self.heard_s = at_s
            self.came.set()


def run(folder: Path) -> Section:
    """Measure. Raises ChildError."""
    folder.mkdir(parents=True)
    with _two_phones(folder) as (one, other, hears_one, hears_other):
        there_s = _delays(one, hears_other)
        back_s = _delays(other, hears_one)
    to_browser_s, to_room_s = delays_through_the_house(CLICKS)
    ways = {
        "SIP → SIP": (there_s + back_s, SIP_MS),
        "home → browser": (to_browser_s, BROWSER_MS),
        "browser → home": (to_room_s, BROWSER_MS),
    }
    return Section(
        title="From mouth to ear",
        how=HOW,
        columns=("", "clicks", "median ms", "p99 ms", "worst ms"),
        rows=tuple((way, *in_ms(values)) for way, (values, _) in ways.items()),
        aims=tuple(
            median_at_most_ms(f"mouth to ear, {way}", values, bound_ms) for way, (values, bound_ms) in ways.items()
        ),
    )


@contextlib.contextmanager
def _two_phones(folder: Path) -> Iterator[tuple[Mouth, Mouth, Click, Click]]:
    unheard = folder / "unheard.wav"
    spoken(Phrase.QUESTION, unheard, 16_000)
    hears_one, hears_other = Click(), Click()
    with (
        Phone("other", unheard) as other,
        Exchange(folder, other.uri) as centre,
        Unit("one", unheard) as one,
    ):
        leg = one.call(centre.uri)
        centre.wait_until(lambda: len(centre.legs) == 2, "both legs stand")
        one.wait_until(lambda: leg in one.legs, "the call is answered")
        mouths = [
            _open(folder, party, next(iter(party.legs)), click)
            for party, click in ((one, hears_one), (other, hears_other))
        ]
        time.sleep(SETTLE_S)
        try:
            yield mouths[0], mouths[1], hears_one, hears_other
        finally:
            for mouth in mouths:
                mouth.close()


def _open(folder: Path, party: Party, leg: str, click: Click) -> Mouth:
    path = folder / f"mouth-{party.user}"
    party.tell(OpenSocket(point="mouth", path=path))
    party.link(leg, Link(source="mouth", sink=leg), Link(source=leg, sink="mouth"))
    return Mouth(path, click.hear)


def _delays(mouth: Mouth, ear: Click) -> list[float]:
    found = []
    for _ in range(CLICKS):
        time.sleep(random.uniform(*PAUSE_S))
        ear.came.clear()
        mouth.say(CLICK)
        if ear.came.wait(LOST_AFTER_S):
            found.append(ear.heard_s - mouth.said_s)
    return found
