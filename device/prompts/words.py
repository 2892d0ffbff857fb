"""What is said, in every language: reads a file of words, the unit's `words.toml` first of all, and holds it to rules.

Rules: every prompt in every language and nothing beside them; at most six words each of the unit's. Another program's
words, which are rendered here as well, are longer, and its file alone says which prompts there are.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from device.core.effects import Prompt

WORDS = Path(__file__).with_name("words.toml")
MOST_WORDS = 6
"""More cannot be kept in mind by a frightened person."""
MOST_WORDS_OF_OTHERS = 16
"""Of who speaks on the telephone."""


class Language(StrEnum):
    """The languages the unit speaks, by their ISO 639-1 codes."""

    EN = "en"
    LV = "lv"
    FI = "fi"
    SV = "sv"
    RU = "ru"
    ET = "et"


class WordsError(ValueError):
    """The file of words cannot be used; the text says every reason."""


Words = dict[tuple[Language, str], str]


def load(path: Path = WORDS) -> Words:
    """Read the unit's words of every prompt in every language. Raises WordsError."""
    return _checked(path, _read(path), Prompt, MOST_WORDS)


def load_others(path: Path) -> Words:
    """Read another program's words, of whatever prompts there are, in every language. Raises WordsError."""
    tables = _read(path)
    return _checked(path, tables, tables, MOST_WORDS_OF_OTHERS)


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WordsError(f"{path.name} cannot be read: {error}") from error


def _checked(path: Path, tables: dict[str, dict[str, str]], prompts: Iterable[str], most_words: int) -> Words:
    problems = list(_problems(tables, list(prompts), most_words))
    if problems:
        raise WordsError(f"{path.name}: " + "; ".join(problems))
    return {(language, prompt): tables[prompt][language] for language in Language for prompt in prompts}


def _problems(tables: Mapping[str, object], prompts: list[str], most_words: int) -> Iterator[str]:
    for unknown in sorted(tables.keys() - set(prompts)):
        yield f"[{unknown}] is no prompt of the unit"
    for prompt in prompts:
        lines = tables.get(prompt)
        if not isinstance(lines, dict):
            yield f"[{prompt}] is missing"
            continue
        for unknown in sorted(lines.keys() - set(Language)):
            yield f"[{prompt}] speaks {unknown}, which is no language of the unit"
        for language in Language:
            said = _problems_of(lines.get(language), most_words)
            yield from (f"[{prompt}] {language}: {problem}" for problem in said)


def _problems_of(said: object, most_words: int) -> Iterator[str]:
    if not isinstance(said, str) or not said.strip():
        yield "there are no words"
    elif (count := len(said.split())) > most_words:
        yield f"{count} words are too many, say it in {most_words}"
