"""What the world was told of a call, set beside what is so: told is the difference, once.

Who hears whom, what screens show, how the unit speaks, whether it is recorded: none of it is said where it changes,
all of it is compared here after every event. So nothing is forgotten, and nothing is said twice.
"""

from device.wire import messages as wire
from device.wire.vocabulary import SpeechMode
from hub.core.call_view import CallState, CallView
from hub.core.conversation import Conversation
from hub.core.effects import Bridge, Effect, Part, ShowCall, StopRecording
from hub.core.moment import Moment
from hub.core.party import NORMAL_VOLUME
from hub.core.records import EntryKind
from hub.core.switchboard import Switchboard

AS_IT_COMES = (SpeechMode.DUPLEX, NORMAL_VOLUME)


class Told:
    """What the world knows of one call."""

    def __init__(self, call: Conversation, board: Switchboard) -> None:
        """Begin with nothing told."""
        self._call = call
        self._board = board
        self._parts: tuple[Part, ...] = ()
        self._view: CallView | None = None
        self._unit_leg = ""
        self._speech = AS_IT_COMES
        self._recording = ""

    def settled(self, now: Moment) -> list[Effect]:
        """Return what tells the world of what has changed in the call."""
        call = self._call
        effects = self._bridge()
        effects += self._record(now)
        effects += self._set_speech(now)
        case = self._board.cases.get(call.incident_id)
        if call.has_news and case is not None:
            effects += case.saved()
        call.has_news = False
        return effects + self._show()

    def lost(self, now: Moment) -> list[Effect]:
        """Return what tells of a call that is gone with the centre's voice: there is nothing to end any more."""
        self._parts, self._recording = (), ""
        return self.settled(now)

    def _bridge(self) -> list[Effect]:
        parts = parts_of(self._call)
        if parts == self._parts:
            return []
        self._parts = parts
        return [Bridge(self._call.number, parts)]

    def _record(self, now: Moment) -> list[Effect]:
        call, unit = self._call, self._call.unit
        is_wanted = call.hears_unit and bool(call.speakers) and call.telling.may_record
        if is_wanted and not self._recording and unit is not None:
            incident_id, organisation = call.incident_id, call.organisation
            recordings = self._board.recordings
            self._recording, effects = recordings.start(call.number, incident_id, organisation, unit.leg, now)
            call.note(EntryKind.RECORDED, now)
            return effects
        if self._recording and not call.hears_unit:
            recording, self._recording = self._recording, ""
            return [StopRecording(recording)]
        return []

    def _set_speech(self, now: Moment) -> list[Effect]:
        """Tell the unit how to speak; every call of it begins as it comes."""
        call, unit = self._call, self._call.unit
        if unit is None or not unit.speaks:
            return []
        if unit.leg != self._unit_leg:
            self._unit_leg, self._speech = unit.leg, AS_IT_COMES
        wanted = (call.mode, call.volume)
        if wanted == self._speech:
            return []
        self._speech = wanted
        order = wire.SetSpeech(mode=call.mode, volume=call.volume)
        return self._board.orders.issue(call.unit_id, order, call.incident_id, now)

    def _show(self) -> list[Effect]:
        view = view_of(self._call, is_recorded=bool(self._recording))
        if view == self._view:
            return []
        self._view = view
        return [ShowCall(view)]


def parts_of(call: Conversation) -> tuple[Part, ...]:
    """Return who hears whom."""
    parts: list[Part] = []
    for party in call.parties.values():
        if not party.speaks or party.is_elsewhere:
            continue
        if party.is_unit:
            hears = not call.is_held and call.mode in (SpeechMode.DUPLEX, SpeechMode.SPEAK)
            is_heard = not call.is_held and call.mode in (SpeechMode.DUPLEX, SpeechMode.LISTEN)
            parts.append(party.part(hears, is_heard))
        else:
            parts.append(party.part())
    return tuple(parts)


def view_of(call: Conversation, is_recorded: bool) -> CallView:
    """Return a call as screens show it."""
    return CallView(
        conversation=call.number,
        incident_id=call.incident_id,
        unit_id=call.unit_id,
        state=_state_of(call),
        since_s=call.began_s,
        answered_s=call.answered_s,
        parts=tuple(party.view(call.is_held and party.is_unit) for party in call.parties.values()),
        mode=call.mode,
        volume=call.volume,
        is_recorded=is_recorded,
        is_announcement=call.is_announcement,
        saying=call.telling.text,
    )


def _state_of(call: Conversation) -> CallState:
    if call.is_over:
        return CallState.ENDED
    if call.hears_unit and call.is_held:
        return CallState.HELD
    if call.speakers and (call.hears_unit or not call.expects_unit):
        return CallState.SPEAKING
    if call.expects_unit:
        return CallState.BROKEN if call.was_here else CallState.CALLING_BACK
    return CallState.WAITING
