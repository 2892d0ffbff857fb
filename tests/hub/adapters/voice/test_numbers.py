"""What the centre calls, and what it never does. No number here is called: only ways are looked for."""

import pytest

from hub.adapters.voice.numbers import Directory, NoWay, Way, is_emergency
from hub.core.call_records import Phone, UnitOf

TRUNK = Directory(region="LV", trunk="sip:trunk.example;transport=tls")
EMERGENCY = [
    *("112", "113", "+112", "0112", "00112", "11 2", "1-1-2", "*112", "112#", "110", "03", "01", "02"),
    *("+371112", "00371112", "+371 113", "911", "999", "1122"),
    *("sip:112@trunk.example", "sip:%31%31%32@trunk.example", "sip:112;phone-context=+371@trunk.example"),
    *("sips:113@192.0.2.1", "sip:112:secret@trunk.example", " 112 "),
]


@pytest.mark.parametrize("number", EMERGENCY)
@pytest.mark.parametrize("directory", [TRUNK, Directory(), Directory(may_call_emergency=True)])
def test_an_emergency_number_is_never_called(directory: Directory, number: str) -> None:
    way = directory.phone(Phone(number))
    assert isinstance(way, NoWay)
    assert (way.status, "emergency" in way.reason) == (403, True)
    assert number.strip() not in way.reason


def test_only_a_real_installation_with_a_trunk_may_allow_them() -> None:
    allowed = Directory(region="LV", trunk="sip:trunk.example", may_call_emergency=True)
    assert allowed.phone(Phone("112")) == Way("sip:112@trunk.example", is_trunk=True)


@pytest.mark.parametrize(
    ("region", "number"), [("GB", "999"), ("EE", "112"), ("FI", "112"), ("SE", "112"), ("US", "911")]
)
def test_every_region_has_its_own(region: str, number: str) -> None:
    assert is_emergency(number, region)


@pytest.mark.parametrize(
    ("number", "uri"),
    [
        ("+371 2000 0001", "sip:+37120000001@trunk.example;transport=tls"),
        ("2000 0001", "sip:+37120000001@trunk.example;transport=tls"),
        ("00 371 2000-0001", "sip:+37120000001@trunk.example;transport=tls"),
        ("801", "sip:801@trunk.example;transport=tls"),
    ],
)
def test_a_number_goes_by_the_trunk_as_every_network_understands_it(number: str, uri: str) -> None:
    assert TRUNK.phone(Phone(number)) == Way(uri, is_trunk=True)


@pytest.mark.parametrize(
    "uri", ["sip:anna@phone.example", "sip:101@127.0.0.1:5070;transport=tcp", "sips:phone.example", "sip:a@[::1]:5060"]
)
def test_a_sip_address_is_called_as_it_is(uri: str) -> None:
    assert Directory().phone(Phone(uri)) == Way(uri)


def test_without_a_trunk_a_number_is_refused_with_the_remedy() -> None:
    way = Directory().phone(Phone("+371 2000 0001"))
    assert isinstance(way, NoWay)
    assert "set voice.trunk" in way.reason


@pytest.mark.parametrize(
    "number", ["", "anna", "1", "+", "sip:", "sip:a@b?Route=x", "sip:a b@c", "sip:a@b\r\nX: y", "<sip:a@b>", "2" * 30]
)
def test_what_is_no_number_is_refused(number: str) -> None:
    way = TRUNK.phone(Phone(number))
    assert isinstance(way, NoWay)
    assert way.status == 404


def test_a_unit_is_called_where_the_settings_say() -> None:
    directory = Directory(unit_address="sip:{unit_id}@registrar.example;transport=tls")
    assert directory.unit(UnitOf("home-17")) == Way("sip:home-17@registrar.example;transport=tls")
    assert isinstance(Directory().unit(UnitOf("home-17")), NoWay)
