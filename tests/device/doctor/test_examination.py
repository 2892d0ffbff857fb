"""The examination: what is well is said to be, what is not is told with its remedy, and nobody waits for long."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from device.adapters.power import SimulatedPower
from device.adapters.prompts import SaidAloud
from device.app import Substitutes, build
from device.config import read_settings
from device.doctor import Finding, Verdict, examination, examine
from device.doctor.finding import ok
from device.prompts import manifest
from device.simulator.loudspeaker import Loudspeaker
from device.simulator.pins import HomePins
from device.simulator.room import VirtualRoom
from hub.adapters.mosquitto.passwords import hashed
from tests.certificates import Authority
from tests.mosquitto import RealMosquitto, free_port

needs_sound = pytest.mark.skipif(not (manifest.AUDIO / "manifest.json").exists(), reason="`make prompts` was not run")


@pytest.fixture(autouse=True)
def shorter_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "LISTEN_S", 0.5)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RealMosquitto]:
    with RealMosquitto(tmp_path) as broker:
        yield broker


def config(folder: Path, port: int, more: str = "") -> Path:
    path = folder / "device.toml"
    path.write_text(
        f'unit_id = "poga-0001"\ndata_dir = "{folder / "data"}"\n{more}\n'
        f'[[centres]]\nhost = "127.0.0.1"\nport = {port}\ntls = false\n'
    )
    return path


def parts(**more: Any) -> Substitutes:
    return Substitutes(
        **{
            "pin_factory": MockFactory(pin_class=MockPWMPin),
            "player": lambda room: SaidAloud(lambda utterance: None),
            "power": SimulatedPower(),
        }
        | more
    )


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


@needs_sound
def test_a_unit_that_is_well_has_no_fault(broker: RealMosquitto, tmp_path: Path) -> None:
    findings = by_subject(examine(config(tmp_path, broker.port), parts()))
    own = [finding for subject, finding in findings.items() if subject != "sound cards"]  # that is the machine's
    assert [finding for finding in own if finding.verdict is Verdict.FAULT] == []
    assert findings["outbox"].verdict is Verdict.OK
    assert findings["indicators"].verdict is Verdict.OK
    assert findings["centre 1"].verdict is Verdict.ATTENTION  # not encrypted


def test_it_leaves_the_data_folder_to_the_unit(broker: RealMosquitto, tmp_path: Path) -> None:
    path = config(tmp_path, broker.port)
    first = by_subject(examine(path, parts()))
    again = by_subject(examine(path, parts()))
    assert first.keys() == again.keys()
    assert not (tmp_path / "data" / "last-boot").exists()


def test_a_running_unit_is_left_alone(broker: RealMosquitto, tmp_path: Path) -> None:
    path = config(tmp_path, broker.port)
    program = build(read_settings(path), parts())
    assert program.is_alone()
    try:
        findings = by_subject(examine(path, parts()))
    finally:
        program.lifetime.end()
    assert findings["doors"].seen.startswith("a unit runs here")
    assert "triggers" not in findings
    assert "the password was not tried" in str(findings["centre 1"])


@pytest.mark.parametrize(("password", "verdict"), [("right", Verdict.ATTENTION), ("wrong", Verdict.FAULT)])
def test_only_a_centre_that_lets_the_unit_in_is_well(tmp_path: Path, password: str, verdict: Verdict) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text(f"poga-0001:{hashed('right')}\n")
    with RealMosquitto(tmp_path, "use_username_as_clientid true", f"password_file {passwords}") as broker:
        path = config(tmp_path, broker.port)
        path.write_text(f'{path.read_text()}password = "{password}"\n')
        finding = by_subject(examine(path, parts()))["centre 1"]
    assert finding.verdict is verdict
    assert ("lets poga-0001 in" in finding.seen) is (password == "right")
    assert ("does not let poga-0001 in: Not authorized" in finding.seen) is (password == "wrong")


def test_what_takes_connections_and_is_no_broker_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "KNOCK_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        finding = by_subject(examine(config(tmp_path, silent.getsockname()[1]), parts()))["centre 1"]
    assert finding.verdict is Verdict.FAULT
    assert "does not answer as a broker within 0.5 s" in finding.seen


def test_every_broken_part_is_told_with_its_remedy(tmp_path: Path) -> None:
    pins = HomePins()
    pins.at(5).ground(True)
    pins.at(12).is_broken = True
    room = VirtualRoom(lambda: False)
    room.is_broken = True
    power = SimulatedPower()
    power.set(mains=False, battery_percent=50)
    port = free_port()
    substitutes = parts(pin_factory=pins, player=Loudspeaker(room).beside, power=power)
    findings = by_subject(examine(config(tmp_path, port), substitutes))
    assert findings["triggers"].verdict is Verdict.ATTENTION
    assert "button is held; let go of it" in str(findings["triggers"])
    assert findings["indicators"].verdict is Verdict.FAULT
    assert "GPIO 12" in findings["indicators"].seen
    assert findings["prompts"].verdict is Verdict.FAULT
    assert findings["power"].verdict is Verdict.ATTENTION
    assert findings["centre 1"].verdict is Verdict.FAULT
    assert f"127.0.0.1:{port} cannot be reached" in findings["centre 1"].seen


@pytest.mark.parametrize(("believed", "verdict"), [("ours", Verdict.OK), ("others", Verdict.FAULT)])
def test_only_a_centre_whose_certificate_is_believed_is_well(tmp_path: Path, believed: str, verdict: Verdict) -> None:
    authorities = {name: Authority(tmp_path, name) for name in ("ours", "others")}
    issued = authorities["ours"].issue("broker")
    with RealMosquitto(tmp_path, f"certfile {issued.cert}", f"keyfile {issued.key}") as broker:
        path = config(tmp_path, broker.port)
        ca_file = authorities[believed].cert
        path.write_text(path.read_text().replace("tls = false", f'tls = true\nca_file = "{ca_file}"'))
        finding = by_subject(examine(path, parts()))["centre 1"]
    assert finding.verdict is verdict
    assert ("TLSv1.3" in finding.seen) is (verdict is Verdict.OK)


def test_a_data_folder_that_cannot_be_written_is_a_fault(broker: RealMosquitto, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    findings = by_subject(examine(config(tmp_path, broker.port), parts()))
    assert findings["data folder"].verdict is Verdict.FAULT
    assert "kept in memory only" in findings["data folder"].remedy


def test_settings_that_fit_no_pin_are_the_only_finding_beside_the_versions(tmp_path: Path) -> None:
    findings = examine(config(tmp_path, 1, 'light_pin = "lamp"'), parts())
    assert [finding.subject for finding in findings] == ["versions", "settings"]
    assert "allowed: light" in findings[1].seen


def test_a_check_that_hangs_is_a_fault_and_holds_up_nobody() -> None:
    never = threading.Event()

    def hang() -> list[Finding]:
        never.wait(60)
        return []

    findings = list(examination._all_at_once({"slow": hang, "quick": lambda: [ok("quick", "done")]}, 0.2))
    never.set()
    assert [str(finding) for finding in findings] == [
        "FAULT      slow         no answer within 0.2 s",
        "OK         quick        done",
    ]


def test_a_check_that_fails_is_a_fault() -> None:
    def fail() -> list[Finding]:
        raise OSError("gone")

    (finding,) = examination._all_at_once({"disk": fail}, 5)
    assert (finding.verdict, finding.seen) == (Verdict.FAULT, "OSError: gone")
