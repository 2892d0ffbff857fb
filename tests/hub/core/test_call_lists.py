"""Which lists hold, and in which order they are tried."""

import pytest

from hub.core.call_lists import CallLists, Stage, is_within
from hub.core.call_records import AfterCycle, CallList, CallOrder, Hours, Member, MemberKind
from hub.core.moment import Moment

ANNA, BORIS, CARLA = (Member(MemberKind.OPERATOR, name) for name in ("anna", "boris", "carla"))
EVERYBODY = Stage()
MONDAY, TUESDAY, SUNDAY = 0, 1, 6
MONDAY_MIDNIGHT_S = 1_790_553_600.0  # 28 September 2026, UTC


def monday(hour: int, minute: int = 0, utc_offset_s: float = 0.0) -> Moment:
    return Moment(0.0, MONDAY_MIDNIGHT_S + hour * 3600 + minute * 60, utc_offset_s)


def ways(*lists: CallList, organisation: str = "", language: str = "en", now: Moment | None = None) -> list[str]:
    """Return the names of the stages; everybody is called by the empty name."""
    plan = CallLists()
    for call_list in lists:
        plan.take(call_list)
    return [stage.name for stage in plan.stages(organisation, language, now or monday(12))]


def test_without_lists_everybody_on_shift_is_rung() -> None:
    assert CallLists().stages("", "en", monday(12)) == (EVERYBODY,)
    assert EVERYBODY.is_everybody


def test_lists_come_by_place_then_everybody_then_the_escalation() -> None:
    lists = (
        CallList(1, "duty phones", place=1, is_escalation=True),
        CallList(2, "second", place=2),
        CallList(3, "first", place=1),
        CallList(4, "the manager", place=2, is_escalation=True),
    )
    assert ways(*lists) == ["first", "second", "", "duty phones", "the manager"]


def test_a_list_without_a_name_is_called_by_its_number_and_not_taken_for_everybody() -> None:
    assert ways(CallList(7, "")) == ["7", ""]


def test_a_list_holds_for_its_organisation_and_its_languages() -> None:
    lists = (CallList(1, "others", organisation="other"), CallList(2, "latvian", languages=("lv", "ru")))
    assert ways(*lists) == [""]
    assert ways(*lists, language="ru") == ["latvian", ""]
    assert ways(*lists, organisation="other", language="lv") == ["others", ""]


def test_a_list_that_is_not_used_does_not_hold_and_a_changed_one_is_as_it_is_now() -> None:
    assert ways(CallList(1, "day"), CallList(1, "day", is_active=False)) == [""]


def test_a_list_holds_within_any_of_its_hours() -> None:
    day = CallList(1, "day", hours=(Hours((MONDAY,), 8 * 60, 12 * 60), Hours((MONDAY,), 13 * 60, 17 * 60)))
    assert [ways(day, now=monday(hour)) == ["day", ""] for hour in (7, 8, 12, 13, 17)] == [
        *(False, True, False, True, False)
    ]


def test_a_fixed_list_begins_with_the_same_and_a_rotating_one_with_the_next_each_time() -> None:
    plan = CallLists()
    plan.take(CallList(1, "fixed", (ANNA, BORIS, CARLA)))
    plan.take(CallList(2, "rotating", (ANNA, BORIS, CARLA), order=CallOrder.ROTATING))
    plan.take(CallList(3, "nobody", order=CallOrder.ROTATING))
    firsts = []
    for _ in range(4):
        fixed, rotating, nobody, _everybody = plan.stages("", "en", monday(12))
        assert set(rotating.members) == {ANNA, BORIS, CARLA}
        assert nobody.members == ()
        firsts.append((fixed.members[0].name, rotating.members[0].name))
    assert firsts == [("anna", "anna"), ("anna", "boris"), ("anna", "carla"), ("anna", "anna")]


def test_a_stage_is_as_its_list_says_and_has_twelve_members_at_most() -> None:
    many = tuple(Member(MemberKind.OPERATOR, f"operator {number}") for number in range(13))
    plan = CallLists()
    plan.take(CallList(1, "long", many, ring_s=30, after=AfterCycle.END))
    stage = plan.stages("", "en", monday(12))[0]
    assert stage == Stage("long", many[:12], 30.0, AfterCycle.END)


@pytest.mark.parametrize(
    ("hours", "now", "holds"),
    [
        (Hours((MONDAY,), 8 * 60, 17 * 60), monday(8), True),
        (Hours((MONDAY,), 8 * 60, 17 * 60), monday(17), False),
        (Hours((TUESDAY,), 8 * 60, 17 * 60), monday(9), False),
        (Hours((MONDAY,), 20 * 60, 6 * 60), monday(23), True),
        (Hours((MONDAY,), 20 * 60, 6 * 60), monday(5), False),
        (Hours((SUNDAY,), 20 * 60, 6 * 60), monday(5), True),
        (Hours((SUNDAY,), 20 * 60, 6 * 60), monday(6), False),
        (Hours((MONDAY,), 0, 0), monday(23, 59), True),
        (Hours((SUNDAY,), 0, 0), monday(0), False),
        (Hours((MONDAY,), 8 * 60, 17 * 60), monday(6, utc_offset_s=7200.0), True),
        (Hours((MONDAY,), 8 * 60, 17 * 60), monday(16, utc_offset_s=7200.0), False),
        (Hours((SUNDAY,), 22 * 60, 0), monday(4, utc_offset_s=-5 * 3600.0), True),
    ],
)
def test_hours_are_those_of_the_centres_clock_and_may_go_over_midnight(hours: Hours, now: Moment, holds: bool) -> None:
    assert is_within(hours, now) is holds
