"""Values between commas, in quotes, in brackets; and whatever else stands behind a colon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.at.fields import NOTHING, Value, at, groups, values, values_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('2,1,"00C3","3F2A",7', ["2", "1", "00C3", "3F2A", "7"]),
        ('0,0,"One, Two"', ["0", "0", "One, Two"]),
        (",,24", ["", "", "24"]),
        ('"open', ["open"]),
        ("", [""]),
    ],
)
def test_values_are_divided_by_commas_outside_of_quotes(text: str, found: list[str]) -> None:
    assert [value.text for value in values(text)] == found


def test_brackets_are_groups_also_with_brackets_in_a_name() -> None:
    found = groups('(2,"A (B)","A"),(1,"C","C"),,(0-4)')
    assert [[value.text for value in group] for group in found] == [["2", "A (B)", "A"], ["1", "C", "C"], ["0-4"]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("+8", 8),
        ("-32", -32),
        (" 5 ", 5),
        ("-+0", None),
        ("٣", None),
        ("1e3", None),
        ("", None),
        ("9" * 13, None),
    ],
)
def test_what_is_a_number(text: str, number: int | None) -> None:
    assert Value(text).number == number


@pytest.mark.parametrize(("text", "number"), [("00C3", 0xC3), ("xyz", None), ("-1", None), ("F" * 13, None)])
def test_what_is_a_hexadecimal_number(text: str, number: int | None) -> None:
    assert Value(text).hexadecimal == number


def test_where_there_is_none_there_is_nothing() -> None:
    assert at(values("1,2"), 5) == NOTHING


@given(st.text())
def test_nothing_raises(text: str) -> None:
    for value in (*values_of(text), *values(text), *(value for group in groups(text) for value in group)):
        assert value.number is None or isinstance(value.number, int)
        assert value.hexadecimal is None or isinstance(value.hexadecimal, int)
