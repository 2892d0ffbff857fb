"""The port: one command at a time, replies never mixed up, and it comes back by itself."""

import errno
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from device.adapters.modem.at import commands
from device.adapters.modem.at.codes import Ringing, Unsolicited
from device.adapters.modem.at.commands import Command
from device.adapters.modem.at.dialogue import Outcome, Reply, Unexplained
from device.adapters.modem.port import Port
from device.adapters.modem.simulator import MobileNetwork, SimulatedModem
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError
from tests.device.adapters.modem.rig import CENTRE, PATIENCE_S, eventually, simulated


class Ears:
    """Keeps what the port tells."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.losses: list[AdapterError] = []
        self.said: list[Unsolicited | Unexplained] = []

    def opened(self) -> None:
        self.is_open.set()

    def lost(self, error: AdapterError) -> None:
        self.losses.append(error)
        self.is_open.clear()

    def heard(self, said: Unsolicited | Unexplained) -> None:
        self.said.append(said)


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[SimulatedModem]:
    with simulated(MobileNetwork(), tmp_path / "modem") as modem:
        yield modem


@pytest.fixture
def port(modem: SimulatedModem, ears: Ears) -> Iterator[Port]:
    port = Port(modem.path, ears)
    port.start()
    assert ears.is_open.wait(PATIENCE_S)
    yield port
    port.stop()


def quick(command: Command) -> Command:
    """The same command, for a test that lets it fail."""
    return Command(command.text, command.prefixes, timeout_s=0.3)


def test_a_command_gets_its_reply_with_echo_and_without(port: Port) -> None:
    assert port.ask(commands.SIGNAL) == Reply(("+CSQ: 20,99",), Outcome.OK)
    assert port.ask(commands.plain("ATE0")).is_ok
    assert port.ask(commands.SIGNAL).first == "+CSQ: 20,99"


def test_many_threads_ask_and_each_gets_its_own_reply(port: Port) -> None:
    questions = {
        commands.SIGNAL: "+CSQ",
        commands.CLOCK: "+CCLK",
        commands.SIM: "+CPIN",
        commands.OPERATOR: "+COPS",
        commands.CIRCUIT_REGISTRATION: "+CREG",
    }
    wrong: list[str] = []

    def ask(command: Command, prefix: str) -> None:
        for _ in range(20):
            reply = port.ask(Command(command.text, command.prefixes, timeout_s=PATIENCE_S))
            if not reply.first.startswith(prefix):
                wrong.append(f"{command.text}: {reply}")

    threads = [threading.Thread(target=ask, args=question) for question in questions.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert wrong == []


def test_a_late_reply_is_never_taken_for_anothers(port: Port, modem: SimulatedModem) -> None:
    assert port.ask(commands.PING).is_ok
    modem.faults.late_s = 0.6
    with pytest.raises(TransientAdapterError, match=r"no reply to AT\+CSQ in 0.3 s"):
        port.ask(quick(commands.SIGNAL))
    modem.faults.late_s = 0.0
    for _ in range(5):
        assert port.ask(commands.CLOCK).first.startswith("+CCLK")


def test_a_prompt_that_comes_too_late_is_left_and_nothing_is_sent(port: Port, modem: SimulatedModem) -> None:
    assert port.ask(commands.PING).is_ok
    modem.faults.late_s = 0.6
    with pytest.raises(TransientAdapterError):
        port.ask(Command("AT+CMGS=5", ("+CMGS:",), body=b"00\x1a", timeout_s=0.3))
    modem.faults.late_s = 0.0
    assert port.ask(commands.SIGNAL).first.startswith("+CSQ")
    assert modem.network.texts == []


def test_who_asks_while_another_command_is_under_way_waits_no_longer_than_his_own_time(
    port: Port, modem: SimulatedModem
) -> None:
    assert port.ask(commands.PING).is_ok
    modem.faults.is_silent = True

    def ask() -> None:
        with pytest.raises(TransientAdapterError):
            port.ask(Command("AT+COPS?", timeout_s=2.0))

    waiting = threading.Thread(target=ask)
    waiting.start()
    eventually(port._turn.locked)
    with pytest.raises(TransientAdapterError, match="busy with another command"):
        port.ask(quick(commands.SIGNAL))
    waiting.join(PATIENCE_S)


def test_what_comes_unasked_is_told(port: Port, modem: SimulatedModem, ears: Ears) -> None:
    assert port.ask(commands.PING).is_ok
    modem.ring(CENTRE)
    eventually(lambda: Ringing() in ears.said)


def test_unplugged_in_the_middle_of_a_command_it_says_so_at_once_and_opens_when_it_is_back(
    port: Port, modem: SimulatedModem, ears: Ears
) -> None:
    assert port.ask(commands.PING).is_ok
    modem.faults.is_silent = True
    errors: list[TransientAdapterError] = []

    def ask() -> None:
        with pytest.raises(TransientAdapterError) as caught:
            port.ask(Command("AT+CSQ", timeout_s=PATIENCE_S))
        errors.append(caught.value)

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(port._turn.locked)
    modem.unplug()
    asking.join(PATIENCE_S / 2)
    assert not asking.is_alive()
    assert "went away" in str(errors[0])
    with pytest.raises(TransientAdapterError, match="plugged in and powered"):
        port.ask(commands.PING)
    modem.faults.is_silent = False
    ears.is_open.clear()
    modem.plug()
    assert ears.is_open.wait(PATIENCE_S)
    assert port.ask(commands.SIGNAL).first.startswith("+CSQ")


def test_a_port_that_another_program_has_is_left_alone(modem: SimulatedModem, port: Port) -> None:
    other = Ears()
    second = Port(modem.path, other)
    second.start()
    eventually(lambda: bool(other.losses))
    assert "another program has" in str(other.losses[0])
    second.stop()
    assert port.ask(commands.PING).is_ok


def test_a_port_that_may_not_be_opened_says_who_must_see_to_it(
    tmp_path: Path, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "Permission denied")

    monkeypatch.setattr(serial, "Serial", refuse)
    port = Port(str(tmp_path / "port"), ears)
    port.start()
    eventually(lambda: bool(ears.losses))
    port.stop()
    assert isinstance(ears.losses[0], PermanentAdapterError)
    assert "dialout" in str(ears.losses[0])


def test_what_is_no_serial_port_is_said_once_however_often_it_is_tried(tmp_path: Path, ears: Ears) -> None:
    path = tmp_path / "file"
    path.touch()
    port = Port(str(path), ears)
    port.start()
    eventually(lambda: bool(ears.losses))
    path.unlink()
    eventually(lambda: len(ears.losses) > 1)  # tried again, and something else is wrong now
    port.stop()
    assert "no modem" in str(ears.losses[1])
    assert "cannot be opened" in str(ears.losses[0])
