"""The way of a waiting call, promise by promise; any history of it: tests.stories.test_waiting_calls."""

import pytest

from hub.core import timings
from hub.core.call_lists import Stage
from hub.core.call_moves import Asked, Entered, Missed
from hub.core.call_records import AfterCycle, Browser, Member
from hub.core.moment import NEVER
from tests.hub.core.waiting_call import BUSY, DECLINED, GONE, Call, Centre, operator, phone


def day(*members: Member, ring_s: float = 20.0, after: AfterCycle = AfterCycle.GO_ON) -> Stage:
    return Stage("day", members, ring_s, after)


TWO = Centre(lists=(day(operator("anna"), operator("boris")),), shift=("anna", "boris"))


# --- one after the other ---


def test_members_are_rung_one_after_the_other_each_for_its_ring_time() -> None:
    call = Call(TWO).begin().wait(39)
    assert call.rung() == [(0, "anna"), (20, "boris")]
    assert call.passed() == [("anna", Missed.UNANSWERED)]


@pytest.mark.parametrize(("status", "why"), [(BUSY, Missed.SAID_NO), (DECLINED, Missed.SAID_NO), (600, Missed.SAID_NO)])
def test_who_is_busy_or_refuses_is_passed_at_once(status: int, why: Missed) -> None:
    call = Call(TWO).begin().wait(3).end("anna", status)
    assert call.rung() == [(0, "anna"), (3, "boris")]
    assert call.passed() == [("anna", why)]


def test_who_cannot_be_reached_is_passed_at_once() -> None:
    centre = Centre(lists=(day(operator("carla"), operator("anna"), operator("boris")),), shift=("anna", "boris"))
    call = Call(centre).begin().end("anna", GONE)
    assert call.rung() == [(0, "anna"), (0, "boris")]
    assert call.passed() == [("carla", Missed.NOT_REACHED), ("anna", Missed.NOT_REACHED)]


def test_whoever_answers_has_the_call_and_it_rings_nowhere_else() -> None:
    call = Call(TWO).begin().wait(25).answer("boris").wait(1000)
    assert call.taken_by() == "boris"
    assert not call.routing.is_running
    assert call.routing.next_deadline() == NEVER


def test_an_operator_is_rung_in_browser_and_at_the_desk_and_picking_up_one_stops_the_other() -> None:
    centre = Centre(shift=("anna",), desk_phones={"anna"})
    call = Call(centre).begin()
    assert call.rings() == ["anna", "anna"]
    (browser,) = [leg for leg, rung in call.ringing.items() if isinstance(rung.address, Browser)]
    call.take(call.routing.answered(browser, call.now()))
    assert call.ringing == {}
    assert call.taken_by() == "anna"


def test_who_says_no_at_one_bell_is_not_rung_at_the_other_either() -> None:
    centre = Centre(lists=(day(operator("anna"), operator("boris")),), shift=("anna", "boris"), desk_phones={"anna"})
    call = Call(centre).begin()
    browser = next(leg for leg, rung in call.ringing.items() if isinstance(rung.address, Browser))
    call.take(call.routing.ended(browser, DECLINED, call.now()))
    assert call.rings() == ["boris"]


def test_a_bell_that_cannot_be_rung_leaves_the_other() -> None:
    centre = Centre(lists=(day(operator("anna"), operator("boris")),), shift=("anna", "boris"), desk_phones={"anna"})
    call = Call(centre).begin()
    browser = next(leg for leg, rung in call.ringing.items() if isinstance(rung.address, Browser))
    call.take(call.routing.ended(browser, GONE, call.now()))
    assert call.rings() == ["anna"]


# --- telephones ---


def test_a_telephone_must_confirm_with_a_key() -> None:
    call = Call(Centre(lists=(day(phone("+371 2000 0001")),))).begin().answer("phone +371 2000 0001")
    assert call.taken_by() is None
    assert isinstance(call.history[-1][1], Asked)
    call.press("phone +371 2000 0001", "5")
    assert call.taken_by() is None
    call.press("phone +371 2000 0001", "1")
    assert call.taken_by() == "phone +371 2000 0001"


def test_a_mailbox_presses_no_key_and_the_next_is_rung() -> None:
    centre = Centre(lists=(day(phone("1"), phone("2")),))
    call = Call(centre).begin().wait(19).answer("phone 1").wait(timings.CONFIRMED_WITHIN_S)
    assert call.passed() == [("phone 1", Missed.NOT_CONFIRMED)]
    assert call.rings() == ["phone 2"]
    call.answer("phone 2").end("phone 2", 200)
    assert call.passed()[-1] == ("phone 2", Missed.NOT_CONFIRMED)


def test_a_key_before_it_is_asked_for_means_nothing() -> None:
    call = Call(Centre(lists=(day(phone("1")),))).begin().press("phone 1", "1")
    assert call.taken_by() is None


def test_a_telephone_that_only_a_person_can_answer_need_not_confirm() -> None:
    call = Call(Centre(lists=(day(phone("1", is_sure=True)),))).begin().answer("phone 1")
    assert call.taken_by() == "phone 1"


# --- the way ---


def test_after_the_lists_everybody_on_shift_rings_at_once_then_the_escalation_then_all_again() -> None:
    centre = Centre(
        lists=(day(operator("anna"), ring_s=10), Stage("night", (operator("boris"),), 10)),
        last=(Stage("duty", (phone("1"), phone("2")), 30),),
        shift=("anna", "boris", "carla"),
    )
    call = Call(centre).begin().wait(119)
    assert call.rung() == [
        *((0, "anna"), (10, "boris"), (20, "anna"), (20, "boris"), (20, "carla")),
        *((50, "phone 1"), (80, "phone 2"), (110, "anna")),
    ]
    stages = [(move.stage.name, move.round) for _, move in call.history if isinstance(move, Entered)]
    assert stages == [("day", 1), ("night", 1), ("", 1), ("duty", 1), ("day", 2)]


def test_an_alarm_goes_on_though_its_list_says_end() -> None:
    centre = Centre(lists=(day(operator("anna"), after=AfterCycle.END),), shift=("anna", "boris"))
    call = Call(centre).begin().wait(600)
    assert call.routing.is_running
    assert len(call.rung()) > 20


def test_another_call_ends_after_a_list_that_says_so() -> None:
    centre = Centre(lists=(day(operator("anna"), operator("boris"), after=AfterCycle.END),), shift=("anna", "boris"))
    call = Call(centre, is_alarm=False).begin().wait(600)
    assert call.rung() == [(0, "anna"), (20, "boris")]
    assert call.is_given_up()
    assert not call.routing.is_running


def test_another_call_ends_after_one_cycle_through_everything() -> None:
    call = Call(TWO, is_alarm=False).begin().wait(600)
    assert [name for _, name in call.rung()] == ["anna", "boris", "anna", "boris"]
    assert call.is_given_up()


def test_where_nobody_can_be_rung_the_next_round_waits_a_little() -> None:
    call = Call(Centre(lists=(day(operator("anna")),))).begin().wait(60)
    assert call.routing.round == 1 + 3 + 2  # after 2, 5, 10 and then every 20 s
    assert call.rung() == []
    assert [move for _, move in call.history if isinstance(move, Entered) and move.stage.is_everybody] == []


def test_whoever_comes_on_shift_is_rung_at_once() -> None:
    centre = Centre()
    call = Call(centre).begin().wait(2)
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rung() == []
    centre.shift = ("anna",)
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rung() == [(2, "anna")]
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rung() == [(2, "anna")]


def test_whoever_comes_on_shift_later_rings_beside_whose_turn_it_is() -> None:
    centre = Centre(last=(Stage("duty", (phone("1"), phone("2")), 20),), shift=())
    call = Call(centre).begin().wait(5)
    centre.shift = ("anna", "boris")
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rings() == ["anna", "boris", "phone 1"]
    call.wait(15)
    assert call.rings() == ["anna", "boris", "phone 2"]
    call.end("phone 2", BUSY)
    call.end("boris", DECLINED)
    assert call.rings() == ["anna"]
    assert call.routing.round == 2


def test_who_rings_beside_others_and_accepts_rings_on_alone() -> None:
    centre = Centre(last=(Stage("duty", (phone("1"),), 20),))
    call = Call(centre).begin().wait(5)
    centre.shift = ("anna",)
    call.take(call.routing.somebody_is_free(call.now()))
    call.begin("anna").wait(timings.OWNER_RINGS_S - 1)
    assert call.rings() == ["anna"]


def test_whoever_rings_beside_others_rings_on_when_it_is_the_turn_of_all() -> None:
    centre = Centre(shift=("anna",), away={"anna"})
    call = Call(centre).begin().wait(1)
    centre.away = set()
    call.take(call.routing.somebody_is_free(call.now()))
    leg = call.leg_of("anna")
    call.wait(20)
    assert list(call.ringing) == [leg]
    assert call.answer("anna").taken_by() == "anna"


def test_before_it_is_the_turn_of_all_nobody_rings_out_of_turn() -> None:
    centre = Centre(lists=(day(operator("anna")),), shift=("anna",))
    call = Call(centre).begin()
    centre.shift = ("anna", "boris")
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rings() == ["anna"]


# --- the one who has the incident ---


def test_the_operator_who_has_the_incident_comes_first_even_if_busy_then_everybody_else() -> None:
    centre = Centre(lists=(day(operator("boris")),), shift=("anna", "boris"), away={"anna"})
    call = Call(centre).begin("anna")
    assert call.rings() == ["anna"]
    assert call.routing.waits_for == "anna"
    call.wait(timings.OWNER_RINGS_S)
    assert call.rings() == ["boris"]
    assert call.routing.waits_for == ""


def test_who_accepts_while_it_rings_goes_on_ringing_and_nobody_else_does() -> None:
    call = Call(Centre(shift=("anna", "boris"))).begin().wait(29)
    leg = call.leg_of("anna")
    call.begin("anna")
    assert list(call.ringing) == [leg]
    call.wait(timings.OWNER_RINGS_S - 1)
    assert list(call.ringing) == [leg]
    assert call.answer("anna").taken_by() == "anna"


def test_a_call_waits_for_an_operator_who_can_be_rung_nowhere_yet() -> None:
    centre = Centre(shift=("boris",))
    call = Call(centre).begin("anna").wait(10)
    assert call.rings() == []
    centre.shift = ("anna", "boris")
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rings() == ["anna"]


def test_and_not_for_ever() -> None:
    call = Call(Centre(shift=("boris",))).begin("anna").wait(timings.OWNER_COMES_WITHIN_S)
    assert call.rings() == ["boris"]


def test_a_page_that_is_loaded_anew_is_rung_again() -> None:
    call = Call(Centre(shift=("anna", "boris"))).begin("anna").wait(2).end("anna", GONE)
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rings() == []
    call.wait(timings.OWNER_AGAIN_AFTER_S)
    assert call.rings() == ["anna"]


def test_a_page_that_cannot_be_reached_is_not_rung_in_a_hurry_and_not_for_ever() -> None:
    call = Call(Centre(shift=("anna", "boris"))).begin("anna")
    while call.routing.waits_for:
        call.end("anna", GONE)
        call.wait(min(timings.OWNER_AGAIN_AFTER_S, call.routing.next_deadline() - call.now_s))
    assert call.rings() == ["anna", "boris"]
    assert call.now_s == timings.OWNER_COMES_WITHIN_S
    assert len(call.rung()) <= timings.OWNER_COMES_WITHIN_S / timings.OWNER_AGAIN_AFTER_S + 3


def test_who_has_had_a_turn_is_not_rung_again_in_the_same_round() -> None:
    centre = Centre(last=(Stage("duty", (phone("1"),), 20),), shift=("anna",))
    call = Call(centre).begin().end("anna", BUSY)
    call.take(call.routing.somebody_is_free(call.now()))
    assert call.rings() == ["phone 1"]
    call.wait(20)
    assert call.rings() == ["anna"]


def test_an_operator_who_says_no_is_not_waited_for() -> None:
    call = Call(Centre(shift=("anna", "boris"))).begin("anna").end("anna", DECLINED)
    assert call.rings() == ["anna", "boris"]


def test_a_call_for_its_operator_alone_rings_nobody_else() -> None:
    call = Call(Centre(shift=("anna", "boris"))).begin("anna", for_owner_alone=True).wait(600)
    assert call.rung() == [(0, "anna")]
    assert call.is_given_up()
    assert not call.routing.is_running


def test_a_call_that_is_over_rings_nowhere() -> None:
    call = Call(TWO).begin()
    call.take(call.routing.stop()).wait(600)
    assert call.ringing == {}
    assert call.rung() == [(0, "anna")]
