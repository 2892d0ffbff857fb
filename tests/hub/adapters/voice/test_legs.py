"""Legs, with a played engine: those that came, those that are rung, browsers; each ends once."""

import pytest

from device.voice import messages as vm
from device.wire.vocabulary import CallPurpose
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core.call_records import Browser, Phone, UnitOf
from hub.ports import SpeechRefusedError
from tests.hub.adapters.voice.operators_browser import operators_browser
from tests.hub.adapters.voice.spoken_centre import Played, over


def test_a_telephone_is_rung_by_the_trunk(played: Played) -> None:
    played.do(fx.Ring("p1", Phone("2000 0001"), 1))
    [call] = played.told(vm.PlaceCall)
    assert call == vm.PlaceCall(leg="p1", uri="sip:+37120000001@trunk.example", from_user="", srtp=vm.Srtp.MANDATORY)


@pytest.mark.parametrize(
    ("purpose", "headers"), [(CallPurpose.SPEAK, {}), (CallPurpose.ANNOUNCE, {"Poga-Purpose": "announce"})]
)
def test_a_unit_is_told_what_the_call_is_for(played: Played, purpose: CallPurpose, headers: dict[str, str]) -> None:
    played.do(fx.Ring("u1", UnitOf("home-17"), 1, purpose))
    [call] = played.told(vm.PlaceCall)
    assert call == vm.PlaceCall(leg="u1", uri="sip:home-17@registrar.example", headers=headers)


def test_an_emergency_number_never_reaches_the_engine(played: Played) -> None:
    played.do(fx.Ring("p1", Phone("112"), 1))
    assert [event.status for event in played.ended("p1")] == [403]
    assert played.told(vm.PlaceCall) == []


def test_what_the_other_end_does_is_told(played: Played) -> None:
    played.do(fx.Ring("p1", Phone("sip:anna@phone.example"), 1))
    for status in (100, 180, 183):
        played.engine.say(vm.LegProgressed(leg="p1", status=status))
    played.engine.say(vm.LegAnswered(leg="p1"))
    played.engine.say(vm.LegHeard(leg="p1"))
    played.engine.say(vm.DigitHeard(leg="p1", digit="1"))
    played.engine.say(over("p1", by=vm.EndedBy.SILENCE))
    assert played.heard.all[1:] == [
        ce.LegRinging("p1"),
        ce.LegRinging("p1"),
        ce.LegAnswered("p1"),
        ce.LegHeard("p1"),
        ce.KeyHeard("p1", "1"),
        ce.LegEnded("p1", 200, "OK", is_silence=True),
    ]


def test_a_call_that_cannot_be_placed_has_ended(played: Played) -> None:
    played.do(fx.Ring("p1", Phone("sip:anna@phone.example"), 1))
    played.engine.say(vm.CommandFailed(command="place_call", subject="p1", reason="no such transport"))
    played.engine.say(over("p1"))
    assert [(event.status, event.reason) for event in played.ended("p1")] == [(0, "no such transport")]


def test_calls_that_come_are_answered_refused_and_ended_as_the_core_says(played: Played) -> None:
    for leg in ("in-1", "in-2", "in-3"):
        played.arrives(leg)
    played.do(fx.AnswerCall("in-1"), fx.RefuseCall("in-2", 486), fx.EndCall("in-3"), fx.EndCall("in-9"))
    assert played.engine.told.all == [
        vm.AnswerLeg(leg="in-1"),
        vm.EndLeg(leg="in-2", status=486),
        vm.EndLeg(leg="in-3"),
    ]
    assert played.ended("in-3") == []  # the engine says when it has


# --- browsers ---


def test_a_browser_that_rings_is_ended_or_declined_without_a_word_to_the_engine(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1), fx.Ring("b2", Browser("anna"), 1), fx.EndCall("b1"))
    console.voice.decline("b2", "bert")
    assert console.ended("b2") == []
    console.voice.decline("b2", "anna")
    console.voice.decline("b2", "anna")
    assert [event.status for event in console.ended("b1") + console.ended("b2")] == [487, 603]
    assert console.engine.told.all == []


def test_nobody_takes_a_leg_that_does_not_ring_there(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1))
    for leg, operator in (("b1", "bert"), ("b9", "anna")):
        with pytest.raises(SpeechRefusedError, match="does not ring here"):
            console.voice.answer(leg, operator, "v=0")
    assert console.told(vm.OpenSocket) == []


def test_a_leg_is_taken_once_and_rings_on_where_that_fails(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1))
    with pytest.raises(SpeechRefusedError, match="offer"):
        console.voice.answer("b1", "anna", "v=0")
    assert console.told(vm.ClosePoint) == [vm.ClosePoint(point="b1")]
    with operators_browser(440) as first, operators_browser(440) as second:
        first.call(lambda offer: console.voice.answer("b1", "anna", offer))
        with pytest.raises(SpeechRefusedError, match="answered already"):
            second.call(lambda offer: console.voice.answer("b1", "anna", offer))
        console.wait(ce.LegAnswered, leg="b1")
        console.do(fx.EndCall("b1"))
    assert [event.status for event in console.ended("b1")] == [200]
    assert console.told(vm.ClosePoint)[1:] == [vm.ClosePoint(point="b1")]


def test_a_browser_whose_point_the_engine_cannot_make_has_ended(console: Played) -> None:
    console.do(fx.Ring("b1", Browser("anna"), 1))
    with operators_browser(440) as browser:
        browser.call(lambda offer: console.voice.answer("b1", "anna", offer))
        console.engine.say(vm.CommandFailed(command="open_socket", subject="b1", reason="no room"))
        assert [event.reason for event in console.ended("b1")] == ["no room"]


def test_without_an_engine_no_browser_rings(played: Played) -> None:
    played.engine.is_running = False
    played.do(fx.Ring("b1", Browser("anna"), 1))
    assert [event.status for event in played.ended("b1")] == [503]
