"""From whom the core wants to ring to what the engine can call, or the reason why not.

Rules: an emergency number is never called, unless a real installation with a trunk has allowed it in its settings.
Only these are looked at: digits that a public network would take for one, in the region of the centre. Numbers are
personal: no text here holds one.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

import phonenumbers

from hub.core.call_records import Phone, UnitOf

ALWAYS_EMERGENCY = frozenset({"112", "113", "911", "999", "000", "110", "118", "119"})
"""Whatever the region: nobody's telephone has such a number."""
_SIP = re.compile(r"^sips?:(?:(?P<user>[^@\s<>\"]{1,64})@)?(?P<host>[A-Za-z0-9.\-\[\]:]{1,255})(?:;[\w;=.\-]{1,128})?$")
_SEPARATORS = re.compile(r"[\s\-./()]")
_DIALLED = re.compile(r"^(?:\+|00)?[0-9*#]{2,20}$")
FORBIDDEN, NOT_FOUND = 403, 404


@dataclass(frozen=True, slots=True)
class Way:
    """What the engine is to call. `is_trunk`: by way of the public network."""

    uri: str
    is_trunk: bool = False


@dataclass(frozen=True, slots=True)
class NoWay:
    """Why it cannot be called: a status of SIP, and words."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Directory:
    """How this centre reaches telephones and units.

    `trunk` is a SIP URI without user, `unit_address` one with `{unit_id}` in it; empty: there is none.
    """

    region: str = "LV"
    trunk: str = ""
    unit_address: str = ""
    may_call_emergency: bool = False

    def phone(self, phone: Phone) -> Way | NoWay:
        """Return the way to a telephone."""
        text = phone.number.strip()
        sip = _SIP.match(text)
        number = (sip["user"] or "") if sip else _SEPARATORS.sub("", text)
        if is_emergency(number, self.region) and not (self.trunk and self.may_call_emergency):
            return NoWay(FORBIDDEN, "this is an emergency number, which this centre must not call")
        if sip:
            return Way(text)
        if not _DIALLED.match(number):
            return NoWay(NOT_FOUND, "this is neither a telephone number nor a SIP address")
        if not self.trunk:
            return NoWay(NOT_FOUND, "this centre has no trunk to call telephone numbers: set voice.trunk")
        scheme, _, host = self.trunk.partition(":")
        return Way(f"{scheme}:{_international(number, self.region)}@{host}", is_trunk=True)

    def unit(self, unit: UnitOf) -> Way | NoWay:
        """Return the way to a unit."""
        if not self.unit_address:
            return NoWay(NOT_FOUND, "this centre cannot call units: set voice.unit_address, or have the unit call")
        return Way(self.unit_address.replace("{unit_id}", unit.unit_id))


def is_emergency(number: str, region: str) -> bool:
    """Tell whether a public network might take this for an emergency call, however it is written."""
    digits = _SEPARATORS.sub("", unquote(number)).partition(";")[0].partition(":")[0]
    bare = digits.lstrip("+")
    country = str(phonenumbers.country_code_for_region(region))
    shortest = {bare, bare.lstrip("0"), bare.removeprefix(country), bare.removeprefix(f"00{country}")}
    return (
        bool(shortest & ALWAYS_EMERGENCY)
        or any(phonenumbers.is_emergency_number(form, region) for form in shortest)
        or any(phonenumbers.connects_to_emergency_number(form, region) for form in (digits, bare))
    )


def _international(number: str, region: str) -> str:
    """Return a number as every network understands it, where it can be read; else as it was written."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
