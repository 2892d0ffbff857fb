"""What stands behind a reply's colon: values between commas, in quotes, in brackets.

Rules: a comma in quotes divides nothing; what is not closed ends with the line; nothing raises.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """One value, and whether it stood in quotes."""

    text: str = ""
    is_quoted: bool = False

    @property
    def number(self) -> int | None:
        """The value as a whole number, None where it is none."""
        text = self.text.strip()
        return int(text) if _NUMBER.fullmatch(text) else None

    @property
    def hexadecimal(self) -> int | None:
        """The value as a hexadecimal number, as cells and areas are written."""
        text = self.text.strip()
        return int(text, 16) if 0 < len(text) <= _LONGEST_HEX and set(text) <= _HEX else None


NOTHING = Value()
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}")
_LONGEST_HEX = 12
_HEX = frozenset("0123456789abcdefABCDEF")


def values_of(line: str) -> list[Value]:
    """Return the values behind the line's first colon; of a line without one, its own."""
    head, colon, rest = line.partition(":")
    return values(rest if colon else head)


def values(text: str) -> list[Value]:
    """Return the values of a list."""
    found: list[Value] = []
    for part in _divided(text):
        stripped = part.strip()
        is_quoted = stripped.startswith('"')
        found.append(Value(stripped.strip('"') if is_quoted else stripped, is_quoted))
    return found


def groups(text: str) -> list[list[Value]]:
    """Return the values of each bracket, e.g. of the operators that a scan found."""
    found: list[list[Value]] = []
    is_quoted = False
    start: int | None = None
    for place, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character == "(":
            start = place + 1
        elif character == ")" and start is not None:
            found.append(values(text[start:place]))
            start = None
    return found


def at(found: list[Value], place: int) -> Value:
    """Return a value by its place, an empty one where there is none."""
    return found[place] if place < len(found) else NOTHING


def _divided(text: str) -> list[str]:
    parts: list[str] = [""]
    is_quoted = False
    for character in text:
        if character == '"':
            is_quoted = not is_quoted
        if character == "," and not is_quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts
