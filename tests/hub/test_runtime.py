"""The centre's loop while something does not work: alarms are seen, and nothing is said that is not kept."""

from collections.abc import Callable, Sequence

import pytest

from device.wire.messages import MessageKey
from hub.core import events as ev
from hub.core.effects import ALL_EFFECTS, Acknowledge, Effect, Save, SendReceipt
from hub.core.moment import NEVER, Moment
from hub.core.records import Record, Unit
from hub.ports import PermanentAdapterError, Report
from hub.runtime import Runtime

KEY = MessageKey(epoch="0" * 16, seq=1)


class Script:
    """A core that says what it was told to say, one list for each event; then the loop is stopped."""

    def __init__(self, *answers: list[Effect]) -> None:
        self.answers = list(answers)
        self.events: list[ev.Event] = []
        self.is_over = False
        self.runtime: Runtime

    def handle(self, event: ev.Event, _now: Moment) -> list[Effect]:
        if not isinstance(event, ev.DeadlineReached | ev.StopRequested):
            self.events.append(event)
        if isinstance(event, ev.DeadlineReached) and not self.answers:
            self.is_over = True
            self.runtime.stop()
            return []
        return self.answers.pop(0) if isinstance(event, ev.DeadlineReached) else []

    def next_deadline(self) -> float:
        return NEVER if self.is_over else 0.0


class Shelf:
    """A store that fails as often as it is told."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.kept: list[Record] = []

    def save(self, records: Sequence[Record]) -> None:
        if self.failures:
            self.failures -= 1
            raise PermanentAdapterError("the disk is full")
        self.kept += records


class Door:
    """Performs everything, and remembers it."""

    name = "door"
    performs: tuple[type[Effect], ...] = tuple(effect for effect in ALL_EFFECTS if effect is not Save)

    def __init__(self, start: Callable[[], None] = lambda: None) -> None:
        self._start = start
        self.done: list[Effect] = []
        self.is_closed = False

    def start(self, _report: Report) -> None:
        self._start()

    def perform(self, effect: Effect) -> None:
        self.done.append(effect)

    def stop(self) -> None:
        self.is_closed = True


class Silent(Door):
    """A door that is asked for nothing."""

    performs: tuple[type[Effect], ...] = ()


def run(core: Script, store: Shelf, *doors: Door) -> None:
    """Turn the loop until the script is over."""
    core.runtime = Runtime(core, store, doors, lambda: Moment(1.0, 1.0), lambda: None)
    core.runtime.run(ev.Started("00000000", ev.Snapshot()))


def test_while_the_store_fails_the_broker_forgets_and_the_receipt_waits() -> None:
    door = Door()
    message: list[Effect] = [Save(Unit("home-1")), SendReceipt("home-1", KEY, 7)]
    repeated: list[Effect] = [SendReceipt("home-1", KEY, 8)]
    run(Script(message, repeated, []), Shelf(failures=2), door)
    assert door.done == [Acknowledge(7), Acknowledge(8), SendReceipt("home-1", KEY, 0)]


def test_where_the_store_works_the_receipt_goes_out_before_the_broker_forgets() -> None:
    door = Door()
    run(Script([Save(Unit("home-1")), SendReceipt("home-1", KEY, 7)]), Shelf(failures=0), door)
    assert door.done == [SendReceipt("home-1", KEY, 7)]


@pytest.mark.parametrize("error", [PermanentAdapterError("no chip"), OSError("as nobody expected")])
def test_a_door_that_does_not_open_keeps_no_other_closed(error: Exception) -> None:
    def refuse() -> None:
        raise error

    core, door = Script(), Door()
    run(core, Shelf(failures=0), Silent(refuse), door)
    assert any(isinstance(event, ev.AdapterFailed) and event.effect == "start" for event in core.events)
    assert door.is_closed
