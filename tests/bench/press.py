"""A press, rung by rung: the light, the centre's receipt, the operator's screen; quiet, and beside heartbeats."""

import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hub.demo.operator import RemoteOperator
from tests.bench.broker import UNIT, RealBroker, real_broker
from tests.bench.centre import Centre, running_centre
from tests.bench.child import Memory
from tests.bench.chromium import NoBrowserError, screen
from tests.bench.figures import Aim, Section, at_most_ms, in_ms, number
from tests.bench.generator import Offer, generating
from tests.bench.home import Home, pressed_home
from tests.bench.register import OPERATOR, OPERATOR_PASSWORD, Contents

PRESSES = 300
PRESSES_ON_SCREEN = 100
SETTLE_S = 3.0
LONGEST_PAUSE_S = 0.1
"""At random, so that no press keeps step with a ping or a batch of heartbeats."""
UNITS = 10_000
RATE = 5_000
LONGEST_LOAD_S = 300
SHOWN_WITHIN_S = 10.0

HOW = f"""A real unit on mock pins, a real mosquitto, a real centre, all on this machine and its disk. Every press is a
whole alarm: pressed for 0.1 s, received, shown, accepted, closed. Light and receipt are timed by the unit itself, the
stream by an operator's own process; in Chromium a press counts when the frame that shows it has been painted. Beside
load: {number(UNITS)} units in the register send {number(RATE)} heartbeats a second from a process of their own."""


@dataclass(slots=True)
class Rungs:
    """How long presses took to each rung, in seconds; `pressed` of them."""

    pressed: int = 0
    light_s: list[float] = field(default_factory=list)
    receipt_s: list[float] = field(default_factory=list)
    stream_s: list[float] = field(default_factory=list)
    painted_s: list[float] = field(default_factory=list)
    why_not_painted: str = ""


@dataclass(slots=True)
class Stage:
    """What stands while it is pressed."""

    broker: RealBroker
    centre: Centre
    home: Home
    operator: RemoteOperator
    last_incident: int = 0

    def press(self, rungs: Rungs) -> tuple[int, float]:
        """Press, accept and close; return the incident and when it was pressed. Raises ChildError, HTTPError."""
        time.sleep(random.uniform(0, LONGEST_PAUSE_S))
        rungs.pressed += 1
        self.home.press()
        incident_id = self._new_incident()
        if incident_id:
            self.operator.accept(incident_id)
            self.operator.close(incident_id)
        moments = self.home.outcome()
        pressed_s = moments.pressed_s
        if pressed_s is None:
            raise self.home.child.failed("has not pressed")
        shown_s = self.operator.shown_s(incident_id, "raised")
        for rung, at_s in (
            (rungs.light_s, moments.light_s),
            (rungs.receipt_s, moments.received_s),
            (rungs.stream_s, shown_s),
        ):
            if at_s is not None:
                rung.append(at_s - pressed_s)
        return incident_id, pressed_s

    def press_on_screen(self, rungs: Rungs) -> None:
        """Press while a browser looks, and note when it painted. Raises ChildError, HTTPError."""
        try:
            with screen(self.centre.url, OPERATOR, OPERATOR_PASSWORD) as page:
                time.sleep(SETTLE_S)
                aside = Rungs()
                pressed = dict(self.press(aside) for _ in range(PRESSES_ON_SCREEN))
                painted = page.painted_s()
                rungs.painted_s = [painted[one] - pressed_s for one, pressed_s in pressed.items() if one in painted]
        except NoBrowserError as error:
            rungs.why_not_painted = f"{error}"

    def _new_incident(self) -> int:
        """Return the new incident's number as soon as the stream shows it, 0 where it does not."""
        deadline = time.monotonic() + SHOWN_WITHIN_S
        while time.monotonic() < deadline:
            incident = self.operator.wait_for(UNIT, within_s=SHOWN_WITHIN_S)
            if incident is not None and incident["incident_id"] > self.last_incident:
                self.last_incident = int(incident["incident_id"])
                return self.last_incident
        return 0


def run(folder: Path, memory: dict[str, Memory]) -> Section:
    """Measure; put what centre and unit hold in memory into `memory`. Raises ChildError, AdapterError."""
    quiet = _quiet(folder / "quiet", memory)
    loaded = _loaded(folder / "loaded", memory)
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for beside, rungs in (("quiet", quiet), (f"{number(RATE)} heartbeats/s", loaded)):
        rows += [
            ("press → light", beside, *in_ms(rungs.light_s)),
            ("press → receipt", beside, *in_ms(rungs.receipt_s)),
            ("press → operator's stream", beside, *in_ms(rungs.stream_s)),
            ("press → painted in Chromium", beside, *in_ms(rungs.painted_s)),
        ]
        missing = rungs.pressed - min(len(rungs.light_s), len(rungs.receipt_s), len(rungs.stream_s))
        notes.append(f"{beside}: {rungs.pressed} presses, {missing} without a light, a receipt or an incident.")
        if rungs.why_not_painted:
            notes.append(f"Chromium, {beside}: not available: {rungs.why_not_painted}")
    return Section(
        title="From the press to the screen",
        how=HOW,
        columns=("", "beside", "presses", "median ms", "p99 ms", "worst ms"),
        rows=tuple(rows),
        aims=tuple(_aims(quiet, loaded)),
        notes=tuple(notes),
    )


def _aims(quiet: Rungs, loaded: Rungs) -> Iterator[Aim]:
    yield at_most_ms("press → light, quiet", quiet.light_s, 50)
    yield at_most_ms("press → light, beside 5,000 heartbeats/s", loaded.light_s, 50)
    yield at_most_ms("press → receipt, quiet", quiet.receipt_s, 10)
    yield at_most_ms("press → receipt, beside 5,000 heartbeats/s", loaded.receipt_s, 25)
    yield at_most_ms("press → operator's stream, quiet", quiet.stream_s, 100)
    yield at_most_ms("press → painted in Chromium, quiet", quiet.painted_s, 100)


def _quiet(folder: Path, memory: dict[str, Memory]) -> Rungs:
    rungs = Rungs()
    with _staged(folder, Contents()) as stage:
        time.sleep(SETTLE_S)
        memory["centre, quiet, an operator signed in"] = stage.centre.child.memory()
        for _ in range(PRESSES):
            stage.press(rungs)
        memory[f"centre, quiet, after {PRESSES} alarms"] = stage.centre.child.memory()
        stage.press_on_screen(rungs)
    return rungs


def _loaded(folder: Path, memory: dict[str, Memory]) -> Rungs:
    rungs = Rungs()
    with _staged(folder, Contents(units=UNITS)) as stage:
        time.sleep(SETTLE_S)
        memory[f"centre, {number(UNITS)} units in the register"] = stage.centre.child.memory()
        with generating(folder, stage.broker, Offer(RATE, LONGEST_LOAD_S, UNITS)):
            time.sleep(SETTLE_S)
            for _ in range(PRESSES):
                stage.press(rungs)
            stage.press_on_screen(rungs)
            memory[f"centre, {number(UNITS)} units, during {number(RATE)} heartbeats/s"] = stage.centre.child.memory()
        time.sleep(SETTLE_S)
        memory[f"centre, {number(UNITS)} units, after {number(RATE)} heartbeats/s"] = stage.centre.child.memory()
    return rungs


@contextlib.contextmanager
def _staged(folder: Path, contents: Contents) -> Iterator[Stage]:
    folder.mkdir(parents=True)
    with (
        real_broker(folder) as broker,
        running_centre(folder, broker, contents) as centre,
        pressed_home(folder / "unit", broker.unit) as home,
        RemoteOperator(centre.url, OPERATOR, OPERATOR_PASSWORD) as operator,
    ):
        yield Stage(broker, centre, home, operator)
