"""Apprise is loaded when it is needed, and a way it does not understand is told."""

import subprocess
import sys

import pytest

from hub.adapters.relays.apprise import Apprise
from hub.ports import PermanentAdapterError, TransientAdapterError
from tests.hub.adapters.relays.receiver import NOTICE, Receiver
from tests.mosquitto import LOOPBACK

# The library imports what Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

LOADED = """
import sys
from hub.adapters.relays import Relays, ways_out
Relays(ways_out([], ["json://127.0.0.1/"]))
print("apprise" in sys.modules)
"""


def test_the_notice_goes_out(receiver: Receiver) -> None:
    Apprise(f"json://{LOOPBACK}:{receiver.port}/secret").tell(NOTICE)
    (got,) = receiver.got.all
    assert got.data["title"] == NOTICE.title()
    assert got.data["message"] == NOTICE.text()


def test_a_no_is_worth_another_try(receiver: Receiver) -> None:
    receiver.codes = [500, 200]
    way = Apprise(f"json://{LOOPBACK}:{receiver.port}/")
    with pytest.raises(TransientAdapterError):
        way.tell(NOTICE)
    way.tell(NOTICE)


@pytest.mark.parametrize("address", ["nonsense://somewhere", "no address", ""])
def test_an_address_it_does_not_understand_is_told(address: str) -> None:
    way = Apprise(address)
    for _ in range(2):
        with pytest.raises(PermanentAdapterError, match="does not understand"):
            way.tell(NOTICE)


@pytest.mark.parametrize(("address", "name"), [("mailto://user:pass@example", "apprise mailto"), ("T0KEN", "apprise")])
def test_the_name_shows_no_secret(address: str, name: str) -> None:
    assert Apprise(address).name == name


def test_a_centre_that_tells_nobody_does_not_carry_the_library() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
