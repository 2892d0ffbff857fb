"""WAV files become frames, and what is none is told."""

import wave
from pathlib import Path

import pytest

from device.voice.messages import CLOCK_HZ, FRAME_BYTES
from device.voice.tape import HEARD_AFTER, Clip, Tape, TapeError, load


def wav(path: Path, samples: bytes, rate_hz: int = CLOCK_HZ, channels: int = 1, width: int = 2) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        file.writeframes(samples)
    return path


def test_files_of_one_rate_are_one_clip(tmp_path: Path) -> None:
    files = [wav(tmp_path / "1", b"\1\0"), wav(tmp_path / "2", b"\2\0"), wav(tmp_path / "3", b"\3\0", 8000)]
    assert load(files) == (Clip(CLOCK_HZ, b"\1\0\2\0"), Clip(8000, b"\3\0"))


def test_the_left_side_is_played(tmp_path: Path) -> None:
    assert load([wav(tmp_path / "1", b"\1\0\2\0\3\0\4\0", channels=2)])[0].samples == b"\1\0\3\0"


@pytest.mark.parametrize("rate_hz", [8000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_every_usual_rate_is_played(tmp_path: Path, rate_hz: int) -> None:
    (clip,) = load([wav(tmp_path / "1", bytes(rate_hz * 2), rate_hz)])
    frame = Tape(clip).take()
    assert frame is not None
    assert len(frame) * 50 == rate_hz * 2


def test_a_tape_is_over_when_its_last_frame_was_heard() -> None:
    tape = Tape(Clip(CLOCK_HZ, b"\1" * (FRAME_BYTES + 2)))
    assert tape.take() == b"\1" * FRAME_BYTES
    assert tape.take() == b"\1\1" + bytes(FRAME_BYTES - 2)
    for _ in range(HEARD_AFTER):
        assert not tape.is_over
        assert tape.take() is None
    assert tape.is_over


def test_a_tape_that_is_repeated_is_never_over() -> None:
    tape = Tape(Clip(CLOCK_HZ, b"\1" * (FRAME_BYTES + 2)), repeats=True)
    assert [frame and frame[:1] for frame in (tape.take() for _ in range(9))] == [b"\1"] * 9
    assert not tape.is_over


def test_what_cannot_be_played_is_told(tmp_path: Path) -> None:
    noise = tmp_path / "noise"
    noise.write_bytes(b"no sound")
    bad = {
        tmp_path / "none": "No such file",
        noise: "RIFF",
        wav(tmp_path / "empty", b""): "empty",
        wav(tmp_path / "8 bit", b"1", width=1): "convert it",
        wav(tmp_path / "odd", b"11", rate_hz=11_025): "convert it",
        wav(tmp_path / "three", b"112233", channels=3): "convert it",
    }
    for file, reason in bad.items():
        with pytest.raises(TapeError, match=reason) as told:
            load([file])
        assert str(file) in str(told.value)


def test_hours_of_sound_are_not_held(tmp_path: Path) -> None:
    half = wav(tmp_path / "half", bytes(8000 * 2 * 60 * 16), rate_hz=8000)
    with pytest.raises(TapeError, match="30 minutes"):
        load([half, half])
