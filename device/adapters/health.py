"""The machine's health: temperature and free space, read at start and every `EVERY_S` for the heartbeats."""

import shutil
import threading
from pathlib import Path

from device.core.effects import Effect
from device.core.events import HealthRead
from device.ports import Report

EVERY_S = 30.0
THERMOMETER = Path("/sys/class/thermal/thermal_zone0/temp")

_BYTES_PER_MB = 1_000_000
_PLAUSIBLE_C = (-50.0, 150.0)


class Health:
    """Reads what a machine says of itself."""

    name = "health"
    performs: tuple[type[Effect], ...] = ()

    def __init__(self, data_dir: Path, thermometer: Path = THERMOMETER, every_s: float = EVERY_S) -> None:
        """Watch the disk that `data_dir` is on."""
        self._data_dir = data_dir
        self._thermometer = thermometer
        self._every_s = every_s
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, report: Report) -> None:
        """Report readings from now on."""
        self._is_stopping.clear()
        self._thread = threading.Thread(target=self._read_on, args=(report,), name="health", daemon=True)
        self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Nothing is asked of this door."""
        raise AssertionError(f"health performs nothing, it was asked for {effect!r}")

    def stop(self) -> None:
        """Report nothing any more."""
        self._is_stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(1.0)

    def read(self) -> HealthRead:
        """Return what can be known; None where it cannot."""
        return HealthRead(temperature_c(self._thermometer), disk_free_mb(self._data_dir))

    def _read_on(self, report: Report) -> None:
        while not self._is_stopping.is_set():
            report(self.read())
            self._is_stopping.wait(self._every_s)


def temperature_c(thermometer: Path = THERMOMETER) -> float | None:
    """Return the processor's temperature, None where the machine has no thermometer."""
    try:
        celsius = int(thermometer.read_text()) / 1000
    except (OSError, ValueError):
        return None
    return celsius if _PLAUSIBLE_C[0] <= celsius <= _PLAUSIBLE_C[1] else None


def disk_free_mb(folder: Path) -> float | None:
    """Return what may still be written where `folder` is, None where that cannot be known."""
    try:
        return round(shutil.disk_usage(folder).free / _BYTES_PER_MB, 1)
    except OSError:
        return None
