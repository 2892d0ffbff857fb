"""What may be written into the register."""

import pytest
from pydantic import ValidationError

from hub.console.register import ClientIn, PremisesIn, UnitIn, stamp_of
from hub.core.records import Premises


def test_what_was_pasted_gets_one_kind_of_line_ends_and_spaces() -> None:
    form = PremisesIn(address="\u00a0Izdomu\u00a0iela 1 ", notes="one\r\ntwo\ttab")
    assert (form.address, form.notes) == ("Izdomu iela 1", "one\ntwo\ttab")


@pytest.mark.parametrize("text", ["a\nb", "a\x00b", "a\u202eb", "a\u200bb", "\x1b[31m"])
def test_what_cannot_be_seen_cannot_be_written_on_one_line(text: str) -> None:
    with pytest.raises(ValidationError, match="a character in it that cannot be shown"):
        ClientIn(name=text)


def test_names_of_every_script_can_be_written() -> None:
    for name in ("Анна Вымышленная", "Õie-Ülle Väljamõeldud", "Žanete O'Izdomāta", "Örjan Påhittad (jr.)"):
        assert ClientIn(name=name).name == name


def test_a_unit_may_miss_a_heartbeat() -> None:
    assert UnitIn(reporting_time_s=60, heartbeat_s=30).heartbeat_s == 30
    with pytest.raises(ValidationError, match="at least twice"):
        UnitIn(reporting_time_s=59, heartbeat_s=30)


def test_a_field_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        PremisesIn.model_validate({"address": "A", "adress": "B"})


def test_a_stamp_names_one_version_of_a_record() -> None:
    one, other = Premises(1, "Izdomu iela 1"), Premises(1, "Izdomu iela 2")
    assert stamp_of(one) == stamp_of(Premises(1, "Izdomu iela 1"))
    assert len({stamp_of(one), stamp_of(other), stamp_of(None)}) == 3
