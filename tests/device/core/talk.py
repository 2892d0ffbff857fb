"""A unit that can call: its life, and the far ends of its calls."""

from device.core import effects as fx
from device.core import events as ev
from device.core.call import CallPlan, CallState
from device.core.effects import Effect
from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose
from tests.device.core.life import Life, of_kind

NOTICE_S = 1.5
CALLS = CallPlan((20.0, 30.0), NOTICE_S)
OF_CALLS = (*fx.OF_VOICE, fx.Speak)


class Talk(Life):
    """A unit with two targets."""

    def happen(self, *events: ev.Event) -> list[Effect]:
        """Hand it events; remember the call that is placed."""
        effects = super().happen(*events)
        for placed in of_kind(fx.PlaceCall, effects):
            self.call = placed.call
        return effects

    @property
    def state(self) -> CallState:
        """Return where the call stands."""
        return self.unit.speech.state

    def ring(self) -> list[Effect]:
        """Let the far end ring."""
        return self.happen(ev.CallProgressed(self.call, 180))

    def answer(self) -> list[Effect]:
        """Let the far end answer, and be heard."""
        return self.happen(ev.CallAnswered(self.call), ev.CallHeard(self.call))

    def speak(self) -> list[Effect]:
        """Let the far end answer, and wait until they speak."""
        return self.answer() + self.wait(NOTICE_S)

    def end(self, status: int = 200, is_silence: bool = False) -> list[Effect]:
        """Let the call end at its far end."""
        return self.happen(ev.CallEnded(self.call, status, "test", is_silence))

    def arrive(self, purpose: CallPurpose = CallPurpose.SPEAK, is_from_centre: bool = True) -> list[Effect]:
        """Let somebody call."""
        self.arrived = getattr(self, "arrived", 0) + 1
        effects = self.happen(ev.CallArrived(f"in-{self.arrived}", purpose, is_from_centre))
        if of_kind(fx.AnswerCall, effects):
            self.call = f"in-{self.arrived}"
        return effects

    def key(self, key: str) -> list[Effect]:
        """Let the far end press a key."""
        return self.happen(ev.KeyHeard(self.call, key))

    def accept(self, command_id: str = "accept") -> list[Effect]:
        """Let an operator accept the alarm."""
        return self.order(wire.AnswerAlarm(alarm=self.alarm_key()), command_id)

    def reset(self) -> list[Effect]:
        """Let the operator close the alarm."""
        return self.order(wire.ResetAlarm(alarm=self.alarm_key()), "reset")


def talking(calls: CallPlan = CALLS) -> Talk:
    """Return a unit on line, with a voice."""
    life = Talk(calls=calls)
    life.happen(ev.VoiceStarted("test"), ev.SoundFound("card"))
    life.connect()
    life.receive_all()
    life.wait(10)
    life.last_words()
    return life


def in_alarm(calls: CallPlan = CALLS) -> Talk:
    """Return a unit whose button was pressed: it calls."""
    life = talking(calls)
    life.press()
    return life


def in_speech() -> Talk:
    """Return a unit in an alarm that somebody speaks with."""
    life = in_alarm()
    life.speak()
    return life


def of_calls(effects: list[Effect]) -> list[Effect]:
    """Return what is done about calls, and what is said."""
    return [effect for effect in effects if isinstance(effect, OF_CALLS)]
