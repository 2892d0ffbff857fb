"""The one call of a unit: its states, and what is done on the way from one to another.

Rules: `core/call_table.py` says which way is taken when. One call at a time: whoever places or takes one hangs up the
other first. What opens the microphone is `speak` and, after it, `set_speech`; before them stands `give_notice`.
"""

from dataclasses import dataclass
from enum import StrEnum

from device.core import speech_signals as sig
from device.core import timings
from device.core.effects import AnswerCall, Effect, EndCall, PlaceCall, Prompt, SetSpeech, Speak
from device.core.moment import Moment
from device.wire.messages import MessageKey
from device.wire.vocabulary import CallPurpose, SpeechMode

BUSY = 486


@dataclass(frozen=True, slots=True)
class CallPlan:
    """How long each target may ring, in their order (none: no voice), and how long the notice takes to be said."""

    ring_times_s: tuple[float, ...] = ()
    notice_s: float = timings.NOTICE_S


NO_CALLS = CallPlan()


class CallState(StrEnum):
    """Where the call stands."""

    VOICELESS = "voiceless"
    IDLE = "idle"
    PLACING = "placing"
    RINGING = "ringing"
    ANSWERED = "answered"
    NOTICE = "notice"
    SPEAKING = "speaking"
    ANNOUNCING = "announcing"
    PAUSE = "pause"
    CLEARED = "cleared"


class Call:
    """The one call a unit can have."""

    def __init__(self, plan: CallPlan) -> None:
        """Begin without a voice."""
        self._plan = plan
        self.state = CallState.VOICELESS
        self.alarm: MessageKey | None = None
        self.name: str | None = None
        self.is_own = False
        self.is_heard = False
        self.volume = timings.VOLUME
        self.due_s: float | None = None
        self._mode = SpeechMode.DUPLEX
        self._wanted = sig.Wanted()
        self._placed = 0
        self._target = 0
        self._rounds = 0

    @property
    def has_another_target(self) -> bool:
        """Tell whether the target that is called is not the last."""
        return self._target + 1 < len(self._plan.ring_times_s)

    @property
    def announces(self) -> bool:
        """Tell whether the call is one of ours that the centre ordered to say something."""
        return self.is_own and self._wanted.purpose is CallPurpose.ANNOUNCE

    # --- actions of the table ---

    def rest(self, signal: sig.Signal, now: Moment) -> list[Effect]:
        """Hang up, and wait for nothing."""
        self.due_s = None
        return self._hang_up()

    def end(self, signal: sig.CallOver, now: Moment) -> list[Effect]:
        """Hang up, and tell the room that it is not heard any more."""
        return [*self.rest(signal, now), Speak(Prompt.CALL_ENDED)]

    def forget(self, signal: sig.VoiceGone, now: Moment) -> list[Effect]:
        """Know that no call is left."""
        self.name = self.due_s = None
        return []

    def place(self, signal: sig.Wanted | sig.Urged, now: Moment) -> list[Effect]:
        """Call the first target, instead of whatever stands."""
        self._rounds = 0
        return self._place(0, signal if isinstance(signal, sig.Wanted) else sig.Wanted(), now)

    def place_again(self, signal: sig.CallAgain, now: Moment) -> list[Effect]:
        """Call the first target once more, for the alarm."""
        return self._place(0, sig.Wanted(), now)

    def place_next(self, signal: sig.NextTarget, now: Moment) -> list[Effect]:
        """Call the next target."""
        return self._place(self._target + 1, self._wanted, now)

    def pause(self, signal: sig.CallLater, now: Moment) -> list[Effect]:
        """Wait before the first target is called again, longer each time."""
        self.due_s = now.mono_s + timings.CALL_PAUSES_S[min(self._rounds, len(timings.CALL_PAUSES_S) - 1)]
        self._rounds += 1
        return self._hang_up()

    def ring(self, signal: sig.Progressed, now: Moment) -> list[Effect]:
        """Give the target its time."""
        self.due_s = now.mono_s + self._plan.ring_times_s[self._target]
        return []

    def note_sound(self, signal: sig.Heard, now: Moment) -> list[Effect]:
        """Remember a sound that came before the answer: nobody is there yet."""
        self.is_heard = True
        return []

    def wait_for_sound(self, signal: sig.Answered, now: Moment) -> list[Effect]:
        """Believe that somebody is there when something is heard."""
        self.due_s = now.mono_s + timings.SOUND_WITHIN_S
        return []

    def take(self, signal: sig.Arrived, now: Moment) -> list[Effect]:
        """Answer the centre's call, instead of one that nobody has answered yet."""
        effects = self._hang_up()
        self._begin(signal.call, is_own=False)
        self.due_s = now.mono_s + timings.SOUND_WITHIN_S
        return [*effects, AnswerCall(signal.call)]

    def take_announcement(self, signal: sig.AnnouncementArrived, now: Moment) -> list[Effect]:
        """Answer the centre's call with the microphone closed."""
        effects = self._hang_up()
        self._begin(signal.call, is_own=False)
        return [*effects, AnswerCall(signal.call), *self.announce(signal, now)]

    def announce(self, signal: sig.AnnouncementArrived | sig.AnnouncementAnswered, now: Moment) -> list[Effect]:
        """Let the room hear, and not be heard."""
        self._mode = SpeechMode.SPEAK
        self.due_s = now.mono_s + timings.LONGEST_CALL_S
        return self._set_speech()

    def refuse(self, signal: sig.Arrived | sig.AnnouncementArrived, now: Moment) -> list[Effect]:
        """Say that the unit is busy."""
        return [EndCall(signal.call, BUSY)]

    def give_notice(self, signal: sig.Heard, now: Moment) -> list[Effect]:
        """Tell the room that it will be heard; the light goes with the state."""
        self._rounds = 0
        self.due_s = now.mono_s + self._plan.notice_s
        return [Speak(Prompt.MICROPHONE_OPEN)]

    def speak(self, signal: sig.NoticeSaid, now: Moment) -> list[Effect]:
        """Let them hear each other, as far as the centre has not chosen otherwise meanwhile."""
        self.due_s = now.mono_s + timings.LONGEST_CALL_S
        return self._set_speech()

    def note_speech(self, signal: sig.SpeechSet, now: Moment) -> list[Effect]:
        """Remember who is to hear whom once the room was told."""
        self._mode = signal.mode or self._mode
        self.volume = self.volume if signal.volume is None else signal.volume
        return []

    def set_speech(self, signal: sig.SpeechSet, now: Moment) -> list[Effect]:
        """Let them hear each other like this."""
        self.note_speech(signal, now)
        return self._set_speech()

    def set_volume(self, signal: sig.SpeechSet, now: Moment) -> list[Effect]:
        """Make an announcement louder or softer; its microphone stays closed."""
        return self.set_speech(sig.SpeechSet(volume=signal.volume), now)

    # --- helpers ---

    def _place(self, target: int, wanted: sig.Wanted, now: Moment) -> list[Effect]:
        effects = self._hang_up()
        self._placed += 1
        self._target, self._wanted = target, wanted
        name = f"out-{self._placed}"
        self._begin(name, is_own=True)
        self.due_s = now.mono_s + timings.PROVISIONAL_WITHIN_S
        return [*effects, PlaceCall(name, target, self.alarm, wanted.call_id)]

    def _begin(self, name: str, is_own: bool) -> None:
        self.name, self.is_own, self.is_heard = name, is_own, False
        self._mode, self.volume = SpeechMode.DUPLEX, timings.VOLUME

    def _hang_up(self) -> list[Effect]:
        name, self.name = self.name, None
        return [] if name is None else [EndCall(name)]

    def _set_speech(self) -> list[Effect]:
        if self.name is None:
            raise AssertionError(f"no call is kept in state {self.state}")
        return [SetSpeech(self.name, self._mode, self.volume)]
