"""The form of a call list: rows of members and hours, flat as a browser sends them, and back.

`member-0-who` and the like; empty rows are nothing. Members stand in the order of their place, as it was typed.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from hub.console.call_book import MINUTES_OF_AN_HOUR, MOST_HOURS, CallListIn
from hub.console.forms import WHOLE, FormError, Gettext, words_of
from hub.console.languages import Language
from hub.console.wording import N_
from hub.core.call_records import MOST_MEMBERS, CallList, Hours, Member, MemberKind

DAYS = range(7)
EMPTY_ROWS = 3
PHONE = "phone:"
"""Whom a row names where it is a telephone; else it is `operator:` and a name."""
OPERATOR = "operator:"
NO_MEMBER = N_("Put at least one operator or telephone on it.")
NO_DAY = N_("Choose the days.")


class MemberRow(NamedTuple):
    """A row of the form: somebody on the list."""

    who: str = ""
    name: str = ""
    number: str = ""
    is_sure: bool = False


class HoursRow(NamedTuple):
    """A row of the form: when."""

    days: tuple[int, ...] = ()
    begin: str = ""
    end: str = ""


def member_rows(members: Iterable[Member]) -> list[MemberRow]:
    """Return the rows of a list, and some empty ones."""
    rows = [_member_row(member) for member in members]
    return [*rows, *[MemberRow()] * EMPTY_ROWS][:MOST_MEMBERS]


def hours_rows(hours: Iterable[Hours]) -> list[HoursRow]:
    """Return the rows of a list, and an empty one."""
    rows = [HoursRow(one.days, _written(one.from_minute), _written(one.to_minute)) for one in hours]
    return [*rows, HoursRow()][:MOST_HOURS]


def list_of(fields: Mapping[str, str], gettext: Gettext) -> CallListIn:
    """Return the call list that was typed. Raises FormError."""
    members, places = _members(fields)
    hours, hour_places = _hours(fields)
    given = {
        **{name: fields[name] for name in ("name", "place", "order", "ring_s", "after") if name in fields},
        "is_escalation": "is_escalation" in fields,
        "is_active": "is_active" in fields,
        "languages": [language for language in Language if f"language-{language}" in fields],
        "members": members,
        "hours": hours,
    }
    try:
        return CallListIn.model_validate(given)
    except ValidationError as error:
        errors = {}
        for one in error.errors(include_url=False, include_input=False):
            errors[_field(one["loc"], places, hour_places)] = words_of(one, gettext)
        if not members:
            errors["member-0-who"] = gettext(NO_MEMBER)
        for place, row in zip(hour_places, hours, strict=True):
            if not row["days"]:
                errors[f"hours-{place}-days"] = gettext(NO_DAY)
        raise FormError(errors) from None


def rows_typed(fields: Mapping[str, str]) -> tuple[list[MemberRow], list[HoursRow]]:
    """Return the rows as they were typed, to be shown again."""
    members = [
        MemberRow(
            fields.get(f"member-{row}-who", ""),
            fields.get(f"member-{row}-name", ""),
            fields.get(f"member-{row}-number", ""),
            f"member-{row}-sure" in fields,
        )
        for row in range(MOST_MEMBERS)
        if f"member-{row}-who" in fields
    ]
    hours = [
        HoursRow(
            tuple(day for day in DAYS if f"hours-{row}-day-{day}" in fields),
            fields.get(f"hours-{row}-begin", ""),
            fields.get(f"hours-{row}-end", ""),
        )
        for row in range(MOST_HOURS)
        if f"hours-{row}-begin" in fields
    ]
    return members, hours


def days_named(call_list: CallList, names: Mapping[int, str]) -> list[str]:
    """Return when a list is used, in words: `Mon, Tue 08:00-16:00`."""
    return [
        f"{', '.join(names[day] for day in one.days)} {_written(one.from_minute)}–{_written(one.to_minute)}"
        for one in call_list.hours
    ]


def _members(fields: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the members in their order, and of each the row it was typed in."""
    rows = [row for row in range(MOST_MEMBERS) if fields.get(f"member-{row}-who", "")]
    rows.sort(key=lambda row: (_number(fields.get(f"member-{row}-place", ""), row), row))
    members = []
    for row in rows:
        who = fields[f"member-{row}-who"]
        member: dict[str, Any] = {"kind": MemberKind.OPERATOR, "name": who.removeprefix(OPERATOR)}
        if who == PHONE:
            member = {
                "kind": MemberKind.PHONE,
                "name": fields.get(f"member-{row}-name", ""),
                "number": fields.get(f"member-{row}-number", ""),
                "is_sure": f"member-{row}-sure" in fields,
            }
        members.append(member)
    return members, rows


def _hours(fields: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[int]]:
    found, rows = [], []
    _, typed = rows_typed(fields)
    for row, (days, begin, end) in enumerate(typed):
        if days or begin or end:
            found.append({"days": days, "from_minute": begin, "to_minute": end})
            rows.append(row)
    return found, rows


def _field(place: tuple[int | str, ...], members: list[int], hours: list[int]) -> str:
    """Return the form's field that an error is about."""
    match place:
        case ("members", int(at), "name"):
            return f"member-{members[at]}-name"
        case ("members", int(at), *_):
            return f"member-{members[at]}-number"
        case ("hours", int(at), "to_minute"):
            return f"hours-{hours[at]}-end"
        case ("hours", int(at), *_):
            return f"hours-{hours[at]}-begin"
        case (str(name), *_):
            return name
        case _:
            return WHOLE


def _member_row(member: Member) -> MemberRow:
    if member.kind is MemberKind.OPERATOR:
        return MemberRow(f"{OPERATOR}{member.name}")
    return MemberRow(PHONE, member.name, member.number, member.is_sure)


def _written(minute: int) -> str:
    return f"{minute // MINUTES_OF_AN_HOUR:02}:{minute % MINUTES_OF_AN_HOUR:02}"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() else otherwise
