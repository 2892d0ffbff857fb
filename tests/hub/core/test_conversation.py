"""One call: somebody answers, the client is told what happens, and whatever breaks, nobody is lost on the way."""

from hub.core import events as ev
from hub.core import timings
from hub.core.call_records import CallList, CallOrder, Member, MemberKind, PartKind
from hub.core.call_view import CallState, PartState
from hub.core.effects import Prompt
from hub.core.records import Client, EntryKind, IncidentKind, IncidentState, Operator, Unit
from hub.core.speech_acts import HangUp
from tests.hub.core.in_calls import shift, speaking
from tests.hub.core.shift import HOME, Shift, key
from tests.played_voice import BUSY, UNAVAILABLE

# --- who answers ---


def test_the_first_who_answers_has_the_incident_and_it_rings_nowhere_else() -> None:
    one = shift("anna", "boris")
    unit = one.voice.call(HOME, alarm=key(1))
    assert one.voice.ringing() == ["anna", "boris"]
    boris = one.voice.bell("boris")
    one.voice.answer(boris)
    assert one.voice.ringing() == []
    assert (one.alarm().owner, one.alarm().state) == ("boris", IncidentState.ACCEPTED)
    assert one.voice.hears(boris, unit)
    assert one.voice.hears(unit, boris)
    assert [order.kind for order in (record.order for record in one.orders.values())] == ["answer_alarm"]
    assert one.history(one.alarm().incident_id)[-3:] == [EntryKind.CALL_TAKEN, EntryKind.ACCEPTED, EntryKind.SPEAKING]


def test_who_accepts_on_the_screen_is_rung_alone() -> None:
    one = shift("anna", "boris")
    one.voice.call(HOME)
    bell = one.voice.bell("anna")
    one.accept(one.alarm().incident_id, "anna")
    assert one.voice.ringing() == ["anna"]
    assert one.voice.bell("anna") == bell
    one.voice.answer(bell)
    assert one.voice.view().state is CallState.SPEAKING


def test_who_accepts_first_and_has_the_call_later_is_rung_first() -> None:
    one = shift("anna", "boris")
    one.accept(one.press(), "boris")
    one.voice.call(HOME, alarm=key(1))
    assert one.voice.ringing() == ["boris"]
    one.wait(timings.OWNER_RINGS_S)
    assert one.voice.ringing() == ["anna", "boris"]
    one.voice.answer(one.voice.bell("anna"))
    assert one.alarm().owner == "anna"
    assert EntryKind.TAKEN_OVER in one.history(one.alarm().incident_id)


def test_an_operator_speaks_by_telephone_too_and_the_console_may_be_closed_meanwhile() -> None:
    one = shift("anna")
    one.happen(ev.RecordsEdited("", (Operator("anna", "", phone="+371 2000 0001", phone_is_sure=True),)))
    unit = one.voice.call(HOME)
    assert one.voice.ringing() == ["+371 2000 0001", "anna"]
    phone = one.voice.bell("+371 2000 0001")
    one.voice.answer(phone)
    assert one.voice.ringing() == []
    assert one.alarm().owner == "anna"
    one.console()
    one.wait(timings.OWNER_LOST_AFTER_S * 2)
    assert one.alarm().owner == "anna"
    one.voice.end(phone)
    assert one.voice.legs == {}
    assert unit not in one.voice.legs
    one.wait(timings.OWNER_LOST_AFTER_S * 2)
    assert one.alarm().owner == ""


def test_nobody_answers_and_the_duty_telephone_must_press_a_key() -> None:
    one = shift("anna")
    duty = Member(MemberKind.PHONE, "duty phone", "+371 2000 0002")
    one.happen(ev.RecordsEdited("", (CallList(1, "duty", (duty,), is_escalation=True),)))
    one.voice.call(HOME, alarm=key(1))
    one.wait(timings.EVERYBODY_RINGS_S)
    phone = one.voice.bell("+371 2000 0002")
    one.voice.answer(phone)
    one.voice.finish_saying()
    assert one.voice.prompts().count(Prompt.CONFIRM) == 2
    (part,) = [part for part in one.voice.view().parts if part.kind is PartKind.PHONE]
    assert part.state is PartState.CONFIRMING
    one.voice.press(phone, "5")
    one.voice.press(phone, "1")
    assert one.alarm().owner == "duty phone"
    history = one.history(one.alarm().incident_id)
    for entry in (EntryKind.ALL_RUNG, EntryKind.RUNG_IN_VAIN, EntryKind.LIST_RUNG, EntryKind.CALL_TAKEN):
        assert entry in history


def test_whoever_is_busy_or_gone_is_passed_at_once_and_that_is_written_down() -> None:
    one = shift("anna", "boris", "carla")
    one.voice.call(HOME)
    one.voice.end(one.voice.bell("anna"), BUSY)
    one.voice.end(one.voice.bell("boris"), UNAVAILABLE)
    history = one.history(one.alarm().incident_id)
    assert history[-2:] == [EntryKind.WAS_BUSY, EntryKind.NOT_REACHED]
    legs = {leg.name: leg for leg in one.legs.values()}
    assert (legs["anna"].status, legs["boris"].status, legs["carla"].ended_s) == (BUSY, UNAVAILABLE, None)


def test_an_operator_in_a_call_is_rung_for_no_other_one_until_free() -> None:
    one = shift("anna", units=(Unit(HOME), Unit("home-2")))
    speaking(one)
    one.voice.call("home-2")
    assert one.voice.ringing() == []
    one.speech(one.alarm().incident_id, HangUp())
    assert one.voice.ringing() == ["anna"]


def test_an_operator_who_takes_a_second_call_puts_the_first_on_hold_and_comes_back() -> None:
    one = shift("anna", units=(Unit(HOME), Unit("home-2")))
    first, bell, _ = speaking(one)
    second = one.voice.call("home-2")
    one.accept(one.alarm("home-2").incident_id)
    other_bell = one.voice.bell("anna")
    one.voice.answer(other_bell)
    assert one.voice.hears(other_bell, second)
    assert not one.voice.hears(first, bell)
    assert {view.incident_id: view.parts[1].state for view in one.voice.views.values()} == {
        one.alarm(HOME).incident_id: PartState.HELD,
        one.alarm("home-2").incident_id: PartState.SPEAKING,
    }
    one.wait(timings.GREETING_AFTER_S)
    assert one.voice.said[-1].leg == first
    assert one.voice.prompts()[-1] is Prompt.HOLD
    one.speech(one.alarm("home-2").incident_id, HangUp())
    assert one.voice.hears(first, bell)


def test_a_bell_is_silent_in_one_call_before_it_rings_for_another() -> None:
    one = shift("anna", "boris", units=(Unit(HOME), Unit("home-2")))
    one.voice.call(HOME)
    members = (Member(MemberKind.OPERATOR, "boris"), Member(MemberKind.PHONE, "duty", "+371 2000 0007"))
    one.happen(ev.RecordsEdited("", (CallList(1, "day", members, order=CallOrder.ROTATING, ring_s=10),)))
    one.voice.call("home-2")
    one.wait(300)
    assert len(one.voice.ringing()) == len(set(one.voice.ringing()))


# --- what the client hears ---


def test_the_client_is_greeted_in_the_language_of_the_card_and_told_every_20_s_what_happens() -> None:
    one = shift()
    client = Client(1, 5, "Žanna Paraugs (invented)", language="lv")
    one.happen(ev.RecordsEdited("", (Unit(HOME, premises_id=5), client)))
    one.voice.call(HOME)
    assert one.voice.said == []
    one.wait(timings.GREETING_AFTER_S)
    assert one.voice.prompts() == [Prompt.GREETING, Prompt.LOOKING]
    assert {say.words.language for say in one.voice.said} == {"lv"}
    one.voice.finish_saying()
    one.wait(3 * timings.CLIENT_TOLD_EVERY_S)
    assert one.voice.prompts()[2:] == [Prompt.STILL_LOOKING]
    one.voice.finish_saying()
    one.wait(timings.CLIENT_TOLD_EVERY_S)
    assert one.voice.prompts()[2:] == [Prompt.STILL_LOOKING] * 2


def test_the_centre_falls_silent_when_a_person_speaks() -> None:
    one = shift()
    one.voice.call(HOME)
    one.wait(timings.GREETING_AFTER_S)
    assert one.voice.sayings
    one.voice.answer(one.voice.bell("anna"))
    assert one.voice.sayings == {}
    one.wait(120)
    assert one.voice.prompts() == [Prompt.GREETING, Prompt.LOOKING]


def test_a_client_whose_operator_is_awaited_is_told_so() -> None:
    one = Shift((Unit(HOME),), ("anna",))
    one.voice.start()
    one.happen(ev.ConsolesChanged(frozenset({"anna"})))
    one.accept(one.press())
    one.voice.call(HOME, alarm=key(1))
    one.wait(timings.GREETING_AFTER_S)
    assert one.voice.ringing() == []
    assert one.voice.prompts() == [Prompt.GREETING, Prompt.ANSWERED]
    one.console("anna")
    assert one.voice.ringing() == ["anna"]


# --- what breaks ---


def test_a_unit_that_calls_again_lands_at_the_same_operator_without_ringing() -> None:
    one = shift("anna", "boris")
    unit, bell, incident_id = speaking(one)
    one.voice.end(unit, 0, is_silence=True)
    assert one.voice.view().state is CallState.BROKEN
    assert one.voice.in_call() == ["anna"]
    one.wait(5)
    again = one.voice.call(HOME)
    assert one.voice.ringing() == []
    assert one.voice.hears(bell, again)
    assert one.voice.view().state is CallState.SPEAKING
    assert one.history(incident_id).count(EntryKind.SPEAKING) == 2
    one.wait(60)
    assert Prompt.GREETING not in one.voice.prompts()


def test_a_second_call_of_a_unit_replaces_the_first() -> None:
    one = shift()
    unit, bell, _ = speaking(one)
    again = one.voice.call(HOME)
    assert unit not in one.voice.legs
    assert one.voice.hears(bell, again)
    assert len(one.voice.views) == 1


def test_a_unit_that_does_not_call_again_is_waited_for_and_then_given_up() -> None:
    one = shift()
    unit, _, incident_id = speaking(one)
    one.voice.end(unit, 0, is_silence=True)
    one.wait(timings.UNIT_BACK_WITHIN_S)
    assert one.voice.legs == {}
    assert one.voice.views == {}
    assert EntryKind.NOT_CALLED_BACK in one.history(incident_id)
    assert one.alarm().owner == "anna"


def test_an_alarm_whose_call_breaks_before_anybody_answered_goes_on_ringing() -> None:
    one = shift("anna")
    unit = one.voice.call(HOME)
    one.voice.end(unit, 0, is_silence=True)
    assert one.voice.ringing() == ["anna"]
    one.voice.answer(one.voice.bell("anna"))
    again = one.voice.call(HOME)
    assert one.voice.hears("in-2", again) or one.voice.view().state is CallState.SPEAKING


def test_an_operator_who_is_lost_is_rung_again_and_then_everybody_else() -> None:
    one = shift("anna", "boris")
    unit, bell, incident_id = speaking(one)
    one.wait(timings.GREETING_AFTER_S)
    one.voice.end(bell, 0)
    assert one.voice.ringing() == ["anna"]
    assert one.voice.in_call() == [unit]
    one.wait(0.1)
    assert one.voice.prompts()[-1] is Prompt.BROKEN
    one.wait(timings.OWNER_RINGS_S)
    assert one.voice.ringing() == ["anna", "boris"]
    one.voice.answer(one.voice.bell("boris"))
    assert one.alarm().owner == "boris"
    assert EntryKind.CALL_LOST in one.history(incident_id)


def test_operator_and_unit_lost_at_once_find_each_other_again() -> None:
    one = shift("anna")
    unit, bell, _ = speaking(one)
    one.voice.end(unit, 0, is_silence=True)
    one.voice.end(bell, 0)
    assert one.voice.ringing() == ["anna"]
    again = one.voice.call(HOME)
    one.voice.answer(one.voice.bell("anna"))
    assert one.voice.view().state is CallState.SPEAKING
    assert one.voice.hears(again, next(leg for leg in one.voice.legs if leg != again))


def test_when_the_voice_is_lost_units_call_again_and_the_same_operator_is_first() -> None:
    one = shift("anna", "boris")
    _, _, incident_id = speaking(one)
    one.voice.lose()
    assert one.voice.views == {}
    assert EntryKind.VOICE_LOST in one.history(incident_id)
    assert all(leg.ended_s is not None for leg in one.legs.values())
    one.voice.start()
    one.voice.call(HOME)
    assert one.voice.ringing() == ["anna"]
    assert one.open(IncidentKind.CENTRE) == []


def test_a_voice_that_stays_away_is_told_and_that_it_is_back_too() -> None:
    one = shift()
    one.voice.lose()
    one.wait(timings.VOICE_FAULT_AFTER_S)
    (incident,) = one.open(IncidentKind.CENTRE)
    assert (incident.subject, incident.detail) == ("voice", "killed")
    one.voice.start()
    assert one.open(IncidentKind.CENTRE) == []


def test_a_restart_of_the_centre_lands_at_the_same_operator() -> None:
    one = shift("anna", "boris")
    _, _, incident_id = speaking(one)
    again = Shift(
        (Unit(HOME),), ("anna", "boris"), ev.Snapshot(incidents=tuple(one.open()), last_incident_id=incident_id)
    )
    again.voice.start()
    again.voice.call(HOME)
    assert again.voice.ringing() == ["anna"]
