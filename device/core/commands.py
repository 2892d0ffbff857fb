"""Orders of the centre: what each means now, and the outcome that always goes back.

An order is repeated by the centre until its outcome arrives, so each id is done once and answered as often as it comes.
An order about an alarm that is not open is never applied to another alarm. Where none is open, the unit has forgotten
this one, and takes it up again: the centre is its second memory.
"""

from collections import OrderedDict
from dataclasses import dataclass

from device.core import signals as sig
from device.core import timings
from device.core.alarm import AlarmSequence, State
from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an order: signals for the alarm, a new heartbeat interval, and what to answer."""

    outcome: CommandOutcome
    detail: str = ""
    signals: tuple[sig.Signal, ...] = ()
    heartbeat_s: float | None = None


class Commands:
    """The orders of one life of the program."""

    def __init__(self) -> None:
        """Begin with no order done."""
        self._done: OrderedDict[str, Verdict] = OrderedDict()

    def judge(self, command: wire.Command, alarm: AlarmSequence) -> Verdict:
        """Return what an order means; one that was done already is only answered again."""
        known = self._done.get(command.command_id)
        if known is not None:
            return Verdict(known.outcome, known.detail)
        verdict = _judge(command.order, alarm)
        self._done[command.command_id] = verdict
        if len(self._done) > timings.COMMANDS_REMEMBERED:
            self._done.popitem(last=False)
        return verdict


def _judge(order: wire.Order, alarm: AlarmSequence) -> Verdict:  # noqa: PLR0911 - a case an order
    match order:
        case wire.AnswerAlarm():
            return _about_alarm(order.alarm, sig.Answered(), alarm)
        case wire.RequeueAlarm():
            return _about_alarm(order.alarm, sig.Requeued(), alarm)
        case wire.ResetAlarm():
            if not alarm.is_open_as(order.alarm):
                return Verdict(CommandOutcome.DONE, "this alarm is not open")
            return Verdict(CommandOutcome.DONE, signals=(alarm.reset_ordered(),))
        case wire.SetHeartbeat():
            return Verdict(CommandOutcome.DONE, heartbeat_s=order.interval_s)
        case wire.PlaceCall() | wire.SetSpeech() | wire.EndCall() | wire.TestSound():
            return Verdict(CommandOutcome.REFUSED, "this unit has no voice")
        case wire.UnknownOrder():  # pragma: no branch - the last of the union
            return Verdict(CommandOutcome.UNKNOWN, f"this unit does not know {order.kind[:64]}")


def _about_alarm(key: wire.MessageKey, signal: sig.Signal, alarm: AlarmSequence) -> Verdict:
    if alarm.is_open_as(key):
        return Verdict(CommandOutcome.DONE, signals=(signal,))
    if alarm.state is State.NORMAL:
        return Verdict(CommandOutcome.DONE, "this alarm was forgotten", signals=(sig.Recalled(key), signal))
    return Verdict(CommandOutcome.REFUSED, "this alarm is not open")
