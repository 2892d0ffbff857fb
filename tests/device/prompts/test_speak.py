"""A text read aloud: espeak-ng and sox are the real ones."""

import io
from pathlib import Path

import pytest

from device.prompts.sound import measure
from device.prompts.speak import MOST_CHARACTERS, main


def speak(monkeypatch: pytest.MonkeyPatch, text: str, target: Path) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    main(["--language", "en", "--target", str(target)])


def test_a_text_becomes_a_file_in_the_form_of_all_prompts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    speak(monkeypatch, "The lift is being repaired.\n It works again at noon. -h", tmp_path / "text.wav")
    made = measure((tmp_path / "text.wav").read_bytes())
    assert (made.rate_hz, made.channels, made.bits) == (16_000, 1, 16)
    assert made.duration_s > 2


@pytest.mark.parametrize("text", ["", " \n", "a" * (MOST_CHARACTERS + 1)])
def test_a_text_of_a_wrong_length_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    with pytest.raises(SystemExit, match="from 1 to 1000 characters"):
        speak(monkeypatch, text, tmp_path / "text.wav")
    assert not list(tmp_path.iterdir())


def test_a_text_of_which_nothing_can_be_heard_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="speak: "):
        speak(monkeypatch, ".", tmp_path / "text.wav")
