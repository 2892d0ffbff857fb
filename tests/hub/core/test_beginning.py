"""An operator begins a call where there is none: back to the unit, to a contact, or to announce something."""

import pytest

from device.wire.vocabulary import CallPurpose
from hub.core import events as ev
from hub.core import timings
from hub.core.call_view import CallState
from hub.core.effects import Problem
from hub.core.records import EntryKind, IncidentKind
from hub.core.speech_acts import Add, Announce, AnnounceLive, CallBack, HangUp
from tests.hub.core.in_calls import DAUGHTER, accepted_fault, call_back, ordered_calls, shift, speaking
from tests.hub.core.shift import HOME, key
from tests.played_voice import OK

# --- calling back ---


def test_a_unit_is_called_back_by_telling_it_to_call() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    unit = call_back(one, incident_id)
    assert ordered_calls(one)[0].purpose is CallPurpose.SPEAK
    assert one.voice.ringing() == ["anna"]
    bell = one.voice.bell("anna")
    one.voice.answer(bell)
    assert one.voice.hears(unit, bell)
    assert one.open(IncidentKind.ALARM) == []
    history = one.history(incident_id)
    assert [kind for kind in history if kind in (EntryKind.CALLED_BACK, EntryKind.UNIT_CALLED, EntryKind.SPEAKING)] == [
        *(EntryKind.CALLED_BACK, EntryKind.UNIT_CALLED, EntryKind.SPEAKING)
    ]


def test_calling_back_again_while_it_is_on_its_way_orders_nothing_twice() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    one.speech(incident_id, CallBack())
    assert one.voice.view().state is CallState.CALLING_BACK
    one.voice.answer(one.voice.bell("anna"))
    assert one.speech(incident_id, CallBack()) is None
    assert len(ordered_calls(one)) == 1
    assert one.voice.ringing() == []


def test_a_unit_that_is_not_heard_is_called_directly_and_then_given_up() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    one.speech(incident_id, CallBack())
    one.voice.answer(one.voice.bell("anna"))
    one.wait(timings.UNIT_CALLED_DIRECTLY_AFTER_S)
    assert [leg.status for leg in one.legs.values() if leg.kind == "unit"] == [404]
    one.wait(timings.UNIT_CALLS_WITHIN_S)
    assert one.voice.legs == {}
    assert EntryKind.NOT_CALLED_BACK in one.history(incident_id)


def test_a_unit_that_calls_for_an_operator_who_is_gone_is_refused() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    one.speech(incident_id, CallBack())
    one.speech(incident_id, HangUp())
    one.voice.call(HOME, call_id=ordered_calls(one)[0].call_id)
    assert [status for _, status in one.voice.refused] == [480]
    assert one.open(IncidentKind.ALARM) == []


def test_an_alarm_comes_before_a_call_about_something_else() -> None:
    one = shift("anna", "boris")
    incident_id = accepted_fault(one)
    call_back(one, incident_id)
    one.voice.answer(one.voice.bell("anna"))
    unit = one.voice.call(HOME, alarm=key(9))
    assert one.voice.in_call() == [unit]
    assert one.voice.view().incident_id == one.alarm().incident_id
    assert one.voice.ringing() == ["anna", "boris"]


def test_a_client_who_calls_back_and_finds_nobody_is_taken_by_another() -> None:
    one = shift("anna", "boris")
    incident_id = accepted_fault(one)
    call_back(one, incident_id)
    one.wait(timings.OWNER_RINGS_S)
    assert one.voice.ringing() == ["anna", "boris"]


def test_another_call_than_an_alarm_ends_after_one_cycle_and_the_client_is_told() -> None:
    one = shift("anna")
    incident_id = accepted_fault(one)
    call_back(one, incident_id)
    one.wait(timings.OWNER_RINGS_S + timings.EVERYBODY_RINGS_S)
    one.voice.finish_saying()
    one.wait(0.5)
    assert one.voice.prompts()[-1] == "nobody"
    one.wait(timings.NOBODY_TOLD_FOR_S)
    assert one.voice.legs == {}


def test_a_call_back_that_neither_side_takes_up_comes_to_an_end() -> None:
    one = shift("anna")
    incident_id = accepted_fault(one)
    one.speech(incident_id, CallBack())
    one.wait(timings.UNIT_CALLS_WITHIN_S)
    assert one.voice.views == {}


def test_only_an_incident_of_a_unit_can_be_called_back_or_announced_to() -> None:
    one = shift("anna")
    one.happen(ev.AdapterFailed("disk", "Save", "full", lasting=True))
    (incident,) = one.open(IncidentKind.CENTRE)
    one.accept(incident.incident_id)
    for act in (CallBack(), AnnounceLive(), Announce("words", "lv")):
        assert one.speech(incident.incident_id, act) is Problem.NO_UNIT


def test_a_representative_is_called_without_the_unit() -> None:
    one = shift("anna")
    incident_id = accepted_fault(one)
    assert one.speech(incident_id, Add(DAUGHTER)) is None
    assert one.voice.ringing() == [DAUGHTER.number, "anna"]
    anna, daughter = one.voice.bell("anna"), one.voice.bell(DAUGHTER.number)
    one.voice.answer(anna)
    one.voice.answer(daughter)
    assert one.voice.hears(anna, daughter)
    assert one.voice.view().state is CallState.SPEAKING
    one.voice.end(anna, 0)
    assert one.voice.legs == {}


def test_who_cannot_speak_calls_nobody() -> None:
    one = shift("anna")
    incident_id = accepted_fault(one)
    one.happen(ev.ConsolesChanged(frozenset({"anna"})))
    assert one.speech(incident_id, Add(DAUGHTER)) is Problem.NO_WAY_TO_SPEAK
    assert one.voice.legs == {}


# --- announcements ---


def test_words_are_read_aloud_into_a_call_and_their_outcome_comes_back() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    act = Announce("Ārsts ir ceļā.", "lv", reason="calms the client", library="doctor")
    one.wait(timings.GREETING_AFTER_S)
    assert one.speech(incident_id, act) is None
    one.wait(0.1)
    say = one.voice.said[-1]
    assert (say.leg, getattr(say.words, "text", "")) == (unit, "Ārsts ir ceļā.")
    assert one.voice.view().saying == "Ārsts ir ceļā."
    one.voice.finish_saying()
    assert one.history(incident_id)[-3:] == [
        *(EntryKind.ANNOUNCED, EntryKind.ANNOUNCED_BECAUSE, EntryKind.ANNOUNCEMENT_PLAYED)
    ]
    assert [entry.text for entry in one.timeline[-3:]] == ["doctor: Ārsts ir ceļā.", "calms the client", ""]
    assert one.voice.hears(bell, unit)


def test_an_announcement_calls_the_unit_and_hangs_up_when_it_was_played() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    assert one.speech(incident_id, Announce("Līdz rītam nav elektrības.", "lv")) is None
    (order,) = ordered_calls(one)
    assert order.purpose is CallPurpose.ANNOUNCE
    unit = one.voice.call(HOME, call_id=order.call_id)
    assert one.voice.ringing() == []
    assert not one.voice.bridges[1][0].is_heard
    one.wait(timings.GREETING_AFTER_S)
    assert [say.leg for say in one.voice.said] == [unit]
    assert one.voice.prompts() == []
    one.voice.finish_saying()
    assert one.voice.legs == {}
    assert EntryKind.ANNOUNCEMENT_PLAYED in one.history(incident_id)


def test_an_announcement_waits_for_a_unit_that_cannot_be_called_directly() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    one.speech(incident_id, Announce("words", "lv"))
    one.wait(timings.UNIT_CALLED_DIRECTLY_AFTER_S + 1)
    assert EntryKind.ANNOUNCEMENT_CUT not in one.history(incident_id)
    one.voice.call(HOME, call_id=ordered_calls(one)[0].call_id)
    one.wait(timings.GREETING_AFTER_S)
    one.voice.finish_saying()
    assert EntryKind.ANNOUNCEMENT_PLAYED in one.history(incident_id)


def test_an_announcement_that_is_cut_short_is_told_as_such() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    one.speech(incident_id, Announce("words", "lv"))
    unit = one.voice.call(HOME, call_id=ordered_calls(one)[0].call_id)
    one.wait(timings.GREETING_AFTER_S)
    one.voice.end(unit, 0, is_silence=True)
    assert EntryKind.ANNOUNCEMENT_CUT in one.history(incident_id)
    assert EntryKind.ANNOUNCEMENT_PLAYED not in one.history(incident_id)
    assert one.voice.views == {}


def test_an_announcement_into_an_open_alarm_without_a_call_is_made_by_a_call_about_it() -> None:
    one = shift()
    incident_id = one.press()
    one.accept(incident_id)
    one.speech(incident_id, Announce("words", "lv"))
    assert ordered_calls(one)[0].purpose is CallPurpose.SPEAK
    one.wait(timings.UNIT_CALLS_WITHIN_S)
    assert EntryKind.ANNOUNCEMENT_CUT in one.history(incident_id)


@pytest.mark.parametrize("is_saying_told_first", [True, False])
def test_a_client_whose_announcement_was_cut_and_who_calls_again_is_spoken_with(is_saying_told_first: bool) -> None:
    one = shift()
    incident_id = one.press()
    one.accept(incident_id)
    one.speech(incident_id, Announce("words", "lv"))
    unit = one.voice.call(HOME, key(1), call_id=ordered_calls(one)[0].call_id)
    one.wait(timings.GREETING_AFTER_S)
    if not is_saying_told_first:
        one.voice.sayings.clear()
    one.voice.end(unit, 0, is_silence=True)
    assert one.history(incident_id).count(EntryKind.ANNOUNCEMENT_CUT) == 1
    one.voice.call(HOME, key(1))
    assert one.voice.ringing() == ["anna"]


def test_an_operator_announces_in_person_and_does_not_hear_the_room() -> None:
    one = shift()
    incident_id = accepted_fault(one)
    assert one.speech(incident_id, AnnounceLive(reason="a storm is coming")) is None
    assert ordered_calls(one)[0].purpose is CallPurpose.ANNOUNCE
    unit = one.voice.call(HOME, call_id=ordered_calls(one)[0].call_id)
    bell = one.voice.bell("anna")
    one.voice.answer(bell)
    assert one.voice.hears(unit, bell)
    assert not one.voice.hears(bell, unit)
    history = one.history(incident_id)
    assert EntryKind.ANNOUNCED_LIVE in history
    assert EntryKind.ANNOUNCED_BECAUSE in history
    one.voice.end(unit, OK)
    assert one.voice.legs == {}


def test_a_second_announcement_follows_the_first() -> None:
    one = shift()
    _, _, incident_id = speaking(one)
    one.wait(timings.GREETING_AFTER_S)
    one.speech(incident_id, Announce("first", "lv"))
    one.wait(0.1)
    one.speech(incident_id, Announce("second", "lv"))
    one.wait(0.1)
    assert one.voice.view().saying == "first"
    one.voice.finish_saying()
    one.wait(0.1)
    assert one.voice.view().saying == "second"


def test_who_speaks_already_announces_in_person_in_the_same_call() -> None:
    one = shift()
    unit, bell, incident_id = speaking(one)
    assert one.speech(incident_id, AnnounceLive()) is None
    assert one.voice.ringing() == []
    assert one.voice.hears(bell, unit)
    assert one.history(incident_id)[-1] is EntryKind.ANNOUNCED_LIVE
