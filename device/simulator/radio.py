"""A receiver for worn triggers, as the unit would have one on a stick; a press arrives when the page says so."""

from device.core import events as ev
from device.core.effects import Effect
from device.ports import Report


class Radio:
    """Hears the pendants of one home. A new one in every life of the program."""

    name = "radio"
    performs: tuple[type[Effect], ...] = ()

    def __init__(self) -> None:
        """Hear nothing yet."""
        self._report: Report | None = None

    def start(self, report: Report) -> None:
        """Report presses from now on."""
        self._report = report

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise AssertionError(f"the radio performs nothing, it was asked for {effect!r}")

    def stop(self) -> None:
        """Report nothing any more."""
        self._report = None

    def hear(self, trigger_id: str, is_pressed: bool) -> None:
        """Hear a pendant. One that presses while the unit is dark is not heard, as in a home."""
        if self._report is not None:
            self._report(ev.TriggerActivated(trigger_id) if is_pressed else ev.TriggerReleased(trigger_id))
