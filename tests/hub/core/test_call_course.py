"""A call is passed on to somebody else: an operator, a telephone, or the operator's own."""

from hub.core import events as ev
from hub.core import timings
from hub.core.call_records import Browser, Phone
from hub.core.call_view import PartState
from hub.core.effects import Problem
from hub.core.records import EntryKind, Operator, Unit
from hub.core.speech_acts import Add, CallBack, Transfer
from tests.hub.core.in_calls import DOCTOR, shift, speaking
from tests.hub.core.shift import HOME


def test_a_call_is_passed_on_and_its_operator_stays_until_the_other_answers() -> None:
    one = shift("anna", "boris")
    unit, anna, incident_id = speaking(one)
    one.speech(incident_id, Transfer(Browser("boris")))
    assert one.voice.hears(unit, anna)
    boris = one.voice.bell("boris")
    one.voice.answer(boris)
    assert anna not in one.voice.legs
    assert one.voice.hears(unit, boris)
    assert one.alarm().owner == "boris"
    passed = [entry for entry in one.timeline if entry.kind is EntryKind.PASSED_ON]
    assert [(entry.actor, entry.text) for entry in passed] == [("anna", "boris")]


def test_who_is_given_a_call_and_takes_the_incident_over_rings_once() -> None:
    one = shift("anna", "boris")
    _, _, incident_id = speaking(one)
    one.speech(incident_id, Transfer(Browser("boris")))
    one.act(incident_id, ev.Act.TAKE_OVER, "boris")
    assert one.voice.ringing() == ["boris"]


def test_the_other_bell_falls_silent_when_one_is_answered() -> None:
    one = shift("anna", "boris")
    one.happen(ev.RecordsEdited("", (Operator("boris", "", phone="+371 2000 0009", phone_is_sure=True),)))
    _, _, incident_id = speaking(one)
    one.speech(incident_id, Transfer(Browser("boris")))
    assert one.voice.ringing() == ["+371 2000 0009", "boris"]
    one.voice.answer(one.voice.bell("+371 2000 0009"))
    assert one.voice.ringing() == []
    assert one.alarm().owner == "boris"


def test_a_call_nobody_takes_over_stays_where_it_is() -> None:
    one = shift("anna", "boris")
    unit, anna, incident_id = speaking(one)
    one.speech(incident_id, Transfer(Browser("boris")))
    one.wait(timings.TRANSFER_RINGS_S)
    assert one.voice.ringing() == []
    assert one.voice.hears(unit, anna)
    assert one.history(incident_id)[-1] is EntryKind.RUNG_IN_VAIN
    assert one.alarm().owner == "anna"


def test_a_call_is_passed_on_to_a_telephone_that_confirms_and_the_incident_stays() -> None:
    one = shift("anna")
    unit, anna, incident_id = speaking(one)
    one.speech(incident_id, Transfer(DOCTOR))
    doctor = one.voice.bell(DOCTOR.number)
    one.voice.answer(doctor)
    assert not one.voice.hears(unit, doctor)
    assert one.voice.view().parts[2].state is PartState.CONFIRMING
    one.voice.press(doctor, "1")
    assert one.voice.hears(unit, doctor)
    assert anna not in one.voice.legs
    assert one.alarm().owner == "anna"


def test_a_mailbox_does_not_get_the_call() -> None:
    one = shift("anna")
    unit, anna, incident_id = speaking(one)
    one.speech(incident_id, Transfer(DOCTOR))
    doctor = one.voice.bell(DOCTOR.number)
    one.voice.answer(doctor)
    one.voice.end(doctor)
    assert one.history(incident_id)[-1] is EntryKind.NOT_CONFIRMED
    assert one.voice.hears(unit, anna)


def test_an_operator_without_a_microphone_takes_the_call_by_telephone() -> None:
    one = shift("anna")
    one.happen(ev.ConsolesChanged(frozenset({"anna"})))
    unit = one.voice.call(HOME)
    incident_id = one.alarm().incident_id
    one.accept(incident_id)
    assert one.voice.ringing() == []
    assert one.speech(incident_id, CallBack()) is Problem.NO_WAY_TO_SPEAK
    assert one.speech(incident_id, Transfer(Phone("+371 2000 0005", "anna", is_sure=True))) is None
    phone = one.voice.bell("+371 2000 0005")
    one.voice.answer(phone)
    assert one.voice.hears(unit, phone)
    assert one.alarm().owner == "anna"
    one.wait(600)
    assert one.voice.ringing() == []


def test_who_is_rung_already_is_busy_for_whoever_else_asks() -> None:
    one = shift("anna", "boris", units=(Unit(HOME), Unit("home-2")))
    _, _, incident_id = speaking(one)
    one.voice.call("home-2")
    assert one.voice.ringing() == ["boris"]
    assert one.speech(incident_id, Transfer(Browser("boris"))) is None
    assert one.history(incident_id)[-1] is EntryKind.WAS_BUSY
    assert one.speech(incident_id, Add(Browser("boris"))) is None
    assert one.history(incident_id)[-1] is EntryKind.WAS_BUSY
    assert one.voice.ringing() == ["boris"]
