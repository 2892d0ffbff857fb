"""What an operator asks of a call is done, or it is said why not."""

import pytest

from device.wire import messages as wire
from device.wire.vocabulary import SpeechMode
from hub.core import events as ev
from hub.core import timings
from hub.core.call_records import Browser, Phone
from hub.core.call_view import CallState
from hub.core.effects import Problem
from hub.core.records import EntryKind, Operator, Unit
from hub.core.speech_acts import (
    Add,
    Announce,
    AnnounceLive,
    CallBack,
    Drop,
    HangUp,
    Hold,
    Mute,
    SetMode,
    SetVolume,
    SpeechAct,
    Transfer,
)
from tests.hub.core.in_calls import DAUGHTER, DOCTOR, shift, speaking, spoken_orders
from tests.hub.core.shift import HOME
from tests.played_voice import BUSY

ANY_ACTS: tuple[SpeechAct, ...] = (
    *(HangUp(), Mute(is_on=True), SetMode(SpeechMode.LISTEN), SetVolume(7), Hold(is_on=True), Drop("x")),
    *(Transfer(Browser("boris")), Add(DAUGHTER), CallBack(), Announce("words", "lv"), AnnounceLive()),
)


# --- who may ---


@pytest.mark.parametrize("act", ANY_ACTS)
def test_nothing_is_done_for_who_does_not_have_the_incident(act: SpeechAct) -> None:
    one = shift("anna", "boris", "carla")
    _, _, incident_id = speaking(one)
    shown = one.voice.view()
    assert one.speech(incident_id, act, "carla") is Problem.NOT_YOURS
    assert one.voice.view() == shown


@pytest.mark.parametrize("act", ANY_ACTS)
def test_an_incident_must_be_accepted_and_there_must_be_one_and_a_voice(act: SpeechAct) -> None:
    one = shift()
    incident_id = one.press()
    assert one.speech(incident_id, act) is Problem.NOT_ACCEPTED
    assert one.speech(99, act) is Problem.NO_SUCH_INCIDENT
    one.close(incident_id)
    assert one.speech(incident_id, act) is Problem.CLOSED
    one.voice.lose()
    assert one.speech(incident_id, act) is Problem.NO_VOICE


@pytest.mark.parametrize(
    "act", [act for act in ANY_ACTS if not isinstance(act, Add | CallBack | Announce | AnnounceLive)]
)
def test_there_must_be_a_call(act: SpeechAct) -> None:
    one = shift()
    incident_id = one.press()
    one.accept(incident_id)
    assert one.speech(incident_id, act) is Problem.NO_CALL


# --- in a call ---


def test_hanging_up_ends_the_call_and_rings_nobody_again() -> None:
    one = shift()
    _, _, incident_id = speaking(one)
    assert one.speech(incident_id, HangUp()) is None
    one.wait(10)
    assert one.voice.legs == {}
    assert one.history(incident_id).count(EntryKind.CALL_ENDED) == 2
    assert one.alarm().owner == "anna"


def test_a_muted_operator_is_not_heard_and_hears() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    one.speech(incident_id, Mute(is_on=True))
    assert not one.voice.hears(unit, bell)
    assert one.voice.hears(bell, unit)
    assert one.voice.view().parts[1].is_muted
    one.speech(incident_id, Mute(is_on=False))
    assert one.voice.hears(unit, bell)


@pytest.mark.parametrize(
    ("mode", "unit_hears", "unit_is_heard"),
    [(SpeechMode.LISTEN, False, True), (SpeechMode.SPEAK, True, False), (SpeechMode.SILENT, False, False)],
)
def test_who_hears_whom_is_set_here_and_at_the_unit(mode: SpeechMode, unit_hears: bool, unit_is_heard: bool) -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    one.speech(incident_id, SetMode(mode))
    assert (one.voice.hears(unit, bell), one.voice.hears(bell, unit)) == (unit_hears, unit_is_heard)
    assert spoken_orders(one) == [wire.SetSpeech(mode=mode, volume=6)]
    assert one.voice.view().mode is mode
    assert one.timeline[-1].text == mode
    one.voice.end(unit, 0, is_silence=True)
    one.voice.call(HOME)
    assert spoken_orders(one) == [wire.SetSpeech(mode=mode, volume=6)] * 2


def test_the_units_loudspeaker_and_everybody_else_can_be_louder_or_softer() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    assert one.speech(incident_id, SetVolume(20)) is None
    assert spoken_orders(one) == [wire.SetSpeech(mode=SpeechMode.DUPLEX, volume=10)]
    assert one.speech(incident_id, SetVolume(8, unit)) is None
    assert one.speech(incident_id, SetVolume(0, bell)) is None
    gains = {part.leg: part.gain for parts in one.voice.bridges.values() for part in parts}
    assert gains == {unit: pytest.approx(1.96), bell: 0.0}
    assert one.speech(incident_id, SetVolume(7, "nobody")) is Problem.NO_SUCH_LEG


def test_on_hold_the_client_hears_nobody_and_is_told_so() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    one.voice.finish_saying()
    one.wait(timings.GREETING_AFTER_S)
    one.speech(incident_id, Hold(is_on=True))
    one.speech(incident_id, Hold(is_on=True))
    one.wait(0.1)
    assert not one.voice.hears(unit, bell)
    assert one.voice.view().state is CallState.HELD
    assert one.voice.sayings
    one.speech(incident_id, Hold(is_on=False))
    assert one.voice.sayings == {}
    assert one.voice.hears(unit, bell)
    assert one.history(incident_id)[-2:] == [EntryKind.PUT_ON_HOLD, EntryKind.TAKEN_BACK]


def test_an_operator_in_two_calls_goes_to_and_fro() -> None:
    one = shift("anna", units=(Unit(HOME), Unit("home-2")))
    first, bell, incident_id = speaking(one)
    one.voice.call("home-2")
    one.accept(one.alarm("home-2").incident_id)
    one.voice.answer(one.voice.bell("anna"))
    assert not one.voice.hears(first, bell)
    one.speech(incident_id, Hold(is_on=False))
    assert one.voice.hears(first, bell)


def test_a_conference_with_a_representative_who_need_press_no_key() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    assert one.speech(incident_id, Add(DAUGHTER)) is None
    daughter = one.voice.bell(DAUGHTER.number)
    one.voice.answer(daughter)
    assert all(one.voice.hears(a, b) for a in (unit, bell, daughter) for b in (unit, bell, daughter) if a != b)
    assert one.alarm().owner == "anna"
    assert one.history(incident_id)[-3:] == [EntryKind.CALLED, EntryKind.CALL_TAKEN, EntryKind.SPEAKING]
    assert one.timeline[-3].text == DAUGHTER.name
    assert one.speech(incident_id, Drop(daughter)) is None
    assert sorted(one.voice.legs) == sorted([unit, bell])
    assert one.speech(incident_id, Drop(daughter)) is Problem.NO_SUCH_LEG


def test_dropping_the_unit_ends_the_call_and_what_is_offered_cannot_be_dropped() -> None:
    one = shift("anna", "boris")
    unit = one.voice.call(HOME)
    one.accept(one.alarm().incident_id)
    incident_id = one.alarm().incident_id
    assert one.speech(incident_id, Drop(one.voice.bell("anna"))) is Problem.NO_SUCH_LEG
    assert one.speech(incident_id, Drop(unit)) is None
    assert one.voice.legs == {}


def test_whoever_is_called_into_a_call_and_does_not_come_is_told_of() -> None:
    one = shift()
    _, _, incident_id = speaking(one)
    one.speech(incident_id, Add(DAUGHTER))
    one.voice.end(one.voice.bell(DAUGHTER.number), BUSY)
    assert one.history(incident_id)[-1] is EntryKind.WAS_BUSY
    one.speech(incident_id, Add(DOCTOR))
    one.wait(timings.ADDED_RINGS_S)
    assert one.history(incident_id)[-1] is EntryKind.RUNG_IN_VAIN
    assert one.timeline[-1].actor == "…0004"
    assert DOCTOR.number not in repr(one.timeline)
    assert one.voice.ringing() == []


def test_a_call_has_room_for_a_few_only() -> None:
    one = shift()
    _, _, incident_id = speaking(one)
    problems = [one.speech(incident_id, Add(Phone(f"+371 2000 01{number:02}"))) for number in range(6)]
    assert problems == [None] * 4 + [Problem.TOO_MANY] * 2
    assert one.speech(incident_id, Transfer(Browser("boris"))) is Problem.TOO_MANY


def test_the_daughter_goes_on_when_the_operator_is_lost_and_the_operator_is_rung_again() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    one.speech(incident_id, Add(DAUGHTER))
    daughter = one.voice.bell(DAUGHTER.number)
    one.voice.answer(daughter)
    one.voice.end(bell, 0)
    assert one.voice.hears(unit, daughter)
    assert one.voice.ringing() == ["anna"]
    one.voice.answer(one.voice.bell("anna"))
    one.voice.end(daughter)
    assert one.voice.view().state is CallState.SPEAKING


# --- keys of a telephone ---


def test_an_operator_at_a_telephone_has_keys() -> None:
    one = shift("anna")
    one.happen(ev.RecordsEdited("", (Operator("anna", "", phone="+371 2000 0001", phone_is_sure=True),)))
    one.voice.call(HOME)
    phone = one.voice.bell("+371 2000 0001")
    one.voice.answer(phone)
    for pressed, mode in (("7", SpeechMode.LISTEN), ("8", SpeechMode.SPEAK), ("4", SpeechMode.DUPLEX)):
        one.voice.press(phone, pressed)
        assert one.voice.view().mode is mode
    for pressed in "1113":
        one.voice.press(phone, pressed)
    assert one.voice.view().volume == 8
    one.voice.press(phone, "9")
    one.voice.press(phone, "0")
    assert one.voice.legs == {}


def test_keys_of_others_mean_nothing() -> None:
    one = shift()
    unit, bell, _ = speaking(one)
    shown = one.voice.view()
    one.voice.press(unit, "0")
    one.voice.press(bell, "0")
    assert one.voice.view() == shown
