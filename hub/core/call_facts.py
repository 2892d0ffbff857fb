"""What is so in one call: who is in it, where it stands, what is to be told of it.

`conversation` decides by it, `call_settling` tells the world of it.
"""

from device.wire.vocabulary import CallPurpose, SpeechMode
from hub.core.call_routing import Routing
from hub.core.effects import Effect, EndCall, Ring
from hub.core.moment import NEVER, Moment
from hub.core.party import NORMAL_VOLUME, Party
from hub.core.records import EntryKind, Incident, Priority
from hub.core.switchboard import ReachOf, Switchboard
from hub.core.telling import Situation, Telling


class CallFacts:
    """What is so in a call, and the verbs that change it by one leg or line; what they follow from is decided above."""

    def __init__(self, number: int, incident: Incident, board: Switchboard, now: Moment) -> None:
        """Begin one about an incident; nobody is in it yet."""
        self.number = number
        self.incident_id = incident.incident_id
        self.unit_id = incident.unit_id
        self.owner = incident.owner
        self.is_alarm = incident.priority is Priority.ALARM
        self.began_s = now.wall_s
        self.answered_s: float | None = None
        self.parties: dict[str, Party] = {}
        self.purpose = CallPurpose.SPEAK
        self.mode = SpeechMode.DUPLEX
        self.volume = NORMAL_VOLUME
        self.is_held = False
        self.was_here = False
        """The unit's call stood once."""
        self.was_broken = False
        """Its operator was lost."""
        self.call_id = ""
        """The name of the order by which the unit was told to call."""
        self.is_over = False
        self.is_only_announced = False
        """It was begun to read something aloud, and ends with that."""
        self.has_news = False
        self.unit_due_s = NEVER
        """By when the unit must have called (again)."""
        self.direct_due_s = NEVER
        """When the centre calls the unit itself, which was told to call and has not."""
        self.end_due_s = NEVER
        """When a call ends that nobody takes and that is no alarm: the client is told first."""
        self.language = board.directory.language_of(self.unit_id)
        self.organisation = board.directory.organisation_of(self.unit_id)
        self.routing = Routing(ReachOf(board, self.unit_id, number), board.new_name, self.is_alarm)
        is_recorded = board.directory.rules(self.organisation).records_calls
        self.telling = Telling(board.new_name, self.language, is_recorded)
        self.board = board
        self.questions: dict[str, str] = {}
        """Sayings that ask for a key, and whom."""

    # --- what is so ---

    @property
    def unit(self) -> Party | None:
        """Return the unit's leg."""
        return next((party for party in self.parties.values() if party.is_unit), None)

    @property
    def hears_unit(self) -> bool:
        """Tell whether the unit's call stands."""
        return self.unit is not None and self.unit.speaks

    @property
    def expects_unit(self) -> bool:
        """Tell whether the unit is to call (again)."""
        return self.unit_due_s != NEVER

    @property
    def has_unit_coming(self) -> bool:
        """Tell whether the unit is here, or is to call."""
        return self.unit is not None or self.expects_unit

    def is_kept_by(self, operator: str) -> bool:
        """Tell whether this operator speaks in it for the centre."""
        return any(party.name == operator for party in self.keepers)

    @property
    def is_announcement(self) -> bool:
        """Tell whether it is only to say something in the room."""
        return self.is_only_announced or self.purpose is CallPurpose.ANNOUNCE

    @property
    def speakers(self) -> list[Party]:
        """Return everybody who is in the call, but for the unit."""
        return [party for party in self.parties.values() if party.speaks and not party.is_unit]

    @property
    def keepers(self) -> list[Party]:
        """Return those who speak for the centre: the call is theirs, others were only called into it."""
        return [party for party in self.speakers if party.keeps]

    @property
    def situation(self) -> Situation:
        """Return what the client is to be told of."""
        if self.end_due_s != NEVER:
            return Situation.NOBODY
        if self.is_held or (self.keepers and all(party.is_elsewhere for party in self.keepers)):
            return Situation.HELD
        if self.speakers:
            return Situation.SPEAKING
        if self.was_broken:
            return Situation.BROKEN
        return Situation.ANSWERED if self.routing.waits_for else Situation.LOOKING

    def do(self, *effects: Effect) -> None:
        """Have something done."""
        self.board.effects += effects

    def note(self, kind: EntryKind, now: Moment, actor: str = "", text: str = "") -> None:
        """Write a line on the incident's timeline."""
        case = self.board.cases.get(self.incident_id)
        if case is not None:
            self.board.log.note(case, kind, now, actor, text)
            self.has_news = True

    # --- legs ---

    def join(self, party: Party) -> None:
        """Take a leg into the call."""
        self.parties[party.leg] = party
        self.do(*self.board.log.began(party.record(self.incident_id)))

    def ring(self, party: Party) -> None:
        """Ring somebody."""
        assert party.address is not None  # noqa: S101 - for mypy: only who calls in has none
        self.join(party)
        self.do(Ring(party.leg, party.address, self.incident_id, self.purpose))

    def leave(self, party: Party) -> None:
        """End a leg."""
        del self.parties[party.leg]
        self.do(EndCall(party.leg))
