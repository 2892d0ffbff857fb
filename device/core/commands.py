"""Orders of the centre: what each means now, and the outcome that always goes back.

An order is repeated by the centre until its outcome arrives, so each id is done once and answered as often as it comes.
An order about an alarm that is not open is answered, never applied to another alarm.
"""

from collections import OrderedDict
from dataclasses import dataclass

from device.core import alarm as al
from device.core import timings
from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about an order: a signal for the alarm, a new heartbeat interval, and what to answer."""

    outcome: CommandOutcome
    detail: str = ""
    signal: al.Signal | None = None
    heartbeat_s: float | None = None


class Commands:
    """The orders of one life of the program."""

    def __init__(self) -> None:
        """Begin with no order done."""
        self._done: OrderedDict[str, Verdict] = OrderedDict()

    def judge(self, command: wire.Command, alarm: al.AlarmSequence) -> Verdict:
        """Return what an order means; one that was done already is only answered again."""
        known = self._done.get(command.command_id)
        if known is not None:
            return Verdict(known.outcome, known.detail)
        verdict = _judge(command.order, alarm)
        self._done[command.command_id] = verdict
        if len(self._done) > timings.COMMANDS_REMEMBERED:
            self._done.popitem(last=False)
        return verdict


def _judge(order: wire.Order, alarm: al.AlarmSequence) -> Verdict:
    match order:
        case wire.AnswerAlarm():
            return _about_alarm(order.alarm, al.Answered(), alarm)
        case wire.RequeueAlarm():
            return _about_alarm(order.alarm, al.Requeued(), alarm)
        case wire.ResetAlarm():
            if not alarm.is_open_as(order.alarm):
                return Verdict(CommandOutcome.DONE, "this alarm is not open")
            return Verdict(CommandOutcome.DONE, signal=alarm.reset_ordered())
        case wire.SetHeartbeat():
            return Verdict(CommandOutcome.DONE, heartbeat_s=order.interval_s)
        case wire.UnknownOrder():  # pragma: no branch - the last of the union
            return Verdict(CommandOutcome.UNKNOWN, f"this unit does not know {order.kind[:64]}")


def _about_alarm(key: wire.MessageKey, signal: al.Signal, alarm: al.AlarmSequence) -> Verdict:
    if not alarm.is_open_as(key):
        return Verdict(CommandOutcome.REFUSED, "this alarm is not open")
    return Verdict(CommandOutcome.DONE, signal=signal)
