"""Calls: hands each event to the call it is about, and begins and ends calls.

Rules: a call finds its incident by its unit, whichever comes first; one without an incident opens it. Who is no unit of
the register is refused, and told of. A call ends with its incident. What the events lead to in a call is told to the
world after each of them, by `settle`.
"""

from collections.abc import Iterable

from device.wire import messages as wire
from hub.core import call_course, timings
from hub.core import call_events as cev
from hub.core.acting import Acting
from hub.core.call_records import Phone
from hub.core.call_settling import Told
from hub.core.conversation import Conversation
from hub.core.effects import Effect, Problem, RefuseCall, Reply
from hub.core.events import Snapshot
from hub.core.incidents import Case
from hub.core.moment import NEVER, Moment
from hub.core.party import Party
from hub.core.reading import Reader
from hub.core.records import EntryKind, Incident, IncidentKind, Record
from hub.core.speech_acts import Hold
from hub.core.strangers import Strangers
from hub.core.switchboard import Switchboard

FORBIDDEN = 403
NOT_NOW = 480
"""Temporarily unavailable: what the call was about is over."""


class Calls:
    """Every call at the centre."""

    def __init__(self, board: Switchboard, reader: Reader) -> None:
        """Begin without a voice."""
        self._board = board
        self._reader = reader
        self._strangers = Strangers(board.cases)
        self._acting = Acting(board, self._begin)
        self._calls: dict[int, Conversation] = {}
        self._told: dict[int, Told] = {}
        self._count = 0
        self._free: frozenset[str] = frozenset()
        self._rung: set[str] = set()
        self._heads: set[tuple[str, int]] = set()
        self._focus: dict[str, int] = {}
        self._closed: dict[str, tuple[float, tuple[wire.MessageKey, ...]]] = {}
        self._has_voice = False
        board.parties = self._parties

    def begin(self, epoch: str, snapshot: Snapshot, now: Moment) -> None:
        """Take over what earlier lives kept; no call outlives the program."""
        self._board.begin(epoch, snapshot, now)

    def take(self, record: Record) -> None:
        """Take what somebody has changed."""
        self._board.take(record)

    def consoles_changed(self, on_shift: frozenset[str], with_microphone: frozenset[str]) -> None:
        """Note who can be rung where."""
        self._board.on_shift, self._board.with_microphone = on_shift, with_microphone

    def alarm_closed(self, incident: Incident, now: Moment) -> None:
        """Remember for a moment what was closed: the unit's call may be on its way still."""
        self._closed = {
            unit_id: closed
            for unit_id, closed in self._closed.items()
            if now.mono_s - closed[0] < timings.LATE_CALL_WITHIN_S
        }
        if incident.kind is IncidentKind.ALARM:
            self._closed[incident.unit_id] = (now.mono_s, incident.alarms)

    def handle(self, event: cev.CallEvent, now: Moment) -> list[Effect]:  # noqa: C901, PLR0911 - a case an event
        """Return what is to be done at once; what it changes in a call is told by `settle`."""
        match event:
            case cev.CallArrived():
                return self._call_arrived(event, now)
            case cev.SpeechActed():
                return self._speech_acted(event, now)
            case cev.SoundTestAsked():
                return self._sound_test_asked(event, now)
            case cev.VoiceStarted():
                self._has_voice = True
                return []
            case cev.VoiceLost():
                return self._voice_lost(event, now)
            case cev.SayingEnded():
                for call in self._calls.values():
                    call.saying_ended(event.saying, event.is_complete, now)
                return []
            case cev.RecordingEnded():
                return self._board.recordings.ended(event, now)
            case cev.RecordingDeleted():
                return self._board.recordings.deleted(event, now)
            case cev.LegHeard():
                return self._board.log.heard(event.leg, now)
            case cev.LegAnswered() | cev.LegEnded() | cev.KeyHeard() | cev.LegRinging():  # pragma: no branch - the rest
                return self._about_leg(event, now)

    def next_deadline(self) -> float:
        """Return when something is due in a call."""
        return min(
            self._strangers.next_deadline(),
            self._board.recordings.next_deadline(),
            *(call_course.next_deadline(call) for call in self._calls.values()),
            NEVER,
        )

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Do what is due."""
        for call in self._calls.values():
            call_course.due(call, now)
        return self._strangers.due(now) + self._board.recordings.due(now)

    def settle(self, now: Moment) -> list[Effect]:
        """Bring every call to what is so now, and tell the world."""
        if not self._calls:
            self._board.cases.speaking_changed(frozenset(), now)
            return []
        for call in self._calls.values():
            self._follow_incident(call, now)
        self._offer_to_the_free(now)
        self._turn_heads(now)
        effects = self._board.take_effects()
        effects += [effect for told in self._told.values() for effect in told.settled(now)]
        for number in [number for number, call in self._calls.items() if call.is_over]:
            del self._calls[number], self._told[number]
        owners = frozenset(call.owner for call in self._calls.values() if call.keepers)
        self._board.cases.speaking_changed(owners, now)
        return effects

    # --- what happens ---

    def _call_arrived(self, event: cev.CallArrived, now: Moment) -> list[Effect]:
        unit_id, call_id = event.unit_id, event.call_id
        if unit_id is None or not self._board.directory.knows(unit_id):
            return [RefuseCall(event.leg, FORBIDDEN), *self._strangers.refused(event.caller, now)]
        call = self._call_of(unit_id)
        if call is not None and call_id and call_id == call.call_id:
            call.unit_called(event.leg, now)
            return []
        if call is None and call_id and event.alarm is None:
            return [RefuseCall(event.leg, NOT_NOW)]  # whoever had it called is gone
        return self._alarm_called(event, unit_id, call, now)

    def _alarm_called(
        self, event: cev.CallArrived, unit_id: str, call: Conversation | None, now: Moment
    ) -> list[Effect]:
        effects: list[Effect] = []
        case = self._board.cases.find(IncidentKind.ALARM, unit_id)
        if case is None:
            if self._was_closed(event, unit_id, now):
                return [RefuseCall(event.leg, NOT_NOW)]
            effects = self._reader.alarm_by_call(unit_id, event.alarm, now)
            case = self._board.cases.find(IncidentKind.ALARM, unit_id)
        assert case is not None  # noqa: S101 - for mypy: it was opened in the line before
        if call is not None and call.incident_id != case.incident.incident_id:
            call.finish(now)
            call = None
        (call or self._begin(case, now)).unit_called(event.leg, now)
        return effects

    def _was_closed(self, event: cev.CallArrived, unit_id: str, now: Moment) -> bool:
        """Tell whether a call is about an alarm that was closed a moment ago: the word of it is on its way."""
        closed_s, alarms = self._closed.get(unit_id, (-NEVER, ()))
        return event.alarm in alarms and now.mono_s - closed_s < timings.LATE_CALL_WITHIN_S

    def _about_leg(
        self, event: cev.LegAnswered | cev.LegEnded | cev.KeyHeard | cev.LegRinging, now: Moment
    ) -> list[Effect]:
        call = next((call for call in self._calls.values() if event.leg in call.parties), None)
        effects = self._board.log.ended(event, now) if isinstance(event, cev.LegEnded) else []
        if call is None:
            return effects
        match event:
            case cev.LegAnswered():
                call.answered(event.leg, now)
            case cev.LegEnded():
                call.ended(event, now)
            case cev.KeyHeard():
                self._key_heard(call, event, now)
            case cev.LegRinging():  # pragma: no branch - the last; that it rings is shown since it was asked for
                pass
        return effects

    def _key_heard(self, call: Conversation, event: cev.KeyHeard, now: Moment) -> None:
        party = call.parties[event.leg]
        if party.speaks and party.keeps and isinstance(party.address, Phone):
            self._acting.key(call, party, event.key, now)
        else:
            call.key_heard(event.leg, event.key, now)

    def _speech_acted(self, event: cev.SpeechActed, now: Moment) -> list[Effect]:
        case = self._board.cases.get(event.incident_id)
        if not self._has_voice:
            return [Reply(event.request_id, Problem.NO_VOICE)]
        if case is None:
            return [Reply(event.request_id, self._board.cases.why_not_open(event.incident_id))]
        call = self._call_about(event.incident_id) or self._call_of(case.incident.unit_id)
        problem = self._acting.act(event, case, call, now)
        if problem is None and call is not None and event.act == Hold(is_on=False):
            self._focus[event.operator] = call.number
        return [Reply(event.request_id, problem, case.incident.owner)]

    def _sound_test_asked(self, event: cev.SoundTestAsked, now: Moment) -> list[Effect]:
        if not self._board.directory.knows(event.unit_id):
            return [Reply(event.request_id, Problem.NO_UNIT)]
        return [*self._board.orders.issue(event.unit_id, wire.TestSound(), 0, now), Reply(event.request_id)]

    def _voice_lost(self, event: cev.VoiceLost, now: Moment) -> list[Effect]:
        """Take that every call is gone: units call again by themselves, and their incidents are open still."""
        self._has_voice = False
        effects = self._board.log.all_ended(event.reason, now)
        for number, call in self._calls.items():
            call.note(EntryKind.VOICE_LOST, now)
            call.lose_voice()
            effects += self._told[number].lost(now)
        self._calls.clear()
        self._told.clear()
        self._board.take_effects()
        return effects

    # --- calls ---

    def _begin(self, case: Case, now: Moment) -> Conversation:
        self._count += 1
        call = self._calls[self._count] = Conversation(self._count, case.incident, self._board, now)
        self._told[self._count] = Told(call, self._board)
        return call

    def _call_of(self, unit_id: str) -> Conversation | None:
        """Return the call of a unit."""
        return next((call for call in self._standing() if unit_id and call.unit_id == unit_id), None)

    def _call_about(self, incident_id: int) -> Conversation | None:
        """Return the call about an incident."""
        return next((call for call in self._standing() if call.incident_id == incident_id), None)

    def _standing(self) -> Iterable[Conversation]:
        return (call for call in self._calls.values() if not call.is_over)

    def _parties(self, asking: int) -> Iterable[Party]:
        """Return everybody in calls; whom the call that asks rings itself, it may ring on."""
        for call in self._calls.values():
            for party in call.parties.values():
                if call.number != asking or party.speaks or party.due_s != NEVER:
                    yield party

    # --- what follows ---

    def _follow_incident(self, call: Conversation, now: Moment) -> None:
        case = self._board.cases.get(call.incident_id)
        if case is not None:
            call_course.owner_is(call, case.incident.owner, self._board, now)
        else:
            call.finish(now)
            self._board.log.forget(call.incident_id)

    def _offer_to_the_free(self, now: Moment) -> None:
        """Ring whoever can be rung now, and could not before, for a call that waits."""
        if self._board.free() - self._free or self._rung - self._board.rung():
            for call in self._standing():
                call.follow(call.routing.somebody_is_free(now), now)
        self._free, self._rung = self._board.free(), self._board.rung()

    def _turn_heads(self, now: Moment) -> None:
        """Let an operator who speaks in two calls be in the one last taken; the other client waits."""
        heads = {
            (party.operator, call.number) for call in self._calls.values() for party in call.keepers if party.operator
        }
        for operator, number in sorted(heads - self._heads):
            self._focus[operator] = number
        self._heads = heads
        self._focus = {
            operator: self._focus[operator] if (operator, self._focus[operator]) in heads else number
            for operator, number in sorted(heads)
        }
        for call in self._calls.values():
            call.turn_heads(self._focus, now)
