"""The doctor says in words what is well and what is not, and changes nothing."""

from pathlib import Path

import pytest

from device.voice.client import EngineUnavailableError
from device.voice.messages import EngineStarted
from hub import app, config, doctor
from hub.adapters.store import open_store
from hub.doctor import Finding, Verdict
from hub.ports import AdapterError
from hub.prompts.spoken import SpokenWords

STARTED = EngineStarted(
    version="2.17",
    is_own_build=True,
    most_legs=256,
    codecs=("opus",),
    has_sound_cards=True,
    tls="TLS 1.2 and 1.3",
    addresses=("127.0.0.1:5060",),
)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the voice engine say what it is without being started."""
    monkeypatch.setattr(doctor, "probe", lambda: STARTED)


def settings_in(folder: Path) -> config.Settings:
    values = {
        "data_dir": str(folder / "centre"),
        "broker": {"port": app.free_port("127.0.0.1")},
        "console": {"port": app.free_port("127.0.0.1")},
    }
    return config.from_values(values, "test")


def findings_of(settings: config.Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in doctor.examine(settings)}


def test_a_centre_that_never_ran_needs_attention_and_is_no_fault(tmp_path: Path) -> None:
    said: list[str] = []
    settings = settings_in(tmp_path)
    assert doctor.report(doctor.examine(settings), said.append) == 0
    assert any("poga-hub run" in line for line in said)
    assert not settings.data_dir.exists()


def test_a_whole_store_is_well(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_store(settings.data_dir / app.STORE).close()
    found = findings_of(settings)
    assert found["store"].verdict is Verdict.WELL
    assert "0 incidents are open" in found["store"].detail


def test_a_broken_store_is_a_fault_with_a_remedy(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_store(settings.data_dir / app.STORE).close()
    path = settings.data_dir / app.STORE / "poga.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    found = findings_of(settings)
    assert found["store"].verdict is Verdict.FAULT
    assert "poga-hub restore" in found["store"].detail


def test_a_missing_broker_program_is_a_fault_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise AdapterError("there is no program mosquitto on this machine; apt install mosquitto")

    monkeypatch.setattr(doctor, "find_mosquitto", none)
    found = findings_of(settings_in(tmp_path))
    assert found["broker"].verdict is Verdict.FAULT
    assert "apt install mosquitto" in found["broker"].detail


def test_the_voice_engine_says_what_it_is(tmp_path: Path) -> None:
    found = findings_of(settings_in(tmp_path))["voice"]
    assert found == Finding(Verdict.WELL, "voice", "PJSIP 2.17, own build, 256 legs, opus, TLS 1.2 and 1.3")


def test_an_engine_for_trials_needs_attention(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "probe", lambda: STARTED.model_copy(update={"is_own_build": False, "most_legs": 4}))
    found = findings_of(settings_in(tmp_path))["voice"]
    assert found.verdict is Verdict.ATTENTION
    assert "4 legs" in found.detail
    assert "make pjsua2" in found.detail


def test_no_engine_is_a_fault_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> EngineStarted:
        raise EngineUnavailableError("pjsua2 is not installed: make pjsua2")

    monkeypatch.setattr(doctor, "probe", none)
    found = findings_of(settings_in(tmp_path))["voice"]
    assert found.verdict is Verdict.FAULT
    assert "make pjsua2" in found.detail


def test_voice_that_is_off_needs_attention(tmp_path: Path) -> None:
    values = {"data_dir": str(tmp_path), "voice": {"is_on": False}}
    found = {finding.what: finding for finding in doctor.examine(config.from_values(values, "test"))}
    assert found["voice"].verdict is Verdict.ATTENTION


def test_spoken_words_are_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings_of(settings_in(tmp_path))["spoken words"].verdict is Verdict.WELL
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt install espeak-ng sox" in findings_of(settings_in(tmp_path))["spoken words"].detail
    monkeypatch.setattr(doctor, "SpokenWords", lambda: SpokenWords(tmp_path))
    assert findings_of(settings_in(tmp_path))["spoken words"].verdict is Verdict.FAULT


def test_no_way_out_needs_attention(tmp_path: Path) -> None:
    assert findings_of(settings_in(tmp_path))["relays"].verdict is Verdict.ATTENTION


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # the library's
def test_an_address_that_nobody_understands_is_a_fault_before_it_is_needed(tmp_path: Path) -> None:
    values = {"data_dir": str(tmp_path), "relays": {"apprise": ["nonsense://canary-7391"]}}
    found = {finding.what: finding for finding in doctor.examine(config.from_values(values, "test"))}
    assert found["relays"].verdict is Verdict.FAULT
    assert "canary" not in found["relays"].detail


def test_a_fault_is_told_by_the_exit_code() -> None:
    said: list[str] = []
    found = iter([Finding(Verdict.FAULT, "store", "broken"), Finding(Verdict.WELL, "clock", "right")])
    assert doctor.report(found, said.append) == 1
    assert said[0].startswith("FAULT")
