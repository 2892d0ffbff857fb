"""A press, until room and operator hear each other."""

import random
import time
from array import array
from dataclasses import dataclass, field
from pathlib import Path

from device.voice.messages import CLOCK_HZ
from hub.adapters.voice.webrtc.headset import RATE_HZ, Headset
from hub.demo.home import RemoteHome, Room
from hub.demo.operator import RemoteOperator
from hub.demo.stage import Choice, Stage, staged
from hub.demo.tone import level, tone
from tests.bench.child import ChildError
from tests.bench.figures import Section, in_ms, median_at_most_ms

PRESSES = 30
ROOM_HZ, OPERATOR_HZ = 700.0, 440.0
CLEAR = 0.05
PIECE_S = 0.06
LOOK_EVERY_S = 0.005
WITHIN_S = 20.0
SPEECH_MS = 1_500

HOW = f"""The demo's centre and virtual home, and an operator on shift who accepts as soon as the press is shown and
whose browser answers by itself. {PRESSES} presses; each ends when a tone of the room is in the operator's ear, and one
of the operator's in the room. Before the microphone opens the unit says "You are heard.": that is part of it."""


@dataclass(slots=True)
class Rungs:
    """How long presses took to each rung, in seconds."""

    shown_s: list[float] = field(default_factory=list)
    rung_s: list[float] = field(default_factory=list)
    operator_hears_s: list[float] = field(default_factory=list)
    both_hear_s: list[float] = field(default_factory=list)


def run(_folder: Path) -> Section:
    """Measure. Raises ChildError, StageError."""
    rungs = _presses()
    rows = (
        ("press → operator's screen", *in_ms(rungs.shown_s)),
        ("press → operator's browser rings, and answers", *in_ms(rungs.rung_s)),
        ("press → the operator hears the room", *in_ms(rungs.operator_hears_s)),
        ("press → each hears the other", *in_ms(rungs.both_hear_s)),
    )
    return Section(
        title="From the press to the ear",
        how=HOW,
        columns=("", "presses", "median ms", "p99 ms", "worst ms"),
        rows=rows,
        aims=(median_at_most_ms("press → two-way sound", rungs.both_hear_s, SPEECH_MS),),
        notes=(
            f"{PRESSES - len(rungs.both_hear_s)} of {PRESSES} presses without two-way sound within {WITHIN_S:g} s.",
        ),
    )


def _presses() -> Rungs:
    rungs = Rungs()
    with staged(Choice()) as stage:
        if stage.why_silent:
            raise ChildError(f"nobody can speak: {stage.why_silent}")
        virtual = stage.homes[0]
        with RemoteHome(virtual.unit_id, virtual.url) as home, _operator(stage) as operator:
            if not home.wait_until_ready():
                raise ChildError("the home does not hear its centre")
            for _ in range(PRESSES):
                time.sleep(random.uniform(0.1, 0.3))
                _press(home, operator, rungs)
    return rungs


def _operator(stage: Stage) -> RemoteOperator:
    return RemoteOperator(stage.console_url, stage.operator, stage.password, can_speak=True)


def _press(home: RemoteHome, operator: RemoteOperator, rungs: Rungs) -> None:
    with home.room(ROOM_HZ) as room, Headset(_operators_tone) as ears:
        home.press()
        began_s = time.monotonic()
        incident = operator.wait_for(home.unit_id)
        if incident is None:
            raise ChildError("the press has not come")
        number = int(incident["incident_id"])
        rungs.shown_s.append((operator.shown_s(number, "raised") or time.monotonic()) - began_s)
        operator.accept(number)
        if operator.speak(number, ears):
            rungs.rung_s.append(time.monotonic() - began_s)
            _listen(room, ears, rungs, began_s)
        operator.close(number)
    if home.wait_for_alarm("normal") is None:
        raise ChildError("the home is not at rest again")


def _listen(room: Room, ears: Headset, rungs: Rungs, began_s: float) -> None:
    """Note when each hears the other."""
    operator_hears = room_hears = False
    while time.monotonic() - began_s < WITHIN_S:
        if not operator_hears and _is_there(ears.heard(PIECE_S), ROOM_HZ, RATE_HZ):
            operator_hears = True
            rungs.operator_hears_s.append(time.monotonic() - began_s)
        room_hears = room_hears or _is_there(room.heard()[-int(2 * PIECE_S * CLOCK_HZ) :], OPERATOR_HZ, CLOCK_HZ)
        if operator_hears and room_hears:
            rungs.both_hear_s.append(time.monotonic() - began_s)
            return
        time.sleep(LOOK_EVERY_S)


def _operators_tone(first: int, samples: int) -> bytes:
    return tone(OPERATOR_HZ, samples, first, RATE_HZ)


def _is_there(sound: bytes, hz: float, rate_hz: int) -> bool:
    return len(array("h", sound)) >= int(PIECE_S * rate_hz) and level(sound, hz, rate_hz) > CLEAR
