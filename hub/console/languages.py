"""The languages of the console, and the catalogue of each.

English is the language of the source and has no catalogue. The others are gettext catalogues under `locales/`, built
by `make setup`.
"""

import gettext
import logging
from enum import StrEnum
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

LOCALES = Path(__file__).parent / "locales"


class Language(StrEnum):
    """What the console speaks."""

    EN = "en"
    LV = "lv"
    FI = "fi"
    SV = "sv"
    RU = "ru"
    ET = "et"


NAMES: dict[Language, str] = {
    Language.EN: "English",
    Language.LV: "Latviešu",
    Language.FI: "Suomi",
    Language.SV: "Svenska",
    Language.RU: "Русский",
    Language.ET: "Eesti",
}
"""Each language in its own words."""


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return a language's texts; English where its catalogue has not been built."""
    if language is Language.EN:
        return gettext.NullTranslations()
    try:
        return gettext.translation("messages", LOCALES, [language.value])
    except FileNotFoundError:
        log.warning("the console has no %s catalogue, it speaks English: run `make catalogues`", language)
        return gettext.NullTranslations()


def known(code: str) -> Language | None:
    """Return the language of this code, None where the console does not speak it."""
    return Language(code) if code in Language._value2member_map_ else None


def preferred(accept_language: str) -> Language:
    """Return the language a browser asks for most that the console speaks; English where there is none."""
    wishes: list[tuple[float, int, Language]] = []
    for position, part in enumerate(accept_language[:200].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        language = known(tag.split("-")[0].strip().lower())
        if language is not None:
            wishes.append((-_number(quality), position, language))
    return min(wishes)[2] if wishes else Language.EN


def _number(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
