"""What events, orders and time mean to the call: who is called, who may call, and what comes after a call.

Rules: while an alarm is open and there is a voice, a call stands, is being placed, or is in a pause between two
attempts, unless the centre has cleared it down. The centre is answered in an alarm and for an hour after it, and at any
time with the microphone closed; nobody else ever is.
"""

from device.core import events as ev
from device.core import speech_signals as sig
from device.core import timings
from device.core.call import Call, CallPlan, CallState
from device.core.call_table import answer
from device.core.effects import Effect, EndCall
from device.core.moment import Moment
from device.wire.messages import MessageKey, OpenAlarm
from device.wire.vocabulary import CallPurpose, Rung, SpeechMode

KEY_MODES = {"4": SpeechMode.DUPLEX, "7": SpeechMode.LISTEN, "8": SpeechMode.SPEAK}
KEY_STEPS = {"1": 1, "3": -1}
CLEAR_DOWN = "0"
"""The operator's keys. 9 is for outputs: this unit has none, and the key does nothing."""


class Speech:
    """Two-way voice with the centre."""

    def __init__(self, plan: CallPlan) -> None:
        """Begin without a voice."""
        self.has_targets = bool(plan.ring_times_s)
        self._call = Call(plan)
        self._alarm: OpenAlarm | None = None
        self._may_call_until_s = float("-inf")
        self._hears_centre = False

    # --- how it is ---

    @property
    def state(self) -> CallState:
        """Return where the call stands."""
        return self._call.state

    @property
    def is_open(self) -> bool:
        """Tell whether the microphone is open, or is about to be: the light must shine."""
        return self.state in (CallState.NOTICE, CallState.SPEAKING)

    @property
    def is_standing(self) -> bool:
        """Tell whether a call was answered: the unit does not talk into it."""
        return self.is_open or self.state in (CallState.ANSWERED, CallState.ANNOUNCING)

    @property
    def is_in_alarm(self) -> bool:
        """Tell whether an alarm is open."""
        return self._alarm is not None

    def may_call(self, now: Moment) -> bool:
        """Tell whether the centre may speak with the room: in an alarm, and for an hour after it."""
        return self._alarm is not None or now.mono_s < self._may_call_until_s

    def next_deadline(self) -> float | None:
        """Return when the call does not wait any longer."""
        return self._call.due_s

    def handle(self, signal: sig.Signal, now: Moment) -> list[Effect]:
        """Answer a signal by the call's table."""
        return answer(self._call, signal, now)

    def cleared_down(self) -> sig.Signal:
        """Return what it means that the centre ends the call."""
        if self._alarm is None:
            return sig.CallOver()
        return sig.CallAgain() if self.state is CallState.ANNOUNCING else sig.ClearedDown()

    # --- what happens ---

    def alarm_is(self, alarm: OpenAlarm | None, now: Moment) -> list[Effect]:
        """Follow the alarm: call as soon as one is open, end the call with it, call again where it waits again."""
        before, self._alarm = self._alarm, alarm
        is_another = _key(before) != _key(alarm)
        self._call.alarm = _key(alarm)
        effects: list[Effect] = []
        if before is not None and is_another:
            self._may_call_until_s = now.mono_s + timings.ANSWERED_BY_ITSELF_FOR_S
            effects += self.handle(sig.AlarmOver(), now)
        if alarm is not None and is_another:
            effects += self.handle(sig.Wanted(), now)
        elif (
            alarm is not None and before is not None and before.rung is Rung.ANSWERED and alarm.rung is not before.rung
        ):
            effects += self.handle(sig.Urged(), now)
        return effects

    def centre_is_heard(self, is_heard: bool, now: Moment) -> list[Effect]:
        """Follow the centre: one that goes away ends its calls, too, and that is nobody's will."""
        self._hears_centre = is_heard
        return [] if is_heard or self.state is not CallState.CLEARED else self.handle(sig.Urged(), now)

    def voice_started(self, now: Moment) -> list[Effect]:
        """Call at once where an alarm is open; no call of an earlier voice is left."""
        if not self.has_targets:
            return []
        effects = self.handle(sig.VoiceGone(), now) + self.handle(sig.VoiceCame(), now)
        return effects if self._alarm is None else effects + self.handle(sig.Wanted(), now)

    def arrived(self, event: ev.CallArrived, now: Moment) -> list[Effect]:
        """Answer the centre where it may call, refuse everybody else."""
        if event.is_from_centre and event.purpose is CallPurpose.ANNOUNCE:
            return self.handle(sig.AnnouncementArrived(event.call), now)
        if event.is_from_centre and self.may_call(now):
            return self.handle(sig.Arrived(event.call), now)
        return [EndCall(event.call)]

    def progressed(self, event: ev.CallProgressed, now: Moment) -> list[Effect]:
        """Let it ring."""
        return self.handle(sig.Progressed(), now) if event.call == self._call.name else []

    def answered(self, event: ev.CallAnswered, now: Moment) -> list[Effect]:
        """Wait for the first sound, unless it came before."""
        if event.call != self._call.name:
            return []
        if self._call.announces:
            return self.handle(sig.AnnouncementAnswered(), now)
        effects = self.handle(sig.Answered(), now)
        return effects + self.handle(sig.Heard(), now) if self._call.is_heard else effects

    def heard(self, event: ev.CallHeard, now: Moment) -> list[Effect]:
        """Begin to speak: there is a sound at the other end."""
        return self.handle(sig.Heard(), now) if event.call == self._call.name else []

    def key_heard(self, event: ev.KeyHeard, now: Moment) -> list[Effect]:
        """Do as the operator's key says."""
        if event.call != self._call.name:
            return []
        if event.key == CLEAR_DOWN:
            return self.handle(self.cleared_down(), now)
        if event.key in KEY_MODES:
            return self.handle(sig.SpeechSet(mode=KEY_MODES[event.key]), now)
        volume = min(max(self._call.volume + KEY_STEPS.get(event.key, 0), 0), timings.LOUDEST)
        return self.handle(sig.SpeechSet(volume=volume), now) if volume != self._call.volume else []

    def ended(self, event: ev.CallEnded, now: Moment) -> list[Effect]:
        """See to the next call, where one is wanted."""
        if event.call != self._call.name:
            return []
        self._call.name = None
        return self.handle(self._after(event.is_silence), now)

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Do what is due."""
        if self._call.due_s is None or now.mono_s < self._call.due_s:
            return []
        if self.state is CallState.NOTICE:
            return self.handle(sig.NoticeSaid(), now)
        return self.handle(sig.CallAgain() if self.state is CallState.PAUSE else self._after(is_silence=True), now)

    def _after(self, is_silence: bool) -> sig.Signal:
        """Return what comes after this call: nobody was reached, it fell silent, or somebody hung up."""
        was_spoken_in = self.is_open or self.state is CallState.ANNOUNCING
        if self._call.is_own and not was_spoken_in and self._call.has_another_target:
            return sig.NextTarget()
        if self._alarm is None:
            return sig.CallOver()
        if self._call.is_own and not was_spoken_in:
            return sig.CallLater()
        if is_silence or not self.is_open:
            return sig.CallAgain()
        was_meant = self._alarm.rung is Rung.ANSWERED and self._hears_centre
        return sig.ClearedDown() if was_meant else sig.CallLater()


def _key(alarm: OpenAlarm | None) -> MessageKey | None:
    return None if alarm is None else alarm.alarm
