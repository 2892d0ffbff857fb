"""Others' programs talk to the simulated modems: what two strangers' programs believe is not our own mistake twice.

Here gammu (a program) and python-gsmmodem (a library) use them as they would use a real modem.
"""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from device.adapters.modem.simulator import Kind, MobileNetwork, SimulatedModem
from device.adapters.modem.simulator.network import Stand
from tests.device.adapters.modem.rig import CENTRE, HOME, PATIENCE_S, STRANGER, eventually, simulated

GAMMU = shutil.which("gammu")
HAS_GSMMODEM = importlib.util.find_spec("gsmmodem") is not None
Gammu = Callable[..., str]


@pytest.fixture
def gammu(home: SimulatedModem, tmp_path: Path) -> Gammu:
    if GAMMU is None:
        pytest.skip("gammu is not installed (apt-get install gammu)")
    settings = tmp_path / "gammurc"
    settings.write_text(f"[gammu]\nport={home.path}\nconnection=at115200\n")

    def run(*words: str) -> str:
        done = subprocess.run(
            [GAMMU, "-c", str(settings), *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_gammu_knows_the_modem(gammu: Gammu) -> None:
    said = gammu("identify")
    assert "SIMCOM_SIM7600G-H" in said
    assert "LE20B03SIM7600M22" in said


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize(
    ("text", "options"), [("Čau, ā un ž", ("-unicode",)), ("Hello from gammu. " * 17, ("-len", "400"))]
)
def test_gammus_texts_reach_the_other_modem(
    gammu: Gammu, network: MobileNetwork, text: str, options: tuple[str, ...]
) -> None:
    gammu("sendsms", "TEXT", CENTRE, "-text", text, *options)
    assert "".join(part for _, _, part in network.texts) == text
    assert {recipient for _, recipient, _ in network.texts} == {CENTRE}


def test_gammu_reads_the_texts_that_came_in(gammu: Gammu, network: MobileNetwork, home: SimulatedModem) -> None:
    texts = ("Labdien, €5 [jā]", "Ātri!")
    for text in texts:
        network.text_from_outside(STRANGER, HOME, text)
    eventually(lambda: len(home.slots) == 2)
    said = gammu("getallsms")
    assert re.findall(r'Remote number +: "(.*)"', said) == [STRANGER, STRANGER]
    assert all(text in said for text in texts)
    gammu("deletesms", "1", "1")
    assert list(home.slots) == [2]


# Runs in a process of its own: that library's threads and warnings are no part of these tests.
GSMMODEM = """
import json, sys, time
from gsmmodem.modem import GsmModem
path, pin, recipient, caller = sys.argv[1:]
texts, callers = [], []
def called(call):
    if not callers:
        callers.append(call.number)
        call.answer()
modem = GsmModem(path, 115200, smsReceivedCallbackFunc=lambda sms: texts.append([sms.number, sms.text]),
                 incomingCallCallbackFunc=called)
modem.connect(pin)
modem.waitForNetworkCoverage(10)
sms = modem.sendSms(recipient, "From gsmmodem [€]", waitForDeliveryReport=True, deliveryTimeout=20)
print("ready", flush=True)
def wait_for(found):
    until = time.time() + 30
    while time.time() < until and not found:
        time.sleep(0.05)
wait_for(texts)
print("read", flush=True)
wait_for(callers)
print(json.dumps({
    "model": modem.model, "imei": modem.imei, "signal": modem.signalStrength, "network": modem.networkName,
    "centre": modem.smsc, "delivered": sms.status, "texts": texts, "callers": callers,
}), flush=True)
sys.stdin.read()
modem.close()
"""


@pytest.mark.skipif(not HAS_GSMMODEM, reason="python-gsmmodem-new is not installed")
def test_gsmmodem_unlocks_the_sim_sends_receives_and_takes_a_call(
    network: MobileNetwork, centre: SimulatedModem, tmp_path: Path
) -> None:
    with simulated(network, tmp_path / "home", kind=Kind.SIM800, pin="1234") as home:
        command = [sys.executable, "-W", "ignore", "-c", GSMMODEM, home.path, "1234", CENTRE, STRANGER]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            assert other.stdout.readline() == "ready\n"
            network.text_from_outside(STRANGER, HOME, "Labdien, €5")
            # One after the other: a code in the middle of a reply is too much for it.
            assert other.stdout.readline() == "read\n"
            network.call_from_outside(STRANGER, HOME)
            said = json.loads(other.stdout.readline())
            eventually(lambda: any(call.stand is Stand.ACTIVE for call in network.calls))
            other.stdin.close()
    assert said == {
        "model": "SIMCOM_SIM800L",
        "imei": "001010000000017",
        "signal": 20,
        "network": "Poga Mobile",
        "centre": "+37120000000",
        "delivered": 1,
        "texts": [[STRANGER, "Labdien, €5"]],
        "callers": [STRANGER],
    }
    assert network.texts == [(HOME, CENTRE, "From gsmmodem [€]")]
    assert len(centre.slots) == 1
