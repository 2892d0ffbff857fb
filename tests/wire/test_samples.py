"""The golden samples are read as what they have always meant, and written as they have always been."""

from pathlib import Path

import pytest

from device.wire import codec
from device.wire.messages import KNOWN_BODIES, KNOWN_ORDERS, Command, Message, Model
from tests.wire.expected import AS_OTHERS_WRITE_THEM, AS_WE_WRITE_THEM, SAMPLES

EVERY = AS_WE_WRITE_THEM | AS_OTHERS_WRITE_THEM


def bytes_of(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes().removesuffix(b"\n")


@pytest.mark.parametrize("name", EVERY)
def test_a_sample_means_what_it_has_always_meant(name: str) -> None:
    expected: Model = EVERY[name]
    assert codec.decode(type(expected), bytes_of(name)) == expected


@pytest.mark.parametrize("name", AS_WE_WRITE_THEM)
def test_what_we_write_has_not_changed_by_a_byte(name: str) -> None:
    assert codec.encode(AS_WE_WRITE_THEM[name]) == bytes_of(name)


@pytest.mark.parametrize("name", AS_OTHERS_WRITE_THEM)
def test_what_others_write_can_be_handed_on(name: str) -> None:
    expected: Model = AS_OTHERS_WRITE_THEM[name]
    assert codec.decode(type(expected), codec.encode(expected)) == expected


def test_every_sample_is_expected() -> None:
    assert {Path(file).stem for file in SAMPLES.iterdir()} == set(EVERY)


def test_every_kind_of_message_has_a_sample() -> None:
    bodies = {type(message.body) for message in AS_WE_WRITE_THEM.values() if isinstance(message, Message)}
    assert bodies == set(KNOWN_BODIES)
    orders = {type(message.order) for message in AS_WE_WRITE_THEM.values() if isinstance(message, Command)}
    assert orders == set(KNOWN_ORDERS)
    assert {type(message).__name__ for message in EVERY.values()} == {
        *("Message", "Heartbeat", "Presence", "Receipt", "Command", "CentreState")
    }
