"""The rungs that only the timeline knows."""

import pytest

from hub.console.ladder import Ladder
from hub.console.views import ladder_of
from hub.core.records import EntryKind, TimelineEntry


def entry(kind: EntryKind, at_s: float, text: str = "", age_s: float | None = None) -> TimelineEntry:
    return TimelineEntry(1, int(at_s), at_s, kind, text=text, age_s=age_s)


TOLD = entry(EntryKind.ORDER_DONE, 5.0, "answer_alarm")


def test_the_room_is_told_when_the_unit_has_said_so() -> None:
    assert ladder_of([entry(EntryKind.RAISED, 1.0), entry(EntryKind.ACCEPTED, 4.0)]).told_s is None
    assert ladder_of([entry(EntryKind.ACCEPTED, 4.0), TOLD]).told_s == 5.0
    assert ladder_of([entry(EntryKind.ORDER_FAILED, 5.0, "answer_alarm")]).told_s is None
    assert ladder_of([entry(EntryKind.ORDER_DONE, 5.0, "set_heartbeat")]).told_s is None


@pytest.mark.parametrize("kind", [EntryKind.RELEASED, EntryKind.OWNER_LOST, EntryKind.UNSEEN_PRESS])
def test_what_was_told_is_true_no_more_when_nobody_has_it(kind: EntryKind) -> None:
    assert ladder_of([TOLD, entry(kind, 6.0)]).told_s is None


def test_taking_over_changes_nothing_for_the_room() -> None:
    assert ladder_of([TOLD, entry(EntryKind.TAKEN_OVER, 6.0)]).told_s == 5.0


def test_presses_are_counted_and_the_last_is_known() -> None:
    ladder = ladder_of(
        [
            entry(EntryKind.RAISED_BY_HEARTBEAT, 1.0),
            entry(EntryKind.RAISED, 2.0),
            entry(EntryKind.PRESSED_AGAIN, 10.0, age_s=3.0),
            entry(EntryKind.PRESSED_AGAIN, 20.0),
            entry(EntryKind.CANCEL_PRESSED, 30.0),
        ]
    )
    assert ladder == Ladder(presses_again=2, last_press_s=20.0, cancelled_s=30.0)
