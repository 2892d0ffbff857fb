"""The way of a waiting call in any history: what is promised of it holds whoever is rung, and whatever they do."""

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core import timings
from hub.core.call_lists import Stage
from hub.core.call_moves import Asked, Entered, GivenUp, Missed, Passed, Rung
from hub.core.call_records import RING_TIMES_S, AfterCycle, Phone
from tests.hub.core.waiting_call import BUSY, DECLINED, GONE, Call, Centre, operator, phone

OPERATORS = tuple(operator(name) for name in ("anna", "boris", "carla", "dace"))
PHONES = tuple(phone(str(number), is_sure=number == 3) for number in range(1, 4))
LISTS = st.builds(
    Stage,
    name=st.sampled_from(("day", "night", "duty")),
    members=st.lists(st.sampled_from(OPERATORS + PHONES), max_size=12, unique=True).map(tuple),
    ring_s=st.sampled_from(RING_TIMES_S).map(float),
    after=st.sampled_from(AfterCycle),
)
CENTRES = st.builds(
    Centre,
    lists=st.lists(LISTS, max_size=3).map(tuple),
    last=st.lists(LISTS, max_size=2).map(tuple),
    shift=st.lists(st.sampled_from([one.name for one in OPERATORS]), unique=True).map(tuple),
    away=st.sets(st.sampled_from([one.name for one in OPERATORS])),
    desk_phones=st.sets(st.sampled_from([one.name for one in OPERATORS])),
)
REACTIONS = st.sampled_from(("nothing", "nothing", "nothing", "busy", "declined", "gone", "mailbox", "hung up"))
"""What those do who are rung; nobody takes the call."""


@dataclass
class Fate:
    """Plays a call in which nobody takes it: each leg reacts after a while, or never."""

    call: Call
    reactions: list[str]
    after_s: list[float]
    due: list[tuple[float, str, str]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.call.on_rung = self._rung

    def _rung(self, rung: Rung) -> None:
        self.count += 1
        reaction = self.reactions[self.count % len(self.reactions)]
        if reaction != "nothing":
            self.due.append((self.call.now_s + self.after_s[self.count % len(self.after_s)], rung.leg, reaction))

    def live(self, seconds: float) -> None:
        end_s = self.call.now_s + seconds
        while self.due and min(self.due)[0] <= end_s:
            self.due.sort()
            at_s, leg, reaction = self.due.pop(0)
            self.call.wait(max(0.0, at_s - self.call.now_s))
            if leg in self.call.ringing:
                self._react(leg, reaction)
        self.call.wait(end_s - self.call.now_s)

    def _react(self, leg: str, reaction: str) -> None:
        routing, now = self.call.routing, self.call.now()
        address = self.call.ringing[leg].address
        match reaction:
            case "busy" | "declined" | "gone":
                status = {"busy": BUSY, "declined": DECLINED, "gone": GONE}[reaction]
                self.call.take(routing.ended(leg, status, now))
            case "mailbox" | "hung up" if isinstance(address, Phone) and not address.is_sure:
                self.call.take(routing.answered(leg, now))
                if reaction == "hung up":
                    self.due.append((self.call.now_s + 1.0, leg, "gone"))
            case _:
                pass


def fated(centre: Centre, reactions: list[str], after_s: list[float], is_alarm: bool) -> Call:
    call = Call(centre, is_alarm)
    fate = Fate(call, reactions, after_s)
    call.begin()
    fate.live(1200.0)
    return call


any_fate = given(
    CENTRES, st.lists(REACTIONS, min_size=1, max_size=20), st.lists(st.floats(0.0, 40.0), min_size=1, max_size=7)
)


@settings(max_examples=150, deadline=None)
@any_fate
def test_an_alarm_is_never_dropped_and_whoever_can_be_rung_is_rung_again_and_again(
    centre: Centre, reactions: list[str], after_s: list[float]
) -> None:
    call = fated(centre, reactions, after_s, is_alarm=True)
    assert call.routing.is_running
    assert not call.is_given_up()
    assert call.routing.next_deadline() < call.now_s + max(RING_TIMES_S) + timings.CONFIRMED_WITHIN_S
    if any(centre.addresses(member, is_owner=False) for member in centre.on_shift()):
        at_s = [0.0, *(at_s for at_s, _ in call.rung()), call.now_s]
        longest_s = max(later - earlier for earlier, later in itertools.pairwise(at_s))
        assert longest_s <= max(RING_TIMES_S) + timings.CONFIRMED_WITHIN_S + max(timings.ROUNDS_LEAST_S)


@settings(max_examples=150, deadline=None)
@any_fate
def test_nobody_is_left_waiting_longer_or_shorter_than_promised(
    centre: Centre, reactions: list[str], after_s: list[float]
) -> None:
    call = fated(centre, reactions, after_s, is_alarm=True)
    begun_s = {move.leg: at_s for at_s, move in call.history if isinstance(move, Rung)}
    asked_s = {move.leg: at_s for at_s, move in call.history if isinstance(move, Asked)}
    stage = Stage()
    ring_s: dict[str, float] = {}
    for _, move in call.history:
        if isinstance(move, Entered):
            stage = move.stage
        elif isinstance(move, Rung):
            ring_s[move.leg] = stage.ring_s
    for at_s, move in call.history:
        if isinstance(move, Passed) and move.why is Missed.UNANSWERED:
            assert at_s - begun_s[move.leg] == pytest.approx(ring_s[move.leg])
        if isinstance(move, Passed) and move.why is Missed.NOT_CONFIRMED:
            assert at_s - asked_s[move.leg] <= timings.CONFIRMED_WITHIN_S + 1e-6


@settings(max_examples=150, deadline=None)
@any_fate
def test_the_order_of_a_round_is_the_order_of_the_lists(
    centre: Centre, reactions: list[str], after_s: list[float]
) -> None:
    call = fated(centre, reactions, after_s, is_alarm=True)
    rounds: list[list[str]] = []
    for _, move in call.history:
        match move:
            case Entered():
                if len(rounds) < move.round:
                    rounds += [[] for _ in range(move.round - len(rounds))]
            case Rung() | Passed(leg=""):
                if not rounds[-1] or rounds[-1][-1] != move.member.name or isinstance(move, Passed):
                    rounds[-1].append(move.member.name)
            case _:
                pass
    reachable = [one.name for one in centre.on_shift() if centre.addresses(one, is_owner=False)]
    promised = [
        *(member.name for stage in centre.lists for member in stage.members),
        *reachable,
        *(member.name for stage in centre.last for member in stage.members),
    ]
    once = [name for number, name in enumerate(promised) if number == 0 or promised[number - 1] != name]
    for names in rounds[:-1]:
        assert [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name] in ([], once)


@settings(max_examples=150, deadline=None)
@any_fate
def test_another_call_always_ends_and_rings_nobody_after_that(
    centre: Centre, reactions: list[str], after_s: list[float]
) -> None:
    call = fated(centre, reactions, after_s, is_alarm=False)
    members = [*(member for stage in (*centre.lists, *centre.last) for member in stage.members), *centre.on_shift()]
    if call.now_s > len(members) * (max(RING_TIMES_S) + timings.CONFIRMED_WITHIN_S):
        assert call.is_given_up()
        assert not call.ringing
    if call.is_given_up():
        assert call.routing.round == 1
        assert isinstance(call.history[-1][1], GivenUp)
