"""The story without a person: a press in a home stands on a screen, the operator's word comes back to the room.

Every rung of the ladder of truth is timed from the press, each by whoever made it so: the unit, the screen, the centre.
The first rung that is not reached ends the story.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from device.voice.messages import CLOCK_HZ
from hub.adapters.voice.webrtc.headset import RATE_HZ, Headset
from hub.demo.home import RemoteHome
from hub.demo.operator import RemoteOperator, SignInError
from hub.demo.stage import Choice, Stage, StageError, VirtualHome, staged
from hub.demo.tone import loudest, tone
from hub.ports import AdapterError

SPEAKING = "speaking"
RUNGS = ("ready", "pressed", "received", "shown", "accepted", "answered", SPEAKING, "closed", "at rest")
MEANING = {
    "ready": "the home hears its centre",
    "pressed": "the alarm is on the unit's disk, the light calls",
    "received": "the centre has committed it, and the unit knows",
    "shown": "it stands on the operator's screen",
    "accepted": "an operator has it",
    "answered": "the room is told so: the light is bright",
    SPEAKING: "room and operator hear each other: a tone each",
    "closed": "the operator has closed it",
    "at rest": "the unit is back to normal",
}


ROOM_HZ, OPERATOR_HZ = 700.0, 440.0
CLEAR = 0.05
"""Of a tone, what is left after codecs and gain controls, and far more than there is by chance."""
HEARD_WITHIN_S = 15.0
TURN_S = 0.02


class RungMissedError(Exception):
    """A rung of the ladder was not reached."""


@dataclass(slots=True)
class Ladder:
    """What was reached in one home, in milliseconds after the press (`ready`: after the start)."""

    unit_id: str
    begun_s: float = field(default_factory=time.monotonic)
    pressed_wall_s: float = 0.0
    reached_ms: dict[str, float] = field(default_factory=dict)
    missed: str = ""
    why_silent: str = ""
    """Why nobody can speak, where it is so: that rung is then left out."""

    def reach(self, rung: str, at_s: float | None = None) -> None:
        """Note a rung."""
        self.reached_ms[rung] = round(((at_s or time.monotonic()) - self.begun_s) * 1000, 1)

    def after_press_ms(self, wall_s: float) -> float:
        """Return how long after the press something was, by the clock that all programs of this machine share."""
        return round((wall_s - self.pressed_wall_s) * 1000, 1)

    def require(self, rung: str, condition: Any) -> None:
        """Go on only where a rung was reached. Raises RungMissedError."""
        if not condition:
            self.missed = rung
            raise RungMissedError(rung)


def play_once(choice: Choice, as_json: bool) -> int:
    """Play the story in every home; return 0 where every rung of every home was reached."""
    try:
        with staged(choice) as stage, _operator(stage) as operator:
            ladders = [_play(home, operator, stage.why_silent) for home in stage.homes]
    except (StageError, AdapterError, SignInError, httpx.HTTPError) as error:
        print(f"the story could not begin: {error}", file=sys.stderr)
        return 1
    tell: Callable[[list[Ladder]], None] = _tell_json if as_json else _tell
    tell(ladders)
    return int(any(ladder.missed for ladder in ladders))


def _operator(stage: Stage) -> RemoteOperator:
    return RemoteOperator(stage.console_url, stage.operator, stage.password, can_speak=not stage.why_silent)


def _play(virtual: VirtualHome, operator: RemoteOperator, why_silent: str) -> Ladder:
    ladder = Ladder(virtual.unit_id, why_silent=why_silent)
    with RemoteHome(virtual.unit_id, virtual.url) as home:
        try:
            _climb(ladder, home, operator)
        except RungMissedError:
            pass  # the ladder says which
        except (httpx.HTTPError, OSError) as error:
            ladder.missed = ladder.missed or f"{_next_rung(ladder)} ({error})"
    return ladder


def _climb(ladder: Ladder, home: RemoteHome, operator: RemoteOperator) -> None:
    ladder.require("ready", home.wait_until_ready())
    ladder.reach("ready")
    home.press()  # returns when the contact is closed: the unit's own zero
    ladder.begun_s, ladder.pressed_wall_s = time.monotonic(), time.time()
    ladder.require("pressed", home.wait_for_alarm("raised", "received", "answered"))
    incident = operator.wait_for(home.unit_id)
    received = home.wait_for_alarm("received", "answered")
    ladder.require("received", received)
    rungs = received["alarm"]["ladder"] if received else {}
    ladder.reached_ms["pressed"] = rungs["pressed"]
    ladder.reached_ms["received"] = rungs["received"]
    ladder.require("shown", incident)
    number = int(incident["incident_id"]) if incident else 0
    ladder.reach("shown", operator.shown_s(number, "raised"))
    operator.accept(number)
    answered = home.wait_for_alarm("answered")
    ladder.require("answered", answered)
    ladder.reached_ms["accepted"] = ladder.after_press_ms(operator.incident(number)["accepted_s"])
    ladder.reached_ms["answered"] = answered["alarm"]["ladder"]["answered"] if answered else 0.0
    if not ladder.why_silent:
        _speak(ladder, home, operator, number)
    operator.close(number)
    ladder.reached_ms["closed"] = ladder.after_press_ms(operator.incident(number)["closed_s"])
    at_rest = home.wait_for_alarm("normal")
    ladder.require("at rest", at_rest)
    ladder.reached_ms["at rest"] = at_rest["alarm"]["ladder"]["closed"] if at_rest else 0.0


def _speak(ladder: Ladder, home: RemoteHome, operator: RemoteOperator, number: int) -> None:
    """Let room and operator say a tone each, and wait until each hears the other's."""
    with home.room(ROOM_HZ) as room, Headset(_operators_tone) as headset:
        ladder.require(SPEAKING, operator.speak(number, headset))
        deadline = time.monotonic() + HEARD_WITHIN_S
        while not (
            loudest(room.heard(), OPERATOR_HZ, CLOCK_HZ) > CLEAR and loudest(headset.heard(), ROOM_HZ, RATE_HZ) > CLEAR
        ):
            ladder.require(SPEAKING, time.monotonic() < deadline)
            time.sleep(TURN_S)
        ladder.reach(SPEAKING)


def _operators_tone(first: int, samples: int) -> bytes:
    return tone(OPERATOR_HZ, samples, first, RATE_HZ)


def _next_rung(ladder: Ladder) -> str:
    return next((rung for rung in RUNGS if rung not in ladder.reached_ms), RUNGS[-1])


def _tell_json(ladders: list[Ladder]) -> None:
    told = [
        {"unit": ladder.unit_id, "ms": ladder.reached_ms, "missed": ladder.missed, "why_silent": ladder.why_silent}
        for ladder in ladders
    ]
    print(json.dumps(told, indent=2))


def _tell(ladders: list[Ladder]) -> None:
    for ladder in ladders:
        print(f"\n{ladder.unit_id}: the ladder of truth, in ms after the press")
        for rung in RUNGS:
            if rung in ladder.reached_ms and rung != "ready":
                print(f"  {rung:<9} {ladder.reached_ms[rung]:>9.1f}  {MEANING[rung]}")
        if ladder.why_silent:
            print(f"  {SPEAKING}: nobody can speak here: {ladder.why_silent}")
        if ladder.missed:
            print(f"  MISSED: {ladder.missed}")
    print("\nEvery rung was reached." if not any(ladder.missed for ladder in ladders) else "\nA rung was missed.")
