"""The board: what the core shows is shown at once; what the register knows is added when it comes."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.console import board as board_module
from hub.console.board import ENTRIES_KEPT, MOST_SHOWN, Board
from hub.console.views import IncidentOut
from hub.core.effects import Show
from hub.core.records import EntryKind, Incident, IncidentKind, IncidentState, Outcome, Priority, TimelineEntry, Unit
from hub.ports import HomeView, TransientAdapterError
from tests.waiting import until

ALARM = Incident(7, IncidentKind.ALARM, Priority.ALARM, IncidentState.RAISED, 100.0, unit_id="unit-001")
HOME = HomeView(Unit("unit-001"), None, ())


class Register:
    """The part of a reader that the board needs."""

    def __init__(self) -> None:
        self.open: list[Incident] = []
        self.home_of: Callable[[str], HomeView | None] = lambda _: HOME

    def open_incidents(self) -> list[Incident]:
        return self.open

    def timeline(self, incident_id: int) -> list[TimelineEntry]:
        return [TimelineEntry(incident_id, 1, 100.0, EntryKind.RAISED)]

    def home(self, unit_id: str) -> HomeView | None:
        return self.home_of(unit_id)


class Played:
    """A board, and what it has shown."""

    def __init__(self, register: Register) -> None:
        self.shown: list[IncidentOut] = []
        self.board = Board(register, self.shown.append)  # type: ignore[arg-type]

    async def until(self, condition: Callable[[], bool]) -> None:
        looking = asyncio.create_task(self.board.look_up_homes())
        try:
            await asyncio.to_thread(until, condition, "the board shows it")
        finally:
            looking.cancel()
            self.board.close()


def entry(kind: EntryKind, number: int = 1) -> TimelineEntry:
    return TimelineEntry(7, number, 100.0 + number, kind)


def test_an_alarm_is_shown_before_anything_is_read() -> None:
    register = Register()
    played = Played(register)
    register.home_of = lambda _: pytest.fail("read before shown")
    played.board.show(Show(ALARM, (entry(EntryKind.RAISED),)))
    assert [(one.incident_id, one.home, one.home_is_read) for one in played.shown] == [(7, None, False)]


def test_what_the_register_knows_is_added() -> None:
    async def check() -> None:
        played = Played(Register())
        played.board.show(Show(ALARM, ()))
        await played.until(lambda: played.shown[-1].home is not None)
        assert played.board.incidents()[0].home_is_read

    asyncio.run(check())


def test_a_register_that_hangs_or_fails_keeps_no_alarm_from_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "LOOK_AGAIN_AFTER_S", 0.01)

    async def check() -> None:
        register, released, tries = Register(), threading.Event(), []

        def slow(unit_id: str) -> HomeView:
            tries.append(unit_id)
            released.wait(30)
            if len(tries) == 1:
                raise TransientAdapterError("the disk hangs")
            return HOME

        register.home_of = slow
        played = Played(register)
        played.board.show(Show(ALARM, ()))
        played.board.show(Show(replace(ALARM, incident_id=8, unit_id="unit-002"), ()))
        assert [one.incident_id for one in played.shown] == [7, 8]
        released.set()
        await played.until(lambda: all(one.home_is_read for one in played.board.incidents()))

    asyncio.run(check())


def test_what_is_open_at_the_start_is_on_the_board() -> None:
    register = Register()
    fault = replace(ALARM, incident_id=3, kind=IncidentKind.FAULT, priority=Priority.NOTICE)
    centre = replace(ALARM, incident_id=4, kind=IncidentKind.CENTRE, priority=Priority.URGENT, unit_id="")
    register.open = [fault, centre, ALARM, replace(ALARM, incident_id=6)]
    played = Played(register)
    played.board.load()
    assert [one.incident_id for one in played.board.incidents()] == [6, 7, 4, 3]
    assert played.board.entries(7) == (TimelineEntry(7, 1, 100.0, EntryKind.RAISED),)
    assert all(one.home_is_read for one in played.board.incidents())
    assert played.shown == []


def test_a_closed_incident_is_shown_once_more_and_leaves() -> None:
    played = Played(Register())
    played.board.show(Show(ALARM, ()))
    closed = replace(ALARM, state=IncidentState.CLOSED, outcome=Outcome.HELPED)
    played.board.show(Show(closed, (entry(EntryKind.CLOSED),)))
    assert played.shown[-1].state == "closed"
    assert played.board.incidents() == []
    assert played.board.incident(7) is None
    assert played.board.entries(7) == ()


def test_more_than_a_screen_holds_is_counted_and_alarms_are_never_left_out() -> None:
    played = Played(Register())
    for number in range(1, MOST_SHOWN + 100):
        played.board.show(Show(replace(ALARM, incident_id=number, priority=Priority.NOTICE, unit_id=""), ()))
    played.board.show(Show(replace(ALARM, incident_id=9_999, unit_id=""), ()))
    shown = played.board.incidents()
    assert len(shown) == MOST_SHOWN
    assert shown[0].incident_id == 9_999
    assert len(played.board) == MOST_SHOWN + 100


def test_a_timeline_without_end_is_bounded() -> None:
    played = Played(Register())
    for number in range(ENTRIES_KEPT + 50):
        played.board.show(Show(ALARM, (entry(EntryKind.PRESSED_AGAIN, number),)))
    assert len(played.board.entries(7)) == ENTRIES_KEPT
    assert played.board.incidents()[0].presses_again == ENTRIES_KEPT + 50


def test_an_edit_of_the_register_is_shown_where_it_changes_something() -> None:
    async def check() -> None:
        register = Register()
        played = Played(register)
        register.open = [ALARM, replace(ALARM, incident_id=8, unit_id="")]
        played.board.load()
        register.home_of = lambda _: replace(HOME, unit=Unit("unit-001", "hall"))
        played.board.register_changed()
        await played.until(lambda: bool(played.shown))
        assert [(one.incident_id, one.home and one.home.unit_name) for one in played.shown] == [(7, "hall")]

    asyncio.run(check())
