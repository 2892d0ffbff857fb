"""One party of a call: a leg, whose it is, and where it stands."""

from dataclasses import dataclass

from hub.core import timings
from hub.core.call_moves import Missed
from hub.core.call_records import Address, Browser, Callee, CallLeg, Member, MemberKind, PartKind, Phone, UnitOf
from hub.core.call_routing import SAID_NO
from hub.core.call_view import PartState, PartView
from hub.core.effects import Part
from hub.core.moment import NEVER, Moment

NORMAL_VOLUME = 6
LOUDEST = 10
SHOWN_OF_A_NUMBER = 4
"""Digits of a number that stand for whom it belongs to, where that is not known."""
_GAIN_A_STEP = 1.4
"""About 3 dB."""


@dataclass(slots=True)
class Party:
    """A leg of a call.

    `address` is None for who called. `keeps`: speaks for the centre, the call is theirs. `takes_incident`: has the
    incident as soon as they answer. `replaces` is whose place they take then. Bells of one `group` ring for one person.
    `is_elsewhere`: this operator speaks in another call now, and neither hears this one nor is heard in it.
    `due_s`: when it has rung for long enough, where the routing does not count that.
    """

    leg: str
    kind: PartKind
    state: PartState
    since_s: float
    name: str
    address: Address | None = None
    keeps: bool = False
    takes_incident: bool = False
    replaces: str = ""
    group: str = ""
    due_s: float = NEVER
    is_muted: bool = False
    is_elsewhere: bool = False
    volume: int = NORMAL_VOLUME

    @classmethod
    def that_called(cls, leg: str, unit_id: str, now: Moment) -> "Party":
        """Return a unit that has called."""
        return cls(leg, PartKind.UNIT, PartState.RINGING, now.wall_s, unit_id)

    @classmethod
    def that_is_called(cls, leg: str, unit_id: str, now: Moment) -> "Party":
        """Return a unit that the centre calls itself."""
        return cls(leg, PartKind.UNIT, PartState.RINGING, now.wall_s, unit_id, UnitOf(unit_id))

    @classmethod
    def that_is_offered(cls, leg: str, address: Callee, member: Member, now: Moment) -> "Party":
        """Return somebody whom a waiting call is offered to."""
        kind = PartKind.OPERATOR if member.kind is MemberKind.OPERATOR else PartKind.PHONE
        name = member.name or name_of(address)
        return cls(leg, kind, PartState.RINGING, now.wall_s, name, address, keeps=True, takes_incident=True)

    @classmethod
    def that_is_added(cls, leg: str, address: Callee, now: Moment) -> "Party":
        """Return somebody whom an operator calls into the call."""
        due_s = now.mono_s + timings.ADDED_RINGS_S
        kind = PartKind.OPERATOR if isinstance(address, Browser) else PartKind.PHONE
        return cls(leg, kind, PartState.RINGING, now.wall_s, name_of(address), address, due_s=due_s)

    @classmethod
    def that_replaces(cls, leg: str, address: Callee, replaced: str, now: Moment) -> "Party":
        """Return somebody who is to take an operator's place; another operator gets the incident with it."""
        name = name_of(address)
        is_operator = isinstance(address, Browser) or name == replaced
        return cls(
            leg,
            PartKind.OPERATOR if is_operator else PartKind.PHONE,
            PartState.RINGING,
            now.wall_s,
            name,
            address,
            keeps=True,
            takes_incident=is_operator,
            replaces=replaced,
            due_s=now.mono_s + timings.TRANSFER_RINGS_S,
        )

    @property
    def is_unit(self) -> bool:
        """Tell whether it is the unit."""
        return self.kind is PartKind.UNIT

    @property
    def must_confirm(self) -> bool:
        """Tell whether a key must be pressed there: who only is called into a call is heard by its operator."""
        return self.keeps and isinstance(self.address, Phone) and not self.address.is_sure

    def speaks_since(self, now: Moment) -> None:
        """Let it be in the call from now on."""
        self.state, self.since_s, self.due_s = PartState.SPEAKING, now.wall_s, NEVER

    def why_missed(self, status: int) -> Missed:
        """Return why it did not come, where nobody waited for long enough."""
        if self.state is PartState.CONFIRMING:
            return Missed.NOT_CONFIRMED
        return Missed.SAID_NO if status in SAID_NO else Missed.NOT_REACHED

    @property
    def number(self) -> str:
        """Return the number that was rung, where it is a telephone."""
        return self.address.number if isinstance(self.address, Phone) else ""

    @property
    def operator(self) -> str:
        """Return whose voice it is, empty where it is no operator's."""
        return self.name if self.kind is PartKind.OPERATOR else ""

    @property
    def who(self) -> str:
        """Return what nobody else is called: an operator's name, else the number, else the unit."""
        return self.operator or self.number or self.name

    @property
    def speaks(self) -> bool:
        """Tell whether it is in the call, on hold or not."""
        return self.state is PartState.SPEAKING

    def record(self, incident_id: int) -> CallLeg:
        """Return its record as it begins."""
        return CallLeg(self.leg, incident_id, self.kind, self.since_s, self.name, self.number, self.address is None)

    def part(self, hears: bool = True, is_heard: bool = True) -> Part:
        """Return it as the bridge takes it."""
        return Part(self.leg, hears, is_heard and not self.is_muted, gain_of(self.volume))

    def view(self, is_held: bool) -> PartView:
        """Return it as screens show it."""
        return PartView(
            leg=self.leg,
            kind=self.kind,
            state=PartState.HELD if self.speaks and (is_held or self.is_elsewhere) else self.state,
            since_s=self.since_s,
            name=self.name,
            number=self.number,
            is_browser=isinstance(self.address, Browser),
            is_muted=self.is_muted,
            volume=self.volume,
        )


def gain_of(volume: int) -> float:
    """Return how many times louder than it comes: 3 dB a step, 0 is silence."""
    return 0.0 if volume == 0 else float(_GAIN_A_STEP ** (volume - NORMAL_VOLUME))


def name_of(address: Callee) -> str:
    """Return what somebody at an address is called."""
    match address:
        case Browser():
            return address.operator
        case Phone():  # pragma: no branch - the last of the union
            return address.name or f"…{address.number[-SHOWN_OF_A_NUMBER:]}"
