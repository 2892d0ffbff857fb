"""Escalation: the steps of each priority, and the repetition that never ends."""

import pytest

from hub.core.escalation import step_after_s
from hub.core.moment import NEVER
from hub.core.records import Priority
from hub.core.timings import Timings

PLAN = Timings()


@pytest.mark.parametrize(
    ("priority", "delays_s"),
    [(Priority.ALARM, [30, 30, 60, 60, 60, 60]), (Priority.URGENT, [120, 480, 3600, 3600, 3600, 3600])],
)
def test_the_steps_and_then_the_repetition_for_ever(priority: Priority, delays_s: list[float]) -> None:
    assert [step_after_s(priority, level, PLAN) for level in range(6)] == delays_s
    assert step_after_s(priority, 10_000, PLAN) == delays_s[-1]


def test_a_notice_never_rings() -> None:
    assert step_after_s(Priority.NOTICE, 0, PLAN) == NEVER


def test_a_plan_without_steps_repeats_from_the_start() -> None:
    assert step_after_s(Priority.ALARM, 0, Timings(alarm_steps_s=(), alarm_repeat_s=5.0)) == 5.0
