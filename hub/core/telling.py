"""What the centre itself says to a client in a call: the greeting, every 20 s what happens, notices, announcements.

Rules: one saying at a time. As soon as a person speaks, the centre falls silent, but for an announcement that this
person has ordered and for the notice that the call is recorded: nothing is recorded before that was heard to its end.
"""

from collections.abc import Callable
from enum import StrEnum

from hub.core import timings
from hub.core.effects import Effect, Prompt, Say, Spoken, StopSaying, Text
from hub.core.moment import NEVER, Moment


class Situation(StrEnum):
    """What a client is to be told of."""

    LOOKING = "looking"
    """Somebody is looked for."""
    ANSWERED = "answered"
    """An operator has the alarm, and is awaited."""
    BROKEN = "broken"
    """The operator was there, and is lost."""
    HELD = "held"
    NOBODY = "nobody"
    """Everybody was rung, and it is no alarm: the call ends."""
    SPEAKING = "speaking"
    """A person speaks: there is nothing to tell."""


PROMPTS: dict[Situation, tuple[Prompt, ...]] = {
    Situation.LOOKING: (Prompt.LOOKING,),
    Situation.ANSWERED: (Prompt.ANSWERED,),
    Situation.BROKEN: (Prompt.BROKEN,),
    Situation.HELD: (Prompt.HOLD,),
    Situation.NOBODY: (Prompt.NOBODY,),
    Situation.SPEAKING: (),
}


class Telling:
    """The centre's own voice in one call."""

    def __init__(self, new_name: Callable[[], str], language: str, is_recorded: bool) -> None:
        """Begin with a client who has heard nothing yet."""
        self._new_name = new_name
        self._language = language
        self.is_recorded = is_recorded
        self._leg = ""
        self._saying = ""
        self._tells_of_recording = False
        self._is_announcement = False
        self._announcement: Text | None = None
        self._was_looking = False
        self._ready_s = NEVER
        self._due_s = NEVER
        self.is_greeted = False
        self.may_record = False
        self.text = ""

    @property
    def has_to_announce(self) -> bool:
        """Tell whether an announcement waits to be read."""
        return self._announcement is not None

    def unit_answered(self, leg: str, now: Moment) -> None:
        """Begin to speak to a unit, when it can hear."""
        self._leg = leg
        self._due_s = self._ready_s = now.mono_s + timings.GREETING_AFTER_S

    def unit_gone(self) -> bool:
        """Speak to nobody for now; return whether an announcement was cut short by that."""
        was_announcing = self._is_announcement
        self._leg, self._due_s = "", NEVER
        self._clear()
        return was_announcing

    def announce(self, text: str, language: str, now: Moment) -> list[Effect]:
        """Read a text aloud: at once where the unit hears, else as soon as it does."""
        self._announcement = Text(text, language)
        if not self._leg:
            return []
        self._due_s = max(now.mono_s, self._ready_s)
        return self.fall_silent(now)

    def fall_silent(self, now: Moment) -> list[Effect]:
        """Let a person speak."""
        if not self._saying or self._is_announcement:
            return []
        stop = StopSaying(self._saying)
        self._clear()
        self._due_s = max(now.mono_s, self._ready_s)
        return [stop]

    def tell_now(self, now: Moment) -> list[Effect]:
        """Tell of what has changed, instead of what is said now."""
        if self._leg:
            self._due_s = max(now.mono_s, self._ready_s)
        return self.fall_silent(now)

    def ended(self, saying: str, is_complete: bool, now: Moment) -> bool | None:
        """Take the end of a saying; return how an announcement ended, None where it was none."""
        if saying != self._saying:
            return None
        self.may_record = self.may_record or (self._tells_of_recording and is_complete)
        was_announcement = self._is_announcement
        self._clear()
        if self._announcement is not None:
            self._due_s = now.mono_s
        return is_complete if was_announcement else None

    def next_deadline(self) -> float:
        """Return when something is to be said."""
        return self._due_s

    def due(self, situation: Situation, now: Moment) -> list[Effect]:
        """Say what is to be said now."""
        if now.mono_s < self._due_s:
            return []
        is_to_be_told = situation is not Situation.SPEAKING
        self._due_s = now.mono_s + timings.CLIENT_TOLD_EVERY_S if is_to_be_told else NEVER
        if self._saying:
            return []
        if self._announcement is not None:
            return self._read(self._announcement)
        prompts = self._prompts(situation)
        return self._say(Spoken(prompts, self._language)) if prompts else []

    def _prompts(self, situation: Situation) -> tuple[Prompt, ...]:
        is_speaking = situation is Situation.SPEAKING
        greeting = () if self.is_greeted or is_speaking else (Prompt.GREETING,)
        self.is_greeted = True
        notice = (Prompt.RECORDED,) if self.is_recorded and not self.may_record else ()
        self._tells_of_recording = bool(notice)
        if situation is Situation.LOOKING and self._was_looking:
            return (*greeting, *notice, Prompt.STILL_LOOKING)
        self._was_looking = situation is Situation.LOOKING
        return (*greeting, *notice, *PROMPTS[situation])

    def _read(self, text: Text) -> list[Effect]:
        self._announcement, self._is_announcement = None, True
        self.text = text.text
        return self._say(text)

    def _say(self, words: Spoken | Text) -> list[Effect]:
        self._saying = self._new_name()
        return [Say(self._saying, self._leg, words)]

    def _clear(self) -> None:
        self._saying, self.text = "", ""
        self._tells_of_recording = self._is_announcement = False
