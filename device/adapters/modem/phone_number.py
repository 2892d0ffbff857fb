"""Which numbers this program may call or write to: never an emergency service.

Rules: a number is an optional plus and digits, nothing else: no code that redirects calls, hides the caller or dials
on. One of three digits or fewer is refused whatever it is, so are longer ones that are known to reach an emergency
service somewhere, and all of these behind zeros. A modem that takes a number for an emergency would call without SIM,
fee or way back; a person in need is to reach the centre, which calls the emergency service in their name.
"""

import re

from device.ports import PermanentAdapterError

SHORTEST, LONGEST = 4, 15
"""Digits. Three and fewer are emergency and network services all over the world; E.164 ends at fifteen."""

LONGER_EMERGENCY_NUMBERS = frozenset({"1122", "1155", "1669", "10111", "10177", "112112", "119119", "911911", "999999"})
"""Known by networks somewhere although they have more than three digits, and the usual ones typed twice."""

_NUMBER = re.compile(r"\+?\d{1,20}")
_DECORATION = str.maketrans("", "", " -./()\u00a0")


class ForbiddenNumberError(PermanentAdapterError):
    """This number is never called; the text says why."""


def checked_number(number: str) -> str:
    """Return the number as a modem takes it, without spaces and brackets. Raises ForbiddenNumberError."""
    plain = number.translate(_DECORATION)
    if not _NUMBER.fullmatch(plain):
        raise ForbiddenNumberError(
            f"{number!r} is no telephone number: give digits, with a + before a country's code and nothing else"
        )
    digits = plain.removeprefix("+").lstrip("0")
    if len(digits) < SHORTEST or digits in LONGER_EMERGENCY_NUMBERS:
        raise ForbiddenNumberError(
            f"{number!r} may reach an emergency service, and a unit never calls one itself: numbers of three digits or "
            "fewer and known emergency numbers are refused; give the centre's number with its country code"
        )
    if len(plain.removeprefix("+")) > LONGEST:
        raise ForbiddenNumberError(f"{number!r} has more than {LONGEST} digits, no network can call it: check it")
    return plain


def is_same_line(one: str, other: str) -> bool:
    """Tell whether two numbers are one line, written nationally or internationally: their last eight digits agree.

    A number of fewer digits must agree as a whole; an empty one, a caller who hides, agrees with none.
    """
    first, second = (re.sub(r"\D", "", number).lstrip("0") for number in (one, other))
    if not first or not second:
        return False
    return first == second or (len(first) >= _SUBSCRIBER and first[-_SUBSCRIBER:] == second[-_SUBSCRIBER:])


_SUBSCRIBER = 8
