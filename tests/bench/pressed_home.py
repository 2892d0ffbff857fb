"""A home that is pressed: the unit's real program on pins that nobody wired, each with the moment of every change.

Run as a process of its own, `python -m tests.bench.pressed_home SETTINGS`. Prints `ready` when the unit hears its
centre; for every line `press` presses the button, and prints one line of JSON when the alarm is closed again: the
monotonic moments of the unit's own rungs. Rules: what is asked for is done on threads of this file; the unit's own
threads only note the time.
"""

import json
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPWMPin

from device import app
from device.adapters.prompts import SaidAloud
from device.config import read_settings
from device.core import events as ev
from device.core.alarm import State
from device.core.effects import Store
from device.journal import Step
from device.pins import load_pins
from device.process import log_to_stderr
from device.wire.messages import MessageKey

HELD_S = 0.1
REST_S = 0.06
"""The contact must rest before another press is one."""
STATES_KEPT = 1_000
WITHIN_S = 20.0


@dataclass(slots=True)
class Moments:
    """When what happened of one press; None: it did not."""

    pressed_s: float | None = None
    light_s: float | None = None
    received_s: float | None = None
    answered_s: float | None = None
    closed_s: float | None = None


@dataclass(slots=True)
class Witness:
    """Notes the moments of the press that is under way."""

    moments: Moments = field(default_factory=Moments)
    alarm: MessageKey | None = None
    hears_centre: threading.Event = field(default_factory=threading.Event)
    is_closed: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Begin to watch a press: now."""
        self.is_closed.clear()
        self.moments = Moments(pressed_s=time.monotonic())

    def lamp_changed(self) -> None:
        """See the lamp; its first change after a press says that the unit is calling."""
        if self.moments.light_s is None:
            self.moments.light_s = time.monotonic()

    def take(self, step: Step) -> None:
        """See a step of the unit's core."""
        moments, at_s = self.moments, step.entry.moment.mono_s
        match step.entry.event:
            case ev.CentreHeard(True):
                self.hears_centre.set()
            case ev.TriggerActivated():
                self.alarm = next((one.message.key for one in step.effects if isinstance(one, Store)), None)
            case ev.ReceiptArrived(keys) if self.alarm in keys and moments.received_s is None:
                moments.received_s = at_s
            case ev.CommandArrived() if step.state is State.ANSWERED and moments.answered_s is None:
                moments.answered_s = at_s
            case ev.CommandArrived() if step.state is State.NORMAL and moments.closed_s is None:
                moments.closed_s = at_s
                self.is_closed.set()


class Pin(MockPWMPin):  # type: ignore[misc]
    """A pin that tells of its changes; the library's own memory of them is kept short."""

    witness: Witness | None = None

    def _change_state(self, value: float) -> bool:
        changed: bool = super()._change_state(value)
        if changed and self.witness is not None:
            self.witness.lamp_changed()
        if len(self.states) > STATES_KEPT:
            self.clear_states()
        return changed


def main() -> None:
    """Live until the standard input ends, or somebody ends it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    settings = read_settings(Path(sys.argv[1]))
    log_to_stderr(settings.log_level)
    bcm = {pin.name: pin.bcm for pin in load_pins()}
    factory = MockFactory(pin_class=Pin)
    witness = Witness()
    factory.pin(bcm[settings.light_pin]).witness = witness
    program = app.build(
        settings,
        app.Substitutes(pin_factory=factory, player=lambda _: SaidAloud(lambda _: None), watch=witness.take),
    )
    life = threading.Thread(target=program.run, name="unit")
    life.start()
    try:
        if not witness.hears_centre.wait(WITHIN_S):
            raise TimeoutError("the unit does not hear its centre")
        print("ready", flush=True)
        button = factory.pin(bcm[settings.triggers[0].pin])
        for _ in sys.stdin:
            print(json.dumps(asdict(_press(button, witness))), flush=True)
    finally:
        program.stop()
        life.join()


def _press(button: Any, witness: Witness) -> Moments:
    """Press, let go, and return what came of it when the operator has closed the alarm."""
    witness.begin()
    button.drive_low()
    time.sleep(HELD_S)
    button.drive_high()
    time.sleep(REST_S)
    witness.is_closed.wait(WITHIN_S)
    return witness.moments


if __name__ == "__main__":
    main()
