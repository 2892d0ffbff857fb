"""A centre's loop in a test: its core and its store answer as they are told, its doors note what they do."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub.core import events as ev
from hub.core.effects import ALL_EFFECTS, Effect, Save, Show
from hub.core.moment import NEVER, Moment
from hub.core.records import Record
from hub.ports import Adapter, Report
from hub.runtime import Runtime
from tests.waiting import GENEROUS_S, Heard, until

STARTED = ev.Started("life", ev.Snapshot())


def event(number: int) -> ev.Event:
    """Return an event that can be told from the others."""
    return ev.PresenceArrived(f"home-{number}", online=True)


@dataclass
class ScriptedCore:
    """Answers as it is told, and notes what it was asked."""

    answers: dict[ev.Event, list[Effect]] = field(default_factory=dict)
    stumbles_over: set[type] = field(default_factory=set)
    deadline: float = NEVER
    heard: Heard[ev.Event] = field(default_factory=Heard)

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        self.heard(event)
        if type(event) in self.stumbles_over:
            raise RuntimeError("a mistake in a decision")
        if isinstance(event, ev.DeadlineReached):
            self.deadline = NEVER
        return self.answers.get(event, []) if isinstance(event, ev.PresenceArrived) else []

    def next_deadline(self) -> float:
        return self.deadline


class ScriptedStore:
    """Commits, or fails as it is told; notes every commit among what the doors do. More of it: test_commits."""

    def __init__(self, done: Heard[object]) -> None:
        self.error: Exception | None = None
        self.kept: list[Record] = []
        self._done = done

    def save(self, records: Sequence[Record]) -> None:
        if self.error is not None:
            raise self.error
        self.kept += records
        self._done(("commit", len(records)))


class Door:
    """Performs everything, noted in order, and fails as it is told."""

    def __init__(self, name: str, performs: tuple[type[Effect], ...], done: Heard[object]) -> None:
        self.name = name
        self.performs = performs
        self.fails: dict[object, Exception] = {}
        self._done = done

    def start(self, report: Report) -> None:
        self._do((self.name, "start"))

    def perform(self, effect: Effect) -> None:
        self._do(effect)

    def stop(self) -> None:
        self._do((self.name, "stop"))

    def _do(self, what: object) -> None:
        self._done(what)
        if what in self.fails:
            raise self.fails[what]


class House:
    """A loop with its store and two doors."""

    def __init__(self) -> None:
        self.core = ScriptedCore()
        self.done: Heard[object] = Heard()
        self.store = ScriptedStore(self.done)
        others = tuple(effect for effect in ALL_EFFECTS if effect not in (Save, Show))
        self.screens, self.rest = Door("screens", (Show,), self.done), Door("rest", others, self.done)
        self.beats: Heard[int] = Heard()
        doors: list[Adapter] = [self.screens, self.rest]
        self.runtime = Runtime(self.core, self.store, doors, lambda: Moment(time.monotonic()), lambda: self.beats(1))

    def prepare(self, *leads_to: list[Effect]) -> None:
        """Let the events 1, 2... lead to this, and report them: they are one batch where the loop does not run yet."""
        for number, effects in enumerate(leads_to, start=1):
            self.core.answers[event(number)] = effects
            self.runtime.report(event(number))

    @contextmanager
    def living(self) -> Iterator[None]:
        """Let it run meanwhile."""
        thread = threading.Thread(target=self.runtime.run, args=(STARTED,), daemon=True)
        thread.start()
        try:
            until(lambda: self.runtime.is_running, "the loop runs")
            yield
        finally:
            self.runtime.stop()
            thread.join(GENEROUS_S)
            assert not thread.is_alive()
            assert not self.runtime.is_running

    def acts(self) -> list[object]:
        """Return what was done between the opening and the closing of the doors."""
        return self.done.all[2:-2]

    def still_answers(self) -> None:
        """Show that the loop lives."""
        before = self.core.heard.all.count(event(99))
        self.runtime.report(event(99))
        self.core.heard.wait(event(99), before + 1)
