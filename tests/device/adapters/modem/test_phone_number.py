"""No emergency service is ever called, however its number is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.at.commands import Command, dial
from device.adapters.modem.phone_number import ForbiddenNumberError, checked_number, is_same_line

EMERGENCY = ("112", "911", "113", "110", "999", "000", "118", "03", "1", "+112", "00112", "0112", "1122", "112112")


@pytest.mark.parametrize("number", EMERGENCY)
def test_an_emergency_number_is_refused_and_the_error_says_why(number: str) -> None:
    for make in (checked_number, dial, lambda text: Command(f"ATD{text};"), lambda text: Command(f"atd{text}")):
        with pytest.raises(ForbiddenNumberError, match=r"emergency service.*centre's number"):
            make(number)


@pytest.mark.parametrize(
    "number", ["", "+", "*31#112", "#31#+37120000001", "112;", "1-1-2", "1 1 2", "+371A", "tel:112"]
)
def test_neither_is_one_that_is_dressed_up(number: str) -> None:
    with pytest.raises(ForbiddenNumberError):
        dial(number)


@given(st.text("0123456789+*# -()", max_size=5))
def test_nothing_with_three_digits_or_fewer_is_ever_dialled(number: str) -> None:
    if sum(character.isdigit() for character in number) <= 3:
        with pytest.raises(ForbiddenNumberError):
            dial(number)


def test_a_number_is_written_as_people_write_it() -> None:
    assert checked_number("+371 2000 0001") == "+37120000001"
    assert dial("(371) 2000-0001").text == "ATD37120000001;"
    with pytest.raises(ForbiddenNumberError, match="15 digits"):
        checked_number("+1234567890123456")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+37120000001", "+37120000001", True),
        ("+37120000001", "20000001", True),
        ("+37120000001", "0037120000001", True),
        ("+371 2000 0001", "+37120000001", True),
        ("+37120000001", "+37120000002", False),
        ("+37120000001", "", False),
        ("", "", False),
        ("0001", "+37120000001", False),
        ("+37120000001", "poga", False),
    ],
)
def test_a_line_is_known_however_its_number_is_written(one: str, other: str, same: bool) -> None:
    assert is_same_line(one, other) is same
    assert is_same_line(other, one) is same
