"""The unit's loop: one event at a time, every effect through its one door, and nothing that breaks stops it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from device import runtime as module
from device.core import events as ev
from device.core.effects import (
    ALL_EFFECTS,
    OF_VOICE,
    ChangeCentre,
    Effect,
    Forget,
    Indicate,
    Light,
    Speak,
    Store,
    WriteJournal,
)
from device.core.effects import Prompt as Words
from device.core.moment import Moment
from device.ports import Adapter, PermanentAdapterError, Report, TransientAdapterError
from device.runtime import Runtime
from tests.device.core.life import waiting_alarm
from tests.waiting import GENEROUS_S, Heard, until

STARTED = ev.Started("a" * 16, "boot", ev.StartCause.POWER_ON, "test")
PRESS = ev.TriggerActivated("button")
LIGHT = Indicate(Light.CALLING)


@dataclass
class ScriptedCore:
    """Answers as it is told, and notes what it was asked."""

    answers: dict[type, list[Effect]] = field(default_factory=dict)
    stumbles_over: set[type] = field(default_factory=set)
    deadline: float | None = None
    heard: Heard[ev.Event] = field(default_factory=Heard)

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        self.heard(event)
        if type(event) in self.stumbles_over:
            raise RuntimeError("a mistake in a decision")
        if isinstance(event, ev.DeadlineReached):
            self.deadline = None
        return self.answers.get(type(event), [])

    def next_deadline(self) -> float | None:
        return self.deadline


class Door:
    """Notes in one list with all others what it does, and fails as it is told."""

    def __init__(self, name: str, performs: tuple[type[Effect], ...], done: Heard[object]) -> None:
        self.name = name
        self.performs = performs
        self.report: Report = lambda event: None
        self.fails: dict[object, Exception] = {}
        self._done = done

    def start(self, report: Report) -> None:
        self.report = report
        self._do("start")

    def perform(self, effect: Effect) -> None:
        self._do(effect)

    def stop(self) -> None:
        self._do("stop")

    def _do(self, what: object) -> None:
        self._done((self.name, what) if isinstance(what, str) else what)
        if what in self.fails:
            raise self.fails[what]


class Notes:
    """A journal and a pulse."""

    def __init__(self) -> None:
        self.noted: Heard[ev.Event] = Heard()
        self.beats: Heard[str] = Heard()
        self.is_broken = False

    def note(self, event: ev.Event, now: Moment) -> None:
        self.noted(event)
        if self.is_broken:
            raise RuntimeError("the journal is torn")

    def beat(self, part: str) -> None:
        self.beats(part)


class House:
    """A loop with two doors."""

    def __init__(self) -> None:
        self.core = ScriptedCore()
        self.done: Heard[object] = Heard()
        self.light = Door("light", (Indicate,), self.done)
        others = tuple(effect for effect in ALL_EFFECTS if effect is not Indicate)
        self.rest = Door("rest", others, self.done)
        self.notes = Notes()
        doors: list[Adapter] = [self.light, self.rest]
        self.runtime = Runtime(self.core, doors, lambda: Moment(time.monotonic()), self.notes, self.notes)

    @contextmanager
    def living(self) -> Iterator[None]:
        """Let it run meanwhile."""
        thread = threading.Thread(target=self.runtime.run, args=(STARTED,), daemon=True)
        thread.start()
        try:
            self.core.heard.wait_for(ev.Started)
            yield
        finally:
            self.runtime.stop()
            thread.join(GENEROUS_S)
            assert not thread.is_alive()

    def still_answers(self) -> None:
        """Show that the loop lives: a press is handed to the core."""
        before = self.core.heard.all.count(PRESS)
        self.runtime.report(PRESS)
        self.core.heard.wait(PRESS, before + 1)


@pytest.fixture
def house() -> House:
    return House()


def test_doors_are_opened_in_order_and_closed_in_reverse(house: House) -> None:
    with house.living():
        pass
    assert house.done.all == [("light", "start"), ("rest", "start"), ("rest", "stop"), ("light", "stop")]
    assert [type(event) for event in house.core.heard.all if not isinstance(event, ev.DeadlineReached)] == [
        ev.Started,
        ev.StopRequested,
    ]


def test_all_effects_of_an_event_are_performed_in_order_before_the_next_event(house: House) -> None:
    first: list[Effect] = [Speak(Words.CALLING), LIGHT, ChangeCentre(), WriteJournal("pressed")]
    house.core.answers = {ev.TriggerActivated: first, ev.CancelActivated: [Forget(())]}
    with house.living():
        house.runtime.report(PRESS)
        house.runtime.report(ev.CancelActivated())
        house.done.wait(Forget(()))
    assert house.done.all[2:7] == [*first, Forget(())]


def test_every_event_is_noted_for_a_replay_before_it_is_answered(house: House) -> None:
    house.core.stumbles_over = {ev.TriggerActivated}
    with house.living():
        house.still_answers()
    assert PRESS in house.notes.noted.all
    assert house.notes.noted.all == house.core.heard.all


@pytest.mark.parametrize(
    ("error", "lasting"),
    [(TransientAdapterError("not now"), False), (PermanentAdapterError("broken"), True), (RuntimeError("oh"), True)],
)
def test_a_door_that_cannot_act_becomes_an_event_and_the_others_act(
    house: House, error: Exception, lasting: bool
) -> None:
    house.core.answers = {ev.TriggerActivated: [LIGHT, ChangeCentre()]}
    house.light.fails = {LIGHT: error}
    with house.living():
        house.runtime.report(PRESS)
        failed = house.core.heard.wait_for(ev.AdapterFailed)
        house.done.wait(ChangeCentre())
        house.still_answers()
    is_mistake = isinstance(error, RuntimeError)
    assert failed == ev.AdapterFailed(
        "light", "Indicate", f"{type(error).__name__}: {error}", lasting, None, is_mistake
    )


def test_a_message_that_was_not_stored_comes_back_with_the_failure(house: House) -> None:
    store = Store(waiting_alarm(1))
    house.core.answers = {ev.TriggerActivated: [store]}
    house.rest.fails = {store: TransientAdapterError("the disk is full")}
    with house.living():
        house.runtime.report(PRESS)
        failed = house.core.heard.wait_for(ev.AdapterFailed)
    assert isinstance(failed, ev.AdapterFailed)
    assert failed.message == store.message


@pytest.mark.parametrize("error", [PermanentAdapterError("no such pin"), RuntimeError("a mistake")])
def test_a_door_that_does_not_open_is_told_and_the_others_are_opened(house: House, error: Exception) -> None:
    house.light.fails = {"start": error}
    with house.living():
        failed = house.core.heard.wait_for(ev.AdapterFailed)
        house.still_answers()
    is_mistake = isinstance(error, RuntimeError)
    assert failed == ev.AdapterFailed("light", "start", f"{type(error).__name__}: {error}", True, None, is_mistake)
    assert ("rest", "start") in house.done.all


def test_a_door_that_does_not_close_keeps_no_other_open(house: House) -> None:
    house.rest.fails = {"stop": RuntimeError("a mistake")}
    with house.living():
        pass
    assert house.done.all[-1] == ("light", "stop")


def test_a_mistake_in_a_decision_takes_nothing_else_away(house: House) -> None:
    house.core.stumbles_over = {ev.CancelActivated}
    with house.living():
        house.runtime.report(ev.CancelActivated())
        house.still_answers()


def test_a_torn_journal_takes_no_press_away(house: House) -> None:
    house.notes.is_broken = True
    with house.living():
        house.still_answers()


def test_a_deadline_is_handed_to_the_core_when_it_comes(house: House) -> None:
    with house.living():
        house.core.deadline = time.monotonic() + 0.05
        due_s = house.core.deadline
        house.still_answers()
        house.core.heard.wait_for(ev.DeadlineReached)
        assert time.monotonic() >= due_s


def test_a_deadline_is_not_put_off_by_events_that_keep_coming(house: House) -> None:
    with house.living():
        house.core.deadline = time.monotonic()
        until(lambda: self_feeding(house), "the deadline between the events")


def self_feeding(house: House) -> bool:
    house.runtime.report(PRESS)
    return any(isinstance(event, ev.DeadlineReached) for event in house.core.heard.all)


def test_a_core_that_stumbles_over_a_deadline_is_not_asked_without_pause(house: House) -> None:
    house.core.stumbles_over = {ev.DeadlineReached}
    began_s = time.monotonic()
    with house.living():
        house.core.deadline = 0.0
        for _ in range(100):
            house.still_answers()
        stumbles = sum(isinstance(event, ev.DeadlineReached) for event in house.core.heard.all)
        pauses = (time.monotonic() - began_s) / module.LONGEST_WAIT_S
    assert 1 <= stumbles <= pauses + 1


def test_the_pulse_beats_while_nothing_happens(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 0.01)
    with house.living():
        until(lambda: len(house.notes.beats.all) > 5, "five beats of the loop")
    assert set(house.notes.beats.all) == {"loop"}


def test_a_flood_is_dropped_and_presses_still_find_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FULL_AT", 5)
    monkeypatch.setattr(module, "ROOM_FOR_PRESSES", 3)
    for _ in range(100):
        house.runtime.report(ev.OutboxRead(1))
    for _ in range(100):
        house.runtime.report(PRESS)
    with house.living():
        house.core.heard.wait(PRESS, 3)
    assert house.core.heard.all.count(ev.OutboxRead(1)) == 5
    assert house.core.heard.all.count(PRESS) == 3


def make(*doors: Door) -> Callable[[], Runtime]:
    notes = Notes()
    return lambda: Runtime(ScriptedCore(), list(doors), lambda: Moment(0.0), notes, notes)


def test_an_effect_without_a_door_or_with_two_is_told_at_once() -> None:
    done = Heard[object]()
    light = Door("light", (Indicate,), done)
    with pytest.raises(ValueError, match="no adapter performs Store, Forget"):
        make(light)()
    with pytest.raises(ValueError, match="Indicate has two doors: everything and light"):
        make(Door("everything", ALL_EFFECTS, done), light)()


def test_a_unit_may_lack_a_voice_but_not_half_of_one() -> None:
    done = Heard[object]()
    rest = Door("rest", tuple(effect for effect in ALL_EFFECTS if effect not in OF_VOICE), done)
    make(rest)()
    with pytest.raises(ValueError, match="no adapter performs AnswerCall, EndCall, SetSpeech, TestSound"):
        make(rest, Door("voice", OF_VOICE[:1], done))()
