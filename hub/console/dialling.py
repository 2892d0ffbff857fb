"""What can be dialled: a telephone number as it is written anywhere, or a SIP address; kept as it is called."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from hub.console.register import Line
from hub.console.wording import N_

LONGEST = 120
_BETWEEN = str.maketrans("", "", " ()-./")
_DIGITS = re.compile(r"\+?[0-9]{3,15}")
_SIP = re.compile(r"sips?:[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?(;transport=(udp|tcp|tls))?")
_NEITHER = N_("Write a phone number as it is dialled, like +371 2000 0001, or an address like sip:name@place.example.")


def _as_called(text: str) -> str:
    if not text:
        return ""
    digits = text.translate(_BETWEEN)
    if _DIGITS.fullmatch(digits):
        return digits
    if _SIP.fullmatch(text):
        return text
    raise ValueError(_NEITHER)


Dialled = Annotated[Line, Field(max_length=LONGEST), AfterValidator(_as_called)]
"""A number or a SIP address, or nothing."""
