"""The simulator for people: what is typed is done, and what is not understood is said."""

import subprocess
import sys
from pathlib import Path

import pytest
import serial

from device.adapters.modem.simulator import MobileNetwork
from device.adapters.modem.simulator.__main__ import HELP, Console
from tests.device.adapters.modem.rig import CENTRE, PATIENCE_S, eventually, simulated


def test_each_word_does_what_the_help_says(tmp_path: Path) -> None:
    network, told = MobileNetwork(), list[str]()
    with simulated(network, tmp_path / "modem") as modem:
        console = Console(network, [modem], told.append)
        for line in (
            f'sms 1 {CENTRE} "two words"',
            "signal 1 7",
            "register 1 5",
            "silent 1 on",
            "silent 1 off",
            "garble 1",
            f"manner {CENTRE} busy",
            "sim 1 out",
            "sim 1 in",
            f"call 1 {CENTRE}",
            "answer 1",
            "key 1 5",
            "hang-up 1",
            "restart 1",
            "unplug 1",
            "plug 1",
            "texts",
            "",
        ):
            assert console.do(line)
        assert told == []
        assert (modem.level, modem.registration) == (7, 1)
        eventually(lambda: len(modem.slots) == 1)
        assert network.calls == []


@pytest.mark.parametrize("line", ["dance 1", "sms", "signal 1 loud", "unplug 9", 'sms "', "answer 1", "sim 1 up"])
def test_what_is_not_understood_is_said(tmp_path: Path, line: str) -> None:
    network, told = MobileNetwork(), list[str]()
    with simulated(network, tmp_path / "modem") as modem:
        console = Console(network, [modem], told.append)
        assert console.do(line)
        assert "not understood" in told[0]
        assert not console.do("quit")


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "device.adapters.modem.simulator", "--folder", str(tmp_path), "--modems", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == f"+37120000001 at {tmp_path}/modem-1\n"
        program.stdout.readline()
        assert program.stdout.readline().rstrip() == HELP.splitlines()[0].rstrip()
        with serial.Serial(str(tmp_path / "modem-2"), timeout=PATIENCE_S) as port:
            port.write(b"ATE0\r")
            assert port.read_until(b"\r\nOK\r\n").endswith(b"\r\nOK\r\n")
        program.stdin.write("quit\n")
        program.stdin.close()
        assert program.wait(PATIENCE_S) == 0
