"""The broker's process: kept running, told of in the log, gone with the centre, and nobody else's business."""

import logging
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.adapters.mosquitto.child import Child
from hub.ports import PermanentAdapterError
from tests.waiting import until

ROOT = Path(__file__).parents[4]
RUNS = "echo 'mosquitto version 2.0.0 running' >&2; trap 'exit 0' TERM; while :; do sleep 0.05; done"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.mosquitto.child.LONGEST_PAUSE_S", 0.1)


def shell(script: str) -> Child:
    """A child that only says what mosquitto would say."""
    return Child(["/bin/sh", "-c", script], None)


@pytest.fixture
def child() -> Iterator[Child]:
    running = shell(RUNS)
    running.start()
    yield running
    running.stop()


def pid_of(child: Child) -> int:
    assert child.pid is not None
    return child.pid


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended; nobody may have asked for its ending yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_start_returns_when_it_listens(child: Child) -> None:
    assert child.is_running
    assert not is_gone(pid_of(child))


def test_stop_ends_it_and_it_stays_ended(child: Child) -> None:
    pid = pid_of(child)
    child.stop()
    assert is_gone(pid)
    assert not child.is_running
    assert child.pid is None
    child.stop()


def test_one_that_does_not_obey_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.adapters.mosquitto.child.STOP_WITHIN_S", 0.2)
    deaf = shell("trap '' TERM; echo 'mosquitto version 2.0.0 running' >&2; while :; do sleep 0.05; done")
    deaf.start()
    pid = pid_of(deaf)
    deaf.stop()
    until(lambda: is_gone(pid), "it has ended")


def test_one_that_cannot_run_says_why_and_leaves_nothing() -> None:
    broken = shell("echo 'Error: Unknown configuration variable \"nonsense\".' >&2; exit 3")
    with pytest.raises(PermanentAdapterError, match="Unknown configuration variable"):
        broken.start()
    assert broken.pid is None


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(PermanentAdapterError, match="does not run"):
        Child(["/nowhere/mosquitto"], None).start()


def test_one_that_dies_again_and_again_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lives = tmp_path / "lives"
    child = shell(f"echo x >> {lives}; echo 'mosquitto version 2.0.0 running' >&2; sleep 0.05; exit 7")
    child.start()
    try:
        until(lambda: len(lives.read_text().splitlines()) >= 5, "it is started again")
    finally:
        child.stop()
    assert "mosquitto ended after" in caplog.text
    assert "code 7" in caplog.text


def test_only_one_that_is_ready_is_signalled(child: Child, tmp_path: Path) -> None:
    mark = tmp_path / "reloaded"
    listening = shell(f"trap 'echo x >> {mark}' HUP; {RUNS}")
    listening.start()
    try:
        listening.reload()
        until(mark.exists, "it is told to read its files again")
    finally:
        listening.stop()
    listening.reload()
    assert not is_gone(pid_of(child))


def test_what_it_says_goes_to_the_log_by_its_weight(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    says = [
        "Warning: ACL pattern 'poga/1/centre' does not contain '%c' or '%u'.",
        "Client <unknown> disconnected, not authorised.",
        "Error: Out of memory.",
    ]
    child = shell("".join(f'echo "{line}" >&2; ' for line in says) + RUNS)
    child.start()
    child.stop()
    levels = {record.getMessage().removeprefix("mosquitto: "): record.levelno for record in caplog.records}
    assert [levels[line] for line in says] == [logging.DEBUG, logging.INFO, logging.WARNING]


def test_a_centre_that_stands_still_does_not_stop_the_broker(tmp_path: Path) -> None:
    mark = tmp_path / "said-it-all"
    script = f"""
        import sys
        sys.path.insert(0, {str(ROOT)!r})
        from hub.adapters.mosquitto.child import Child
        child = Child(["/bin/sh", "-c", {_flood(mark)!r}], None)
        child.start()
        child._keeper.join()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)]) as centre:
        try:
            until(mark.exists, "a flood that nobody reads has passed")
        finally:
            centre.kill()


def _flood(mark: Path) -> str:
    """Freeze the centre, then say more than any pipe holds."""
    lines = "i=0; while [ $i -lt 40000 ]; do echo 'a line of some length, as a broker writes it' >&2; i=$((i+1)); done"
    return f"echo 'mosquitto version 2.0.0 running' >&2; kill -STOP $PPID; {lines}; echo x > {mark}"
