"""Orders to units: repeated until the unit's outcome, superseded by the next word about the same alarm.

An order's id holds the epoch of the centre's life: a unit does each id once, and must never take a new order for one it
has done for an earlier life (or for a centre restored from a backup).
"""

from dataclasses import dataclass, replace

from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome
from hub.core import timings
from hub.core.agenda import Agenda
from hub.core.effects import Effect, Save, SendCommand
from hub.core.moment import Moment
from hub.core.records import OrderRecord, OrderState


@dataclass(slots=True)
class _Waiting:
    record: OrderRecord
    tries: int = 0


class Orders:
    """Every order that has no outcome yet."""

    def __init__(self) -> None:
        """Begin with none."""
        self._epoch = ""
        self._count = 0
        self._waiting: dict[str, _Waiting] = {}
        self._of_unit: dict[str, dict[str, _Waiting]] = {}
        self._agenda = Agenda[str]()
        self._refused: dict[str, str] = {}

    def begin(self, epoch: str, orders: tuple[OrderRecord, ...], now: Moment) -> None:
        """Take over the orders earlier lives left waiting; all are due at once."""
        self._epoch = epoch
        for order in orders:
            self._add(order)
            self._agenda.put(order.command_id, now.mono_s)

    def issue(self, unit_id: str, order: wire.Order, incident_id: int, now: Moment) -> list[Effect]:
        """Send a new order; an older one to the unit that says something else about the same alarm is superseded."""
        effects = self._supersede(unit_id, order)
        self._count += 1
        record = OrderRecord(
            command_id=f"{self._epoch}-{self._count}",
            unit_id=unit_id,
            incident_id=incident_id,
            order=order,
            state=OrderState.WAITING,
            issued_s=now.wall_s,
        )
        return [*effects, Save(record), self._send(self._add(record), now)]

    def has_waiting(self, unit_id: str) -> bool:
        """Tell whether the unit has yet to answer an order."""
        return unit_id in self._of_unit

    def has_waiting_about(self, unit_id: str, alarm: wire.MessageKey) -> bool:
        """Tell whether the unit has yet to answer an order about this alarm."""
        waiting = self._of_unit.get(unit_id, {}).values()
        return any(_subject(one.record.order) == str(alarm) for one in waiting)

    def was_refused(self, unit_id: str, order: wire.Order) -> bool:
        """Tell whether the unit's last outcome was a refusal of an order about the same."""
        return self._refused.get(unit_id) == _subject(order)

    def finished(self, unit_id: str, done: wire.CommandDone) -> tuple[OrderRecord | None, list[Effect]]:
        """Take a unit's outcome; return the order it ends, None where none of this id waits for this unit."""
        waiting = self._waiting.get(done.command_id)
        if waiting is None or waiting.record.unit_id != unit_id:
            return None, []
        self._remove(waiting.record)
        state = OrderState.DONE if done.outcome is CommandOutcome.DONE else OrderState.FAILED
        record = replace(waiting.record, state=state, detail=done.detail)
        self._refused.pop(unit_id, None)
        if state is OrderState.FAILED:
            self._refused[unit_id] = _subject(record.order)
        return record, [Save(record)]

    def unit_appeared(self, unit_id: str, now: Moment) -> list[Effect]:
        """Send at once what waits for a unit that has just come on line."""
        mine = self._of_unit.get(unit_id, {}).values()
        return [self._send(waiting, now, is_first=True) for waiting in mine]

    def next_deadline(self) -> float:
        """Return when the next order is due again."""
        return self._agenda.next_s()

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Send again what is due."""
        return [self._send(self._waiting[command_id], now) for command_id in self._agenda.take_due(now.mono_s)]

    def _send(self, waiting: _Waiting, now: Moment, is_first: bool = False) -> Effect:
        waiting.tries = 0 if is_first else waiting.tries
        retries = timings.ORDER_RETRIES_S
        delay_s = retries[waiting.tries] if waiting.tries < len(retries) else timings.ORDER_SLOW_RETRY_S
        waiting.tries += 1
        record = waiting.record
        self._agenda.put(record.command_id, now.mono_s + delay_s)
        return SendCommand(record.unit_id, wire.Command(command_id=record.command_id, order=record.order))

    def _supersede(self, unit_id: str, order: wire.Order) -> list[Effect]:
        records = [waiting.record for waiting in self._of_unit.get(unit_id, {}).values()]
        superseded = [record for record in records if _subject(record.order) == _subject(order)]
        for record in superseded:
            self._remove(record)
        return [Save(replace(record, state=OrderState.SUPERSEDED)) for record in superseded]

    def _add(self, record: OrderRecord) -> _Waiting:
        waiting = self._waiting[record.command_id] = _Waiting(record)
        self._of_unit.setdefault(record.unit_id, {})[record.command_id] = waiting
        return waiting

    def _remove(self, record: OrderRecord) -> None:
        self._agenda.drop(record.command_id)
        del self._waiting[record.command_id]
        of_unit = self._of_unit[record.unit_id]
        del of_unit[record.command_id]
        if not of_unit:
            del self._of_unit[record.unit_id]


def _subject(order: wire.Order) -> str:
    """Return what an order is about: an alarm, or the kind of setting."""
    match order:
        case wire.AnswerAlarm() | wire.RequeueAlarm() | wire.ResetAlarm():
            return str(order.alarm)
        case wire.PlaceCall():
            return order.call_id
        case wire.SetHeartbeat() | wire.SetSpeech() | wire.EndCall() | wire.TestSound():
            return order.kind
        case wire.UnknownOrder():  # pragma: no branch - the last of the union
            return order.kind
