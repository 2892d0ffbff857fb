"""No file is played that is not exactly what was made."""

from pathlib import Path

import pytest

from device.core.effects import Prompt
from device.prompts import manifest as files
from device.prompts.manifest import AudioError, NothingRenderedError, Spoken, hash_of, name_of
from device.prompts.words import Language, Words

READY = name_of(Language.LV, Prompt.READY)
CLOSED = name_of(Language.LV, Prompt.CLOSED)
WORDS: Words = {(Language.LV, Prompt.READY): "Gatavs.", (Language.LV, Prompt.CLOSED): "Slēgts."}


def spoken(wav: bytes, words: str, source: str = "espeak-ng 1.51") -> Spoken:
    return Spoken(words=words, source=source, sha256=hash_of(wav), duration_s=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files, one by the voice, one by a person."""
    (tmp_path / "lv").mkdir()
    (tmp_path / READY).write_bytes(b"ready")
    (tmp_path / CLOSED).write_bytes(b"closed")
    files.save(tmp_path, {READY: spoken(b"ready", "Gatavs."), CLOSED: spoken(b"closed", "Slēgts.", files.RECORDING)})
    return tmp_path


def test_what_was_saved_is_read_again(folder: Path) -> None:
    manifest = files.load(folder)
    assert manifest[READY] == spoken(b"ready", "Gatavs.")
    assert manifest[CLOSED].is_recording
    assert files.read(folder, READY, manifest) == b"ready"
    assert files.verify(folder, WORDS) == []


def test_one_changed_byte_is_found(folder: Path) -> None:
    (folder / READY).write_bytes(b"reads")
    with pytest.raises(AudioError, match=r"lv/ready\.wav has changed since it was made; run"):
        files.read(folder, READY, files.load(folder))
    assert len(files.verify(folder, WORDS)) == 1


def test_a_damaged_recording_is_not_told_to_be_rendered(folder: Path) -> None:
    (folder / CLOSED).write_bytes(b"close")
    assert [problem.partition("; ")[2] for problem in files.verify(folder, WORDS)] == [
        "put the recording in again, or remove it"
    ]


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / READY).unlink()
    (problem,) = files.verify(folder, WORDS)
    assert "lv/ready.wav cannot be read (No such file or directory)" in problem


def test_a_file_that_was_never_made_is_found(folder: Path) -> None:
    (problem,) = files.verify(folder, {**WORDS, (Language.ET, Prompt.READY): "Valmis."})
    assert "et/ready.wav is not in the manifest" in problem


def test_a_file_that_says_old_words_is_found(folder: Path) -> None:
    problems = files.verify(folder, dict.fromkeys(WORDS, "Citi."))
    assert ["run" in problem for problem in problems] == [True, False]
    assert problems[1].endswith(
        "lv/closed.wav says 'Slēgts.', the words are now 'Citi.'; record it again, or remove it"
    )


def test_a_folder_without_manifest_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NothingRenderedError, match=r"python -m device\.prompts\.render"):
        files.load(tmp_path)
    assert len(files.verify(tmp_path, WORDS)) == 1


@pytest.mark.parametrize("torn", ["", "{", '{"lv/ready.wav": {"words": "Gatavs."}}', "[]"])
def test_a_torn_manifest_is_said_to_be_torn(folder: Path, torn: str) -> None:
    (folder / "manifest.json").write_text(torn)
    with pytest.raises(AudioError, match=r"manifest\.json cannot be read .* remove it"):
        files.load(folder)


def test_a_name_that_is_not_known_any_more_does_no_harm(folder: Path) -> None:
    files.save(folder, {**files.load(folder), "xx/sung.wav": spoken(b"la", "La.")})
    assert files.verify(folder, WORDS) == []
