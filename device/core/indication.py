"""What the client sees and hears: one table, condition to light and words.

The topmost condition that holds owns the light and the voice. Words come when it becomes the topmost, and again after
`repeat_s`; they never talk over others. After a few minutes they come more seldom: nobody in the room can stop them,
and nobody must want to pull the plug. Light and words never promise more than the ladder of truth has reached. While a
call stands there are no words but those of the call itself: `core/call.py` says them before the microphone opens.
"""

from dataclasses import dataclass
from enum import StrEnum

from device.core import timings
from device.core.effects import Effect, Indicate, Light, Prompt, Speak
from device.core.moment import Moment


class Condition(StrEnum):
    """What can be so, the most important first."""

    PRE_ALARM = "pre_alarm"
    SPEAKING = "speaking"
    ANSWERED = "answered"
    RECEIVED = "received"
    RAISED_OFFLINE = "raised_offline"
    RAISED = "raised"
    CENTRE_LOST = "centre_lost"
    STARTING = "starting"
    BUTTON_STUCK = "button_stuck"
    BATTERY_LOW = "battery_low"
    MAINS_LOST = "mains_lost"
    FAULT = "fault"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Row:
    """How a condition looks and sounds."""

    light: Light
    prompt: Prompt | None = None
    repeat_s: float | None = None


TABLE: dict[Condition, Row] = {
    Condition.PRE_ALARM: Row(Light.FLICKER, Prompt.WILL_CALL, 5),
    Condition.SPEAKING: Row(Light.PULSE),
    Condition.ANSWERED: Row(Light.BRIGHT, Prompt.ANSWERED),
    Condition.RECEIVED: Row(Light.CALLING, Prompt.RECEIVED, 20),
    Condition.RAISED_OFFLINE: Row(Light.CALLING, Prompt.NO_CONNECTION, 20),
    Condition.RAISED: Row(Light.CALLING, Prompt.CALLING, 15),
    Condition.CENTRE_LOST: Row(Light.BREATH, Prompt.CENTRE_LOST),
    Condition.STARTING: Row(Light.BREATH),
    Condition.BUTTON_STUCK: Row(Light.DOUBLE_BLINK, Prompt.BUTTON_STUCK),
    Condition.BATTERY_LOW: Row(Light.DOUBLE_BLINK, Prompt.BATTERY_LOW),
    Condition.MAINS_LOST: Row(Light.DOUBLE_BLINK, Prompt.MAINS_LOST),
    Condition.FAULT: Row(Light.DOUBLE_BLINK),
    Condition.READY: Row(Light.STEADY, Prompt.READY),
}


class Indication:
    """What is shown and said now."""

    def __init__(self) -> None:
        """Begin dark and silent."""
        self._shown: Condition | None = None
        self._light: Light | None = None
        self._speak_at_s: float | None = None
        self._often_until_s = 0.0

    def show(
        self, holding: set[Condition], now: Moment, *, has_spoken: bool, press: bool, is_quiet: bool
    ) -> list[Effect]:
        """Show the topmost of the conditions that hold, and say its words where it is time.

        Args:
            holding: every condition that holds; READY where there is none.
            now: the moment.
            has_spoken: words were said in this step already; the condition's own wait for their turn.
            press: somebody pressed; the words come again, whatever was said before.
            is_quiet: a call stands; the words come when it is over, as if they were news.
        """
        top = next((condition for condition in Condition if condition in holding), Condition.READY)
        row = TABLE[top]
        effects: list[Effect] = []
        if row.light is not self._light:
            self._light = row.light
            effects.append(Indicate(row.light))
        if is_quiet:
            self._shown = self._speak_at_s = None
            return effects
        is_news = top is not self._shown or press
        if is_news:
            self._shown = top
            self._often_until_s = now.mono_s + timings.WORDS_OFTEN_FOR_S
        if is_news or (self._speak_at_s is not None and now.mono_s >= self._speak_at_s):
            effects += self._speak(row, now, has_spoken)
        return effects

    def next_deadline(self) -> float | None:
        """Return when the words come again."""
        return self._speak_at_s

    def _speak(self, row: Row, now: Moment, has_spoken: bool) -> list[Effect]:
        wait_s = timings.WORDS_APART_S if has_spoken else row.repeat_s
        if wait_s is not None and now.mono_s >= self._often_until_s:
            wait_s = max(wait_s, timings.WORDS_SELDOM_S)
        self._speak_at_s = None if wait_s is None or row.prompt is None else now.mono_s + wait_s
        return [] if row.prompt is None or has_spoken else [Speak(row.prompt)]
