"""A message's fields against published vectors: python-gsmmodem's test_pdu.py, and 23.040's table of validities."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.sms.fields import (
    Octets,
    UnreadablePduError,
    address,
    octets_of,
    read_address,
    read_service_centre,
    read_timestamp,
    timestamp,
    validity,
    validity_minutes,
)

MINUTES = 60 * 24


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("+9876543210", "0A918967452301"),
        ("+987654321", "099189674523F1"),
        ("+27829135934", "0B917228195339F4"),
        ("abc", "06D061F118"),
        ("FRANCOIS", "0ED04669D0397C26A7"),
        ("a[]{}€", "14D0E10D6FE3DBA036A94D19"),
    ],
)
def test_published_addresses_are_read_and_written(text: str, written: str) -> None:
    octets = octets_of(written + "FFFF")
    assert read_address(octets) == text
    assert octets.rest == b"\xff\xff"
    assert address(text).hex().upper() == written


@pytest.mark.parametrize(("text", "written"), [("+9876543210", "06918967452301"), ("+987654321", "069189674523F1")])
def test_published_service_centres_are_read(text: str, written: str) -> None:
    assert read_service_centre(octets_of(written + "00")) == text
    assert not read_service_centre(octets_of("00"))


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2015, 11, 27, tzinfo=UTC), "51117200000000"),
        (datetime(2015, 11, 27, tzinfo=timezone(timedelta(hours=2))), "51117200000080"),
        (datetime(2007, 4, 12, 23, 25, 42, tzinfo=timezone(timedelta(hours=8))), "70402132522423"),
        (datetime(2007, 4, 12, 23, 25, 42, tzinfo=timezone(timedelta(hours=-8))), "7040213252242B"),
    ],
)
def test_published_times_are_read_and_written(moment: datetime, written: str) -> None:
    assert read_timestamp(octets_of(written)) == moment.timestamp()
    offset = moment.utcoffset()
    assert offset is not None
    assert timestamp(moment.timestamp(), int(offset.total_seconds()) // 60).hex().upper() == written


def test_a_time_that_is_none_is_not_known() -> None:
    assert read_timestamp(octets_of("00000000000000")) is None


@pytest.mark.parametrize(
    ("minutes", "value"),
    [(5, 0), (30, 5), (12 * 60, 143), (16 * 60, 151), (24 * 60, 167), (3 * MINUTES, 169), (5 * 7 * MINUTES, 197)],
)
def test_published_validities_are_read_and_written(minutes: int, value: int) -> None:
    assert validity(minutes) == value
    assert validity_minutes(value) == minutes


@given(st.integers(1, 63 * 7 * MINUTES))
def test_a_validity_is_at_least_as_long_as_was_wanted_and_never_much_longer(minutes: int) -> None:
    given_minutes = validity_minutes(validity(minutes))
    assert minutes <= given_minutes
    assert given_minutes <= max(minutes + 5, minutes * 2)


@given(st.integers(0, 255))
def test_every_validity_comes_back(value: int) -> None:
    assert validity(validity_minutes(value)) in (value, 168 if value == 167 else value)


def test_the_end_of_the_octets_is_an_error_that_says_so() -> None:
    with pytest.raises(UnreadablePduError, match="2 octets too early"):
        Octets(b"\x01").take(3)
    with pytest.raises(UnreadablePduError, match="hexadecimal"):
        octets_of("no")
