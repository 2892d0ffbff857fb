"""Two engines call each other on loopback, and what is told of their legs is true."""

import os
import signal
from pathlib import Path

import pytest

from device.voice.messages import (
    AnswerLeg,
    ClosePoint,
    DigitHeard,
    EndedBy,
    EndLeg,
    EngineStarted,
    HoldLeg,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegHeard,
    LegHeld,
    LegProgressed,
    OpenSocket,
    PlaceCall,
    Protocol,
    SendDigits,
)
from tests.device.voice.party import Party, needs_pjsua2, parties, talk
from tests.waiting import until

pytestmark = needs_pjsua2

LOW = 500


def test_a_call_rings_is_answered_and_ends(home: Party, centre: Party) -> None:
    home.tell(
        PlaceCall(leg="call", uri=centre.uri, headers={"Poga-Alarm": "77:3"}, from_user="unit 7/ä"),
    )
    arrived = centre.wait(LegArrived)
    centre.tell(AnswerLeg(leg=arrived.leg, status=180))
    home.wait(LegProgressed, status=180)
    assert not home.has_said(LegAnswered)
    centre.tell(AnswerLeg(leg=arrived.leg))
    answered = home.wait(LegAnswered, leg="call")
    home.wait(LegHeard, leg="call")
    centre.tell(EndLeg(leg=arrived.leg))

    assert arrived.headers["Poga-Alarm"] == "77:3"
    assert (arrived.from_user, arrived.to_user) == ("unit 7/ä", "centre")
    assert arrived.protocol is Protocol.UDP
    assert answered.codec == centre.wait(LegAnswered).codec == centre.wait(EngineStarted).codecs[0]
    assert home.wait(LegEnded, leg="call").by is EndedBy.THEM
    assert centre.wait(LegEnded, leg=arrived.leg).by is EndedBy.US


def test_a_call_finds_a_host_by_its_name(home: Party, centre: Party) -> None:
    home.tell(PlaceCall(leg="call", uri=centre.uri.replace("127.0.0.1", "localhost")))
    assert centre.wait(LegArrived).to_user == "centre"


def test_a_call_can_be_withdrawn_before_its_host_is_found(home: Party) -> None:
    home.tell(PlaceCall(leg="call", uri="sip:centre@localhost:9"), EndLeg(leg="call"))
    assert home.wait(LegEnded, leg="call").by is EndedBy.US


@pytest.mark.parametrize("status", [486, 603, 480, 500])
def test_a_call_is_refused(home: Party, centre: Party, status: int) -> None:
    home.tell(PlaceCall(leg="call", uri=centre.uri))
    centre.tell(EndLeg(leg=centre.wait(LegArrived).leg, status=status))
    ended = home.wait(LegEnded, leg="call")
    assert (ended.status, ended.by) == (status, EndedBy.THEM)


def test_a_call_is_withdrawn_before_an_answer(home: Party, centre: Party) -> None:
    home.tell(PlaceCall(leg="call", uri=centre.uri))
    arrived = centre.wait(LegArrived)
    centre.tell(AnswerLeg(leg=arrived.leg, status=180))
    home.wait(LegProgressed, status=180)
    home.tell(EndLeg(leg="call"))
    assert home.wait(LegEnded, leg="call").by is EndedBy.US
    ended = centre.wait(LegEnded, leg=arrived.leg)
    assert (ended.status, ended.by) == (487, EndedBy.THEM)


def test_a_call_is_held_and_taken_back_by_either(home: Party, centre: Party, tmp_path: Path) -> None:
    leg = talk(home, centre)
    mouth = centre.open_mouth("operator", tmp_path / "operator", LOW)
    centre.link(("operator", leg))
    ear = home.open_mouth("ear", tmp_path / "ear")
    home.link(("call", "ear"))
    ear.hears(LOW)
    for holder, held, name in ((home, "call", leg), (centre, leg, "call")):
        other = centre if holder is home else home
        holder.tell(HoldLeg(leg=held, is_held=True))
        other.wait(LegHeld, leg=name, is_held=True)
        holder.tell(HoldLeg(leg=held, is_held=False))
        other.wait(LegHeld, leg=name, is_held=False)
        ear.forget()
        ear.hears(LOW)
    assert mouth.strength(LOW) == 0


def test_a_call_carries_keys_both_ways(home: Party, centre: Party) -> None:
    leg = talk(home, centre)
    home.tell(SendDigits(leg="call", digits="1#"))
    centre.tell(SendDigits(leg=leg, digits="*9"))
    for digit in "1#":
        centre.wait(DigitHeard, leg=leg, digit=digit)
    for digit in "*9":
        home.wait(DigitHeard, leg="call", digit=digit)


def test_a_call_ends_when_nothing_is_heard_any_more(home: Party) -> None:
    centre = Party("centre")
    with parties(centre):
        talk(home, centre)
        os.kill(centre.engine.pid or 0, signal.SIGKILL)
        assert home.wait(LegEnded, leg="call").by is EndedBy.SILENCE


def test_a_call_is_hung_up_when_an_engine_is_stopped(home: Party) -> None:
    centre = Party("centre")
    with parties(centre):
        leg = talk(home, centre)
        centre.engine.stop()
        assert home.wait(LegEnded, leg="call").by is EndedBy.THEM
        assert centre.wait(LegEnded, leg=leg).by is EndedBy.US


def test_a_call_leaves_nothing_behind(home: Party, centre: Party, tmp_path: Path) -> None:
    engines = [Path(f"/proc/{party.engine.pid}/fd") for party in (home, centre)]
    talk(home, centre, "first")
    before = [len(list(handles.iterdir())) for handles in engines]
    for number in range(30):
        leg = talk(home, centre, f"call {number}")
        home.tell(OpenSocket(point=f"point {number}", path=tmp_path / "point"))
        home.link((f"call {number}", f"point {number}"), (f"point {number}", f"call {number}"))
        home.tell(ClosePoint(point=f"point {number}"), EndLeg(leg=f"call {number}"))
        centre.wait(LegEnded, leg=leg)
    until(lambda: before == [len(list(handles.iterdir())) for handles in engines], "no handle is left open")
