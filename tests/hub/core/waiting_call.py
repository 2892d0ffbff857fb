"""A waiting call in a test: its way is walked in simulated time, and who is rung, passed and stopped is gathered.

Rules, checked everywhere: nobody's bell rings twice at once, nothing rings once the call is taken, and a deadline that
is handled must not be due any more, else the real loop would spin.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hub.core.call_lists import Stage
from hub.core.call_moves import GivenUp, Missed, Move, Passed, Rung, Stopped, Taken
from hub.core.call_records import Browser, Callee, Member, MemberKind, Phone
from hub.core.call_routing import Routing
from hub.core.moment import Moment

BUSY, DECLINED, GONE = 486, 603, 480


def operator(name: str) -> Member:
    return Member(MemberKind.OPERATOR, name)


def phone(number: str, is_sure: bool = False) -> Member:
    return Member(MemberKind.PHONE, f"phone {number}", number, is_sure)


@dataclass
class Centre:
    """Who can be rung, as a test says: operators in their browsers, some with a desk phone, too."""

    lists: tuple[Stage, ...] = ()
    last: tuple[Stage, ...] = ()
    shift: tuple[str, ...] = ()
    away: set[str] = field(default_factory=set)
    desk_phones: set[str] = field(default_factory=set)

    def addresses(self, member: Member, is_owner: bool) -> tuple[Callee, ...]:
        if member.kind is MemberKind.PHONE:
            return (Phone(member.number, member.name, member.is_sure),)
        if member.name in self.away and not (is_owner and member.name in self.shift):
            return ()
        bells: tuple[Callee, ...] = (Browser(member.name),) if member.name in self.shift else ()
        return (*bells, Phone(f"sip:{member.name}", member.name)) if member.name in self.desk_phones else bells

    def on_shift(self) -> tuple[Member, ...]:
        return tuple(operator(name) for name in self.shift)

    def stages(self, now: Moment) -> tuple[Stage, ...]:
        return (*self.lists, Stage(), *self.last)


class Call:
    """A call on its way, in simulated time; `ringing` is who is rung now."""

    def __init__(self, centre: Centre, is_alarm: bool = True) -> None:
        self.now_s = 0.0
        self._count = 0
        self.routing = Routing(centre, self._name, is_alarm)
        self.ringing: dict[str, Rung] = {}
        self.history: list[tuple[float, Move]] = []
        self.on_rung: Callable[[Rung], None] = lambda rung: None

    def _name(self) -> str:
        self._count += 1
        return f"leg-{self._count}"

    def now(self) -> Moment:
        return Moment(self.now_s)

    def take(self, moves: list[Move]) -> "Call":
        for move in moves:
            self.history.append((self.now_s, move))
            match move:
                case Rung():
                    bells = [(one.member, one.address) for one in self.ringing.values()]
                    assert (move.member, move.address) not in bells, "rung twice at once"
                    assert move.leg not in self.ringing
                    self.ringing[move.leg] = move
                    self.on_rung(move)
                case Stopped():
                    del self.ringing[move.leg]
                case Passed() if move.leg:
                    self.ringing.pop(move.leg, None)
                case Taken():
                    del self.ringing[move.leg]
                    assert not self.ringing, "somebody rings though the call is taken"
                case _:
                    pass
        assert set(self.ringing) == set(self.routing._ears)
        return self

    def begin(self, owner: str = "", for_owner_alone: bool = False) -> "Call":
        return self.take(self.routing.begin(owner, self.now(), for_owner_alone))

    def wait(self, seconds: float) -> "Call":
        end_s = self.now_s + seconds
        while (due_s := self.routing.next_deadline()) <= end_s:
            self.now_s = max(self.now_s, due_s)
            self.take(self.routing.due(self.now()))
            assert self.routing.next_deadline() > self.now_s, "the loop would spin"
        self.now_s = end_s
        return self

    def leg_of(self, name: str) -> str:
        (leg,) = [leg for leg, rung in self.ringing.items() if rung.member.name == name]
        return leg

    def answer(self, name: str) -> "Call":
        return self.take(self.routing.answered(self.leg_of(name), self.now()))

    def press(self, name: str, key: str) -> "Call":
        return self.take(self.routing.key_heard(self.leg_of(name), key))

    def end(self, name: str, status: int) -> "Call":
        return self.take(self.routing.ended(self.leg_of(name), status, self.now()))

    def rings(self) -> list[str]:
        return sorted(rung.member.name for rung in self.ringing.values())

    def rung(self) -> list[tuple[float, str]]:
        """Return who was rung when."""
        return [(at_s, move.member.name) for at_s, move in self.history if isinstance(move, Rung)]

    def passed(self) -> list[tuple[str, Missed]]:
        return [(move.member.name, move.why) for _, move in self.history if isinstance(move, Passed)]

    def taken_by(self) -> str | None:
        return next((move.member.name for _, move in self.history if isinstance(move, Taken)), None)

    def is_given_up(self) -> bool:
        return any(isinstance(move, GivenUp) for _, move in self.history)
