"""What all calls share: names that are never used twice, who can be rung where now, and what each call is made of.

Rules: nobody is rung for two calls at once, and who speaks is rung for no other one; but an operator who speaks is
rung for a call whose incident that operator has, too.
"""

from collections.abc import Callable, Iterable

from hub.core.call_lists import CallLists, Stage
from hub.core.call_log import CallLog
from hub.core.call_recordings import Recordings
from hub.core.call_records import Browser, Callee, CallList, Member, MemberKind, Phone
from hub.core.caseload import Caseload
from hub.core.commands import Orders
from hub.core.directory import Directory
from hub.core.effects import Effect
from hub.core.events import Snapshot
from hub.core.moment import Moment
from hub.core.party import Party
from hub.core.records import Record


class Switchboard:
    """The centre's side of every call."""

    def __init__(self, cases: Caseload, orders: Orders) -> None:
        """Begin with nobody on shift."""
        self.cases = cases
        self.orders = orders
        self.directory = Directory()
        self.lists = CallLists()
        self.log = CallLog()
        self.recordings = Recordings(self.directory)
        self.on_shift: frozenset[str] = frozenset()
        self.with_microphone: frozenset[str] = frozenset()
        self.parties: Callable[[int], Iterable[Party]] = lambda asking: ()
        """Everybody who speaks or is rung; for the call that asks (0: none) but for those it rings itself."""
        self.effects: list[Effect] = []
        """What is to be done in any call, in the order it was decided in: a bell is silent before it rings anew."""
        self._epoch = ""
        self._count = 0

    def begin(self, epoch: str, snapshot: Snapshot, now: Moment) -> None:
        """Begin a life with what was kept: no name of this one is another's."""
        self._epoch = epoch
        self.directory.begin(snapshot)
        for call_list in snapshot.call_lists:
            self.lists.take(call_list)
        self.recordings.begin(snapshot.recordings, now)

    def take(self, record: Record) -> None:
        """Take what somebody has changed."""
        self.directory.take(record)
        if isinstance(record, CallList):
            self.lists.take(record)

    def take_effects(self) -> list[Effect]:
        """Return what is to be done."""
        effects, self.effects = self.effects, []
        return effects

    def new_name(self) -> str:
        """Return a name for a leg, a saying or an ordered call."""
        self._count += 1
        return f"{self._epoch}-{self._count}"

    def bells_of(self, operator: str) -> tuple[Callee, ...]:
        """Return where an operator can be rung."""
        phone = self.directory.phone_of(operator)
        browser: tuple[Callee, ...] = (Browser(operator),) if operator in self.with_microphone else ()
        return (*browser, phone) if phone is not None else browser

    def busy(self, asking: int = 0) -> set[str]:
        """Return who speaks or is rung: operators by name, telephones by number."""
        return {party.who for party in self.parties(asking)}

    def rung(self, asking: int = 0) -> set[str]:
        """Return who is rung."""
        return {party.who for party in self.parties(asking) if not party.speaks}

    def free(self) -> frozenset[str]:
        """Return the operators on shift who can be rung, and are not in a call."""
        busy = self.busy()
        return frozenset(name for name in self.on_shift if name not in busy and self.bells_of(name))


class ReachOf:
    """Implements call_routing.Reach for the call of one unit."""

    def __init__(self, board: Switchboard, unit_id: str, number: int) -> None:
        """Take whose call it is, and which."""
        self._board = board
        self._unit_id = unit_id
        self._number = number

    def addresses(self, member: Member, is_owner: bool) -> tuple[Callee, ...]:
        """Return where a member can be rung now."""
        board = self._board
        busy = board.rung(self._number) if is_owner else board.busy(self._number)
        if member.kind is MemberKind.PHONE:
            return () if member.number in busy else (Phone(member.number, member.name, member.is_sure),)
        return () if member.name in busy else board.bells_of(member.name)

    def on_shift(self) -> tuple[Member, ...]:
        """Return every operator on shift."""
        return tuple(Member(MemberKind.OPERATOR, name) for name in sorted(self._board.on_shift))

    def stages(self, now: Moment) -> tuple[Stage, ...]:
        """Return the way of a round that begins now."""
        directory = self._board.directory
        organisation, language = directory.organisation_of(self._unit_id), directory.language_of(self._unit_id)
        return self._board.lists.stages(organisation, language, now)
