"""Where messages go: `poga/1/<unit_id>/<leaf>` and the centre's own `poga/1/centre`.

Topics hold no personal data: a unit_id is a serial, never a name.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "poga/1"
CENTRE = f"{PREFIX}/centre"
UNIT_ID_PATTERN = r"[a-z0-9][a-z0-9-]{2,31}"
_UNIT_ID = re.compile(UNIT_ID_PATTERN)
RESERVED = frozenset({"centre", "hub"})
"""The centre's own topic, and the name under which it signs in at the broker."""


class Leaf(StrEnum):
    """The last part of a unit's topic."""

    ALARM = "alarm"
    EVENT = "event"
    HEARTBEAT = "heartbeat"
    PRESENCE = "presence"
    RECEIPT = "receipt"
    COMMAND = "command"


UPWARD = (Leaf.ALARM, Leaf.EVENT, Leaf.HEARTBEAT, Leaf.PRESENCE)
DOWNWARD = (Leaf.RECEIPT, Leaf.COMMAND)


@dataclass(frozen=True, slots=True)
class UnitTopic:
    """A parsed topic of one unit."""

    unit_id: str
    leaf: Leaf


def is_unit_id(text: str) -> bool:
    """Tell whether `text` can name a unit: 3 to 32 of a-z, 0-9 and -, not starting with -, and not reserved."""
    return _UNIT_ID.fullmatch(text) is not None and text not in RESERVED


def unit_topic(unit_id: str, leaf: Leaf) -> str:
    """Return the topic of `leaf` for a unit."""
    return f"{PREFIX}/{unit_id}/{leaf}"


def all_units(leaf: Leaf) -> str:
    """Return the subscription of the centre for `leaf` of every unit."""
    return f"{PREFIX}/+/{leaf}"


def parse_unit_topic(topic: str) -> UnitTopic | None:
    """Return what `topic` names, or None where it is no unit's topic."""
    head, _, rest = topic.partition(f"{PREFIX}/")
    unit_id, _, leaf = rest.partition("/")
    if head or not is_unit_id(unit_id) or leaf not in Leaf._value2member_map_:
        return None
    return UnitTopic(unit_id, Leaf(leaf))
