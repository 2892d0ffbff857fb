"""Whose ear next: the way of one waiting call, from list to list, until somebody answers.

Rules: the operator who has the incident comes first. The members of a list are rung one after the other, each for its
ring time; who is busy, refuses or cannot be reached is passed at once. After the lists every operator on shift is rung
at once, and who becomes free later rings beside whoever's turn it is. Then come the lists of the escalation, and for an
alarm all of it again, without end: only another call may end after a list, if the list says so. A telephone that a
mailbox might answer counts only when a person there pressed the key. Whoever is first has the call, and everybody else
stops ringing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hub.core import timings
from hub.core.call_lists import Stage
from hub.core.call_moves import Asked, Entered, GivenUp, Missed, Move, Passed, Rung, Stopped, Taken
from hub.core.call_records import AfterCycle, Callee, Member, MemberKind, Phone
from hub.core.moment import NEVER, Moment

YES = "1"
"""The key that says: I am a person, and I take the call."""
SAID_NO = frozenset({486, 600, 603})
"""SIP's busy here, busy everywhere and decline."""


class Reach(Protocol):
    """Who can be rung now."""

    def addresses(self, member: Member, is_owner: bool) -> tuple[Callee, ...]:
        """Return where a member can be rung: nowhere while speaking elsewhere, except for what is the member's own."""

    def on_shift(self) -> tuple[Member, ...]:
        """Return every operator on shift."""

    def stages(self, now: Moment) -> tuple[Stage, ...]:
        """Return the way of a round that begins now."""


@dataclass(slots=True)
class _Ear:
    member: Member
    address: Callee
    due_s: float
    is_asked: bool = False
    is_beside: bool = False
    """It rings beside the member whose turn it is, and nobody waits for it."""


class Routing:
    """The way of one call."""

    def __init__(self, reach: Reach, name_leg: Callable[[], str], is_alarm: bool) -> None:
        """Take whom it can ring; nobody is rung yet."""
        self._reach = reach
        self._name_leg = name_leg
        self._is_alarm = is_alarm
        self._ears: dict[str, _Ear] = {}
        self._owner: Member | None = None
        self._owner_until_s = NEVER
        self._owner_again_s = NEVER
        self.was_for_owner_alone = False
        self._is_walking = False
        self._was_everybody_rung = False
        self._stage = Stage()
        self._next_stages: list[Stage] = []
        self._next_members: list[Member] = []
        self._round_began_s = 0.0
        self._paused_until_s = NEVER
        self._vain_rounds = 0
        self._passed: set[Member] = set()
        """Who has had their turn in this round."""
        self.round = 0

    @property
    def is_running(self) -> bool:
        """Tell whether it looks for somebody."""
        return self._owner is not None or self._is_walking

    @property
    def waits_for(self) -> str:
        """Return the operator the call is kept for now."""
        return self._owner.name if self._owner is not None else ""

    def rings(self, leg: str) -> bool:
        """Tell whether a leg is one of those that ring, or are asked."""
        return leg in self._ears

    def begin(self, owner: str, now: Moment, for_owner_alone: bool = False) -> list[Move]:
        """Look for somebody, the one who has the incident first; `for_owner_alone`: and for nobody else."""
        kept = {leg: ear for leg, ear in self._ears.items() if owner and _is_operator(ear.member, owner)}
        moves: list[Move] = [Stopped(leg) for leg in self._ears if leg not in kept]
        self.stop()
        self.was_for_owner_alone = for_owner_alone
        if not owner:
            return moves + self._begin_round(now)
        self._owner = Member(MemberKind.OPERATOR, owner)
        self._owner_until_s = now.mono_s + timings.OWNER_COMES_WITHIN_S
        for ear in kept.values():
            ear.due_s, ear.is_beside = now.mono_s + timings.OWNER_RINGS_S, False
        self._ears = kept
        return moves if kept else moves + self._ring_owner(now)

    def stop(self) -> list[Move]:
        """Look for nobody any more."""
        self._owner, self._is_walking, self._was_everybody_rung = None, False, False
        self._owner_until_s = self._owner_again_s = self._paused_until_s = NEVER
        legs, self._ears = list(self._ears), {}
        return [Stopped(leg) for leg in legs]

    def somebody_is_free(self, now: Moment) -> list[Move]:
        """Ring at once where nobody could be rung before."""
        if self._owner is not None and not self._ears and self._owner_again_s == NEVER:
            return self._ring_owner(now)
        if not self._was_everybody_rung:
            return []
        return [
            move
            for member in self._reach.on_shift()
            if not self._ears_of(member) and member not in self._passed
            for move in self._ring(member, timings.EVERYBODY_RINGS_S, now, is_beside=True)
        ]

    def answered(self, leg: str, now: Moment) -> list[Move]:
        """Take that it was answered: by somebody who has it now, or who must press the key first."""
        ear = self._ears[leg]
        if isinstance(ear.address, Phone) and not ear.address.is_sure:
            ear.is_asked, ear.due_s = True, now.mono_s + timings.CONFIRMED_WITHIN_S
            return [Asked(leg)]
        return self._taken(leg)

    def key_heard(self, leg: str, key: str) -> list[Move]:
        """Take the call for whoever presses the key."""
        return self._taken(leg) if self._ears[leg].is_asked and key == YES else []

    def ended(self, leg: str, status: int, now: Moment) -> list[Move]:
        """Pass whoever is busy, refuses or has gone: the next one is rung at once."""
        ear = self._ears.pop(leg)
        self._passed.add(ear.member)
        if self._owner is not None and not self._ears:
            self._owner_again_s = now.mono_s + timings.OWNER_AGAIN_AFTER_S
        if ear.is_asked:
            return self._after([Passed(ear.member, Missed.NOT_CONFIRMED, leg)], now)
        if status not in SAID_NO:
            return self._after([Passed(ear.member, Missed.NOT_REACHED, leg)], now)
        moves: list[Move] = [Passed(ear.member, Missed.SAID_NO, leg)]
        for other in [other for other, one in self._ears.items() if one.member == ear.member]:
            del self._ears[other]  # a person has said no: the same person's other bell is silent, too
            moves.append(Stopped(other))
        if self._owner is not None and not self._ears:
            return moves + self._leave_owner(now)
        return self._after(moves, now)

    def next_deadline(self) -> float:
        """Return when somebody has been rung for long enough, or the next round begins."""
        ears_s = min((ear.due_s for ear in self._ears.values()), default=NEVER)
        owner_s = NEVER if self._ears else min(self._owner_until_s, self._owner_again_s)
        return min(ears_s, owner_s, self._paused_until_s)

    def due(self, now: Moment) -> list[Move]:
        """Let those be who have been rung for long enough, and ring the next."""
        moves: list[Move] = []
        for leg in [leg for leg, ear in self._ears.items() if ear.due_s <= now.mono_s]:
            ear = self._ears.pop(leg)
            self._passed.add(ear.member)
            why = Missed.NOT_CONFIRMED if ear.is_asked else Missed.UNANSWERED
            moves += [Stopped(leg), Passed(ear.member, why, leg)]
        if self._is_anybodys_turn:
            return moves
        if self._owner is not None and (moves or now.mono_s >= self._owner_until_s):
            return moves + self._leave_owner(now)
        if now.mono_s >= self._owner_again_s:
            return self._ring_owner(now)
        if now.mono_s >= self._paused_until_s:
            return moves + self._begin_round(now)
        return self._after(moves, now) if moves else []

    # --- the one who has the incident ---

    def _ring_owner(self, now: Moment) -> list[Move]:
        assert self._owner is not None  # noqa: S101 - for mypy: its callers have looked
        self._owner_again_s = NEVER
        return self._ring(self._owner, timings.OWNER_RINGS_S, now, is_owner=True)

    def _leave_owner(self, now: Moment) -> list[Move]:
        self._owner, self._owner_until_s, self._owner_again_s = None, NEVER, NEVER
        return [GivenUp()] if self.was_for_owner_alone else self._begin_round(now)

    # --- everybody else ---

    def _begin_round(self, now: Moment) -> list[Move]:
        self.round += 1
        self._is_walking, self._paused_until_s, self._round_began_s = True, NEVER, now.mono_s
        self._was_everybody_rung = False
        self._passed = set()
        self._next_stages, self._next_members = list(self._reach.stages(now)), []
        self._stage = Stage()
        return self._go_on(now)

    def _after(self, moves: list[Move], now: Moment) -> list[Move]:
        """Go on after somebody, unless others ring still; for its operator a call waits, whose page may be loading."""
        if self._is_anybodys_turn or self._owner is not None or self._paused_until_s != NEVER:
            return moves
        return moves + self._go_on(now)

    def _go_on(self, now: Moment) -> list[Move]:
        """Ring the next who can be rung; where nobody is left, begin again, or give up."""
        moves: list[Move] = []
        while not self._is_anybodys_turn:
            if self._next_members:
                member = self._next_members.pop(0)
                moves += self._ring(member, self._stage.ring_s, now)
                moves += [] if self._ears_of(member) else [Passed(member, Missed.NOT_REACHED)]
            elif not self._is_alarm and (self._stage.after is AfterCycle.END or not self._next_stages):
                return [*moves, *self.stop(), GivenUp()]
            elif self._next_stages:
                moves += self._enter(self._next_stages.pop(0), now)
            else:
                return moves + self._end_round(now)
        return moves

    def _enter(self, stage: Stage, now: Moment) -> list[Move]:
        self._stage = stage
        if not stage.is_everybody:
            self._next_members = list(stage.members)
            return [Entered(stage, self.round)]
        self._was_everybody_rung = True
        rung = [move for member in self._reach.on_shift() for move in self._ring(member, stage.ring_s, now)]
        return [Entered(stage, self.round), *rung] if rung else []

    def _end_round(self, now: Moment) -> list[Move]:
        """Begin the next round, after a pause where nobody could be rung for long: longer each time, up to a bound."""
        pauses_s = timings.ROUNDS_LEAST_S
        next_s = self._round_began_s + pauses_s[min(self._vain_rounds, len(pauses_s) - 1)]
        if now.mono_s >= next_s:
            self._vain_rounds = 0
            return self._begin_round(now)
        self._vain_rounds += 1
        self._paused_until_s = next_s
        return []

    def _taken(self, leg: str) -> list[Move]:
        ear = self._ears.pop(leg)
        return [*self.stop(), Taken(leg, ear.member, ear.address)]

    @property
    def _is_anybodys_turn(self) -> bool:
        return any(not ear.is_beside for ear in self._ears.values())

    def _ears_of(self, member: Member) -> list[_Ear]:
        return [ear for ear in self._ears.values() if ear.member == member]

    def _ring(
        self, member: Member, ring_s: float, now: Moment, is_owner: bool = False, is_beside: bool = False
    ) -> list[Move]:
        """Ring a member everywhere; one who rings already, beside others, rings on in turn."""
        for ear in self._ears_of(member):
            ear.is_beside, ear.due_s = False, now.mono_s + ring_s
        if self._ears_of(member):
            return []
        moves: list[Move] = []
        for address in self._reach.addresses(member, is_owner):
            leg = self._name_leg()
            self._ears[leg] = _Ear(member, address, now.mono_s + ring_s, is_beside=is_beside)
            moves.append(Rung(leg, member, address))
        return moves


def _is_operator(member: Member, name: str) -> bool:
    return member.kind is MemberKind.OPERATOR and member.name == name
