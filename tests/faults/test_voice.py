"""kill -9 during a call: of either engine, of the browsers' process, of a browser, of the centre. Both speak again.

Room and operator say a tone each, and each must hear the other's: before, and again after, without another press.
"""

import os
import signal
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Self

import httpx
import pytest

from device.voice.client import engine_problem
from device.voice.messages import CLOCK_HZ
from hub.adapters.voice.webrtc.headset import RATE_HZ, Headset
from hub.demo.home import Room
from hub.demo.tone import loudest, tone
from tests.faults.harness import Harness

pytestmark = pytest.mark.skipif(engine_problem() is not None, reason=str(engine_problem()))

ROOM_HZ, OPERATOR_HZ = 700.0, 440.0
CLEAR = 0.05
LOOK_EVERY_S = 0.1


class Victim(StrEnum):
    """Which program dies."""

    CENTRES_ENGINE = "centre's engine"
    UNITS_ENGINE = "unit's engine"
    BROWSERS_PROCESS = "browsers' process"
    BROWSER = "browser"
    CENTRE = "centre"


@pytest.mark.parametrize("victim", [*Victim])
def test_after_a_killed_program_room_and_operator_hear_each_other_again(victim: Victim, tmp_path: Path) -> None:
    with Harness(tmp_path, has_voice=True) as harness, Talk(harness) as talk:
        harness.press()
        harness.until(lambda: bool(harness.alarms()), "the alarm is on the screen")
        harness.accept(harness.alarms()[0])
        talk.stands()
        strike(victim, harness, talk)
        began_s = time.monotonic()
        talk.stands()
        print(f"\nkill -9 of the {victim}: both speak again after {time.monotonic() - began_s:.1f} s")
        harness.rest()
        harness.until(lambda: not harness.operator.open_calls(), "no call is left")
        assert not harness.centre.child.zombies()
        assert not harness.home.child.zombies()


def strike(victim: Victim, harness: Harness, talk: "Talk") -> None:
    """Kill a program; the centre is started again, as its service would be."""
    match victim:
        case Victim.CENTRES_ENGINE:
            os.kill(harness.centre.child.child_that_runs("device.voice"), signal.SIGKILL)
        case Victim.UNITS_ENGINE:
            os.kill(harness.home.child.child_that_runs("device.voice"), signal.SIGKILL)
        case Victim.BROWSERS_PROCESS:
            os.kill(harness.centre.child.child_that_runs("hub.adapters.voice.webrtc"), signal.SIGKILL)
        case Victim.BROWSER:
            talk.browser_dies()
        case Victim.CENTRE:
            harness.centre.kill()
            harness.centre.start()
    talk.forget()


class Talk:
    """The room with its tone, and an operator who takes whatever rings."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness
        self._stack = ExitStack()
        self._headsets = ExitStack()
        self._room: Room | None = None
        self._headset: Headset | None = None

    def __enter__(self) -> Self:
        self._stack.callback(self._headsets.close)
        self._room = self._stack.enter_context(self._harness.home.page.room(ROOM_HZ))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def stands(self) -> None:
        """Return when both hear each other, whatever has to be answered for that."""
        try:
            self._harness.until(self._do_both_hear, "room and operator hear each other")
        except AssertionError as error:
            raise AssertionError(f"{self._levels()}: {error}") from None

    def forget(self) -> None:
        """Forget what was heard: only what comes from now on counts."""
        if self._room is not None:
            self._room.forget()
        if self._headset is not None:
            self._headset.forget()

    def browser_dies(self) -> None:
        """Let the browser be gone without a word."""
        assert self._headset is not None
        self._headset.fall_silent()
        self._headset = None

    def _do_both_hear(self) -> bool:
        time.sleep(LOOK_EVERY_S)  # to look for a tone takes time, of which the headset needs some itself
        self._answer()
        return min(self._levels()) > CLEAR

    def _levels(self) -> tuple[float, float]:
        """Return how much the room hears of the operator, and the operator of the room."""
        if self._room is None or self._headset is None:
            return 0.0, 0.0
        room, operator = self._room.heard(), self._headset.heard(0.4)
        return loudest(room, OPERATOR_HZ, CLOCK_HZ), loudest(operator, ROOM_HZ, RATE_HZ)

    def _answer(self) -> None:
        """Take what rings, as the page does, in a new connection."""
        operator = self._harness.operator
        ringing = [call["incident_id"] for call in operator.open_calls() if operator.rings(call["incident_id"])]
        if not ringing:
            return
        headset = self._headsets.enter_context(Headset(_operators_tone))
        try:
            operator.speak(ringing[0], headset)
        except httpx.HTTPError:
            return  # what rang has ended meanwhile, or the centre: the next look shows
        self._headset = headset


def _operators_tone(first: int, samples: int) -> bytes:
    return tone(OPERATOR_HZ, samples, first, RATE_HZ)
