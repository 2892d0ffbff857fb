"""Orders: each is done once, answered as often as it comes, and never applied to another alarm."""

from collections.abc import Callable

import pytest

from device.core import effects as fx
from device.core import events as ev
from device.core import timings
from device.core.call import CallState
from device.core.commands import Verdict
from device.core.effects import Effect, Light, SaveAlarm
from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose, CommandOutcome, SpeechMode
from tests.device.core.life import BUTTON, CORD, EARLIER, PENDANT, Life, bodies, connected, key, of_kind, raised
from tests.device.core.talk import Talk, in_speech, of_calls, talking
from tests.device.core.talk import in_alarm as alarmed

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
    assert (verdict.signals, verdict.speech, verdict.heartbeat_s) == ((), None, None)
    assert (verdict.tests_sound, verdict.detail) == (False, "")


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


# --- orders about calls ---

SPEAK = wire.PlaceCall(call_id="c-1")
ANNOUNCE = wire.PlaceCall(call_id="c-1", purpose=CallPurpose.ANNOUNCE)


def ringing() -> Talk:
    life = alarmed()
    life.ring()
    return life


def announcing() -> Talk:
    life = talking()
    life.arrive(CallPurpose.ANNOUNCE)
    return life


def voiceless() -> Talk:
    life = talking()
    life.happen(ev.VoiceLost("killed"))
    return life


def test_an_ordered_call_is_placed_under_its_name() -> None:
    life = in_speech()
    life.reset()
    effects = life.order(SPEAK, "call")
    assert of_kind(fx.PlaceCall, effects) == [fx.PlaceCall("out-2", 0, None, "c-1")]
    assert outcomes(effects) == [(CommandOutcome.DONE, "")]


def test_an_ordered_call_that_nobody_answers_is_tried_once_at_each_target() -> None:
    life = talking()
    life.order(ANNOUNCE, "call")
    effects = life.wait(600)
    assert of_kind(fx.PlaceCall, effects) == [fx.PlaceCall("out-2", 1, None, "c-1")]
    assert life.state is CallState.IDLE


def test_an_ordered_announcement_is_heard_and_hears_nothing() -> None:
    life = talking()
    life.order(ANNOUNCE, "call")
    life.ring()
    assert of_kind(fx.SetSpeech, life.answer() + life.wait(10)) == [fx.SetSpeech("out-1", SpeechMode.SPEAK, 6)]
    assert fx.Speak(fx.Prompt.MICROPHONE_OPEN) not in life.answer()


def test_an_ordered_call_takes_the_place_of_one_that_still_rings() -> None:
    life = alarmed()
    alarm = life.alarm_key()
    placed = fx.PlaceCall("out-2", 0, alarm, "c-1")
    assert of_calls(life.order(SPEAK, "call"))[:2] == [fx.EndCall("out-1"), placed]


@pytest.mark.parametrize(
    ("situation", "order", "reason"),
    [
        (connected, SPEAK, "this unit has no voice"),
        (voiceless, SPEAK, "there is no voice now"),
        (talking, SPEAK, "no alarm is open, and none was within the hour"),
        (in_speech, SPEAK, "a call stands already"),
        (in_speech, ANNOUNCE, "a call stands already"),
        (announcing, ANNOUNCE, "a call stands already"),
        (ringing, ANNOUNCE, "an alarm is open: speak with the room"),
        (talking, wire.SetSpeech(volume=3), "no call stands"),
        (ringing, wire.SetSpeech(mode=SpeechMode.DUPLEX), "no call stands"),
        (
            announcing,
            wire.SetSpeech(mode=SpeechMode.DUPLEX),
            "the microphone stays closed while something is announced",
        ),
        (
            announcing,
            wire.SetSpeech(mode=SpeechMode.LISTEN),
            "the microphone stays closed while something is announced",
        ),
        (in_speech, wire.EndCall(alarm=key(1, EARLIER)), "this alarm is not open"),
    ],
)
def test_what_does_not_fit_the_call_that_stands_is_refused(
    situation: Callable[[], Life], order: wire.Order, reason: str
) -> None:
    life = situation()
    effects = life.order(order, "order")
    assert outcomes(effects) == [(CommandOutcome.REFUSED, reason)]
    assert [effect for effect in effects if isinstance(effect, fx.OF_VOICE)] == []


def test_the_centre_says_who_hears_whom_and_how_loud() -> None:
    life = in_speech()
    orders = (wire.SetSpeech(mode=SpeechMode.LISTEN), wire.SetSpeech(volume=10), wire.SetSpeech())
    told = [of_kind(fx.SetSpeech, life.order(order, str(number))) for number, order in enumerate(orders)]
    assert [[(one.mode, one.volume) for one in effects] for effects in told] == [
        [(SpeechMode.LISTEN, 6)],
        [(SpeechMode.LISTEN, 10)],
        [(SpeechMode.LISTEN, 10)],
    ]
    announced = announcing()
    softer = wire.SetSpeech(mode=SpeechMode.SPEAK, volume=2)
    assert of_kind(fx.SetSpeech, announced.order(softer)) == [fx.SetSpeech("in-1", SpeechMode.SPEAK, 2)]


def test_the_end_of_a_call_that_is_gone_is_done_already() -> None:
    life = talking()
    effects = life.order(wire.EndCall(), "end")
    assert (outcomes(effects), of_kind(fx.EndCall, effects)) == ([(CommandOutcome.DONE, "")], [])
    life = announcing()
    assert of_kind(fx.EndCall, life.order(wire.EndCall(), "end")) == [fx.EndCall("in-1")]
