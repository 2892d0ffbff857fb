"""Orders to units: repeated until the unit's outcome, superseded by the next word about the same alarm.

Rules: an order about a call is worth nothing later, and fails soon. One to a unit that nobody watches over (out of
service, or not in the register) fails after an hour, and when the unit is taken out of service: who reads the timeline
must not believe that it may still be done. What such a unit shows when it is back is set right then.

An order's id holds the epoch of the centre's life: a unit does each id once, and must never take a new order for one it
has done for an earlier life (or for a centre restored from a backup).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome
from hub.core import timings
from hub.core.agenda import Agenda
from hub.core.effects import Effect, Save, SendCommand
from hub.core.moment import NEVER, Moment
from hub.core.records import OrderRecord, OrderState

NOT_ANSWERED = "the unit has not answered in time"
OUT_OF_SERVICE = "the unit was taken out of service"


@dataclass(slots=True)
class _Waiting:
    record: OrderRecord
    since_s: float
    tries: int = 0


class Orders:
    """Every order that has no outcome yet."""

    def __init__(self, is_watched: Callable[[str], bool] = lambda unit_id: True) -> None:
        """Begin with none. `is_watched`: whether a unit is in service."""
        self._is_watched = is_watched
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
            self._add(order, now)
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
        return [*effects, Save(record), self._send(self._add(record, now), now)]

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

    def unit_left(self, unit_id: str) -> list[Effect]:
        """End every order to a unit that was taken out of service: it cannot be said when it will be heard again."""
        records = [waiting.record for waiting in self._of_unit.get(unit_id, {}).values()]
        return [self._fail(record, OUT_OF_SERVICE) for record in records]

    def next_deadline(self) -> float:
        """Return when the next order is due again."""
        return self._agenda.next_s()

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Send again what is due, and end what has waited for too long."""
        due = [self._waiting[command_id] for command_id in self._agenda.take_due(now.mono_s)]
        return [
            self._fail(one.record, NOT_ANSWERED) if now.mono_s >= self._until_s(one) else self._send(one, now)
            for one in due
        ]

    def _send(self, waiting: _Waiting, now: Moment, is_first: bool = False) -> Effect:
        waiting.tries = 0 if is_first else waiting.tries
        retries = timings.ORDER_RETRIES_S
        delay_s = retries[waiting.tries] if waiting.tries < len(retries) else timings.ORDER_SLOW_RETRY_S
        waiting.tries += 1
        record = waiting.record
        self._agenda.put(record.command_id, max(now.mono_s, min(now.mono_s + delay_s, self._until_s(waiting))))
        return SendCommand(record.unit_id, wire.Command(command_id=record.command_id, order=record.order))

    def _until_s(self, waiting: _Waiting) -> float:
        """Return until when an order is repeated."""
        life_s = _life_s(waiting.record.order)
        if life_s == NEVER and not self._is_watched(waiting.record.unit_id):
            life_s = timings.ORDER_TO_UNWATCHED_LIVES_S
        return waiting.since_s + life_s

    def _fail(self, record: OrderRecord, detail: str) -> Effect:
        self._remove(record)
        return Save(replace(record, state=OrderState.FAILED, detail=detail))

    def _supersede(self, unit_id: str, order: wire.Order) -> list[Effect]:
        records = [waiting.record for waiting in self._of_unit.get(unit_id, {}).values()]
        superseded = [record for record in records if _subject(record.order) == _subject(order)]
        for record in superseded:
            self._remove(record)
        return [Save(replace(record, state=OrderState.SUPERSEDED)) for record in superseded]

    def _add(self, record: OrderRecord, now: Moment) -> _Waiting:
        waiting = self._waiting[record.command_id] = _Waiting(record, now.mono_s)
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


def _life_s(order: wire.Order) -> float:
    """Return for how long an order is worth repeating."""
    match order:
        case wire.PlaceCall() | wire.SetSpeech() | wire.EndCall():
            return timings.ORDER_OF_A_CALL_LIVES_S
        case wire.TestSound():
            return timings.ORDER_TO_TEST_LIVES_S
        case _:
            return NEVER
