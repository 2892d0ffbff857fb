"""The one loop: take what has arrived as one batch, decide for each event, commit once, then act.

Rules: nothing is said to a unit before the commit that holds it. While the store cannot commit, records wait and the
receipts with them (the units keep sending), but screens, orders and relays go on: a full disk at the centre must not
keep an alarm from an operator. What a console asked for is then answered as not kept. The broker's messages do not wait
either: repetitions would fill the number that it lets be on their way, and then it would bring no alarm any more. One
log line per event and per effect; nothing raised by a part stops the loop.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from hub.commits import Act, Commits
from hub.core import events as ev
from hub.core.effects import ALL_EFFECTS, Acknowledge, Effect, Problem, PublishCentre, Reply, Save
from hub.core.moment import Moment
from hub.ports import Adapter, AdapterError, PermanentAdapterError, Store

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 1.0
LARGEST_BATCH = 2_000
QUIET = (ev.HeartbeatsArrived, ev.DeadlineReached, PublishCentre, Acknowledge)
"""What comes all the time and tells nothing: logged only for whoever looks for it."""


class Core(Protocol):
    """What the loop asks of the centre's decisions."""

    def handle(self, event: ev.Event, now: Moment) -> list[Effect]:
        """Return what is to be done."""

    def next_deadline(self) -> float:
        """Return when `DeadlineReached` is due."""


class Runtime:
    """Turns the core's decisions into acts."""

    def __init__(
        self,
        core: Core,
        store: Store,
        adapters: Sequence[Adapter],
        clock: Callable[[], Moment],
        pulse: Callable[[], None],
    ) -> None:
        """Join a core, its store and its doors. Raises ValueError where an effect has no door, or two."""
        self._core = core
        self._adapters = list(adapters)
        self._door = _doors(adapters)
        self._clock = clock
        self._pulse = pulse
        self._events: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
        self._is_stopping = threading.Event()
        self._commits = Commits(store, self.report)
        self._deadlines_from_s = 0.0
        self._is_running = False

    def report(self, event: ev.Event) -> None:
        """Hand the loop an event, from any thread."""
        self._events.put(event)

    def run(self, started: ev.Started) -> None:
        """Open the doors and turn until `stop`; then close them in reverse."""
        opened: list[Adapter] = []
        try:
            self._take([started])
            for adapter in self._adapters:
                opened.append(adapter)
                self._open(adapter)
            self._is_running = True
            while not self._is_stopping.is_set():
                self._turn()
            self._take([ev.StopRequested()])
        finally:
            self._is_running = False
            for adapter in reversed(opened):
                self._close(adapter)

    @property
    def is_running(self) -> bool:
        """Tell whether every door was opened and the loop turns."""
        return self._is_running

    def stop(self) -> None:
        """Ask the loop to end; returns at once."""
        self._is_stopping.set()
        self.report(ev.DeadlineReached())

    def _open(self, adapter: Adapter) -> None:
        try:
            adapter.start(self.report)
        except AdapterError as error:
            log.error("%s did not start: %s", adapter.name, error)
            self.report(_failure(adapter.name, "start", error))
        except Exception as error:  # a mistake in one door must not keep the others closed
            log.critical("%s did not start", adapter.name, exc_info=True)
            self.report(_failure(adapter.name, "start", error))

    def _close(self, adapter: Adapter) -> None:
        try:
            adapter.stop()
        except Exception:  # a mistake in one door must not keep the others open
            log.critical("%s did not stop", adapter.name, exc_info=True)

    def _turn(self) -> None:
        self._pulse()
        batch = self._next_batch()
        if self._clock().mono_s >= self._next_deadline():
            batch.append(ev.DeadlineReached())
        if batch or self._commits.are_waiting:
            self._take(batch)

    def _next_deadline(self) -> float:
        """Return when the core wants to be asked; where it stumbled over a deadline, not at once again."""
        return max(self._core.next_deadline(), self._deadlines_from_s)

    def _next_batch(self) -> list[ev.Event]:
        """Wait for an event or the next deadline; return all that has arrived."""
        wait_s = min(LONGEST_WAIT_S, max(0.0, self._next_deadline() - self._clock().mono_s))
        batch: list[ev.Event] = []
        try:
            batch.append(self._events.get(timeout=wait_s))
            while len(batch) < LARGEST_BATCH:
                batch.append(self._events.get_nowait())
        except queue.Empty:
            pass
        return batch

    def _take(self, batch: Sequence[ev.Event]) -> None:
        now = self._clock()
        acts = [self._decide(event, now) for event in batch]
        for answer in self._commits.take(acts):
            self._perform(answer)
        for act in acts:
            for effect in act.others:
                self._perform(_honest(effect, act.is_kept))

    def _decide(self, event: ev.Event, now: Moment) -> Act:
        log.log(logging.DEBUG if isinstance(event, QUIET) else logging.INFO, "event %r", event)
        try:
            return Act.of(self._core.handle(event, now))
        except Exception:  # a mistake in one decision must not keep the next alarm out
            log.critical("the core could not answer %r", event, exc_info=True)
            if isinstance(event, ev.DeadlineReached):
                self._deadlines_from_s = now.mono_s + LONGEST_WAIT_S
            return Act.of([])

    def _perform(self, effect: Effect) -> None:
        adapter = self._door[type(effect)]
        log.log(logging.DEBUG if isinstance(effect, QUIET) else logging.INFO, "effect %r", effect)
        try:
            adapter.perform(effect)
        except AdapterError as error:
            self.report(_failure(adapter.name, type(effect).__name__, error))
        except Exception as error:  # a mistake in one door must not close the others
            log.critical("%s could not perform %s", adapter.name, type(effect).__name__, exc_info=True)
            self.report(_failure(adapter.name, type(effect).__name__, error))


def _honest(effect: Effect, is_kept: bool) -> Effect:
    """Return a reply that tells where what was asked for is not kept; everything else as it is."""
    if isinstance(effect, Reply) and not is_kept:
        return replace(effect, problem=effect.problem or Problem.STORE_FAILED)
    return effect


def _doors(adapters: Sequence[Adapter]) -> dict[type, Adapter]:
    doors: dict[type, Adapter] = {}
    for adapter in adapters:
        for effect in adapter.performs:
            if effect in doors:
                raise ValueError(f"{effect.__name__} has two doors: {doors[effect].name} and {adapter.name}")
            doors[effect] = adapter
    missing = [effect.__name__ for effect in ALL_EFFECTS if effect not in doors and effect is not Save]
    if missing:
        raise ValueError(f"no adapter performs {', '.join(missing)}")
    return doors


def _failure(adapter: str, effect: str, error: Exception) -> ev.AdapterFailed:
    lasting = isinstance(error, PermanentAdapterError) or not isinstance(error, AdapterError)
    return ev.AdapterFailed(adapter, effect, f"{type(error).__name__}: {error}"[:256], lasting)
