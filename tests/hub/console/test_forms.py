"""From a form to a model, or to words beside each field."""

import pytest

from hub.console.forms import WHOLE, FormError, checked
from hub.console.register import ClientIn, PremisesIn, UnitIn


def wrong(model: type, fields: dict[str, str | bool], prefix: str = "") -> dict[str, str]:
    with pytest.raises(FormError) as caught:
        checked(model, fields, lambda text: text, prefix)
    return dict(caught.value.errors)


def test_a_form_of_several_parts_is_read_by_prefix() -> None:
    fields = {"premises_address": " A ", "client_name": "B", "other": "C"}
    assert checked(PremisesIn, fields, str, "premises_").address == "A"
    assert checked(ClientIn, fields, str, "client_").name == "B"


def test_every_field_is_told_what_is_wrong_with_it() -> None:
    assert wrong(PremisesIn, {"p_address": "", "p_notes": "x" * 4001}, "p_") == {
        "p_address": "Fill this in.",
        "p_notes": "At most 4000 characters.",
    }
    assert wrong(ClientIn, {"language": "de", "phone": "112x"}) == {
        "name": "Fill this in.",
        "language": "Choose one of these.",
        "phone": "A phone number has digits, spaces and + ( ) - . / only.",
    }
    assert wrong(UnitIn, {"reporting_time_s": "soon", "heartbeat_s": "99999"}) == {
        "reporting_time_s": "Write a number.",
        "heartbeat_s": "At most 3600.",
    }


def test_what_is_wrong_with_the_whole_stands_at_its_head() -> None:
    assert wrong(UnitIn, {"reporting_time_s": "30", "heartbeat_s": "20"}) == {
        WHOLE: "The reporting time must be at least twice the time between heartbeats."
    }
