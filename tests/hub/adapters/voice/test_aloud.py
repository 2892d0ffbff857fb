"""Texts read aloud by the real voice."""

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.adapters.voice.aloud import MOST_CHARACTERS, Aloud
from hub.core.effects import Text
from tests.waiting import Heard, until


@pytest.fixture
def aloud() -> Iterator[Aloud]:
    aloud = Aloud()
    yield aloud
    aloud.stop()


def read(aloud: Aloud, text: Text, folder: Path) -> Path | None:
    done: Heard[Path | None] = Heard()
    aloud.read(text, folder, done)
    until(lambda: bool(done.all), "it was read, or not")
    return done.all[0]


@pytest.mark.parametrize("language", ["lv", "ru", "a language that nobody speaks"])
def test_a_text_becomes_a_file_that_the_bridge_can_play(aloud: Aloud, tmp_path: Path, language: str) -> None:
    file = read(aloud, Text("The lift is out of order until noon.", language), tmp_path)
    assert file is not None
    with wave.open(str(file)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (16_000, 1, 2)
        assert wav.getnframes() > 16_000


@pytest.mark.parametrize("text", ["", "a" * (MOST_CHARACTERS + 1)])
def test_a_text_that_cannot_be_read_is_told_without_its_words(
    aloud: Aloud, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert read(aloud, Text(text, "en"), tmp_path) is None
    assert "cannot be read aloud" in caplog.text
    assert "aaa" not in caplog.text


def test_a_reader_that_is_not_there_is_told(aloud: Aloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read(aloud, Text("Hello there.", "en"), tmp_path) is None
