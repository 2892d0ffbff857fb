"""Orders of the centre: what each means now, and the outcome that always goes back.

An order is repeated by the centre until its outcome arrives, so each id is done once and answered as often as it comes.
An order about an alarm that is not open is never applied to another alarm. Where none is open, the unit has forgotten
this one, and takes it up again: the centre is its second memory. What is asked of a call must fit the call that stands,
and no order opens the microphone of a room that has not called.
"""

from collections import OrderedDict
from dataclasses import dataclass

from device.core import signals as sig
from device.core import speech_signals, timings
from device.core.alarm import AlarmSequence, State
from device.core.call import CallState
from device.core.moment import Moment
from device.core.sound import Sound
from device.core.speech import Speech
from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose, CommandOutcome, SpeechMode


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an order: signals for alarm or call, a new heartbeat interval, a test, and what to answer."""

    outcome: CommandOutcome
    detail: str = ""
    signals: tuple[sig.Signal, ...] = ()
    speech: speech_signals.Signal | None = None
    heartbeat_s: float | None = None
    tests_sound: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What orders are about."""

    alarm: AlarmSequence
    speech: Speech
    sound: Sound


class Commands:
    """The orders of one life of the program."""

    def __init__(self) -> None:
        """Begin with no order done."""
        self._done: OrderedDict[str, Verdict] = OrderedDict()

    def judge(self, command: wire.Command, parts: Parts, now: Moment) -> Verdict:
        """Return what an order means; one that was done already is only answered again."""
        known = self._done.get(command.command_id)
        if known is not None:
            return Verdict(known.outcome, known.detail)
        verdict = _judge(command.order, parts, now)
        self._done[command.command_id] = verdict
        if len(self._done) > timings.COMMANDS_REMEMBERED:
            self._done.popitem(last=False)
        return verdict


def _judge(order: wire.Order, parts: Parts, now: Moment) -> Verdict:  # noqa: C901, PLR0911 - a case an order
    match order:
        case wire.AnswerAlarm():
            return _about_alarm(order.alarm, sig.Answered(), parts.alarm)
        case wire.RequeueAlarm():
            return _about_alarm(order.alarm, sig.Requeued(), parts.alarm)
        case wire.ResetAlarm():
            if not parts.alarm.is_open_as(order.alarm):
                return Verdict(CommandOutcome.DONE, "this alarm is not open")
            return Verdict(CommandOutcome.DONE, signals=(parts.alarm.reset_ordered(),))
        case wire.SetHeartbeat():
            return Verdict(CommandOutcome.DONE, heartbeat_s=order.interval_s)
        case wire.PlaceCall():
            return _call(order, parts.speech, now)
        case wire.SetSpeech():
            return _speech(order, parts.speech)
        case wire.EndCall():
            return _end(order, parts)
        case wire.TestSound():
            problem = parts.sound.why_no_test()
            return _refused(problem) if problem else Verdict(CommandOutcome.DONE, tests_sound=True)
        case wire.UnknownOrder():  # pragma: no branch - the last of the union
            return Verdict(CommandOutcome.UNKNOWN, f"this unit does not know {order.kind[:64]}")


def _about_alarm(key: wire.MessageKey, signal: sig.Signal, alarm: AlarmSequence) -> Verdict:
    if alarm.is_open_as(key):
        return Verdict(CommandOutcome.DONE, signals=(signal,))
    if alarm.state is State.NORMAL:
        return Verdict(CommandOutcome.DONE, "this alarm was forgotten", signals=(sig.Recalled(key), signal))
    return _refused("this alarm is not open")


def _call(order: wire.PlaceCall, speech: Speech, now: Moment) -> Verdict:
    if not speech.has_targets:
        return _refused("this unit has no voice")
    if speech.state is CallState.VOICELESS:
        return _refused("there is no voice now")
    if speech.is_open or (speech.state is CallState.ANNOUNCING and order.purpose is CallPurpose.ANNOUNCE):
        return _refused("a call stands already")
    if order.purpose is CallPurpose.ANNOUNCE and speech.is_in_alarm:
        return _refused("an alarm is open: speak with the room")
    if order.purpose is CallPurpose.SPEAK and not speech.may_call(now):
        return _refused("no alarm is open, and none was within the hour")
    return Verdict(CommandOutcome.DONE, speech=speech_signals.Wanted(order.purpose, order.call_id))


def _speech(order: wire.SetSpeech, speech: Speech) -> Verdict:
    if not speech.is_standing:
        return _refused("no call stands")
    if speech.state is CallState.ANNOUNCING and order.mode not in (None, SpeechMode.SPEAK):
        return _refused("the microphone stays closed while something is announced")
    return Verdict(CommandOutcome.DONE, speech=speech_signals.SpeechSet(order.mode, order.volume))


def _end(order: wire.EndCall, parts: Parts) -> Verdict:
    if order.alarm is not None and not parts.alarm.is_open_as(order.alarm):
        return _refused("this alarm is not open")
    return Verdict(CommandOutcome.DONE, speech=parts.speech.cleared_down())


def _refused(detail: str) -> Verdict:
    return Verdict(CommandOutcome.REFUSED, detail)
