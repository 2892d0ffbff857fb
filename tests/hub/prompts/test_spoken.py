"""The centre's spoken words as they were rendered by `make prompts`."""

import shutil
import tomllib
from pathlib import Path

from hub.core.effects import Prompt
from hub.prompts import spoken
from hub.prompts.spoken import AUDIO, LANGUAGES, SpokenWords

WORDS = Path(spoken.__file__).with_name("words.toml")
EMERGENCY_SERVICES = ("häirekeskus", "hätäkeskus", "112", "113", "ugunsdzēs")


def test_every_prompt_is_written_in_every_language() -> None:
    tables = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    assert set(tables) == set(Prompt)
    assert all(set(lines) == set(LANGUAGES) for lines in tables.values())


def test_no_prompt_names_a_public_emergency_service() -> None:
    text = WORDS.read_text(encoding="utf-8").lower()
    assert not [name for name in EMERGENCY_SERVICES if name in text]


def test_every_prompt_is_spoken_in_every_language() -> None:
    words = SpokenWords()
    assert words.problems == []
    assert all(words.find(prompt, language) for prompt in Prompt for language in LANGUAGES)


def test_a_language_that_is_not_spoken_gets_english() -> None:
    assert SpokenWords().find(Prompt.GREETING, "de") == AUDIO / "en" / "greeting.wav"


def test_a_damaged_file_is_never_played_and_is_told(tmp_path: Path) -> None:
    folder = shutil.copytree(AUDIO, tmp_path / "audio")
    with (folder / "lv" / "greeting.wav").open("ab") as file:
        file.write(b"x")
    (folder / "lv" / "hold.wav").unlink()
    words = SpokenWords(folder)
    assert words.find(Prompt.GREETING, "lv") == folder / "en" / "greeting.wav"
    assert [problem.split(";")[0].rsplit("/", 1)[-1] for problem in words.problems] == [
        "greeting.wav has changed since it was made",
        "hold.wav cannot be read (No such file or directory)",
    ]


def test_a_folder_in_which_nothing_was_rendered_speaks_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    words = SpokenWords(tmp_path)
    assert words.find(Prompt.GREETING, "en") is None
    assert "run `make prompts`" in words.problems[0]
