"""How homes are found: without regard to case and to accents, in every alphabet, and telephone numbers by digits.

A text is folded once, when it is saved; a word is folded when it is looked for. Changing `fold` needs a migration.
"""

import re
import unicodedata

LEAST_DIGITS = 3
"""A word with fewer digits is no part of a telephone number."""

_WITHIN_NUMBERS = re.compile(r"[\s()/.+-]+")


def fold(text: str) -> str:
    """Return a text without case and accents: `Āboliņa` and `ABOLINA` are the same, `Алёна` and `алена`, too."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def searchable(*texts: str, phone: str = "") -> str:
    """Return what is kept of a row to be looked through: its texts, and a telephone number also as bare digits."""
    return fold("\n".join(text for text in (*texts, phone, _WITHIN_NUMBERS.sub("", phone)) if text))


def words_of(search: str) -> list[tuple[str, str]]:
    """Return the words of a search, folded, each with the other form it may have: a number's digits, else itself."""
    return [(word, _digits_of(word) or word) for word in fold(search).split()]


def _digits_of(word: str) -> str:
    digits = _WITHIN_NUMBERS.sub("", word)
    return digits if digits.isdecimal() and len(digits) >= LEAST_DIGITS else ""
