"""The thread that owns the file: it lives, and mends what can be mended."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from device.adapters.outbox import Limits, Loaded, Outbox
from device.adapters.outbox.file import OutboxFile
from device.core.effects import Forget, LoadWaiting, SaveAlarm, Store
from device.core.events import OutboxFailed, OutboxRecovered, WaitingLoaded
from device.ports import TransientAdapterError
from device.wire.messages import MessageKey
from tests.device.adapters.outbox.full_card import press_until_refused
from tests.device.adapters.outbox.material import Beats, Ears, alarm, key, record, seqs, wait_until

ROOT = Path(__file__).parents[4]
Opener = Callable[..., Outbox]


def test_its_pulse_goes_on_when_nothing_happens(outbox_at: Opener) -> None:
    beats = Beats()
    outbox_at(beats=beats).load()
    wait_until(lambda: len(beats.parts) >= 4, "four beats")


def test_without_a_place_for_its_file_it_lives_and_tries_again(outbox_at: Opener, tmp_path: Path) -> None:
    """A plain file stands where the directory should be: nobody can write there, root neither."""
    blocked = tmp_path / "state"
    blocked.write_text("in the way")
    beats, ears = Beats(), Ears()
    outbox = outbox_at(at=blocked / "outbox.db", beats=beats)
    assert outbox.load() == Loaded()
    outbox.start(ears.report)
    failed = ears.wait_for(OutboxFailed)
    assert not failed.put_aside
    assert "cannot be used" in failed.reason
    for effect in (Store(alarm(1), record(1)), SaveAlarm(record(1))):
        with pytest.raises(TransientAdapterError):
            outbox.perform(effect)
    outbox.perform(Forget((key(5),)))
    outbox.perform(LoadWaiting(3))
    lived = len(beats.parts)
    wait_until(lambda: len(beats.parts) > lived + 1, "its pulse goes on, or the watchdog would take the press away")
    assert len(ears.all_of(OutboxFailed)) == 1
    blocked.unlink()
    ears.wait_for(OutboxRecovered)
    assert ears.wait_for(WaitingLoaded) == WaitingLoaded((), more=False)
    outbox.perform(Store(alarm(1), record(1)))
    outbox.stop()
    assert [type(one) for one in ears.heard].count(OutboxRecovered) == 1
    assert outbox_at(at=blocked / "outbox.db").load() == Loaded((alarm(1),), open_alarm=record(1))


def test_what_waited_in_a_file_that_could_not_be_read_is_brought_when_it_can(outbox_at: Opener, tmp_path: Path) -> None:
    place, away = tmp_path / "state", tmp_path / "away"
    first = outbox_at(at=place / "outbox.db")
    first.load()
    first.perform(Store(alarm(1)))
    first.stop()
    place.rename(away)
    place.write_text("in the way")
    outbox, ears = outbox_at(at=place / "outbox.db"), Ears()
    assert outbox.load() == Loaded()
    outbox.start(ears.report)
    place.unlink()
    away.rename(place)
    assert seqs(ears.wait_for(WaitingLoaded, lambda loaded: bool(loaded.messages)).messages) == [1]


def test_a_quiet_moment_brings_the_log_into_the_file(outbox_at: Opener, path: Path, tmp_path: Path) -> None:
    """So that no alarm's commit has to do it, and a damaged log takes no alarm away that is older than a second."""
    outbox, copy = outbox_at(), tmp_path / "without its log.db"
    outbox.load()
    outbox.perform(Store(alarm(1)))

    def stands_in_the_file() -> bool:
        shutil.copyfile(path, copy)
        with closing(sqlite3.connect(copy)) as connection:
            return bool(connection.execute("SELECT seq FROM waiting").fetchall())

    wait_until(stands_in_the_file, "the message stands in the file itself")


def test_a_file_another_program_keeps_locked_is_not_called_well(outbox_at: Opener, path: Path) -> None:
    beats, ears = Beats(), Ears()
    outbox = outbox_at(Limits(busy_timeout_s=0.05, retry_s=0.05, patience_s=30), beats=beats)
    outbox.start(ears.report)
    outbox.perform(Store(alarm(1)))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TransientAdapterError, match="locked"):
            outbox.perform(Store(alarm(2)))
        before = len(beats.parts)
        wait_until(lambda: len(beats.parts) > before + 2, "it has tried again, and lives")
        assert ears.all_of(OutboxRecovered) == []
        other.rollback()
    ears.wait_for(OutboxRecovered)
    outbox.perform(Store(alarm(2)))
    assert len(ears.all_of(OutboxFailed)) == 1


def test_a_full_file_is_read_all_the_same_and_takes_an_alarm_as_soon_as_there_is_room(outbox_at: Opener) -> None:
    outbox, ears = outbox_at(Limits(patience_s=30, retry_s=1e6)), Ears()
    outbox.start(ears.report)
    outbox.perform(Store(alarm(1)))
    outbox._writer.submit(lambda file: file._db.conn.execute("PRAGMA max_page_count = 1").fetchall()).result()
    stored = press_until_refused(outbox)
    outbox.perform(LoadWaiting(1))
    assert seqs(ears.wait_for(WaitingLoaded).messages) == list(range(1, stored + 1))
    outbox._writer.submit(lambda file: file._db.conn.execute("PRAGMA max_page_count = 99999").fetchall()).result()
    outbox.perform(Store(alarm(stored + 1)))
    assert len(ears.all_of(OutboxFailed)) == 1


def test_what_a_full_disk_could_not_forget_is_brought_again_when_it_can(
    outbox_at: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_full = threading.Event()
    forget, prove = OutboxFile.forget, OutboxFile.prove

    def refuse_when_full() -> None:
        if is_full.is_set():
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    def forget_where_there_is_room(file: OutboxFile, keys: Iterable[MessageKey]) -> None:
        refuse_when_full()
        forget(file, keys)

    def prove_where_there_is_room(file: OutboxFile) -> None:
        refuse_when_full()
        prove(file)

    monkeypatch.setattr(OutboxFile, "forget", forget_where_there_is_room)
    monkeypatch.setattr(OutboxFile, "prove", prove_where_there_is_room)
    beats, ears = Beats(), Ears()
    outbox = outbox_at(Limits(patience_s=30, retry_s=0.05, reserve_bytes=64 * 1024), beats=beats)
    outbox.start(ears.report)
    outbox.perform(Store(alarm(1)))
    is_full.set()
    outbox.perform(Forget((key(1),)))
    ears.wait_for(OutboxFailed)
    before = len(beats.parts)
    wait_until(lambda: len(beats.parts) > before + 2, "it has tried again, and lives")
    assert ears.all_of(WaitingLoaded) == []
    is_full.clear()
    assert seqs(ears.wait_for(WaitingLoaded).messages) == [1]


def test_room_is_kept_beside_the_file(outbox_at: Opener, path: Path) -> None:
    outbox, ears = outbox_at(Limits(reserve_bytes=64 * 1024)), Ears()
    outbox.start(ears.report)
    outbox.perform(Store(alarm(1)))
    assert path.with_name("outbox.db.reserve").stat().st_blocks * 512 >= 64 * 1024
    assert ears.all_of(OutboxFailed) == []


def test_a_disk_without_room_for_the_reserve_is_told_and_stores(outbox_at: Opener) -> None:
    outbox, ears = outbox_at(Limits(reserve_bytes=2**60, patience_s=30)), Ears()
    outbox.start(ears.report)
    assert "no room can be kept" in ears.wait_for(OutboxFailed).reason
    outbox.perform(Store(alarm(1)))
    outbox.stop()
    assert len(ears.all_of(OutboxFailed)) == 1


def test_where_no_file_grows_any_more_alarms_go_on_from_memory(tmp_path: Path) -> None:
    seen = on_a_full_card("limit", tmp_path)
    assert seen["found_at_the_start"] == 1
    assert seen["failed_when_full"] == 1
    assert (seen["failed"], seen["recovered"]) == (1, 1)
    assert seen["found"] == seen["stored"] + 1, "everything stored, and the refused one when there was room again"


def test_a_full_disk_is_given_the_reserve(tmp_path: Path) -> None:
    seen = on_a_full_card("disk" if can_mount(tmp_path) else "limit", tmp_path)
    assert seen["found_at_the_start"] == 1
    assert seen["failed_when_full"] == 1
    assert not seen["reserve_when_full"]
    assert (seen["failed"], seen["recovered"]) == (1, 1)
    assert seen["found"] == seen["stored"] + 1
    if "loaded_when_full" in seen:
        assert seen["stored"] > 1, "the reserve took alarms that the disk refused"
        assert seen["loaded_when_full"] == seen["stored"], "a full disk is read"
        assert seen["found_by_a_new_life"] == seen["stored"], "also after a crash"


def can_mount(directory: Path) -> bool:
    """Tell whether a process may have a disk of its own here: root may, and others where user namespaces are on."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*in_its_own_disk(directory), "true"], capture_output=True, check=False).returncode == 0


def in_its_own_disk(directory: Path) -> list[str]:
    mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(directory)]


def on_a_full_card(kind: str, directory: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.device.adapters.outbox.full_card", kind, str(directory)]
    if kind == "disk":
        command = [*in_its_own_disk(directory), *command]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen
