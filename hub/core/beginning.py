"""What an operator can ask where there is no call yet: speak with the client, call somebody, announce something.

Rules: a unit is called by telling it to call, which goes through every router; the operator is rung at once, and nobody
else in their place. Where a call stands already, it goes on in that one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from device.wire import messages as wire
from device.wire.vocabulary import CallPurpose, SpeechMode
from hub.core import call_course, timings
from hub.core.conversation import Conversation
from hub.core.effects import Problem
from hub.core.incidents import Case
from hub.core.moment import Moment
from hub.core.party import Party
from hub.core.records import EntryKind
from hub.core.speech_acts import Add, Announce, AnnounceLive, BeginningAct, CallBack
from hub.core.switchboard import Switchboard

Begin = Callable[[Case, Moment], Conversation]
"""Begins a call about an incident."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, about which incident, and the call that stands already."""

    operator: str
    case: Case
    call: Conversation | None

    @property
    def purpose_of_announcing(self) -> CallPurpose:
        """Return what a unit is called for to announce something: one that is in alarm is spoken with."""
        return CallPurpose.SPEAK if self.case.incident.alarms else CallPurpose.ANNOUNCE


class Beginning:
    """Begins calls for operators."""

    def __init__(self, board: Switchboard, begin: Begin) -> None:
        """Take what begins a call."""
        self._board = board
        self._begin = begin

    def act(self, act: BeginningAct, asking: Asking, now: Moment) -> Problem | None:
        """Do it, or say why not."""
        if not isinstance(act, Add) and not asking.case.incident.unit_id:
            return Problem.NO_UNIT
        if self._needs_ear(act, asking) and not self._board.bells_of(asking.operator):
            return Problem.NO_WAY_TO_SPEAK
        if asking.call is not None and len(asking.call.parties) >= timings.MOST_PARTIES:
            return Problem.TOO_MANY
        call = asking.call or self._begin(asking.case, now)
        match act:
            case CallBack():
                self._call_back(call, asking.operator, CallPurpose.SPEAK, now)
            case AnnounceLive():
                self._announce_live(act, call, asking, now)
            case Announce():
                self._announce(act, call, asking, now)
            case Add():  # pragma: no branch - the last of the union
                self._add(act, call, asking, now)
        return None

    def _needs_ear(self, act: BeginningAct, asking: Asking) -> bool:
        """Tell whether the operator must be rung for it."""
        if isinstance(act, Announce) or (isinstance(act, Add) and asking.call is not None):
            return False
        return asking.call is None or not asking.call.is_kept_by(asking.operator)

    def _call_back(self, call: Conversation, operator: str, purpose: CallPurpose, now: Moment) -> None:
        if not call.has_unit_coming:
            call.purpose = purpose
            call.note(EntryKind.CALLED_BACK, now, operator)
            self._tell_to_call(call, now)
        self._bring(operator, call, now)

    def _announce_live(self, act: AnnounceLive, call: Conversation, asking: Asking, now: Moment) -> None:
        self._call_back(call, asking.operator, asking.purpose_of_announcing, now)
        if asking.call is None:
            call.mode = SpeechMode.SPEAK
        call.note(EntryKind.ANNOUNCED_LIVE, now, asking.operator)
        _note_reason(call, asking.operator, act.reason, now)

    def _announce(self, act: Announce, call: Conversation, asking: Asking, now: Moment) -> None:
        words = f"{act.library}: {act.text}" if act.library else act.text
        call.note(EntryKind.ANNOUNCED, now, asking.operator, words)
        _note_reason(call, asking.operator, act.reason, now)
        call.do(*call.telling.announce(act.text, act.language, now))
        if asking.call is None:
            call.is_only_announced = True
            call.purpose = asking.purpose_of_announcing
            call.mode = SpeechMode.SPEAK
        if not call.has_unit_coming:
            self._tell_to_call(call, now)

    def _add(self, act: Add, call: Conversation, asking: Asking, now: Moment) -> None:
        party = Party.that_is_added(self._board.new_name(), act.address, now)
        call.note(EntryKind.CALLED, now, asking.operator, party.name)
        call_course.ring_if_free(call, party, self._board, now)
        if asking.call is None:
            self._bring(asking.operator, call, now)

    def _bring(self, operator: str, call: Conversation, now: Moment) -> None:
        """Ring the operator, unless they speak in the call."""
        if not call.is_kept_by(operator):
            call.follow(call.routing.begin(operator, now, for_owner_alone=call.unit is None), now)

    def _tell_to_call(self, call: Conversation, now: Moment) -> None:
        call_id = self._board.new_name()
        call.expect_unit(call_id, now)
        order = wire.PlaceCall(call_id=call_id, purpose=call.purpose)
        call.do(*self._board.orders.issue(call.unit_id, order, call.incident_id, now))


def _note_reason(call: Conversation, operator: str, reason: str, now: Moment) -> None:
    if reason:
        call.note(EntryKind.ANNOUNCED_BECAUSE, now, operator, reason)
