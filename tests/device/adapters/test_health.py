"""The machine's health, as heartbeats carry it."""

import queue
from pathlib import Path

import pytest

from device.adapters.health import Health, disk_free_mb, temperature_c
from device.core.events import Event, HealthRead


@pytest.mark.parametrize(
    ("text", "celsius"), [("48312\n", 48.312), ("-4000", -4.0), ("", None), ("hot", None), ("999999", None)]
)
def test_temperature_is_in_degrees_or_unknown(tmp_path: Path, text: str, celsius: float | None) -> None:
    thermometer = tmp_path / "temp"
    thermometer.write_text(text)
    assert temperature_c(thermometer) == celsius


def test_what_is_not_there_is_unknown(tmp_path: Path) -> None:
    health = Health(tmp_path / "no folder", tmp_path / "no thermometer")
    assert health.read() == HealthRead(None, None)


def test_free_space_is_in_megabytes(tmp_path: Path) -> None:
    free_mb = disk_free_mb(tmp_path)
    assert free_mb is not None
    assert 0 <= free_mb < 1e9


def test_readings_come_at_start_and_again_until_it_stops(tmp_path: Path) -> None:
    reported: queue.Queue[Event] = queue.Queue()
    health = Health(tmp_path, tmp_path / "no thermometer", every_s=0.01)
    health.start(reported.put)
    readings = [reported.get(timeout=20) for _ in range(3)]
    health.stop()
    health.stop()
    assert all(isinstance(reading, HealthRead) for reading in readings)
