"""The one loop: take an event or a deadline, decide, perform.

Rules: one event at a time, all its effects before the next; an adapter that cannot act becomes an event; one log line
per event and per effect; nothing raised by a part stops the loop.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from device.core import events as ev
from device.core.effects import ALL_EFFECTS, OF_VOICE, Effect, Store
from device.core.moment import Moment
from device.ports import Adapter, AdapterError, PermanentAdapterError, Pulse

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 1.0
"""The loop turns at least this often, so that its pulse shows that it lives."""
FULL_AT = 10_000
"""Events that may wait; a flood beyond it is dropped and logged."""
ROOM_FOR_PRESSES = 1_000
"""Presses that may wait beyond all other events."""
PRESSES = (ev.TriggerActivated, ev.TriggerReleased, ev.CancelActivated)


class Core(Protocol):
    """What the loop asks of the unit's decisions."""

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        """Return what is to be done."""

    def next_deadline(self) -> float | None:
        """Return when `DeadlineReached` is due."""


class Journal(Protocol):
    """What the loop tells of every event, for a replay."""

    def note(self, event: ev.Event, now: Moment) -> None:
        """Remember an event and its moment."""


class Runtime:
    """Turns the core's decisions into acts."""

    def __init__(
        self,
        core: Core,
        adapters: Sequence[Adapter],
        clock: Callable[[], Moment],
        journal: Journal,
        pulse: Pulse,
    ) -> None:
        """Join a core and its doors. Raises ValueError where an effect has no door (a voice may be absent), or two."""
        self._core = core
        self._adapters = list(adapters)
        self._door = _doors(adapters)
        self._clock = clock
        self._journal = journal
        self._pulse = pulse
        self._events: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
        self._is_stopping = threading.Event()
        self._deadlines_from_s = 0.0

    def report(self, event: ev.Event) -> None:
        """Hand the loop an event, from any thread."""
        waiting = self._events.qsize()
        if waiting < FULL_AT + (ROOM_FOR_PRESSES if isinstance(event, PRESSES) else 0):
            self._events.put(event)
        else:
            log.error("dropped %s: %d events wait already", type(event).__name__, waiting)

    def run(self, started: ev.Started) -> None:
        """Open the doors and turn until `stop`; then close them in reverse."""
        opened: list[Adapter] = []
        try:
            for adapter in self._adapters:
                opened.append(adapter)
                self._open(adapter)
            self._take(started)
            while not self._is_stopping.is_set():
                self._turn()
            self._take(ev.StopRequested())
        finally:
            for adapter in reversed(opened):
                self._close(adapter)

    def stop(self) -> None:
        """Ask the loop to end; returns at once."""
        self._is_stopping.set()
        self.report(ev.DeadlineReached())

    def _open(self, adapter: Adapter) -> None:
        try:
            adapter.start(self.report)
        except AdapterError as error:
            log.error("%s did not start: %s", adapter.name, error)
            self.report(_failure(adapter, "start", error))
        except Exception as error:  # a mistake in one door must not keep the others closed
            log.critical("%s did not start", adapter.name, exc_info=True)
            self.report(_failure(adapter, "start", error))

    def _close(self, adapter: Adapter) -> None:
        try:
            adapter.stop()
        except Exception:  # a mistake in one door must not keep the others open
            log.critical("%s did not stop", adapter.name, exc_info=True)

    def _turn(self) -> None:
        self._pulse.beat("loop")
        event = self._next_event()
        if event is not None:
            self._take(event)
        if self._due_in_s() <= 0:
            self._take(ev.DeadlineReached())

    def _next_event(self) -> ev.Event | None:
        try:
            return self._events.get(timeout=min(LONGEST_WAIT_S, max(0.0, self._due_in_s())))
        except queue.Empty:
            return None

    def _due_in_s(self) -> float:
        """Return when the core wants to be asked; where it stumbled over a deadline, not at once again."""
        deadline = self._core.next_deadline()
        if deadline is None:
            return LONGEST_WAIT_S
        return max(deadline, self._deadlines_from_s) - self._clock().mono_s

    def _take(self, event: ev.Event) -> None:
        now = self._clock()
        self._note(event, now)
        log.info("event %r", event)
        try:
            effects = self._core.handle(event, now)
        except Exception:  # a mistake in a decision must not take the press away
            log.critical("the core could not answer %s", type(event).__name__, exc_info=True)
            if isinstance(event, ev.DeadlineReached):
                self._deadlines_from_s = now.mono_s + LONGEST_WAIT_S
            return
        for effect in effects:
            self._perform(effect)

    def _note(self, event: ev.Event, now: Moment) -> None:
        try:
            self._journal.note(event, now)
        except Exception:  # nor must one in what is only written for later
            log.critical("the journal could not note %s", type(event).__name__, exc_info=True)

    def _perform(self, effect: Effect) -> None:
        adapter = self._door[type(effect)]
        log.info("effect %r", effect)
        try:
            adapter.perform(effect)
        except AdapterError as error:
            self.report(_failure(adapter, effect, error))
        except Exception as error:  # a mistake in one door must not close the others
            log.critical("%s could not perform %s", adapter.name, type(effect).__name__, exc_info=True)
            self.report(_failure(adapter, effect, error))


def _doors(adapters: Sequence[Adapter]) -> dict[type, Adapter]:
    doors: dict[type, Adapter] = {}
    for adapter in adapters:
        for effect in adapter.performs:
            if effect in doors:
                raise ValueError(f"{effect.__name__} has two doors: {doors[effect].name} and {adapter.name}")
            doors[effect] = adapter
    needed = ALL_EFFECTS if any(effect in doors for effect in OF_VOICE) else set(ALL_EFFECTS) - set(OF_VOICE)
    missing = [effect.__name__ for effect in ALL_EFFECTS if effect in needed and effect not in doors]
    if missing:
        raise ValueError(f"no adapter performs {', '.join(missing)}")
    return doors


def _failure(adapter: Adapter, effect: Effect | str, error: Exception) -> ev.AdapterFailed:
    return ev.AdapterFailed(
        adapter=adapter.name,
        effect=effect if isinstance(effect, str) else type(effect).__name__,
        reason=f"{type(error).__name__}: {error}"[:256],
        lasting=isinstance(error, PermanentAdapterError) or not isinstance(error, AdapterError),
        message=effect.message if isinstance(effect, Store) else None,
        is_mistake=not isinstance(error, AdapterError),
    )
