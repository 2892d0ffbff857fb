"""Any history of calls: presses, operators, a voice that comes and goes, far ends that do what they like.

What must hold is checked after every event: a microphone that is open was announced in light and words; while an alarm
is open and a voice is there, somebody is called; one own call at a time; no stranger is answered.
"""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from device.core import effects as fx
from device.core import events as ev
from device.core import timings
from device.core.call import CallState
from device.core.moment import Moment
from device.core.triggers import Trigger
from device.core.unit import LocalUnit
from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose, Rung, SpeechMode
from tests.device.core.life import BEGAN_S, EPOCH, TRIGGERS
from tests.device.core.talk import CALLS, NOTICE_S

HEARS = (SpeechMode.DUPLEX, SpeechMode.LISTEN)
SHINING = (fx.Light.PULSE, fx.Light.FLICKER)
CALLING = set(CallState) - {CallState.IDLE, CallState.VOICELESS, CallState.CLEARED}
COMMAND_IDS = st.integers(1, 10**6).map(str)


@dataclass(slots=True)
class FarEnd:
    """A call as somebody sees it who only watches."""

    is_own: bool
    is_stranger: bool = False
    may_listen: bool = True
    is_answered: bool = False
    told_s: float | None = None
    mode: SpeechMode = SpeechMode.SILENT


class AnyCall(RuleBasedStateMachine):
    """One life of a unit that can call."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = LocalUnit(TRIGGERS, CALLS)
        self.now_s = BEGAN_S
        self.history: list[tuple[ev.Event, Moment, list[fx.Effect]]] = []
        self.light = fx.Light.DARK
        self.calls: dict[str, FarEnd] = {}
        self.arrived = 0
        self.has_voice = False
        self.let_in_until_s = 0.0
        self.was_cleared = False
        self.happen(ev.Started(EPOCH, "boot-1", ev.StartCause.POWER_ON, "test"))
        self.happen(ev.PathOpened("ethernet"))
        self.happen(ev.CentreHeard(True, 1))
        self.voice()

    # --- what must hold ---

    def happen(self, event: ev.Event) -> None:
        now = Moment(self.now_s)
        effects = self.unit.handle(event, now)
        self.history.append((event, now, effects))
        for effect in effects:
            self._saw(effect)
            self.light = getattr(effect, "light", self.light)
        alarm = self.unit.alarm.open_alarm()
        if alarm is not None:
            self.let_in_until_s = self.now_s + timings.ANSWERED_BY_ITSELF_FOR_S
        self._check_microphone()
        state = self.unit.speech.state
        if alarm is not None and self.has_voice:
            assert state in CALLING or (state is CallState.CLEARED and self.was_cleared), f"nobody is called: {state}"
        if state in CALLING:
            assert self.unit.speech.next_deadline() is not None, f"{state} waits for ever"
            self.was_cleared = False

    def _check_microphone(self) -> None:
        for name, call in self.calls.items():
            if call.mode in HEARS:
                assert self.light in SHINING, f"{name} hears the room in the dark"
                assert call.told_s is not None, f"{name} hears a room that was not told"

    def _saw(self, effect: fx.Effect) -> None:
        match effect:
            case fx.PlaceCall():
                assert self.has_voice, "called without a voice"
                assert not any(call.is_own for call in self.calls.values()), "two own calls at once"
                self.calls[effect.call] = FarEnd(is_own=True)
            case fx.AnswerCall():
                call = self.calls[effect.call]
                assert not call.is_stranger, "a stranger was answered"
                assert not call.may_listen or self.now_s < self.let_in_until_s, "let in without an alarm"
                call.is_answered = True
            case fx.EndCall():
                self.calls.pop(effect.call, None)
            case fx.SetSpeech():
                self._set(self.calls[effect.call], effect)
            case fx.Speak(prompt=fx.Prompt.MICROPHONE_OPEN):
                (call,) = (call for call in self.calls.values() if call.is_answered)
                call.told_s = self.now_s
            case fx.Speak():
                assert not any(call.is_answered for call in self.calls.values()), "the unit talks into a call"
            case _:
                pass

    def _set(self, call: FarEnd, effect: fx.SetSpeech) -> None:
        assert call.is_answered, "speech before an answer"
        assert 0 <= effect.volume <= timings.LOUDEST
        if effect.mode in HEARS:
            assert call.may_listen, "an announcement hears the room"
            assert call.told_s is not None, "the room was not told"
            assert self.now_s >= call.told_s + NOTICE_S, "the words were not said to their end"
            assert self.light in SHINING, "the light did not shine before"
        call.mode = effect.mode

    # --- what can befall it ---

    @rule(seconds=st.sampled_from((0.0, 0.2, 1.0, NOTICE_S, 4.1, 11.0, 35.0)))
    def wait(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while (due_s := self.unit.next_deadline()) is not None and due_s <= until_s:
            self.now_s = max(self.now_s, due_s)
            self.happen(ev.DeadlineReached())
            due_s = self.unit.next_deadline()
            assert due_s is None or due_s > self.now_s, "the loop would spin"
        self.now_s = until_s

    @rule(seconds=st.sampled_from((300.0, 3700.0)))
    def wait_long(self, seconds: float) -> None:
        self.wait(seconds)

    @rule(trigger=st.sampled_from(TRIGGERS))
    def press(self, trigger: Trigger) -> None:
        self.happen(ev.TriggerActivated(trigger.trigger_id))
        self.happen(ev.TriggerReleased(trigger.trigger_id))

    @rule()
    def cancel(self) -> None:
        self.happen(ev.CancelActivated())

    @rule(kind=st.sampled_from((wire.AnswerAlarm, wire.RequeueAlarm, wire.ResetAlarm)), command_id=COMMAND_IDS)
    def act(self, kind: type[wire.AnswerAlarm | wire.RequeueAlarm | wire.ResetAlarm], command_id: str) -> None:
        alarm = self.unit.alarm.open_alarm()
        if alarm is not None:
            self.order(kind(alarm=alarm.alarm), command_id)

    @rule()
    def voice(self) -> None:
        self.has_voice = True
        self.calls.clear()
        self.happen(ev.VoiceStarted("test"))

    @rule(seconds=st.sampled_from((0.0, 0.0, 3.0, 20.0)), is_back=st.sampled_from((True, True, True, False)))
    def lose_voice(self, seconds: float, is_back: bool) -> None:
        self.has_voice = False
        self.calls.clear()
        self.happen(ev.VoiceLost("killed"))
        self.wait(seconds)
        if is_back:
            self.voice()

    @rule(status=st.sampled_from((100, 180, 183)))
    def progress(self, status: int) -> None:
        for name in self._own():
            self.happen(ev.CallProgressed(name, status))

    @rule(is_heard=st.booleans(), is_heard_before=st.booleans())
    def answer(self, is_heard: bool, is_heard_before: bool) -> None:
        for name in self._own():
            if is_heard_before:
                self.happen(ev.CallHeard(name))
            if name in self.calls:
                self.calls[name].is_answered = True
                self.happen(ev.CallAnswered(name))
            if is_heard:
                self.happen(ev.CallHeard(name))

    @rule(presses=st.booleans())
    def talk(self, presses: bool) -> None:
        """Reach what chance alone seldom does: a call in which somebody speaks."""
        if presses:
            self.press(TRIGGERS[0])
        self.progress(180)
        self.answer(is_heard=True, is_heard_before=False)
        self.wait(NOTICE_S)

    @rule(seconds=st.sampled_from((5.0, 25.0, 35.0)))
    def ring_for(self, seconds: float) -> None:
        """Let every target ring, and nobody answer."""
        for _ in CALLS.ring_times_s:
            self.progress(180)
            self.wait(seconds)

    @rule(key=st.sampled_from("147"))
    def announce(self, key: str) -> None:
        """Let the centre announce something, and press a key meanwhile."""
        self.arrive(CallPurpose.ANNOUNCE, is_from_centre=True)
        self.press_key(key)

    @rule()
    def hear(self) -> None:
        for name in tuple(self.calls):
            self.happen(ev.CallHeard(name))

    @rule(is_silence=st.booleans(), status=st.sampled_from((0, 200, 408, 486, 603)))
    def end(self, is_silence: bool, status: int) -> None:
        for name, call in tuple(self.calls.items()):
            if name not in self.calls:
                continue
            del self.calls[name]
            alarm = self.unit.alarm.open_alarm()
            self.was_cleared |= alarm is not None and alarm.rung is Rung.ANSWERED and call.told_s is not None
            self.happen(ev.CallEnded(name, status, "test", is_silence))

    @rule(purpose=st.sampled_from(CallPurpose), is_from_centre=st.booleans())
    def arrive(self, purpose: CallPurpose, is_from_centre: bool) -> None:
        self.arrived += 1
        name = f"in-{self.arrived}"
        self.calls[name] = FarEnd(False, not is_from_centre, may_listen=purpose is CallPurpose.SPEAK)
        self.happen(ev.CallArrived(name, purpose, is_from_centre))
        if not is_from_centre:
            assert name not in self.calls, "a stranger was not refused"

    @rule(key=st.sampled_from("0134789A#"))
    def press_key(self, key: str) -> None:
        for name in tuple(self.calls):
            self.was_cleared |= key == "0"
            self.happen(ev.KeyHeard(name, key))

    @rule(purpose=st.sampled_from(CallPurpose), command_id=COMMAND_IDS)
    def order_call(self, purpose: CallPurpose, command_id: str) -> None:
        placed = set(self.calls)
        self.order(wire.PlaceCall(call_id="c-1", purpose=purpose), command_id)
        for name in set(self.calls) - placed:
            self.calls[name].may_listen = purpose is CallPurpose.SPEAK

    @rule(mode=st.none() | st.sampled_from(SpeechMode), volume=st.none() | st.integers(0, 10), command_id=COMMAND_IDS)
    def order_speech(self, mode: SpeechMode | None, volume: int | None, command_id: str) -> None:
        self.order(wire.SetSpeech(mode=mode, volume=volume), command_id)

    @rule(command_id=COMMAND_IDS)
    def order_end(self, command_id: str) -> None:
        self.was_cleared = True
        self.order(wire.EndCall(), command_id)

    @rule(command_id=COMMAND_IDS, level_db=st.floats(-60, 0), is_heard=st.booleans())
    def test_the_sound(self, command_id: str, level_db: float, is_heard: bool) -> None:
        self.happen(ev.SoundFound("card"))
        self.order(wire.TestSound(), command_id)
        self.happen(ev.SoundTested(ev.SoundTest(is_heard, level_db)))

    def order(self, order: wire.Order, command_id: str) -> None:
        self.happen(ev.CommandArrived(wire.Command(command_id=command_id, order=order)))

    def _own(self) -> tuple[str, ...]:
        return tuple(name for name, call in self.calls.items() if call.is_own)

    def teardown(self) -> None:
        """Live the same history again: it must be decided the same."""
        again = LocalUnit(TRIGGERS, CALLS)
        for event, now, effects in self.history:
            assert again.handle(event, now) == effects
