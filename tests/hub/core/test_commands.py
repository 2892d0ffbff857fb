"""Orders: repeated until their outcome, superseded by the next word about the same, and never mistaken for old ones."""

import itertools

from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome
from hub.core import timings
from hub.core.commands import NOT_ANSWERED, OUT_OF_SERVICE, Orders
from hub.core.effects import Effect, Save, SendCommand
from hub.core.moment import NEVER, Moment
from hub.core.records import OrderRecord, OrderState
from tests.hub.core.shift import HOME, WALL_S, at, key, of_kind

ANSWER = wire.AnswerAlarm(alarm=key(1))
REQUEUE = wire.RequeueAlarm(alarm=key(1))
FASTER = wire.SetHeartbeat(interval_s=30)


def begun(*waiting: OrderRecord) -> Orders:
    orders = Orders()
    orders.begin("life", waiting, at(0))
    return orders


def kept(effects: list[Effect]) -> list[OrderRecord]:
    return [save.record for save in of_kind(Save, effects) if isinstance(save.record, OrderRecord)]


def sent(effects: list[Effect]) -> list[str]:
    return [effect.command.command_id for effect in of_kind(SendCommand, effects)]


def done(command_id: str, outcome: CommandOutcome = CommandOutcome.DONE) -> wire.CommandDone:
    return wire.CommandDone(command_id=command_id, outcome=outcome, detail="a word")


def test_an_order_is_kept_and_then_sent() -> None:
    save, send = begun().issue(HOME, ANSWER, 7, at(0))
    record = OrderRecord("life-1", HOME, 7, ANSWER, OrderState.WAITING, WALL_S)
    assert save == Save(record)
    assert send == SendCommand(HOME, wire.Command(command_id="life-1", order=ANSWER))


def test_an_order_is_repeated_until_its_outcome_and_ever_slower() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    times = [0.0]
    while len(times) < 10:
        times.append(orders.next_deadline() - at(0).mono_s)
        assert sent(orders.deadline_reached(at(times[-1]))) == ["life-1"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == [2, 4, 8, 15, 30, 60, 60, 60, 60]
    orders.finished(HOME, done("life-1"))
    assert orders.next_deadline() == NEVER


def test_an_outcome_ends_it() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    record, effects = orders.finished(HOME, done("life-1"))
    assert record is not None
    assert (record.state, record.detail, record.incident_id) == (OrderState.DONE, "a word", 7)
    assert effects == [Save(record)]
    assert not orders.has_waiting(HOME)
    assert orders.finished(HOME, done("life-1")) == (None, []), "an outcome that comes twice"


def test_what_a_unit_refuses_has_failed() -> None:
    for outcome in (CommandOutcome.REFUSED, CommandOutcome.UNKNOWN):
        orders = begun()
        orders.issue(HOME, ANSWER, 7, at(0))
        record, _ = orders.finished(HOME, done("life-1", outcome))
        assert record is not None
        assert record.state is OrderState.FAILED


def test_another_units_word_ends_nothing() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    assert orders.finished("home-2", done("life-1")) == (None, [])
    assert orders.has_waiting(HOME)


def test_the_next_word_about_the_same_alarm_takes_its_place() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    effects = orders.issue(HOME, REQUEUE, 7, at(1))
    assert [(record.command_id, record.state) for record in kept(effects)] == [
        ("life-1", OrderState.SUPERSEDED),
        ("life-2", OrderState.WAITING),
    ]
    assert sent(orders.deadline_reached(at(100))) == ["life-2"]


def test_words_about_other_things_stand_beside_each_other() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    orders.issue(HOME, wire.AnswerAlarm(alarm=key(2)), 7, at(0))
    orders.issue(HOME, FASTER, 0, at(0))
    orders.issue("home-2", ANSWER, 8, at(0))
    assert sent(orders.deadline_reached(at(2))) == ["life-1", "life-2", "life-3", "life-4"]
    assert kept(orders.issue(HOME, FASTER, 0, at(3)))[0].command_id == "life-3"


def test_what_waits_is_known_by_unit_and_alarm() -> None:
    orders = begun()
    assert not orders.has_waiting(HOME)
    assert not orders.has_waiting_about(HOME, key(1))
    orders.issue(HOME, ANSWER, 7, at(0))
    assert orders.has_waiting(HOME)
    assert orders.has_waiting_about(HOME, key(1))
    assert not orders.has_waiting_about(HOME, key(2))
    assert not orders.has_waiting("home-2")


def test_a_unit_that_comes_on_line_is_sent_what_waits_and_its_repetitions_begin_anew() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    orders.issue("home-2", ANSWER, 8, at(0))
    orders.deadline_reached(at(100))
    assert sent(orders.unit_appeared(HOME, at(101))) == ["life-1"]
    assert orders.next_deadline() == at(103).mono_s
    assert orders.unit_appeared("home-3", at(101)) == []


def test_what_earlier_lives_left_waiting_is_due_at_once() -> None:
    record = OrderRecord("earlier-9", HOME, 7, ANSWER, OrderState.WAITING, WALL_S)
    orders = begun(record)
    assert orders.next_deadline() == at(0).mono_s
    assert sent(orders.deadline_reached(at(0))) == ["earlier-9"]
    assert sent(orders.issue(HOME, FASTER, 0, at(0))) == ["life-1"], "no id of another life is used again"


def test_an_order_of_a_kind_nobody_knows_is_only_ever_itself() -> None:
    orders = begun()
    orders.issue(HOME, wire.UnknownOrder.model_validate({"kind": "sing"}), 0, at(0))
    orders.issue(HOME, ANSWER, 0, at(0))
    assert sent(orders.deadline_reached(at(2))) == ["life-1", "life-2"]


# --- orders that fail ---


def test_an_order_about_a_call_is_worth_nothing_later() -> None:
    orders = begun()
    orders.issue(HOME, wire.PlaceCall(call_id="c-1"), 7, at(0))
    orders.issue(HOME, wire.TestSound(), 0, at(0))
    ended: list[OrderRecord] = []
    while orders.next_deadline() < NEVER:
        effects = orders.deadline_reached(Moment(orders.next_deadline()))
        ended += kept(effects)
    assert [(order.order.kind, order.state, order.detail) for order in ended] == [
        ("place_call", OrderState.FAILED, NOT_ANSWERED),
        ("test_sound", OrderState.FAILED, NOT_ANSWERED),
    ]
    assert not orders.has_waiting(HOME)


def test_orders_to_a_unit_that_is_taken_out_of_service_have_failed() -> None:
    orders = begun()
    orders.issue(HOME, ANSWER, 7, at(0))
    orders.issue(HOME, FASTER, 0, at(0))
    orders.issue("home-2", ANSWER, 8, at(0))
    ended = kept(orders.unit_left(HOME))
    assert [(order.state, order.detail) for order in ended] == [(OrderState.FAILED, OUT_OF_SERVICE)] * 2
    assert orders.has_waiting("home-2")
    assert orders.unit_left(HOME) == []


def test_an_order_to_a_unit_nobody_watches_over_is_repeated_for_an_hour_only() -> None:
    orders = Orders(is_watched=lambda unit_id: unit_id != HOME)
    orders.begin("life", (), at(0))
    orders.issue(HOME, ANSWER, 7, at(0))
    orders.issue("home-2", ANSWER, 8, at(0))
    last_s, ended = 0.0, list[OrderRecord]()
    while orders.has_waiting(HOME):
        last_s = orders.next_deadline()
        ended = kept(orders.deadline_reached(Moment(last_s)))
    assert last_s - at(0).mono_s == timings.ORDER_TO_UNWATCHED_LIVES_S
    assert [order.detail for order in ended] == [NOT_ANSWERED]
    assert orders.has_waiting("home-2")
