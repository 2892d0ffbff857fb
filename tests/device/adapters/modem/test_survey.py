"""What an installer reads: every line is true, and every fault says what to do."""

from pathlib import Path

import pytest

from device.adapters.modem import survey as survey_module
from device.adapters.modem.at.answers import Signal
from device.adapters.modem.settings import ModemSettings
from device.adapters.modem.simulator import Kind, Manner, MobileNetwork
from device.adapters.modem.survey import Survey, Verdict, Wishes, judge
from tests.device.adapters.modem.rig import CENTRE, STRANGER, simulated


@pytest.fixture
def network() -> MobileNetwork:
    return MobileNetwork()


def test_everything_that_can_be_tried_is_told(
    network: MobileNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_module, "SPEAK_S", 0.0)
    network.manners[STRANGER] = Manner.ANSWERS
    told: list[str] = []
    with simulated(network, tmp_path / "modem", kind=Kind.EC25) as modem:
        is_well = Survey(ModemSettings(modem.path), told.append).run(
            Wishes(watch_s=0.5, scan=True, text_to=STRANGER, call_to=STRANGER)
        )
    assert is_well
    said = "\n".join(told)
    for words in (
        "OK         modem      Quectel EC25, version EC25EFAR06A01M4G",
        "OK         SIM        ready",
        "OK         network    Poga Mobile, 4G, home network",
        "OK         signal     RSSI -73 dBm, RSRP -81 dBm, RSRQ -10 dB: good",
        "OK         operator   Other Mobile (00102), 2G, forbidden",
        "OK         text       the network took it",
        "OK         text       the network delivered it",
        "OK         call       answered",
    ):
        assert words in said
    assert network.texts[0][1:] == (STRANGER, survey_module.TEST_TEXT)
    assert network.calls == []


def test_nothing_goes_out_that_was_not_wished(network: MobileNetwork, tmp_path: Path) -> None:
    with simulated(network, tmp_path / "modem") as modem:
        assert Survey(ModemSettings(modem.path), lambda _: None).run(Wishes())
    assert (network.texts, network.calls) == ([], [])


def test_what_does_not_get_through_is_a_fault(network: MobileNetwork, tmp_path: Path) -> None:
    network.manners[CENTRE] = Manner.BUSY
    told: list[str] = []
    with simulated(network, tmp_path / "modem") as modem:
        modem.faults.refuses["CMGS"] = "+CMS ERROR: 28"
        assert not Survey(ModemSettings(modem.path), told.append).run(Wishes(text_to=CENTRE, call_to=CENTRE))
    assert any(line.startswith("FAULT      text") and "correct the number" in line for line in told)
    assert "FAULT      call       busy" in told


@pytest.mark.parametrize("number", ["112", "911"])
def test_an_emergency_number_is_no_test(network: MobileNetwork, tmp_path: Path, number: str) -> None:
    told: list[str] = []
    with simulated(network, tmp_path / "modem") as modem:
        assert not Survey(ModemSettings(modem.path), told.append).run(Wishes(text_to=number, call_to=number))
    assert any("emergency" in line for line in told)
    assert (network.texts, network.calls) == ([], [])


def test_a_sim_without_its_pin_says_what_to_do(network: MobileNetwork, tmp_path: Path) -> None:
    told: list[str] = []
    with simulated(network, tmp_path / "modem", pin="1234") as modem:
        assert not Survey(ModemSettings(modem.path), told.append).run(Wishes())
    assert told[-1].startswith("FAULT      SIM        waits for its PIN; no PIN is set")


def test_a_modem_that_is_not_there_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_module, "FOUND_S", 1.0)
    told: list[str] = []
    assert not Survey(ModemSettings(str(tmp_path / "none")), told.append).run(Wishes())
    assert len(told) == 1
    assert "is it plugged in and powered?" in told[0]


@pytest.mark.parametrize(
    ("signal", "verdict"),
    [
        (Signal(-73, -81), Verdict.OK),
        (Signal(-60, -105), Verdict.ATTENTION),  # 4G's measure counts where there is one
        (Signal(-73, -116), Verdict.FAULT),
        (Signal(-80), Verdict.OK),
        (Signal(-95), Verdict.ATTENTION),
        (Signal(-109), Verdict.FAULT),
        (Signal(), Verdict.FAULT),
    ],
)
def test_a_level_is_judged_and_a_weak_one_says_what_to_do(signal: Signal, verdict: Verdict) -> None:
    found, remark = judge(signal)
    assert found is verdict
    assert verdict is Verdict.OK or "aerial" in remark
