"""Listeners that cannot work are refused with what is wrong; the centre's password is shown nowhere."""

from pathlib import Path
from typing import Any

import pytest

from hub.adapters.mosquitto.settings import Listener, MosquittoSettings

LISTENER = Listener("0.0.0.0", 8883)


@pytest.mark.parametrize(
    ("host", "port", "complaint"),
    [
        ("", 8883, "host is empty"),
        ("a b", 8883, "holds a space"),
        ("127.0.0.1\nallow_anonymous true", 8883, "holds a space"),
        ("0.0.0.0", 883, "without root's rights"),
        ("0.0.0.0", 70_000, "1024 to 65535"),
    ],
)
def test_a_listener_that_cannot_work_is_refused(host: str, port: int, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Listener(host, port)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"hub_port": 8883}, "port 8883 is given twice"),
        ({"hub_port": 80}, "without root's rights"),
        ({"hub_password": ""}, "hub_password is empty"),
    ],
)
def test_settings_that_cannot_work_are_refused(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        MosquittoSettings(Path("x"), (LISTENER,), **changed)


def test_any_free_port_may_be_wanted_more_than_once() -> None:
    MosquittoSettings(Path("x"), (Listener("127.0.0.1", 0), Listener("::1", 0)))


def test_the_password_is_random_and_not_shown() -> None:
    one, other = MosquittoSettings(Path("x"), (LISTENER,)), MosquittoSettings(Path("x"), (LISTENER,))
    assert one.hub_password != other.hub_password
    assert len(one.hub_password) >= 40
    assert one.hub_password not in repr(one)
