"""The unit says the same few words in every language, and no more than it knows."""

import re
from pathlib import Path

import pytest

from device.core.effects import Prompt
from device.core.indication import TABLE
from device.prompts.sound import LONGEST_S
from device.prompts.words import MOST_WORDS, WORDS, Language, WordsError, load


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The unit's words with one line changed."""
    text = WORDS.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "words.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_every_prompt_is_said_in_every_language() -> None:
    assert load().keys() == {(language, prompt) for language in Language for prompt in Prompt}


@pytest.mark.parametrize("language", Language)
def test_no_prompt_is_longer_than_a_frightened_person_can_keep_in_mind(language: Language) -> None:
    said = {prompt: words for (spoken, prompt), words in load().items() if spoken is language}
    assert not {prompt: words for prompt, words in said.items() if len(words.split()) > MOST_WORDS}


@pytest.mark.parametrize("language", Language)
def test_words_are_sentences_without_signs_that_a_voice_cannot_say(language: Language) -> None:
    for (spoken, _), words in load().items():
        if spoken is language:
            assert re.fullmatch(r"\w[\w ,.?]*[.?]", words), words
            assert words[0].isupper(), words


@pytest.mark.parametrize("language", Language)
def test_two_prompts_of_a_language_never_sound_the_same(language: Language) -> None:
    said = [words for (spoken, _), words in load().items() if spoken is language]
    assert len(set(said)) == len(said)


def test_words_said_again_and_again_never_cut_themselves_off() -> None:
    repeats = [row.repeat_s for row in TABLE.values() if row.repeat_s is not None]
    assert min(repeats) > LONGEST_S


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('lv = "Ierīce ir gatava."\n', "", "[ready] lv: there are no words"),
        ('"Ierīce ir gatava."', '" "', "[ready] lv: there are no words"),
        ('"Ierīce ir gatava."', "7", "[ready] lv: there are no words"),
        ('"Ierīce ir gatava."', '"Viens divi trīs četri pieci seši septiņi."', "[ready] lv: 7 words are too many"),
        ('lv = "Ierīce ir gatava."', 'lt = "Prietaisas paruoštas."', "[ready] speaks lt, which is no language"),
        ("[ready]", "[redy]", "[redy] is no prompt of the unit; [ready] is missing"),
        ("[ready]", "[ready", "cannot be read"),
    ],
)
def test_a_mistake_in_the_words_is_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(WordsError, match=re.escape(problem)):
        load(changed(tmp_path, old, new))


def test_words_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(WordsError, match=r"words\.toml cannot be read"):
        load(tmp_path / "words.toml")
