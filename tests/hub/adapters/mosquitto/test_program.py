"""What is missing for a broker is told, with what to do about it."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.adapters.mosquitto import Listener, Mosquitto, MosquittoSettings
from hub.adapters.mosquitto.program import any_free_port, await_free, find, find_mosquitto
from hub.ports import PermanentAdapterError
from tests.mosquitto import LOOPBACK


@pytest.fixture
def taken() -> Iterator[tuple[str, int]]:
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield LOOPBACK, listener.getsockname()[1]


def program(folder: Path, says: str) -> Path:
    path = folder / "mosquitto"
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit 3\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("version", ["2.0.11", "2.0.21", "2.1.2", "3.0.0"])
def test_new_enough(tmp_path: Path, version: str) -> None:
    path = program(tmp_path, f"mosquitto version {version}")
    assert find_mosquitto(path) == path


def test_the_installed_one_is_found_where_daemons_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_mosquitto().name == "mosquitto"


@pytest.mark.parametrize(
    ("says", "complaint"),
    [
        ("mosquitto version 1.6.12 (build date x)", "needs version 2 or later"),
        ("hello", "does not say that it is a mosquitto"),
    ],
)
def test_one_that_will_not_do(tmp_path: Path, says: str, complaint: str) -> None:
    with pytest.raises(PermanentAdapterError, match=complaint):
        find_mosquitto(program(tmp_path, says))


def test_one_that_cannot_be_run(tmp_path: Path) -> None:
    with pytest.raises(PermanentAdapterError, match=r"cannot be run.*apt install mosquitto"):
        find_mosquitto(tmp_path / "gone")


def test_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hub.adapters.mosquitto.program._SYSTEM_FOLDERS", ())
    broker = Mosquitto(MosquittoSettings(tmp_path, (Listener(LOOPBACK, 0),)))
    with pytest.raises(PermanentAdapterError, match=r"no program mosquitto.*apt install mosquitto"):
        broker.start()
    assert not broker.is_running


def test_any_program_is_found_with_its_remedy() -> None:
    with pytest.raises(PermanentAdapterError, match="no program no-such-program on this machine; do this"):
        find("no-such-program", "do this")


def test_a_free_port_is_free(taken: tuple[str, int]) -> None:
    port = any_free_port(LOOPBACK)
    assert port != taken[1]
    await_free([(LOOPBACK, port)])


def test_a_port_that_is_let_go_is_waited_for(taken: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.mosquitto.program.FREE_WITHIN_S", 60.0)
    old = socket.create_server((LOOPBACK, 0))
    threading.Timer(0.2, old.close).start()
    await_free([(LOOPBACK, old.getsockname()[1])])


def test_a_taken_port_is_told(taken: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.mosquitto.program.FREE_WITHIN_S", 0.0)
    with pytest.raises(PermanentAdapterError, match=f"port {taken[1]} of {LOOPBACK} is taken.*systemctl disable"):
        await_free([taken])


def test_an_address_of_another_machine_is_told() -> None:
    for host in ("192.0.2.1", "no-such-host.invalid"):
        with pytest.raises(PermanentAdapterError, match="address of this machine"):
            await_free([(host, 1883)])
        with pytest.raises(PermanentAdapterError, match="address of this machine"):
            any_free_port(host)
