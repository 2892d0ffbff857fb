"""LocalUnit: hands each event to the parts of the core and gathers their effects.

Order within an event: what must be durable first, then what is sent, then the call, then light and words.
"""

from device.core import events as ev
from device.core.alarm import AlarmSequence, State
from device.core.call import NO_CALLS, CallPlan, CallState
from device.core.commands import Commands, Parts
from device.core.effects import Effect, Prompt, Speak, WriteJournal
from device.core.indication import Condition, Indication
from device.core.moment import Moment
from device.core.signals import Cancelled, PreAlarmOver, Pressed, PressedTentatively, Received
from device.core.sound import Sound
from device.core.speech import Speech
from device.core.speech_signals import Urged, VoiceGone
from device.core.supervision import Supervision
from device.core.transmission import Transmission
from device.core.triggers import CANCEL, Trigger, Triggers
from device.wire.messages import CommandDone
from device.wire.vocabulary import FaultCode, Urgency

_CONDITIONS_OF_STATES = {
    State.PRE_ALARM: Condition.PRE_ALARM,
    State.RAISED: Condition.RAISED,
    State.RECEIVED: Condition.RECEIVED,
    State.ANSWERED: Condition.ANSWERED,
}
_CONDITIONS_OF_FAULTS = {
    FaultCode.TRIGGER_HELD: Condition.BUTTON_STUCK,
    FaultCode.BATTERY_LOW: Condition.BATTERY_LOW,
    FaultCode.MAINS_LOST: Condition.MAINS_LOST,
    FaultCode.CENTRE_LOST: Condition.CENTRE_LOST,
    FaultCode.PATH_LOST: Condition.CENTRE_LOST,
}


class LocalUnit:
    """Everything a unit decides."""

    def __init__(self, triggers: tuple[Trigger, ...], calls: CallPlan = NO_CALLS) -> None:
        """Take the triggers of this home, and how it calls."""
        self._triggers = Triggers(triggers)
        self._mail = Transmission()
        self.alarm = AlarmSequence(self._triggers, self._mail)
        self._supervision = Supervision(self._mail)
        self._indication = Indication()
        self._commands = Commands()
        self.speech = Speech(calls)
        self._sound = Sound(self._mail, self._supervision.faults, self.speech.has_targets)
        self._parts = Parts(self.alarm, self.speech, self._sound)
        self._has_begun = False

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        """Return what is to be done about an event, in order."""
        effects = self._decide(event, now)
        effects += self._mail.report_losses(now)
        if not self._has_begun:
            return effects
        press = isinstance(event, ev.TriggerActivated)
        effects += self._call(press, now)
        words = [effect for effect in effects if isinstance(effect, Speak)]
        acts = [effect for effect in effects if not isinstance(effect, Speak)]
        return acts + self._tell_the_room(words, press, now)

    def next_deadline(self) -> float | None:
        """Return the monotonic moment at which `DeadlineReached` is due, None where nothing is."""
        parts = (self._mail, self.alarm, self._supervision, self._indication, self.speech, self._sound)
        deadlines = (part.next_deadline() for part in parts)
        return min((at_s for at_s in deadlines if at_s is not None), default=None)

    def _decide(self, event: ev.Event, now: Moment) -> list[Effect]:  # noqa: C901, PLR0911, PLR0912 - a case an event
        match event:
            case ev.TriggerActivated():
                return self._pressed(event.trigger_id, now)
            case ev.CancelActivated():
                self._supervision.trigger_activated(CANCEL, now)
                return self.alarm.handle(Cancelled(), now)
            case ev.DeadlineReached():
                return self._deadline_reached(now)
            case ev.ReceiptArrived():
                return self._receipt_arrived(event, now)
            case ev.CommandArrived():
                return self._command_arrived(event, now)
            case ev.Started():
                return self._started(event, now)
            case ev.StopRequested():
                return [WriteJournal("stop requested")]
            case ev.TriggerReleased():
                return self._supervision.trigger_released(event.trigger_id, now)
            case ev.TriggerFoundActive():
                return self._supervision.trigger_found_active(event.trigger_id, now)
            case ev.PathOpened():
                return self._supervision.path_opened(event.path, now) + self._mail.path_opened(now)
            case ev.PathClosed():
                return self._path_closed(event, now)
            case ev.CentreHeard():
                effects = self._supervision.centre_heard(event, now)
                return effects + self.speech.centre_is_heard(event.is_alive, now)
            case ev.WaitingLoaded():
                return self._waiting_loaded(event, now)
            case ev.OutboxTrimmed():
                self._mail.lose(event.count)
                return []
            case ev.OutboxFailed():
                return self._outbox_failed(event, now)
            case ev.OutboxRecovered():
                return [*self._mail.store_again(), self.alarm.kept(), *self._supervision.outbox_recovered(now)]
            case ev.OutboxRead():
                self._supervision.outbox_read(event.depth)
                return []
            case ev.PowerRead():
                return self._supervision.power_read(event, now)
            case ev.HealthRead():
                self._supervision.health_read(event)
                return []
            case ev.AdapterFailed():
                return self._adapter_failed(event, now)
            case ev.AdapterRecovered():
                return self._supervision.adapter_recovered(event.adapter, now)
            case ev.CallProgressed():
                return self.speech.progressed(event, now)
            case ev.CallAnswered():
                return self.speech.answered(event, now)
            case ev.CallHeard():
                return self.speech.heard(event, now)
            case ev.CallEnded():
                return self.speech.ended(event, now)
            case ev.CallArrived():
                return self.speech.arrived(event, now)
            case ev.KeyHeard():
                return self.speech.key_heard(event, now)
            case ev.VoiceStarted():
                self._sound.voice_started(now)
                return self.speech.voice_started(now)
            case ev.VoiceLost():
                self._sound.voice_lost(event.reason, now)
                return self.speech.handle(VoiceGone(), now)
            case ev.SoundLost():
                return self._sound.sound_lost(event.reason, now)
            case ev.SoundFound():
                return self._sound.sound_found(now)
            case ev.SoundTested():
                return self._sound.tested(event.test, now)
            case ev.MessageUnreadable():  # pragma: no branch - the last of the union
                return []  # logged and journalled like every event; there is nobody to ask for it again

    def _started(self, event: ev.Started, now: Moment) -> list[Effect]:
        self._has_begun = True
        self._mail.begin(event.epoch, event.boot_id, event.waiting, event.more_waiting, now)
        if event.open_alarm is not None:
            effects = self.alarm.resume(event.open_alarm, now)
        else:
            effects = self.alarm.adopt(event.waiting, now)
        self._sound.begin(now)
        return effects + self._supervision.begin(event, now)

    def _waiting_loaded(self, event: ev.WaitingLoaded, now: Moment) -> list[Effect]:
        news = self._mail.news(event.messages)
        return self._mail.loaded(event.messages, event.more, now) + self.alarm.adopt(news, now)

    def _path_closed(self, event: ev.PathClosed, now: Moment) -> list[Effect]:
        self._supervision.path_closed(event.path, now)
        if self._supervision.has_path:
            return []
        self._mail.path_closed()
        return self.speech.centre_is_heard(False, now)

    def _pressed(self, trigger_id: str, now: Moment) -> list[Effect]:
        self._supervision.trigger_activated(trigger_id, now)
        trigger = self._triggers.get(trigger_id)
        signal = PressedTentatively(trigger) if trigger.pre_alarm_s > 0 else Pressed(trigger)
        return self.alarm.handle(signal, now)

    def _deadline_reached(self, now: Moment) -> list[Effect]:
        effects: list[Effect] = []
        pre_alarm_ends_s = self.alarm.next_deadline()
        if pre_alarm_ends_s is not None and now.mono_s >= pre_alarm_ends_s:
            effects += self.alarm.handle(PreAlarmOver(), now)
        effects += self._mail.deadline_reached(now)
        effects += self.speech.deadline_reached(now) + self._sound.deadline_reached(now)
        return effects + self._supervision.deadline_reached(self.alarm.open_alarm(), now)

    def _receipt_arrived(self, event: ev.ReceiptArrived, now: Moment) -> list[Effect]:
        effects: list[Effect] = []
        if any(self.alarm.is_open_as(key) for key in event.keys):
            effects += self.alarm.handle(Received(), now)
        return effects + self._mail.received(event.keys, now)

    def _command_arrived(self, event: ev.CommandArrived, now: Moment) -> list[Effect]:
        verdict = self._commands.judge(event.command, self._parts, now)
        effects = [effect for signal in verdict.signals for effect in self.alarm.handle(signal, now)]
        if verdict.speech is not None:
            effects += self.speech.handle(verdict.speech, now)
        if verdict.tests_sound:
            effects += self._sound.test(now)
        if verdict.heartbeat_s is not None:
            self._supervision.set_heartbeat(verdict.heartbeat_s, now)
        done = CommandDone(command_id=event.command.command_id, outcome=verdict.outcome, detail=verdict.detail)
        return effects + self._mail.submit(done, Urgency.EVENT, now)

    def _adapter_failed(self, event: ev.AdapterFailed, now: Moment) -> list[Effect]:
        effects = self._mail.store_failed(event.message, now) if event.message else []
        return effects + self._supervision.adapter_failed(event, now)

    def _outbox_failed(self, event: ev.OutboxFailed, now: Moment) -> list[Effect]:
        kept: list[Effect] = [*self._mail.disk_was_replaced(), self.alarm.kept()] if event.put_aside else []
        return kept + self._supervision.outbox_failed(event, now)

    def _call(self, press: bool, now: Moment) -> list[Effect]:
        """Let the call follow the alarm, and test the sound where nothing is going on."""
        effects = self.speech.alarm_is(self.alarm.open_alarm(), now)
        if press:
            effects += self.speech.handle(Urged(), now)
        is_idle = self.alarm.state is State.NORMAL and self.speech.state is CallState.IDLE
        return effects + self._sound.idle_is(is_idle, now)

    def _tell_the_room(self, words: list[Speak], press: bool, now: Moment) -> list[Effect]:
        """Say and show how it is; into a call that stands nothing is said but that the room is heard."""
        is_quiet = self.speech.is_standing
        said: list[Effect] = [word for word in words if word.prompt is Prompt.MICROPHONE_OPEN or not is_quiet]
        return said + self._indication.show(
            self._conditions(), now, has_spoken=bool(said), press=press, is_quiet=is_quiet
        )

    def _conditions(self) -> set[Condition]:
        holding = {
            _CONDITIONS_OF_FAULTS.get(fault.code, Condition.FAULT) for fault in self._supervision.faults.present()
        }
        if self.alarm.state is not State.NORMAL:
            holding.add(self._condition_of_alarm(self.alarm.state))
        if not self._supervision.centre_is_live:
            holding.add(Condition.STARTING)  # until the centre is heard, or called lost
        if self.speech.is_open:
            holding.add(Condition.SPEAKING)
        return holding

    def _condition_of_alarm(self, state: State) -> Condition:
        """Return how far the alarm is shown to be.

        A press is only calling where it can be heard, the first one and every further one. What an operator has done is
        shown as long as the centre lives: nobody can take it back in a room that no word reaches.
        """
        can_be_heard = self._mail.is_open and self._supervision.centre_is_live
        is_unheard = state is State.RAISED or self.alarm.has_unheard_press()
        if is_unheard and not can_be_heard and state is not State.PRE_ALARM:
            return Condition.RAISED_OFFLINE
        if state is State.ANSWERED and not self._supervision.centre_is_live:
            return Condition.RECEIVED
        return _CONDITIONS_OF_STATES[state]
