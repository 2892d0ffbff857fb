"""What the unit says, in every language it speaks: reads `words.toml` and holds it to its rules.

Rules: every prompt in every language and nothing beside them; at most six words each.
"""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from device.core.effects import Prompt

WORDS = Path(__file__).with_name("words.toml")
MOST_WORDS = 6
"""More cannot be kept in mind by a frightened person."""


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


Words = dict[tuple[Language, Prompt], str]


def load(path: Path = WORDS) -> Words:
    """Read the words of every prompt in every language. Raises WordsError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WordsError(f"{path.name} cannot be read: {error}") from error
    problems = list(_problems(tables))
    if problems:
        raise WordsError(f"{path.name}: " + "; ".join(problems))
    return {(language, prompt): tables[prompt][language] for language in Language for prompt in Prompt}


def _problems(tables: dict[str, object]) -> Iterator[str]:
    for unknown in sorted(tables.keys() - set(Prompt)):
        yield f"[{unknown}] is no prompt of the unit"
    for prompt in Prompt:
        lines = tables.get(prompt)
        if not isinstance(lines, dict):
            yield f"[{prompt}] is missing"
            continue
        for unknown in sorted(lines.keys() - set(Language)):
            yield f"[{prompt}] speaks {unknown}, which is no language of the unit"
        for language in Language:
            yield from (f"[{prompt}] {language}: {problem}" for problem in _problems_of(lines.get(language)))


def _problems_of(said: object) -> Iterator[str]:
    if not isinstance(said, str) or not said.strip():
        yield "there are no words"
    elif (count := len(said.split())) > MOST_WORDS:
        yield f"{count} words are too many, say it in {MOST_WORDS}"
