"""The door of the wired triggers: opens what can be opened, watches it in one thread, reports."""

import logging
import queue
import threading
import time

from gpiozero import Factory

from device.adapters.trigger_button.debounce import SHORTEST_PRESS_S, Change
from device.adapters.trigger_button.line import Edge, Input, Line
from device.core import events as ev
from device.core.effects import Effect
from device.pin_factory import named_factory
from device.ports import PermanentAdapterError, Pulse, Report

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.050
SETTLE_S = 0.020
"""From the moment its pull-up is on, a filtered wire needs this to rise; read sooner, it would look pressed."""
EDGES_KEPT = 1_000
"""Edges that may wait; what a fluttering contact sends beyond it is dropped, the next look finds the level."""


class TriggerButtons:
    """Every contact that is wired to the unit."""

    name = "triggers"
    performs: tuple[type[Effect], ...] = ()

    def __init__(self, inputs: tuple[Input, ...], pulse: Pulse, pin_factory: Factory | None = None) -> None:
        """Take the inputs; without a factory, the one that GPIOZERO_PIN_FACTORY names is used (lgpio if unset)."""
        self._inputs = inputs
        self._pulse = pulse
        self._factory = pin_factory
        self._lines: list[Line] = []
        self._unread: set[Line] = set()
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, report: Report) -> None:
        """Open every input that can be opened. Raises PermanentAdapterError where none can.

        The thread runs all the same: a restart opens no pin that is not there, and would take worn triggers away too.
        """
        self._report = report
        self._edges: queue.Queue[Edge] = queue.Queue(maxsize=EDGES_KEPT)
        self._is_stopping.clear()
        problems = self._open(self._factory or named_factory())
        self._thread = threading.Thread(target=self._watch, name="triggers", daemon=True)
        self._thread.start()
        if not self._lines:
            raise PermanentAdapterError("; ".join(problems) or "no trigger is configured: give the unit an input")
        for problem in problems:
            report(self._failure("start", problem))

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise AssertionError(f"the triggers perform nothing, they were asked for {effect!r}")

    def stop(self) -> None:
        """Let go of every pin."""
        self._is_stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        while self._lines:
            self._lines.pop().close()

    def _open(self, factory: Factory) -> list[str]:
        """Open and read what can be; return what is wrong with the others."""
        problems: list[str] = []
        claimed: list[Line] = []
        for source in self._inputs:
            try:
                claimed.append(Line(source, factory, self._edges))
            except PermanentAdapterError as error:
                problems.append(str(error))
        time.sleep(SETTLE_S)
        for line in claimed:
            try:
                is_held = line.begin()
            except PermanentAdapterError as error:
                problems.append(str(error))
                line.close()
                continue
            self._lines.append(line)
            if is_held:
                self._report(ev.TriggerFoundActive(line.source.trigger_id))
        self._all_opened = not problems
        return problems

    # --- the thread ---

    def _watch(self) -> None:
        look_at_s = time.monotonic()
        while not self._is_stopping.is_set():
            try:
                edge = self._edges.get(timeout=max(0.0, look_at_s - time.monotonic()))
            except queue.Empty:
                edge = None
                look_at_s = time.monotonic() + LOOK_EVERY_S
            try:
                if edge is None:  # a look never overtakes the edges that wait
                    self._look()
                else:
                    self._take(edge)
            except Exception:  # whatever it is, the next press must be seen
                log.critical("a trigger could not be handled", exc_info=True)

    def _take(self, edge: Edge) -> None:
        is_active_now = edge.is_active and self._read(edge.line) is not False
        self._tell(edge.line, edge.line.debounce.see(edge.at_s, edge.is_active, is_active_now))

    def _look(self) -> None:
        for line in self._lines:
            at_s = line.ticks()
            is_active = self._read(line)
            if is_active is not None and line.ticks() - at_s < SHORTEST_PRESS_S:  # else: a level of nobody knows when
                self._tell(line, line.debounce.see(at_s, is_active, is_active))
        if not self._unread:
            self._pulse.beat("button")

    def _read(self, line: Line) -> bool | None:
        """Return the level, None where it cannot be read: told once, and once that it is well again."""
        try:
            is_active = line.is_active()
        except PermanentAdapterError as error:
            if line not in self._unread:
                self._unread.add(line)
                self._report(self._failure("read", str(error)))
            return None
        if line in self._unread:
            self._unread.remove(line)
            if self._all_opened and not self._unread:
                self._report(ev.AdapterRecovered(self.name))
        return is_active

    def _tell(self, line: Line, changes: list[Change]) -> None:
        source = line.source
        for change in changes:
            if change is Change.RELEASED:
                self._report(ev.TriggerReleased(source.trigger_id))
            elif source.is_cancel:
                self._report(ev.CancelActivated())
            else:
                self._report(ev.TriggerActivated(source.trigger_id))

    def _failure(self, effect: str, problem: str) -> ev.AdapterFailed:
        log.error("%s: %s", self.name, problem)
        return ev.AdapterFailed(adapter=self.name, effect=effect, reason=problem[:256], lasting=True)
