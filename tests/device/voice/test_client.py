"""The engine's process ends, hangs and cannot start, and the program learns of it and gets another."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from device.voice.client import EngineUnavailableError, VoiceEngine, engine_problem, probe
from device.voice.messages import (
    CommandFailed,
    EngineEvent,
    EngineLost,
    EngineStarted,
    LegEnded,
    PlaceCall,
    Protocol,
    SetLinks,
    Settings,
    Transport,
)
from tests.device.voice.party import UDP, Party, needs_pjsua2, parties, talk
from tests.waiting import Heard, until

pytestmark = needs_pjsua2

CALL = PlaceCall(leg="call", uri="sip:nobody@127.0.0.1:9")

PROGRAM = """
import sys, time
from device.voice.client import VoiceEngine
from device.voice.messages import EngineStarted, Protocol, Settings, Transport

def report(event):
    if isinstance(event, EngineStarted):
        print(engine.pid, flush=True)

engine = VoiceEngine(Settings(user="unit", transports=(Transport(protocol=Protocol.UDP),)), report)
engine.start()
time.sleep(600)
"""


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_an_engine_that_dies_or_hangs_is_replaced(blow: signal.Signals) -> None:
    home, centre = Party("unit-7"), Party("centre")
    with parties(home, centre):
        talk(home, centre)
        first = home.engine.pid
        assert first
        os.kill(first, blow)
        lost = home.wait(EngineLost)
        home.wait(EngineStarted, 2)
        assert home.engine.is_running
        assert home.engine.pid != first
        assert ("hung" if blow is signal.SIGSTOP else blow.name) in lost.reason
        assert not Path(f"/proc/{first}").exists()
        assert not home.has_said(LegEnded)
        talk(home, centre, "again")


def test_a_call_that_no_engine_can_place_is_told() -> None:
    heard: Heard[EngineEvent] = Heard()
    engine = VoiceEngine(Settings(user="unit-7", transports=(UDP,)), heard)
    engine.send(CALL)  # it is not even started
    engine.start()
    engine.send(SetLinks())
    try:
        assert heard.wait_for(CommandFailed) == CommandFailed(
            command="place_call", subject="call", reason="the voice engine does not run"
        )
        heard.wait_for(EngineStarted)
    finally:
        engine.stop()
    assert not engine.is_running
    engine.send(CALL)
    engine.stop()


def test_an_engine_that_cannot_start_says_why_and_tries_again() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        party = Party("unit-7", Transport(protocol=Protocol.UDP, port=port))
        party.engine.start()
        try:
            lost = party.wait(EngineLost, 2)
            assert f"UDP 127.0.0.1:{port}" in lost.reason
            assert "in use" in lost.reason
            other.close()
            assert party.wait(EngineStarted).addresses == (f"127.0.0.1:{port}",)
        finally:
            party.close()


@pytest.mark.parametrize("missing", ["cert_file", "key_file", "ca_file"])
def test_tls_without_a_file_says_which(tmp_path: Path, missing: str) -> None:
    files = {name: tmp_path / name for name in ("cert_file", "key_file", "ca_file")}
    for name, file in files.items():
        if name != missing:
            file.touch()
    party = Party("unit-7", Transport(protocol=Protocol.TLS, **files))
    party.engine.start()
    try:
        assert missing in party.wait(EngineLost).reason
    finally:
        party.close()


def test_an_engine_ends_with_its_program() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        engine = Path("/proc") / program.stdout.readline().strip()
        assert engine.exists()
        program.kill()
    until(lambda: not engine.exists(), "the engine has ended too")


def test_signals_for_the_program_do_not_end_the_engine() -> None:
    party = Party("unit-7")
    with parties(party):
        pid = party.engine.pid
        assert pid
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
        party.tell(CALL.model_copy(update={"uri": "nowhere"}))
        party.wait(CommandFailed)
        assert party.engine.pid == pid


def test_a_probe_tells_what_the_build_can_do() -> None:
    build = probe()
    assert build.version
    assert build.most_legs >= 4
    assert {"PCMA", "PCMU"} <= set(build.codecs)


def test_without_pjsua2_there_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert engine_problem() == "pjsua2 is not installed: make pjsua2"
    with pytest.raises(EngineUnavailableError, match="make pjsua2"):
        probe()
