"""`poga-hub`: every command says what it did or what is wrong, and its exit code tells which."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from device.config import read_settings
from hub import app, config
from hub.adapters.enrolled import read
from hub.adapters.store import Places, open_store
from hub.adapters.store.backups import back_up
from hub.cli import main
from hub.core.records import Unit

UNIT = """
unit_id = "home-17"
[[triggers]]
id = "button"
name = "Button"
"""


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "hub.toml"
    path.write_text(f'data_dir = "{tmp_path / "centre"}"\n')
    return path


def test_a_unit_is_added_and_told_what_it_needs(
    settings_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(settings_file), "add-unit", "home-17", "--name", "Invented"]) == 0
    folder = app.units_folder(config.load(settings_file))
    unit = read(folder / "home-17.json")
    assert unit is not None
    told = capsys.readouterr().out
    device_toml = tmp_path / "device.toml"
    device_toml.write_text(f"{UNIT}[[centres]]\n{told.partition(chr(10) * 2)[2]}")
    [centre] = read_settings(device_toml).centres
    assert (centre.host, centre.port, centre.tls, centre.read_password()) == ("127.0.0.1", 1883, False, unit.password)


def test_with_a_broker_of_somebody_elses_no_unit_is_added(
    settings_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with settings_file.open("a") as file:
        file.write("[broker]\nis_embedded = false\n")
    assert main(["--config", str(settings_file), "add-unit", "home-17"]) == 1
    assert "add it there" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave files that others cannot read")
@pytest.mark.parametrize("command", [["add-unit", "home-17"], ["restore"]])
def test_root_leaves_nothing_that_the_centre_could_not_read(
    command: list[str], settings_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = config.load(settings_file).data_dir
    folder.mkdir()
    os.chown(folder, 65_534, -1)
    assert main(["--config", str(settings_file), *command]) == 1
    assert "as its owner: sudo -u" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_a_bad_unit_id_is_refused(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings_file), "add-unit", "Not A Unit"]) == 1
    assert "cannot name a unit" in capsys.readouterr().err


def test_a_missing_settings_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(tmp_path / "none.toml"), "show-config"]) == 1
    assert "is not there" in capsys.readouterr().err


def test_settings_are_shown_as_lines_and_as_the_table(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings_file), "show-config"]) == 0
    assert "console.port = 8080" in capsys.readouterr().out
    assert main(["show-config", "--markdown"]) == 0
    assert "| `console.port` | `8080` |" in capsys.readouterr().out


def test_the_newest_backup_is_put_in_place(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = config.load(settings_file).data_dir / app.STORE
    store = open_store(folder)
    store.main.save([Unit("home-1")])
    back_up(Places(folder), time.time())
    store.main.save([Unit("home-2")])
    store.close()
    assert main(["--config", str(settings_file), "restore"]) == 0
    assert "is in place" in capsys.readouterr().out
    store = open_store(folder)
    assert {unit.unit_id for unit in store.main.load_snapshot().units} == {"home-1"}
    store.close()


def test_without_a_backup_nothing_is_restored(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings_file), "restore"]) == 1
    assert "has no backup" in capsys.readouterr().err


def test_a_running_centre_keeps_its_store(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = config.load(settings_file).data_dir / app.STORE
    store = open_store(folder)
    try:
        back_up(Places(folder), time.time())
        assert main(["--config", str(settings_file), "restore"]) == 1
        assert "stop the centre" in capsys.readouterr().err
    finally:
        store.close()


def test_the_doctor_is_asked(settings_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings_file), "doctor"]) == 0
    assert "store:" in capsys.readouterr().out


def test_too_many_virtual_homes_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--units", "21"])
    assert "21 is not from 1 to 20" in capsys.readouterr().err


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "hub", "show-config"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.close()
        assert shown.stderr.read() == b""
