"""Recordings as they are written, torn, mended, tampered with and heard again."""

import io
import wave
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.adapters.voice.recording.keys import Keys
from hub.adapters.voice.recording.listening import Listening
from hub.adapters.voice.recording.sealed import HEAD_BYTES, LARGEST_CHUNK, SECOND_BYTES
from hub.adapters.voice.recording.writing import Writer, key_id_in, mend
from hub.ports import RecordingLostError

CHUNK = 5 + LARGEST_CHUNK


def second(number: int) -> bytes:
    return bytes([number]) * SECOND_BYTES


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.pogarec"


def write(file: Path, keys: Keys, *seconds: int, ends: bool = True) -> None:
    writer = Writer(file, keys.newest(), keys.find)
    for number in seconds:
        writer.write(second(number))
    if ends:
        writer.end()
    else:
        writer.abandon()


def heard(file: Path, keys: Keys) -> bytes:
    """What a WAV reader makes of it."""
    with closing(Listening(file, keys.find)) as listening:
        whole = b"".join(listening.read())
        seconds = listening.seconds
    with wave.open(io.BytesIO(whole)) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (2, 2, 16_000)
        assert wav.getnframes() / 16_000 == seconds
        return bytes(wav.readframes(wav.getnframes()))


def is_whole(file: Path, keys: Keys) -> bool:
    listening = Listening(file, keys.find)
    listening.close()
    return listening.is_whole


def test_what_was_written_is_heard(file: Path, keys: Keys) -> None:
    write(file, keys, 1, 2, 3)
    assert heard(file, keys) == second(1) + second(2) + second(3)
    assert is_whole(file, keys)


def test_nothing_of_it_lies_on_the_disk_in_the_clear(file: Path, keys: Keys) -> None:
    write(file, keys, 7)
    assert bytes([7]) * 16 not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert key_id_in(file) == next((file.parent / "keys").iterdir()).name


def test_a_second_call_goes_on_in_the_same_file(file: Path, keys: Keys) -> None:
    write(file, keys, 1)
    keys.make_new()
    write(file, keys, 2, 3)
    assert heard(file, keys) == second(1) + second(2) + second(3)


@pytest.mark.parametrize("lost", [1, 17, LARGEST_CHUNK, CHUNK - 1])
def test_of_a_torn_end_everything_up_to_the_last_whole_chunk_is_heard(file: Path, keys: Keys, lost: int) -> None:
    write(file, keys, 1, 2, 3, ends=False)
    file.write_bytes(file.read_bytes()[:-lost])
    assert heard(file, keys) == second(1) + second(2)
    assert not is_whole(file, keys)


def test_what_a_power_cut_left_as_zeros_is_passed_over(file: Path, keys: Keys) -> None:
    write(file, keys, 1, 2, ends=False)
    whole = file.read_bytes()
    file.write_bytes(whole[:-100] + bytes(100) + bytes(5_000))
    assert heard(file, keys) == second(1)


def test_a_torn_recording_is_mended_once_and_written_on(file: Path, keys: Keys) -> None:
    write(file, keys, 1, 2, ends=False)
    file.write_bytes(file.read_bytes()[:-10])
    assert mend(file, keys.find) == 1.0
    assert mend(file, keys.find) is None
    assert is_whole(file, keys)
    write(file, keys, 3)
    assert heard(file, keys) == second(1) + second(3)


def test_a_recording_is_written_on_behind_a_torn_end(file: Path, keys: Keys) -> None:
    write(file, keys, 1, 2, ends=False)
    file.write_bytes(file.read_bytes()[:-10])
    write(file, keys, 3)
    assert heard(file, keys) == second(1) + second(3)


@given(first=st.integers(0, 44 + 3 * SECOND_BYTES), length=st.integers(0, 2 * SECOND_BYTES))
def test_it_is_heard_from_any_byte_to_any_byte(
    tmp_path_factory: pytest.TempPathFactory, first: int, length: int
) -> None:
    folder = tmp_path_factory.mktemp("recording")
    keys = Keys(folder / "keys")
    write(folder / "one", keys, 1)
    write(folder / "one", keys, 2, 3)
    listening = Listening(folder / "one", keys.find)
    whole = b"".join(listening.read())
    assert len(whole) == listening.size
    assert b"".join(listening.read(first, first + length)) == whole[first : first + length]
    listening.close()


def test_a_changed_byte_is_told_with_its_place(file: Path, keys: Keys) -> None:
    write(file, keys, 1, 2, 3)
    damaged = bytearray(file.read_bytes())
    damaged[HEAD_BYTES + CHUNK + 1_000] ^= 1
    file.write_bytes(damaged)
    with pytest.raises(RecordingLostError, match=r"one.pogarec is damaged at second 1"):
        heard(file, keys)


def test_chunks_that_were_taken_out_or_swapped_are_told(file: Path, keys: Keys) -> None:
    write(file, keys, 1, 2, 3)
    whole = file.read_bytes()
    first, middle = (whole[HEAD_BYTES + n * CHUNK : HEAD_BYTES + (n + 1) * CHUNK] for n in (0, 1))
    file.write_bytes(whole.replace(first + middle, middle + first))
    with pytest.raises(RecordingLostError):
        heard(file, keys)


def test_without_its_key_nothing_is_heard(file: Path, keys: Keys, tmp_path: Path) -> None:
    write(file, keys, 1)
    with pytest.raises(RecordingLostError, match=r"the key .* cannot be used"):
        Listening(file, Keys(tmp_path / "other").find)


@pytest.mark.parametrize("content", [b"RIFF" + bytes(100), b"POGAREC1"])
def test_another_file_is_refused(file: Path, keys: Keys, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(RecordingLostError, match="not a recording"):
        Listening(file, keys.find)


def test_a_file_that_is_gone_is_told(file: Path, keys: Keys) -> None:
    with pytest.raises(RecordingLostError, match="cannot be read: No such file"):
        Listening(file, keys.find)


def test_a_recording_of_nothing_is_empty(file: Path, keys: Keys) -> None:
    write(file, keys)
    assert heard(file, keys) == b""
