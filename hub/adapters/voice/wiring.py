"""Who hears whom: conversations, what is said to a leg, what is recorded. All links, as the engine takes them.

Rules: the whole set is told whenever it has changed. A recording hears what the parties hear: of somebody who is muted
or on hold it hears nothing. What is said to the unit is recorded on everybody else's side.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from device.voice.messages import EngineCommand, Link, SetLinks
from hub.core.effects import Bridge, Part


@dataclass(frozen=True, slots=True)
class Sides:
    """A recording's two points in the engine, and whose voice is on the left."""

    conversation: int
    unit_leg: str
    left: str
    right: str


class Wiring:
    """Every link that is wanted. Belongs to the adapter's lock."""

    def __init__(self, send: Callable[[EngineCommand], None]) -> None:
        """Begin with none."""
        self._send = send
        self._told: tuple[Link, ...] = ()
        self.conversations: dict[int, tuple[Part, ...]] = {}
        self.sayings: dict[str, str] = {}
        """What is said (a point), to which leg."""
        self.recordings: dict[str, Sides] = {}

    def bridge(self, bridge: Bridge) -> None:
        """Let these legs hear each other, and no others of the conversation."""
        if bridge.parts:
            self.conversations[bridge.conversation] = bridge.parts
        else:
            self.conversations.pop(bridge.conversation, None)

    def apply(self) -> None:
        """Tell the engine, where anything has changed."""
        links = tuple(sorted(set(self._links()), key=lambda link: (link.source, link.sink)))
        if links != self._told:
            self._told = links
            self._send(SetLinks(links=links))

    def forget(self) -> None:
        """Note that the engine is new: it has no links, no legs, no points."""
        self._told = ()
        self.conversations.clear()
        self.sayings.clear()
        self.recordings.clear()

    def _links(self) -> Iterator[Link]:
        for parts in self.conversations.values():
            yield from _between(parts)
        for point, leg in self.sayings.items():
            yield Link(source=point, sink=leg)
        for sides in self.recordings.values():
            yield from self._recorded(sides)

    def _recorded(self, sides: Sides) -> Iterator[Link]:
        for part in self.conversations.get(sides.conversation, ()):
            if part.is_heard:
                yield Link(source=part.leg, sink=sides.left if part.leg == sides.unit_leg else sides.right)
        for point, leg in self.sayings.items():
            if leg == sides.unit_leg:
                yield Link(source=point, sink=sides.right)


def _between(parts: tuple[Part, ...]) -> Iterator[Link]:
    for speaker in parts:
        for listener in parts:
            if speaker.is_heard and listener.hears and speaker.leg != listener.leg:
                yield Link(source=speaker.leg, sink=listener.leg, gain=speaker.gain)
