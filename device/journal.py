"""The journal: every event with its moment, so that what the unit decided can be decided again.

Rules: memory holds the start of this life and its last `KEPT_EVENTS` events; a thread of its own writes them down when
something worth a later look has happened. The room comes first: it is written when nothing has happened for a moment,
and the writing pauses when something does. A file is written whole or not at all, and the folder keeps the last
`KEPT_FILES`. The core is pure: the same events give the same effects.
"""

import itertools
import json
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from device.core.alarm import State
from device.core.call import NO_CALLS, CallPlan
from device.core.effects import Effect, WriteJournal
from device.core.events import ALL_EVENTS, AdapterFailed, Event, Started
from device.core.moment import Moment
from device.core.triggers import Trigger
from device.core.unit import LocalUnit
from device.ports import Report

log = logging.getLogger(__name__)

KEPT_EVENTS = 2_000
KEPT_FILES = 20
QUIET_S = 1.0
"""Nothing has happened for so long: turning 2,000 events into text takes 80 ms, which the loop would have to share."""
MOST_QUIETS_WAITED = 30
LINES_AT_ONCE = 20
GIVE_WAY_S = 0.1
LONGEST_STOP_S = 1.0
FORMAT = 1
"""Of a journal file: its first line says it, a reader refuses another."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event and the moment at which it was taken."""

    event: Event
    moment: Moment


@dataclass(frozen=True, slots=True)
class History:
    """What a replay needs. `lost` events are missing between the first entry and the others."""

    triggers: tuple[Trigger, ...]
    software: str
    reason: str
    lost: int
    entries: tuple[Entry, ...]
    calls: CallPlan = NO_CALLS


@dataclass(frozen=True, slots=True)
class Step:
    """What the unit decides about an entry, and where its alarm stands then."""

    entry: Entry
    effects: tuple[Effect, ...]
    state: State


class JournalError(ValueError):
    """A file cannot be read as a journal; the text says where and why."""


class Journal:
    """The memory of this life, and the door that writes it down."""

    name = "journal"
    performs: tuple[type[Effect], ...] = (WriteJournal,)

    def __init__(self, folder: Path, triggers: tuple[Trigger, ...], software: str, calls: CallPlan = NO_CALLS) -> None:
        """Begin empty. `triggers` and `calls` are the core's: a replay needs the same."""
        self._folder = folder
        self._triggers = triggers
        self._calls = calls
        self._software = software
        self._first: Entry | None = None
        self._last: deque[Entry] = deque(maxlen=KEPT_EVENTS)
        self._noted = 0
        self._report: Report | None = None
        self._changed = threading.Condition()  # guards the one below
        self._to_write: History | None = None
        self._writer: threading.Thread | None = None
        self._is_stopping = threading.Event()

    def note(self, event: Event, now: Moment) -> None:
        """Remember an event and its moment."""
        entry = Entry(event, now)
        self._noted += 1
        if self._first is None or isinstance(event, Started):
            self._first = entry
        self._last.append(entry)

    def history(self, reason: str) -> History:
        """Return what is remembered now."""
        entries = tuple(self._last)
        lost = self._noted - len(entries)
        if lost and self._first is not None and self._first is not entries[0]:
            entries = (self._first, *entries)
            lost -= 1
        return History(self._triggers, self._software, reason, lost, entries, self._calls)

    def start(self, report: Report) -> None:
        """Open the door."""
        self._report = report
        self._is_stopping.clear()
        self._writer = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._writer.start()

    def perform(self, effect: Effect) -> None:
        """Have the memory written down soon; one that still waits to be written is contained in the newer one."""
        assert isinstance(effect, WriteJournal), effect  # noqa: S101 - the runtime's promise
        history = self.history(effect.reason)
        with self._changed:
            if self._to_write is not None:
                before = self._to_write.reason
                reason = before if effect.reason in before else f"{before} {effect.reason}"
                history = replace(history, reason=reason)
            self._to_write = history
            self._changed.notify()

    def stop(self) -> None:
        """Write what waits, then close the door."""
        self._report = None
        writer, self._writer = self._writer, None
        if writer is None:
            return
        with self._changed:
            self._is_stopping.set()
            self._changed.notify()
        writer.join(LONGEST_STOP_S)

    def _write_all(self) -> None:
        while self._wait_for_work():
            self._wait_for_quiet()
            with self._changed:
                history, self._to_write = self._to_write, None
            assert history is not None  # noqa: S101 - only this thread takes it
            try:
                log.info("journal written to %s", write_journal(self._folder, history, self._giving_way()))
            except (OSError, ValueError) as error:
                log.error("no journal can be written to %s: %s", self._folder, error)
                if (report := self._report) is not None:
                    report(AdapterFailed(self.name, WriteJournal.__name__, f"{error}"[:256], lasting=False))

    def _wait_for_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._to_write is not None or self._is_stopping.is_set())
            return self._to_write is not None

    def _wait_for_quiet(self) -> None:
        for _ in range(MOST_QUIETS_WAITED):
            noted = self._noted
            if self._is_stopping.wait(QUIET_S) or self._noted == noted:
                return

    def _giving_way(self) -> Callable[[], None]:
        """Return what waits for a moment where something has happened since it was called last."""
        noted = self._noted

        def give_way() -> None:
            nonlocal noted
            if self._noted != noted:
                self._is_stopping.wait(GIVE_WAY_S)
                noted = self._noted

        return give_way


def write_journal(folder: Path, history: History, give_way: Callable[[], None] = lambda: None) -> Path:
    """Write `history` as a new file, whole or not at all, and remove the oldest beyond `KEPT_FILES`. Raises OSError.

    `give_way` is called every few lines, and may wait.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = sorted(folder.glob("[0-9]*.jsonl"))
    number = int(before[-1].name.split("-")[0]) + 1 if before else 1
    path = folder / f"{number:06d}-{history.reason.replace(' ', '-')[:40]}.jsonl"
    draft = folder / "draft.tmp"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for number, line in enumerate(_lines(history), start=1):
                file.write(f"{line}\n")
                if number % LINES_AT_ONCE == 0:
                    give_way()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    for old in before[: max(0, len(before) + 1 - KEPT_FILES)]:
        old.unlink(missing_ok=True)
    return path


def read_journal(path: Path) -> History:
    """Return what a journal file holds. Raises JournalError with file, line and reason."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise JournalError(f"{path} cannot be read: {error}") from None
    try:
        head = json.loads(lines[0])
        if head["format"] != FORMAT:
            raise JournalError(f"{path} is a journal of format {head['format']}, this program reads {FORMAT}")
        triggers = TypeAdapter(tuple[Trigger, ...]).validate_python(head["triggers"])
        calls = TypeAdapter(CallPlan).validate_python(head.get("calls", {}))
        software, reason, lost = str(head["software"]), str(head["reason"]), int(head["lost"])
    except (IndexError, KeyError, TypeError, json.JSONDecodeError, ValidationError):
        raise JournalError(f"{path}, line 1: this is no journal of a poga unit") from None
    entries = tuple(_entry(path, number, line) for number, line in enumerate(lines[1:], start=2))
    return History(triggers, software, reason, lost, entries, calls)


def replay(history: History) -> Iterator[Step]:
    """Feed a history to a fresh unit; yield what it decides."""
    unit = LocalUnit(history.triggers, history.calls)
    for entry in history.entries:
        effects = unit.handle(entry.event, entry.moment)
        yield Step(entry, tuple(effects), unit.alarm.state)


def to_plain(event: Event) -> dict[str, Any]:
    """Return an event as JSON can hold it, with its type."""
    kind = type(event).__name__
    return {"type": kind, **to_jsonable_python(event)}


def from_plain(plain: dict[str, Any]) -> Event:
    """Return the event that `to_plain` described. Raises KeyError, ValidationError."""
    fields = dict(plain)
    event: Event = _all_adapters()[fields.pop("type")].validate_python(fields)
    return event


@cache
def _all_adapters() -> dict[str, TypeAdapter[Any]]:
    return {event.__name__: TypeAdapter(event) for event in ALL_EVENTS}


@cache
def _moments() -> TypeAdapter[Moment]:
    return TypeAdapter(Moment)


def _lines(history: History) -> Iterator[str]:
    head = {
        "format": FORMAT,
        "software": history.software,
        "reason": history.reason,
        "lost": history.lost,
        "triggers": to_jsonable_python(history.triggers),
        "calls": to_jsonable_python(history.calls),
    }
    entries = ({"at": to_jsonable_python(entry.moment), "event": to_plain(entry.event)} for entry in history.entries)
    for line in itertools.chain([head], entries):
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _entry(path: Path, number: int, line: str) -> Entry:
    try:
        plain = json.loads(line)
        return Entry(from_plain(plain["event"]), _moments().validate_python(plain["at"]))
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError, ValidationError) as error:
        raise JournalError(
            f"{path}, line {number}: no event of this version: {type(error).__name__}: {error}"
        ) from None
