"""What an operator asks of a call: done, or a problem that says why not.

Rules: a call is its operator's, the one who has the incident; whoever speaks in it may act in it, too.
"""

from device.wire.vocabulary import SpeechMode
from hub.core import call_course, timings
from hub.core.beginning import Asking, Begin, Beginning
from hub.core.call_events import SpeechActed
from hub.core.call_records import Browser
from hub.core.conversation import Conversation
from hub.core.effects import Problem
from hub.core.incidents import Case
from hub.core.moment import Moment
from hub.core.party import LOUDEST, Party
from hub.core.records import EntryKind
from hub.core.speech_acts import (
    ActInCall,
    BeginningAct,
    Drop,
    HangUp,
    Hold,
    Mute,
    SetMode,
    SetVolume,
    Transfer,
)
from hub.core.switchboard import Switchboard

KEYS: dict[str, ActInCall] = {
    "0": HangUp(),
    "4": SetMode(SpeechMode.DUPLEX),
    "7": SetMode(SpeechMode.LISTEN),
    "8": SetMode(SpeechMode.SPEAK),
}
LOUDER, SOFTER = "1", "3"
"""What an operator at a telephone can press."""


class Acting:
    """Does what operators ask."""

    def __init__(self, board: Switchboard, begin: Begin) -> None:
        """Take what begins a call."""
        self._board = board
        self._beginning = Beginning(board, begin)

    def act(self, event: SpeechActed, case: Case, call: Conversation | None, now: Moment) -> Problem | None:
        """Do it, or say why not."""
        operator = event.operator
        if case.incident.owner != operator and not (call and call.is_kept_by(operator)):
            return Problem.NOT_YOURS if case.incident.owner else Problem.NOT_ACCEPTED
        if isinstance(event.act, BeginningAct):
            return self._beginning.act(event.act, Asking(operator, case, call), now)
        if call is None:
            return Problem.NO_CALL
        return self._in_call(event.act, operator, call, now)

    def key(self, call: Conversation, party: Party, key: str, now: Moment) -> None:
        """Do what somebody who speaks by telephone asks by a key; a key without a meaning is passed over."""
        if key in (LOUDER, SOFTER):
            step = 1 if key == LOUDER else -1
            call.volume = min(LOUDEST, max(0, call.volume + step))
        elif key in KEYS:
            self._in_call(KEYS[key], party.name, call, now)

    # --- in a call ---

    def _in_call(self, act: ActInCall, operator: str, call: Conversation, now: Moment) -> Problem | None:
        match act:
            case HangUp():
                call.finish(now)
            case Mute():
                for party in call.speakers:
                    party.is_muted = act.is_on if party.name == operator else party.is_muted
            case SetMode():
                call.mode = act.mode
                call.note(EntryKind.MODE_SET, now, operator, act.mode)
            case Hold():
                _hold(call, act.is_on, operator, now)
            case SetVolume() | Drop():
                return _about_leg(act, call, now)
            case Transfer():  # pragma: no branch - the last of the union
                return self._transfer(act, operator, call, now)
        return None

    def _transfer(self, act: Transfer, operator: str, call: Conversation, now: Moment) -> Problem | None:
        if len(call.parties) >= timings.MOST_PARTIES:
            return Problem.TOO_MANY
        if isinstance(act.address, Browser):
            call_course.hand_over(call, operator, act.address.operator, self._board, now)
        else:
            party = Party.that_replaces(self._board.new_name(), act.address, operator, now)
            call_course.ring_if_free(call, party, self._board, now)
        return None


def _hold(call: Conversation, is_on: bool, operator: str, now: Moment) -> None:
    if call.is_held == is_on:
        return
    call.is_held = is_on
    call.note(EntryKind.PUT_ON_HOLD if is_on else EntryKind.TAKEN_BACK, now, operator)
    if is_on:
        call.do(*call.telling.tell_now(now))
    else:
        call.do(*call.telling.fall_silent(now))


def _about_leg(act: SetVolume | Drop, call: Conversation, now: Moment) -> Problem | None:
    if isinstance(act, SetVolume) and not act.leg:
        call.volume = min(LOUDEST, max(0, act.volume))
        return None
    party = call.parties.get(act.leg)
    if party is None or (isinstance(act, Drop) and call.routing.rings(act.leg)):
        return Problem.NO_SUCH_LEG
    if isinstance(act, SetVolume):
        party.volume = min(LOUDEST, max(0, act.volume))
        return None
    if party.is_unit:
        call.finish(now)
        return None
    call.leave(party)
    call.note(EntryKind.CALL_ENDED, now, party.name)
    return None
