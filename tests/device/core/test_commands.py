"""Orders: each is done once, answered as often as it comes, and never applied to another alarm."""

import pytest

from device.core import timings
from device.core.commands import Verdict
from device.core.effects import Effect, Light, SaveAlarm
from device.wire import messages as wire
from device.wire.vocabulary import CommandOutcome
from tests.device.core.life import BUTTON, CORD, EARLIER, PENDANT, Life, bodies, key, of_kind, raised

ABOUT_ALARM = (wire.AnswerAlarm, wire.RequeueAlarm, wire.ResetAlarm)


def outcomes(effects: list[Effect]) -> list[tuple[CommandOutcome, str]]:
    return [(body.outcome, body.detail) for body in bodies(effects) if isinstance(body, wire.CommandDone)]


def in_alarm() -> Life:
    life = Life()
    life.connect()
    life.press()
    life.receive(life.alarm_key())
    return life


def test_an_answer_a_requeue_and_a_reset_are_done_and_answered() -> None:
    life = in_alarm()
    alarm = life.alarm_key()
    orders: tuple[tuple[wire.Order, Light], ...] = (
        (wire.AnswerAlarm(alarm=alarm), Light.BRIGHT),
        (wire.RequeueAlarm(alarm=alarm), Light.CALLING),
        (wire.ResetAlarm(alarm=alarm), Light.STEADY),
    )
    for order, light in orders:
        assert outcomes(life.order(order, order.kind)) == [(CommandOutcome.DONE, "")]
        assert life.light() is light


def test_an_order_that_comes_again_is_answered_and_not_done_again() -> None:
    life = in_alarm()
    alarm = life.alarm_key()
    life.order(wire.AnswerAlarm(alarm=alarm), "first")
    life.order(wire.RequeueAlarm(alarm=alarm), "second")
    assert outcomes(life.order(wire.AnswerAlarm(alarm=alarm), "first")) == [(CommandOutcome.DONE, "")]
    assert life.light() is Light.CALLING


@pytest.mark.parametrize("order", [wire.AnswerAlarm, wire.RequeueAlarm])
def test_an_order_about_another_alarm_is_refused(order: type[wire.AnswerAlarm | wire.RequeueAlarm]) -> None:
    life = in_alarm()
    refused = [(CommandOutcome.REFUSED, "this alarm is not open")]
    assert outcomes(life.order(order(alarm=key(1, EARLIER)))) == refused
    assert life.light() is Light.CALLING


def test_a_reset_of_an_alarm_that_is_not_open_is_done_already() -> None:
    life = in_alarm()
    done = [(CommandOutcome.DONE, "this alarm is not open")]
    assert outcomes(life.order(wire.ResetAlarm(alarm=key(1, EARLIER)))) == done
    assert life.light() is Light.CALLING


@pytest.mark.parametrize("order", ABOUT_ALARM)
def test_no_order_reaches_a_press_that_may_still_be_withdrawn(
    order: type[wire.AnswerAlarm | wire.RequeueAlarm | wire.ResetAlarm],
) -> None:
    life = Life()
    life.connect()
    life.press(CORD)
    life.order(order(alarm=key(2)))
    assert life.light() is Light.FLICKER


def test_a_reset_that_a_press_has_crossed_is_done_and_the_press_calls_anew() -> None:
    life = in_alarm()
    life.press(PENDANT)
    effects = life.order(wire.ResetAlarm(alarm=life.alarm_key()))
    assert raised(PENDANT) in bodies(effects)
    assert outcomes(effects) == [(CommandOutcome.DONE, "")]
    assert life.light() is Light.CALLING


def test_heartbeats_come_as_often_as_ordered() -> None:
    life = in_alarm()
    assert outcomes(life.order(wire.SetHeartbeat(interval_s=300))) == [(CommandOutcome.DONE, "")]


def test_an_order_nobody_knows_is_answered_as_such() -> None:
    life = in_alarm()
    order = wire.UnknownOrder.model_validate({"kind": "sing"})
    assert outcomes(life.order(order)) == [(CommandOutcome.UNKNOWN, "this unit does not know sing")]


def test_the_orders_that_are_remembered_are_bounded() -> None:
    life = in_alarm()
    alarm = life.alarm_key()
    life.order(wire.AnswerAlarm(alarm=alarm), "first")
    for number in range(timings.COMMANDS_REMEMBERED):
        life.order(wire.SetHeartbeat(interval_s=30), f"order-{number}")
    life.order(wire.RequeueAlarm(alarm=alarm), "last")
    life.order(wire.AnswerAlarm(alarm=alarm), "first")
    assert life.light() is Light.BRIGHT, "so long ago that it is taken for a new one"


def test_a_press_of_the_same_trigger_after_the_reset_is_an_alarm_of_its_own() -> None:
    life = in_alarm()
    first = life.alarm_key()
    life.order(wire.ResetAlarm(alarm=first))
    assert bodies(life.press()) == [raised(BUTTON)]
    assert life.alarm_key() != first


def test_a_verdict_asks_for_nothing_by_itself() -> None:
    verdict = Verdict(CommandOutcome.DONE)
    assert (verdict.signals, verdict.heartbeat_s, verdict.detail) == ((), None, "")


@pytest.mark.parametrize(("order", "light"), [(wire.AnswerAlarm, Light.BRIGHT), (wire.RequeueAlarm, Light.CALLING)])
def test_an_alarm_that_only_the_centre_remembers_is_taken_up_again(
    order: type[wire.AnswerAlarm | wire.RequeueAlarm], light: Light
) -> None:
    """A restart on a full disk, or with a new card, in the middle of an alarm."""
    life = Life()
    life.connect()
    effects = life.order(order(alarm=key(5, EARLIER)))
    assert outcomes(effects) == [(CommandOutcome.DONE, "this alarm was forgotten")]
    assert of_kind(SaveAlarm, effects)
    assert life.light() is light
    assert life.alarm_key() == key(5, EARLIER)
    life.order(wire.ResetAlarm(alarm=key(5, EARLIER)), "close")
    assert life.light() is Light.STEADY
