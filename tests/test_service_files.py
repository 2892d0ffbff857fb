"""The service files: systemd understands them, and they give no right that is not needed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from device.voice.__main__ import PRIORITY

ROOT = Path(__file__).parents[1]
FILES = sorted(ROOT.glob("*/poga-*.service"))
ANALYZE = shutil.which("systemd-analyze")


def settings(path: Path) -> dict[str, list[str]]:
    """Return every setting of a service file with all its values."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_both_programs_have_one() -> None:
    assert [path.parent.name for path in FILES] == ["device", "hub"]


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_systemd_understands_it(path: Path, tmp_path: Path) -> None:
    assert ANALYZE is not None
    copy = tmp_path / path.name
    copy.write_text(path.read_text(encoding="utf-8").replace("ExecStart=/opt/poga/bin/", "ExecStart=/bin/true --"))
    verified = subprocess.run([ANALYZE, "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    assert [line for line in verified.stderr.splitlines() if path.name in line] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_watched_restarted_without_end_and_without_rights(path: Path) -> None:
    given = settings(path)
    assert given["Type"] == ["notify"]
    assert given["Restart"] == ["always"]
    assert given["StartLimitIntervalSec"] == ["0"]
    assert int(given["WatchdogSec"][0]) <= 30
    assert given["User"] != ["root"]
    assert given["CapabilityBoundingSet"] == [""]
    assert given["NoNewPrivileges"] == ["yes"]
    assert given["ProtectSystem"] == ["strict"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_its_voice_engine_alone_may_be_real_time_and_not_for_ever(path: Path) -> None:
    given = settings(path)
    assert not {"CPUSchedulingPolicy", "CPUSchedulingPriority", "RestrictRealtime"} & set(given)
    assert int(given["LimitRTPRIO"][0]) >= PRIORITY
    assert given["LimitRTTIME"] != ["infinity"]
    assert "sched_setscheduler" in given["SystemCallFilter"][-1]


def test_the_unit_keeps_its_pins_its_card_and_its_reason() -> None:
    given = settings(ROOT / "device" / "poga-device.service")
    assert "PrivateDevices" not in given
    assert "DevicePolicy" in given
    assert {"char-gpiochip rw", "char-alsa rw"} == set(given["DeviceAllow"])
    assert "LG_WD=/run/poga" in given["Environment"]
    assert "last-exit" in given["ExecStopPost"][0]
    assert "Sockets" not in given
