"""What stands in a centre's store before it is measured: invented homes, old messages, an operator."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from device.wire.messages import Message, MessageKey, UnitStarted
from device.wire.vocabulary import Urgency
from hub.adapters.store import open_store
from hub.console.passwords import Passwords
from hub.core.records import Client, Operator, Premises, ReceivedMessage, Record, Unit
from tests.bench.broker import UNIT

OPERATOR = "measurer"
OPERATOR_PASSWORD = "invented for measuring"
AT_ONCE = 5_000
SILENCE_ALLOWED_S = 3_600.0
"""No unit of the register is called silent while only some of them speak."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How much stands in the store."""

    units: int = 0
    messages: int = 0


def fill(store: Path, contents: Contents) -> None:
    """Make a store that holds this, and the unit that really lives. Raises AdapterError."""
    opened = open_store(store)
    try:
        records = _records(contents)
        while some := list(islice(records, AT_ONCE)):
            opened.main.save(some)
    finally:
        opened.close()


def unit_id(number: int) -> str:
    """Return the id of a unit as the generator calls it, from 0."""
    return f"bench-{number:06d}"


def _records(contents: Contents) -> Iterator[Record]:
    hashed = asyncio.run(Passwords().hash(OPERATOR_PASSWORD))
    yield Operator(OPERATOR, hashed, role="administrator")
    yield Premises(1, "Measured Lane 1, Benchton (invented)")
    yield Client(1, 1, "Mina Measured (invented)", "+371 2000 0001")
    yield Unit(UNIT, "Measured home", 1)
    for number in range(contents.units):
        premises_id = number + 2
        yield Premises(premises_id, f"Invented Street {premises_id}, Benchton")
        yield Client(premises_id, premises_id, f"Invented Person {premises_id}", "+371 2000 0001")
        yield Unit(unit_id(number), f"Invented home {premises_id}", premises_id, SILENCE_ALLOWED_S)
    yield from _messages(contents)


def _messages(contents: Contents) -> Iterator[Record]:
    began_s = time.time() - contents.messages
    body = UnitStarted(cause="power_on", software="0.1.0")
    for number in range(contents.messages):
        key = MessageKey(epoch="0123456789abcdef", seq=1 + number // contents.units)
        message = Message(key=key, age_s=0.1, body=body)
        yield ReceivedMessage(unit_id(number % contents.units), Urgency.EVENT, message, began_s + number, True)
