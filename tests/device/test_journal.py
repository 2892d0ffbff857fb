"""The journal: nothing that happened is lost on the way to disk and back, and the same events decide the same."""

import json
import queue
import threading
from pathlib import Path

import pytest

from device.core import events as ev
from device.core.call import NO_CALLS, CallPlan
from device.core.effects import ALL_EFFECTS, Effect, Indicate, Light, PlaceCall, Store, WriteJournal
from device.core.moment import Moment
from device.core.unit import LocalUnit
from device.journal import (
    KEPT_EVENTS,
    KEPT_FILES,
    LINES_AT_ONCE,
    Journal,
    JournalError,
    from_plain,
    read_journal,
    replay,
    to_plain,
    write_journal,
)
from device.ports import Report
from device.runtime import Runtime
from device.wire.messages import (
    AnswerAlarm,
    Command,
    Order,
    ResetAlarm,
)
from device.wire.vocabulary import ClockQuality
from tests.device.every_event import EVENTS, KEY, STARTED, TRIGGERS
from tests.waiting import until

WAIT_S = 20.0
CALLS = CallPlan((20.0, 12.5), 1.3)


def filled(folder: Path, events: int) -> Journal:
    journal = Journal(folder, TRIGGERS, "0.1.0")
    journal.note(STARTED, Moment(0.0))
    for number in range(events):
        journal.note(ev.OutboxRead(number), Moment(float(number)))
    return journal


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: ev.Event) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(event)))) == event


def test_every_event_is_tried() -> None:
    assert {type(event) for event in EVENTS} == set(ev.ALL_EVENTS)


def test_a_journal_comes_back_as_it_was(tmp_path: Path) -> None:
    journal = Journal(tmp_path, TRIGGERS, "0.1.0", CALLS)
    for number, event in enumerate(EVENTS):
        journal.note(event, Moment(number / 3, 1.8e9 + number / 7, ClockQuality.NETWORK))
    history = journal.history("alarm raised")
    path = write_journal(tmp_path, history)
    assert read_journal(path) == history
    assert path.name == "000001-alarm-raised.jsonl"
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob("*.tmp")) == []


def test_memory_is_bounded_and_keeps_the_start(tmp_path: Path) -> None:
    history = filled(tmp_path, KEPT_EVENTS + 10).history("x")
    assert len(history.entries) == KEPT_EVENTS + 1
    assert history.entries[0].event == STARTED
    assert history.entries[-1].event == ev.OutboxRead(KEPT_EVENTS + 9)
    assert history.lost == 10


def test_a_memory_that_is_just_full_has_lost_nothing(tmp_path: Path) -> None:
    history = filled(tmp_path, KEPT_EVENTS - 1).history("x")
    assert (len(history.entries), history.lost) == (KEPT_EVENTS, 0)


def test_the_folder_is_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    history = filled(tmp_path, 1).history("x")
    for _ in range(KEPT_FILES + 5):
        write_journal(tmp_path, history)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"{number:06d}-x.jsonl" for number in range(6, KEPT_FILES + 6)]


def test_the_door_writes_on_its_own_thread_and_before_it_closes(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 5)
    journal.start(lambda event: None)
    journal.perform(WriteJournal("alarm closed"))
    journal.stop()
    journal.stop()
    (path,) = (tmp_path / "journal").iterdir()
    assert len(read_journal(path).entries) == 6


def test_a_disk_that_does_not_take_it_is_an_event_and_not_the_end(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("")
    journal = filled(in_the_way, 1)
    reported: queue.Queue[ev.Event] = queue.Queue()
    journal.start(reported.put)
    for _ in range(2):
        journal.perform(WriteJournal("alarm raised"))
        failure = reported.get(timeout=WAIT_S)
        assert isinstance(failure, ev.AdapterFailed)
        assert (failure.adapter, failure.effect, failure.lasting) == ("journal", "WriteJournal", False)
    journal.stop()


def test_what_waits_to_be_written_is_written_once_with_all_that_came_after(tmp_path: Path) -> None:
    journal = filled(tmp_path, 1)
    for reason in ("alarm raised", "alarm closed", "alarm raised"):
        journal.note(ev.OutboxRead(9), Moment(9.0))
        journal.perform(WriteJournal(reason))
    journal.start(lambda event: None)
    journal.stop()
    (path,) = tmp_path.iterdir()
    assert path.name == "000001-alarm-raised-alarm-closed.jsonl"
    assert len(read_journal(path).entries) == 5


def test_it_is_written_when_nothing_happens_any_more(tmp_path: Path) -> None:
    journal = filled(tmp_path, 1)
    journal.start(lambda event: None)
    journal.perform(WriteJournal("alarm raised"))
    until(lambda: any(tmp_path.glob("*.jsonl")), "it is quiet, and the journal is written")
    journal.stop()


def test_the_writing_pauses_every_few_lines(tmp_path: Path) -> None:
    pauses: list[int] = []
    draft = tmp_path / "draft.tmp"
    write_journal(tmp_path, filled(tmp_path, 3 * LINES_AT_ONCE).history("x"), lambda: pauses.append(draft.exists()))
    assert pauses == [True] * 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: this is no journal"),
        ("{}", "line 1: this is no journal"),
        ("[1]", "line 1: this is no journal"),
        ('{"format": 99}', "format 99"),
        ('{"format":1,"software":"0","reason":"x","lost":0,"triggers":[]}\n{"at":{', "line 2"),
        ('{"format":1,"software":"0","reason":"x","lost":0,"triggers":[]}\n{"at":{"mono_s":1},"event":{}}', "line 2"),
    ],
)
def test_what_is_no_journal_is_refused_with_file_and_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    with pytest.raises(JournalError, match=complaint) as caught:
        read_journal(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be read"):
        read_journal(tmp_path / "none")


class World:
    """Every door in one: notes what it performs, and plays a centre that receives, answers and closes the alarm."""

    name = "world"
    performs = tuple(effect for effect in ALL_EFFECTS if effect is not WriteJournal)

    def __init__(self) -> None:
        self.performed: list[Effect] = []
        self.ended = threading.Event()
        self._alarm = KEY
        self._report: Report = lambda event: None

    def start(self, report: Report) -> None:
        self._report = report

    def perform(self, effect: Effect) -> None:
        self.performed.append(effect)
        match effect:
            case Store(message, opens):
                self._alarm = opens.key if opens else self._alarm
                self._report(ev.ReceiptArrived((message.key,)))
            case Indicate(Light.CALLING):
                self._order(AnswerAlarm(alarm=self._alarm))
            case Indicate(Light.BRIGHT):
                self._order(ResetAlarm(alarm=self._alarm))
            case WriteJournal(reason="alarm closed"):
                self.ended.set()
            case _:
                pass

    def stop(self) -> None:
        """Nothing is open."""

    def _order(self, order: Order) -> None:
        self._report(ev.CommandArrived(Command(command_id=order.kind, order=order)))


class Overheard:
    """The journal's door, whose effects are noted among the others."""

    def __init__(self, journal: Journal, world: World) -> None:
        self.name, self.performs = journal.name, journal.performs
        self.start, self.stop = journal.start, journal.stop
        self._journal = journal
        self._world = world

    def perform(self, effect: Effect) -> None:
        self._world.perform(effect)
        self._journal.perform(effect)


class Still:
    """A pulse that nobody feels."""

    def beat(self, part: str) -> None:
        """Take it."""


def test_a_replay_decides_as_the_life_did(tmp_path: Path) -> None:
    """A whole alarm, lived through the real loop, is decided again from its file, effect by effect."""
    world = World()
    moments = iter(Moment(number / 10, 1.8e9, ClockQuality.KEPT) for number in range(10**6))
    journal = Journal(tmp_path, TRIGGERS, "0.1.0", CALLS)
    unit = LocalUnit(TRIGGERS, CALLS)
    runtime = Runtime(unit, [world, Overheard(journal, world)], lambda: next(moments), journal, Still())
    life = threading.Thread(target=runtime.run, args=(STARTED,), daemon=True)
    life.start()
    for event in (
        ev.PathOpened("internet"),
        ev.CentreHeard(is_alive=True, beat=1),
        ev.VoiceStarted("test"),
        ev.TriggerActivated("sos"),
        ev.TriggerReleased("sos"),
        ev.TriggerActivated("cord"),
    ):
        runtime.report(event)
    assert world.ended.wait(WAIT_S)
    runtime.stop()
    life.join(WAIT_S)

    last = read_journal(max(tmp_path.glob("*.jsonl")))
    assert [effect for step in replay(last) for effect in step.effects] == world.performed
    assert Indicate(Light.BRIGHT) in world.performed
    assert any(isinstance(effect, PlaceCall) for effect in world.performed)


def test_a_journal_of_a_time_without_calls_is_read(tmp_path: Path) -> None:
    path = write_journal(tmp_path, filled(tmp_path, 1).history("x"))
    head, *rest = path.read_text().splitlines()
    before = {name: value for name, value in json.loads(head).items() if name != "calls"}
    path.write_text("\n".join([json.dumps(before), *rest]))
    assert read_journal(path).calls == NO_CALLS
