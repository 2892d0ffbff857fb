"""Only who has proven it is the centre."""

import pytest

from device.adapters.voice.caller import is_the_centre, purpose_of
from device.voice.messages import LegArrived, Protocol, Transport
from device.wire.vocabulary import CallPurpose

NAMES = ("arc.example", "arc-2.example")
LOOPBACK = Transport(protocol=Protocol.UDP, host="127.0.0.1")
OPEN = Transport(protocol=Protocol.UDP, host="0.0.0.0")
SECURED = Transport(protocol=Protocol.TLS, host="0.0.0.0")


def call(**more: object) -> LegArrived:
    given = {"leg": "in-1", "from_user": "centre", "from_host": "arc.example", "to_user": "poga-0001"}
    return LegArrived.model_validate(given | {"protocol": "udp", "source": "127.0.0.1:5060"} | more)


@pytest.mark.parametrize(
    ("arrived", "transports", "proven"),
    [
        (call(protocol="tls", names=["x.example", "ARC-2.example"]), (SECURED,), True),
        (call(protocol="tls", names=["another.example"]), (SECURED,), False),
        (call(protocol="tls", names=[]), (SECURED,), False),
        (call(protocol="tls", source="127.0.0.1:5061"), (SECURED,), False),  # this machine alone proves nothing by TLS
        (call(), (LOOPBACK,), True),
        (call(source="[::1]:5060"), (Transport(protocol=Protocol.UDP, host="::1"),), True),
        (call(source="192.0.2.7:5060"), (LOOPBACK,), False),
        (call(), (OPEN,), False),  # anybody can reach it, and a source can be made up
        (call(), (SECURED,), False),
        (call(protocol="tcp"), (LOOPBACK,), False),
        (call(source=""), (LOOPBACK,), False),
        (call(names=["arc.example"], source="192.0.2.7:5060"), (OPEN,), False),
    ],
)
def test_only_a_proven_caller_is_the_centre(
    arrived: LegArrived, transports: tuple[Transport, ...], proven: bool
) -> None:
    assert is_the_centre(arrived, NAMES, transports) is proven


@pytest.mark.parametrize(
    ("said", "purpose"),
    [("announce", CallPurpose.ANNOUNCE), (" Announce ", CallPurpose.ANNOUNCE), ("sing", CallPurpose.SPEAK)],
)
def test_the_purpose_is_what_the_call_says(said: str, purpose: CallPurpose) -> None:
    assert purpose_of(call(headers={"Poga-Purpose": said})) is purpose


def test_a_call_that_says_nothing_is_to_speak() -> None:
    assert purpose_of(call()) is CallPurpose.SPEAK
