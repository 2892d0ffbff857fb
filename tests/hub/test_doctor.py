"""The doctor says in words what is well and what is not, and changes nothing."""

from pathlib import Path

import pytest

from hub import app, config, doctor
from hub.adapters.store import open_store
from hub.doctor import Finding, Verdict
from hub.ports import AdapterError


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
