"""Recording through the real recorder: both sides by content, and what stays when it is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.adapters.voice.recording.client import Archive, Recorded, Recorder
from hub.adapters.voice.recording.keys import Keys
from hub.ports import PermanentAdapterError, RecordingLostError
from tests.hub.adapters.voice.engine_point import EnginePoint
from tests.hub.adapters.voice.tones import channel, level
from tests.waiting import Heard, until

ROOM_HZ, OPERATOR_HZ = 700.0, 440.0
CLEAR, NOTHING = 0.5, 0.05
WAV_HEAD = 44


@pytest.fixture
def told() -> Heard[Recorded]:
    return Heard()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "recordings", Keys(tmp_path / "keys"))


@pytest.fixture
def recorder(tmp_path: Path, archive: Archive, told: Heard[Recorded]) -> Iterator[Recorder]:
    recorder = Recorder(archive, tmp_path / "keys", told)
    recorder.start()
    until(lambda: recorder.is_running, "the recorder has started")
    yield recorder
    recorder.stop()


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[EnginePoint, EnginePoint]]:
    with EnginePoint(tmp_path / "left", ROOM_HZ) as left, EnginePoint(tmp_path / "right", OPERATOR_HZ) as right:
        yield left, right


def record(recorder: Recorder, archive: Archive, sides: tuple[EnginePoint, EnginePoint], seconds: float) -> None:
    """Record until so many seconds more are on the disk."""
    path = archive.path_of("life-1")
    size = path.stat().st_size if path.exists() else 0
    recorder.open("life-1", sides[0].path, sides[1].path)
    until(lambda: path.exists() and path.stat().st_size > size + seconds * 64_000, "it is written")


def sound_of(archive: Archive, file: str) -> bytes:
    listening = archive.open(file)
    try:
        return b"".join(listening.read())[WAV_HEAD:]
    finally:
        listening.close()


def assert_both_are_heard(stereo: bytes) -> None:
    middle = stereo[len(stereo) // 3 // 4 * 4 :][:12_800]
    left, right = channel(middle, 0), channel(middle, 1)
    assert (level(left, ROOM_HZ) > CLEAR, level(left, OPERATOR_HZ) < NOTHING) == (True, True)
    assert (level(right, OPERATOR_HZ) > CLEAR, level(right, ROOM_HZ) < NOTHING) == (True, True)


def test_the_room_is_on_the_left_and_everybody_else_on_the_right(
    recorder: Recorder, archive: Archive, told: Heard[Recorded], sides: tuple[EnginePoint, EnginePoint]
) -> None:
    record(recorder, archive, sides, 2)
    recorder.close("life-1")
    recorded = told.wait_for(Recorded)
    assert (recorded.recording, recorded.file, recorded.problem) == ("life-1", "life-1.pogarec", "")
    assert recorded.seconds >= 2
    assert len(recorded.key_id) == 16
    assert_both_are_heard(sound_of(archive, recorded.file))


def test_a_side_of_which_nothing_comes_is_silent(
    recorder: Recorder, archive: Archive, told: Heard[Recorded], tmp_path: Path
) -> None:
    with EnginePoint(tmp_path / "left", ROOM_HZ) as left, EnginePoint(tmp_path / "right", None) as right:
        record(recorder, archive, (left, right), 2)
        recorder.close("life-1")
        stereo = sound_of(archive, told.wait_for(Recorded).file)
    assert level(channel(stereo[64_000:], 0)[:6_400], ROOM_HZ) > CLEAR
    assert not any(channel(stereo, 1))


def test_of_a_killed_recorder_what_was_written_is_heard_and_told_and_it_goes_on(
    recorder: Recorder, archive: Archive, told: Heard[Recorded], sides: tuple[EnginePoint, EnginePoint]
) -> None:
    record(recorder, archive, sides, 2)
    killed = recorder.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    torn = told.wait_for(Recorded)
    assert (torn.recording, "lost" in torn.problem) == ("life-1", True)
    assert torn.seconds >= 2
    assert_both_are_heard(sound_of(archive, torn.file))
    until(lambda: recorder.is_running and recorder.pid != killed, "another recorder runs")
    record(recorder, archive, sides, 1)
    recorder.close("life-1")
    assert told.wait_for(Recorded, 2).seconds >= torn.seconds + 1


def test_what_the_centre_left_when_it_ended_is_told_at_its_next_start(
    recorder: Recorder,
    archive: Archive,
    told: Heard[Recorded],
    sides: tuple[EnginePoint, EnginePoint],
    tmp_path: Path,
) -> None:
    record(recorder, archive, sides, 1)
    recorder.stop()
    assert told.all == []
    again = Recorder(archive, tmp_path / "keys", told)
    again.start()
    assert told.wait_for(Recorded).seconds >= 1
    again.stop()
    assert_both_are_heard(sound_of(archive, "life-1.pogarec"))


def test_while_no_recorder_runs_nothing_is_recorded_which_is_told_at_the_end(
    archive: Archive, told: Heard[Recorded], sides: tuple[EnginePoint, EnginePoint], tmp_path: Path
) -> None:
    never_started = Recorder(archive, tmp_path / "keys", told)
    never_started.open("life-1", sides[0].path, sides[1].path)
    assert told.all == []
    never_started.close("life-1")
    assert (told.all[0].seconds, "does not run" in told.all[0].problem) == (0.0, True)


def test_a_recording_is_opened_once(
    recorder: Recorder, archive: Archive, told: Heard[Recorded], sides: tuple[EnginePoint, EnginePoint]
) -> None:
    recorder.open("life-1", sides[0].path, sides[1].path)
    record(recorder, archive, sides, 2)
    recorder.close("life-1")
    assert_both_are_heard(sound_of(archive, told.wait_for(Recorded).file))


def test_where_the_disk_takes_nothing_that_is_told(
    recorder: Recorder, archive: Archive, told: Heard[Recorded], sides: tuple[EnginePoint, EnginePoint]
) -> None:
    archive.path_of("life-1").mkdir()
    recorder.open("life-1", sides[0].path, sides[1].path)
    assert "Is a directory" in told.wait_for(Recorded).problem


def test_a_deleted_recording_is_gone(archive: Archive) -> None:
    archive.folder.mkdir()
    archive.path_of("life-1").touch()
    archive.delete("life-1.pogarec")
    archive.delete("life-1.pogarec")
    with pytest.raises(RecordingLostError):
        archive.open("life-1.pogarec")


@pytest.mark.parametrize("name", ["", "../key", "a/b", ".hidden", "x" * 65])
def test_a_name_that_is_none_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(PermanentAdapterError, match="cannot be a recording's name"):
        archive.path_of(name)


@pytest.mark.parametrize("file", ["../key.pogarec", "life-1.wav", "life-1"])
def test_a_file_that_is_no_recordings_is_refused(archive: Archive, file: str) -> None:
    with pytest.raises(RecordingLostError):
        archive.open(file)
    with pytest.raises(RecordingLostError):
        archive.delete(file)
