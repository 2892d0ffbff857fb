"""One call of a unit with whoever speaks in it: what each thing that happens to one of its legs changes.

Rules: whoever answers first has the incident, and it rings nowhere else. A call that breaks is kept open: the unit
calls again by itself, and lands at the same operator. When the operator is lost, the client is not: the operator is
rung again, then everybody else. What the world is told of it all is decided in `call_settling`.
"""

from device.wire.vocabulary import CallPurpose, SpeechMode
from hub.core import call_events as cev
from hub.core import timings
from hub.core.call_facts import CallFacts
from hub.core.call_moves import Asked, Entered, GivenUp, Missed, Move, Passed, Rung, Stopped, Taken
from hub.core.call_records import PartKind, Phone
from hub.core.call_view import PartState
from hub.core.effects import AnswerCall, Prompt, Say, Spoken
from hub.core.moment import NEVER, Moment
from hub.core.party import Party
from hub.core.records import EntryKind
from hub.core.signals import AcceptedBy, TakenOverBy
from hub.core.telling import Situation

WHY_MISSED = {
    Missed.UNANSWERED: EntryKind.RUNG_IN_VAIN,
    Missed.SAID_NO: EntryKind.WAS_BUSY,
    Missed.NOT_REACHED: EntryKind.NOT_REACHED,
    Missed.NOT_CONFIRMED: EntryKind.NOT_CONFIRMED,
}
HUNG_UP = 200
"""SIP's status of a leg that stood and was ended in good order."""


class Conversation(CallFacts):
    """A unit's call, or one that is to become one."""

    # --- the unit ---

    def unit_called(self, leg: str, now: Moment) -> None:
        """Take the unit's call; a leg that it had before is dead."""
        self._drop_unit()
        self.join(Party.that_called(leg, self.unit_id, now))
        self.do(AnswerCall(leg))
        self.note(EntryKind.UNIT_CALLED, now, self.unit_id)
        self._unit_is_here(now)

    def expect_unit(self, call_id: str, now: Moment) -> None:
        """Wait for a unit that is told to call."""
        self.call_id = call_id
        self.unit_due_s = now.mono_s + timings.UNIT_CALLS_WITHIN_S
        self.direct_due_s = now.mono_s + timings.UNIT_CALLED_DIRECTLY_AFTER_S

    def look(self, now: Moment) -> None:
        """Look for somebody to speak with the client, unless somebody does, or is looked for."""
        if not (self.keepers or self.routing.is_running):
            self.follow(self.routing.begin(self.owner, now), now)

    def _unit_is_here(self, now: Moment) -> None:
        self.unit_due_s = self.direct_due_s = NEVER
        if self.is_only_announced and not self.telling.has_to_announce:
            self.is_only_announced, self.mode = False, SpeechMode.DUPLEX  # it was read: who calls now wants to speak
        if not self.is_announcement:
            self.look(now)

    def _drop_unit(self) -> None:
        if self.unit is not None:
            self.leave(self.unit)
            self.telling.unit_gone()

    def _unit_answered(self, unit: Party, now: Moment) -> None:
        unit.speaks_since(now)
        self.was_here = True
        self._unit_is_here(now)
        self.telling.unit_answered(unit.leg, now)
        if self.keepers:
            self.telling.is_greeted = True
            self._speak(self.keepers[0], now)

    def _unit_ended(self, unit: Party, event: cev.LegEnded, now: Moment) -> None:
        if not unit.speaks and unit.address is not None:
            return  # called directly, and not reached: it may call by itself still
        if self.telling.unit_gone():
            self.note(EntryKind.ANNOUNCEMENT_CUT, now)
        self.note(_end_kind(event), now, self.unit_id)
        if self.is_alarm and self.purpose is CallPurpose.SPEAK:
            self.unit_due_s = now.mono_s + timings.UNIT_BACK_WITHIN_S
        else:
            self.finish(now)

    def ring_unit(self, now: Moment) -> None:
        """Call the unit, which was told to call and has not."""
        self.direct_due_s = NEVER
        self.ring(Party.that_is_called(self.board.new_name(), self.unit_id, now))

    # --- legs ---

    def answered(self, leg: str, now: Moment) -> None:
        """Take that a leg stands."""
        party = self.parties[leg]
        self.do(*self.board.log.answered(leg, now))
        if self.routing.rings(leg):
            self.follow(self.routing.answered(leg, now), now)
        elif party.is_unit:
            self._unit_answered(party, now)
        elif party.must_confirm:
            self._ask(party)
        else:
            self.speak(party, now)

    def key_heard(self, leg: str, key: str, now: Moment) -> None:
        """Take the key by which a person at a telephone says: it is me."""
        party = self.parties[leg]
        if self.routing.rings(leg):
            self.follow(self.routing.key_heard(leg, key), now)
        elif party.state is PartState.CONFIRMING and key == "1":
            self.speak(party, now)

    def ended(self, event: cev.LegEnded, now: Moment) -> None:
        """Take that a leg is over."""
        party = self.parties[event.leg]
        if self.routing.rings(event.leg):
            self.follow(self.routing.ended(event.leg, event.status, now), now)
            return
        del self.parties[event.leg]
        if party.is_unit:
            self._unit_ended(party, event, now)
        elif party.speaks:
            self._speaker_ended(party, event, now)
        else:
            self.note(WHY_MISSED[party.why_missed(event.status)], now, party.name)

    def saying_ended(self, saying: str, is_complete: bool, now: Moment) -> None:
        """Take that something was said: an announcement is over, a question is asked again."""
        leg = self.questions.pop(saying, "")
        if is_complete and leg in self.parties and self.parties[leg].state is PartState.CONFIRMING:
            self._ask(self.parties[leg])
        is_played = self.telling.ended(saying, is_complete, now)
        if is_played is None:
            return
        self.note(EntryKind.ANNOUNCEMENT_PLAYED if is_played else EntryKind.ANNOUNCEMENT_CUT, now)
        if self.is_only_announced and not self.speakers:
            self.finish(now)

    def speak(self, party: Party, now: Moment) -> None:
        """Let somebody speak from now on, and have the incident where that goes with it."""
        party.speaks_since(now)
        self.note(EntryKind.CALL_TAKEN, now, party.name)
        self.was_broken = False
        for other in [one for one in self.speakers if one.name == party.replaces and one is not party]:
            self.leave(other)
            self.note(EntryKind.PASSED_ON, now, other.name, party.name)
        self._stop_others_of(party)
        if party.keeps:
            self.follow(self.routing.stop(), now)
            self.do(*self.telling.fall_silent(now))
        if party.takes_incident:
            self._accept(party.name, now)
        if party.kind is PartKind.PHONE and self.telling.is_recorded:
            self.do(Say(self.board.new_name(), party.leg, Spoken((Prompt.RECORDED,), self.language)))
        if self.hears_unit:
            self._speak(party, now)

    def _speak(self, party: Party, now: Moment) -> None:
        self.answered_s = self.answered_s or now.wall_s
        self.note(EntryKind.SPEAKING, now, party.name)

    def _speaker_ended(self, party: Party, event: cev.LegEnded, now: Moment) -> None:
        """Go on with whoever is there; an operator who is lost is rung again, one who hung up has ended the call."""
        self.note(_end_kind(event), now, party.name)
        has_hung_up = isinstance(party.address, Phone) and event.status == HUNG_UP and not event.is_silence
        if self.keepers or not party.keeps:
            return
        if has_hung_up or (self.unit is None and self.unit_due_s == NEVER):
            self.finish(now)
            return
        self.was_broken = True
        self.do(*self.telling.tell_now(now))
        self.look(now)

    def _stop_others_of(self, party: Party) -> None:
        """Stop what rings beside it for the same purpose: the same person's other bells."""
        for other in [one for one in self.parties.values() if one.group and one.group == party.group]:
            if other is not party:
                self.leave(other)

    def _accept(self, name: str, now: Moment) -> None:
        case = self.board.cases.get(self.incident_id)
        self.owner = name
        if case is not None and case.incident.owner != name:
            signal = TakenOverBy(name) if case.incident.owner else AcceptedBy(name)
            self.do(*self.board.cases.signal(case, signal, now))

    def _ask(self, party: Party) -> None:
        """Ask a telephone for the key, again and again until its time is over."""
        party.state = PartState.CONFIRMING
        saying = self.board.new_name()
        self.questions[saying] = party.leg
        self.do(Say(saying, party.leg, Spoken((Prompt.CONFIRM,), self.language)))

    # --- the way to somebody's ear ---

    def follow(self, moves: list[Move], now: Moment) -> None:
        """Do what the routing decides."""
        for move in moves:
            self._follow(move, now)

    def _follow(self, move: Move, now: Moment) -> None:
        match move:
            case Rung():
                self.ring(Party.that_is_offered(move.leg, move.address, move.member, now))
            case Stopped():
                self.leave(self.parties[move.leg])
            case Asked():
                self._ask(self.parties[move.leg])
            case Passed():
                self.parties.pop(move.leg, None)
                self.note(WHY_MISSED[move.why], now, move.member.name)
            case Entered():
                kind = EntryKind.ALL_RUNG if move.stage.is_everybody else EntryKind.LIST_RUNG
                self.note(kind, now, text=move.stage.name)
            case Taken():
                self.speak(self.parties[move.leg], now)
            case GivenUp():  # pragma: no branch - the last of the union
                self._given_up(now)

    def _given_up(self, now: Moment) -> None:
        """Go on where nobody takes it: the client is here all the same, or is told that nobody can answer."""
        if self.unit is None:
            return
        if self.routing.was_for_owner_alone:
            self.follow(self.routing.begin("", now), now)
        else:
            self.end_due_s = now.mono_s + timings.NOBODY_TOLD_FOR_S
            self.do(*self.telling.tell_now(now))

    def finish(self, now: Moment) -> None:
        """End it for everybody."""
        if self.telling.unit_gone() or self.telling.has_to_announce:
            self.note(EntryKind.ANNOUNCEMENT_CUT, now)
        self.routing.stop()
        for party in list(self.parties.values()):
            if party.speaks:
                self.note(EntryKind.CALL_ENDED, now, party.name)
            self.leave(party)
        self.unit_due_s = self.direct_due_s = self.end_due_s = NEVER
        self.is_over = True

    def lose_voice(self) -> None:
        """Take that every leg is gone, and nothing can be done about it."""
        self.telling.unit_gone()
        self.routing.stop()
        self.parties.clear()
        self.is_over = True

    def turn_heads(self, focus: dict[str, int], now: Moment) -> None:
        """Let those wait whose operator speaks in another call now, and be told so."""
        was_held = self.situation is Situation.HELD
        for party in self.keepers:
            party.is_elsewhere = focus.get(party.operator, self.number) != self.number
        if self.situation is Situation.HELD and not was_held:
            self.do(*self.telling.tell_now(now))
        elif was_held and self.situation is Situation.SPEAKING:
            self.do(*self.telling.fall_silent(now))


def _end_kind(event: cev.LegEnded) -> EntryKind:
    return EntryKind.CALL_ENDED if event.status == HUNG_UP and not event.is_silence else EntryKind.CALL_LOST
