"""The shortest press that is never missed, beside mqtt-io on the same mock pins."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gpiozero.pins.mock import MockFactory

from device.adapters.trigger_button import Input, TriggerButtons
from device.config import Contact
from device.core import events as ev
from tests.bench.broker import real_broker
from tests.bench.figures import NONE, Aim, Section, in_ms
from tests.bench.peers import mqtt_io
from tests.bench.peers.cache import PeerMissingError

PRESSES = 100
HELD_S = (0.010, 0.030, 0.060)
THE_AIM_S = 0.030
REST_S = 0.12
SPREAD_S = 0.037
BUTTON_BCM = 5
AS_IT_COMES: Mapping[str, str | float] = {}
BY_INTERRUPT: Mapping[str, str | float] = {"interrupt": "both"}

HOW = f"""{PRESSES} presses of each length on gpiozero's mock pins, 0.12 s and a little apart. Ours: seen by the unit's
own adapter, until the event is in the loop's hands. mqtt-io {mqtt_io.VERSION}: seen by a subscriber at the broker. The
times are not for comparison (one ends before the disk, the other after a broker that keeps nothing); the counts are."""


class Pulse:
    """Hears that the thread lives; nobody asks."""

    def beat(self, part: str) -> None:
        """Note nothing."""


def run(folder: Path) -> Section:
    """Press both. Raises AdapterError."""
    ours = {held_s: _press_ours(held_s) for held_s in HELD_S}
    rows = [_row("Poga", "as it comes", held_s, PRESSES, len(took_s), took_s) for held_s, took_s in ours.items()]
    notes: list[str] = []
    try:
        rows += list(_press_mqtt_io(folder))
    except PeerMissingError as error:
        print(f"peer not available: {error}", flush=True)
        notes.append(f"Peer not available: {error}")
    seen = len(ours[THE_AIM_S])
    aim = Aim("presses of 30 ms that are seen", f"{PRESSES} of {PRESSES}", f"{seen} of {PRESSES}", seen == PRESSES)
    return Section(
        title="The shortest press",
        how=HOW,
        columns=("", "setting", "held ms", "seen", "median ms", "p99 ms", "worst ms"),
        rows=tuple(rows),
        aims=(aim,),
        notes=tuple(notes),
    )


def _press_ours(held_s: float) -> list[float]:
    """Return how long after its press each was seen."""
    seen_s: list[float] = []
    factory = MockFactory()
    triggers = TriggerButtons((Input("button", BUTTON_BCM, Contact.NORMALLY_OPEN),), Pulse(), factory)

    def report(event: ev.Event) -> None:
        if isinstance(event, ev.TriggerActivated):
            seen_s.append(time.monotonic())

    triggers.start(report)
    pin = factory.pin(BUTTON_BCM)
    pressed_s: list[float] = []
    try:
        for number in range(PRESSES):
            pressed_s.append(time.monotonic())
            pin.drive_low()
            time.sleep(held_s)
            pin.drive_high()
            time.sleep(REST_S + SPREAD_S * (number % 5) / 5)
    finally:
        triggers.stop()
    return [seen - pressed for seen, pressed in zip(seen_s, pressed_s, strict=len(seen_s) == PRESSES)]


def _press_mqtt_io(folder: Path) -> Iterator[tuple[str, ...]]:
    folder.mkdir(parents=True)
    with real_broker(folder) as broker:
        for setting, options in (("as it comes (poll)", AS_IT_COMES), ("interrupt: both", BY_INTERRUPT)):
            for held_s in HELD_S:
                pressed = mqtt_io.press(broker.centre, options, held_s, PRESSES)
                yield _row("mqtt-io", setting, held_s, pressed.presses, pressed.seen, pressed.took_s)


def _row(who: str, setting: str, held_s: float, presses: int, seen: int, took_s: Sequence[float]) -> tuple[str, ...]:
    _, *times = in_ms(took_s) if seen == presses else ("", NONE, NONE, NONE)
    return (who, setting, f"{held_s * 1000:.0f}", f"{seen} of {presses}", *times)
