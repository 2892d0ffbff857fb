"""Where the unit's current comes from: the mains, as the charger tells, or the battery.

Rules: read every `LOOK_EVERY_S`, told when it changes; what cannot be read is not known, which is not the same as gone.
The board has no battery gauge that is read yet, so its charge is not known.
"""

import logging
import threading

from gpiozero import Factory, InputDevice

from device.core.effects import Effect
from device.core.events import PowerRead
from device.pin_factory import named_factory
from device.ports import PermanentAdapterError, Report

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5


class MainsInput:
    """The charger's power-good output: an open drain, low while the mains are there."""

    name = "power"
    performs: tuple[type[Effect], ...] = ()

    def __init__(self, bcm: int, pin_factory: Factory | None = None, look_every_s: float = LOOK_EVERY_S) -> None:
        """Take the input's GPIO; without a factory, the one GPIOZERO_PIN_FACTORY names is used (lgpio if unset)."""
        self._bcm = bcm
        self._factory = pin_factory
        self._look_every_s = look_every_s
        self._device: InputDevice | None = None
        self._told: PowerRead | None = None
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, report: Report) -> None:
        """Report from now on. Raises PermanentAdapterError where the pin cannot be had."""
        self._is_stopping.clear()
        self._told = None
        try:
            self._device = InputDevice(self._bcm, pull_up=True, pin_factory=self._factory or named_factory())
        except Exception as error:  # the library below gpiozero raises errors of its own, unknown here
            report(PowerRead(mains=None, battery_percent=None))
            if isinstance(error, PermanentAdapterError):
                raise
            raise PermanentAdapterError(
                f"the mains on GPIO {self._bcm}: {type(error).__name__}: {error}; see that nothing else uses the pin "
                "and that hardware/pins.csv names the right one, or leave `mains_pin` empty"
            ) from error
        self._thread = threading.Thread(target=self._watch, args=(report,), name="power", daemon=True)
        self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise AssertionError(f"power performs nothing, it was asked for {effect!r}")

    def stop(self) -> None:
        """Let go of the pin."""
        self._is_stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _watch(self, report: Report) -> None:
        while not self._is_stopping.is_set():
            reading = PowerRead(self._mains(), battery_percent=None)
            if reading != self._told:
                self._told = reading
                report(reading)
            self._is_stopping.wait(self._look_every_s)

    def _mains(self) -> bool | None:
        try:
            return None if self._device is None else bool(self._device.value)
        except Exception:  # as above
            if self._told is None or self._told.mains is not None:
                log.exception("the mains on GPIO %d cannot be read", self._bcm)
            return None


class SimulatedPower:
    """Mains and battery as somebody says."""

    name = "power"
    performs: tuple[type[Effect], ...] = ()

    def __init__(self) -> None:
        """Begin with mains and a full battery."""
        self._reading = PowerRead(mains=True, battery_percent=100.0)
        self._report: Report | None = None

    @property
    def reading(self) -> PowerRead:
        """What the unit measures now."""
        return self._reading

    def set(self, mains: bool, battery_percent: float) -> None:
        """Let the unit measure this from now on."""
        assert 0 <= battery_percent <= 100, battery_percent  # noqa: PLR2004, S101 - a percentage, rightly used
        self._reading = PowerRead(mains, battery_percent)
        if self._report is not None:
            self._report(self._reading)

    def start(self, report: Report) -> None:
        """Report from now on."""
        self._report = report
        report(self._reading)

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise AssertionError(f"power performs nothing, it was asked for {effect!r}")

    def stop(self) -> None:
        """Report nothing any more."""
        self._report = None
