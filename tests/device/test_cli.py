"""`poga-device` as a person and a service manager use it: real processes, exit codes, what is printed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.adapters.modem.simulator import Manner, MobileNetwork, SimulatedModem
from device.cli import main
from device.core import events as ev
from device.core.moment import Moment
from device.core.triggers import Trigger
from device.journal import Journal, write_journal
from tests.listening import listening
from tests.mosquitto import RealMosquitto, free_port
from tests.scripted_centre import ScriptedCentre
from tests.waiting import GENEROUS_S, until

UNIT = "poga-0001"
SECRET = "correct horse battery staple"
MOCK_PINS = {"GPIOZERO_PIN_FACTORY": "mock", "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin"}


def config(folder: Path, port: int, more: str = "") -> Path:
    path = folder / "device.toml"
    path.write_text(
        f'unit_id = "{UNIT}"\ndata_dir = "{folder / "data"}"\nlog_level = "debug"\n{more}\n'
        f'[[centres]]\nhost = "127.0.0.1"\nport = {port}\ntls = false\npassword = "{SECRET}"\n'
    )
    return path


class Running:
    """A `poga-device run` on mock pins."""

    def __init__(self, path: Path, **environment: str) -> None:
        self.log = path.with_name("log")
        with self.log.open("w") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "device", "run", "--config", str(path)],
                env={**os.environ, **MOCK_PINS, **environment},
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def end(self) -> int:
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(GENEROUS_S)

    def close(self) -> None:
        self.child.kill()
        self.child.communicate()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RealMosquitto]:
    with RealMosquitto(tmp_path) as broker:
        yield broker


def test_a_unit_runs_without_a_listening_socket_and_ends_when_told(broker: RealMosquitto, tmp_path: Path) -> None:
    path = config(tmp_path, broker.port)
    with ScriptedCentre(broker.port, UNIT) as centre, closing(Running(path)) as unit:
        started = centre.wait_for("unit_started")
        assert listening(unit.child.pid) == []
        print(f"resident: {resident_mb(unit.child.pid):.1f} MB")
        assert unit.end() == 0
        centre.presence.wait(lambda presence: not presence.online)
    log = unit.log.read_text()
    assert re.search(r"INFO event Started\(epoch='[0-9a-f]{16}'", log)
    assert "INFO effect Publish(" in log
    assert str(started.key.seq) == "1"
    assert SECRET not in log
    assert "Traceback" not in log


def test_the_service_manager_is_told_and_fed(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(GENEROUS_S)
        path = config(tmp_path, free_port())
        with closing(Running(path, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="300000")) as unit:
            heard = [manager.recv(100) for _ in range(4)]
            unit.child.send_signal(signal.SIGTERM)
            while heard[-1] != b"STOPPING=1":
                heard.append(manager.recv(100))
            assert unit.child.wait(GENEROUS_S) == 0
    assert heard[0] == b"READY=1"
    assert set(heard[1:-1]) == {b"WATCHDOG=1"}


def test_a_second_unit_on_the_same_data_is_told_why_it_cannot(tmp_path: Path) -> None:
    path = config(tmp_path, free_port())
    with closing(Running(path)) as unit:
        until(lambda: "event Started" in unit.log.read_text(), "the unit runs")
        run = command("run", "--config", str(path))
    assert (run.returncode, run.stdout) == (1, "")
    assert f"another unit runs with {tmp_path / 'data'}" in run.stderr


@pytest.mark.parametrize("name", ["run", "doctor", "show-config"])
def test_settings_that_cannot_be_used_are_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = config(tmp_path, 1883, "keepalive_s = 5")
    assert main([name, "--config", str(path)]) == 2
    assert f"{path}: keepalive_s: 5 cannot be used" in capsys.readouterr().err
    assert main([name, "--config", str(tmp_path / "none.toml")]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_show_config_shows_every_value_but_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show-config", "--config", str(config(tmp_path, 1883))]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^keepalive_s = 20 +# How often", shown, re.MULTILINE)
    assert re.search(r"^centres\[0\]\.password = set, not shown", shown, re.MULTILINE)
    assert SECRET not in shown


@pytest.mark.parametrize("name", ["show-config", "doctor"])
def test_a_reader_that_has_had_enough_is_left_in_peace(name: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(
            [sys.executable, "-m", "device", name, "--config", str(config(tmp_path, free_port()))],
            env={**os.environ, **MOCK_PINS},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=GENEROUS_S,
            check=False,
        )
    finally:
        os.close(writing)
    assert (run.returncode, run.stderr) == (1, "")


def test_replay_prints_what_happened_and_what_was_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path, (Trigger("button", "Button"),), "0.1.0")
    journal.note(ev.Started("0123456789abcdef", "boot", ev.StartCause.POWER_ON, "0.1.0"), Moment(1.0))
    journal.note(ev.TriggerActivated("button"), Moment(2.5))
    path = write_journal(tmp_path, journal.history("alarm raised"))
    assert main(["replay", str(path)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "2 events of software 0.1.0, written because: alarm raised"
    assert "       2.500  raised     TriggerActivated(trigger_id='button')" in printed
    assert printed[-1].strip() == "-> Speak(prompt=<Prompt.NO_CONNECTION: 'no_connection'>)"


def test_replay_says_what_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"format":1,"software":"0.1.0","reason":"x","lost":7,"triggers":[]}\n')
    assert main(["replay", str(path)]) == 0
    assert "7 events after the first are lost" in capsys.readouterr().out


def test_replay_refuses_what_is_no_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_doctor_says_how_it_is_and_its_code_says_it_too(tmp_path: Path) -> None:
    run = command("doctor", "--config", str(config(tmp_path, free_port())), **MOCK_PINS)
    lines = run.stdout.splitlines()
    assert run.returncode == 1
    assert lines[0].startswith("OK         versions     poga ")
    assert any(line.startswith("FAULT      centre 1     127.0.0.1:") for line in lines)
    assert re.fullmatch(r"The unit is not well: \d+ to be mended\.", lines[-1])
    assert SECRET not in run.stdout + run.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could leave files that the unit cannot use")
def test_doctor_leaves_nothing_of_root_in_the_folder_of_the_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config(tmp_path, 1883)
    (tmp_path / "data").mkdir()
    shutil.chown(tmp_path / "data", "nobody")
    assert main(["doctor", "--config", str(path)]) == 2
    assert "sudo -u nobody poga-device doctor" in capsys.readouterr().err
    assert list((tmp_path / "data").iterdir()) == []


def test_what_is_asked_for_must_be_known() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["sing"])
    with pytest.raises(SystemExit, match="2"):
        main([])


def test_a_unit_that_runs_has_no_web_server_in_its_memory(tmp_path: Path) -> None:
    program = (
        "import sys; from device import app; webs = ('fastapi', 'uvicorn', 'starlette', 'asyncio', 'httpx'); "
        "print([name for name in webs if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "device", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=GENEROUS_S,
        check=False,
    )


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert match is not None
    return int(match[1]) / 1024


def poga_device_modem(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "device", "modem", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=GENEROUS_S, check=False)


def test_an_installer_tries_a_modem_and_is_told_what_it_hears(tmp_path: Path) -> None:
    network = MobileNetwork()
    pin = tmp_path / "pin"
    pin.write_text("1234\n")
    modem = SimulatedModem(network, tmp_path / "modem", "+37120000001", pin="1234")
    network.manners["+37120000009"] = Manner.ANSWERS
    modem.plug()
    try:
        done = poga_device_modem("--port", modem.path, "--pin-file", str(pin), "--text", "+371 2000 0009")
        assert (done.returncode, done.stderr) == (0, "")
        assert "OK         text       the network delivered it" in done.stdout
        pin.write_text("0000\n")
        modem.restart()
        done = poga_device_modem("--port", modem.path, "--pin-file", str(pin))
        assert (done.returncode, done.stderr) == (1, "")
        assert "is not tried again" in done.stdout
    finally:
        modem.unplug()


def test_without_a_modem_or_its_pins_file_an_installer_is_told_so(tmp_path: Path) -> None:
    done = poga_device_modem("--port", str(tmp_path / "none"), "--pin-file", str(tmp_path / "missing"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing cannot be read" in done.stderr
