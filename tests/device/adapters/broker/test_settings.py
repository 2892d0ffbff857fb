"""What cannot work is refused with what is wrong and what to do; a secret is shown nowhere."""

from pathlib import Path
from typing import Any

import pytest

from device.adapters.broker.settings import BrokerSettings, CentreAddress

FILE = Path("x.pem")
CENTRE = CentreAddress("centre.example", 8883, tls=True, ca_file=FILE)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"host": ""}, "host is empty"),
        ({"host": "a b"}, "holds a space"),
        ({"port": 0}, "1 to 65535"),
        ({"port": 70_000}, "1 to 65535"),
        ({"ca_file": None}, "TLS needs ca_file"),
        ({"tls": False}, "TLS is off"),
        ({"cert_file": FILE}, "go together"),
        ({"key_file": FILE}, "go together"),
        ({"password": "p"}, "without a username"),
    ],
)
def test_an_address_that_cannot_work_is_refused(changed: dict[str, Any], complaint: str) -> None:
    fields: dict[str, Any] = {"host": "centre.example", "port": 8883, "tls": True, "ca_file": FILE}
    with pytest.raises(ValueError, match=complaint):
        CentreAddress(**(fields | changed))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"unit_id": "Unit 1"}, "unit_id"),
        ({"unit_id": "centre"}, "unit_id"),
        ({"centres": ()}, "at least one"),
        ({"keepalive_s": 14}, "15 to 30"),
        ({"keepalive_s": 31}, "15 to 30"),
    ],
)
def test_settings_that_cannot_work_are_refused(changed: dict[str, Any], complaint: str) -> None:
    fields: dict[str, Any] = {"unit_id": "unit-0001", "centres": (CENTRE,)}
    with pytest.raises(ValueError, match=complaint):
        BrokerSettings(**(fields | changed))


def test_the_defaults() -> None:
    settings = BrokerSettings("unit-0001", (CENTRE,))
    assert (settings.keepalive_s, settings.path_name) == (20, "ethernet")


def test_a_password_is_not_shown() -> None:
    centre = CentreAddress("centre.example", 1883, tls=False, username="unit-0001", password="hidden")
    assert "hidden" not in f"{centre} {centre!r} {BrokerSettings('unit-0001', (centre,))!r}"
    assert str(centre) == "centre.example:1883"
