"""The course of a call: what is due in it, and what changes when its incident changes hands."""

from hub.core.call_records import PartKind
from hub.core.conversation import Conversation
from hub.core.moment import Moment
from hub.core.party import Party
from hub.core.records import EntryKind
from hub.core.switchboard import Switchboard


def next_deadline(call: Conversation) -> float:
    """Return when something is due in a call."""
    return min(
        call.routing.next_deadline(),
        call.telling.next_deadline(),
        call.unit_due_s,
        call.direct_due_s,
        call.end_due_s,
        *(party.due_s for party in call.parties.values()),
    )


def due(call: Conversation, now: Moment) -> None:
    """Do what is due."""
    call.follow(call.routing.due(now), now)
    for party in [party for party in call.parties.values() if party.due_s <= now.mono_s]:
        call.leave(party)
        call.note(EntryKind.RUNG_IN_VAIN, now, party.name)
    if call.direct_due_s <= now.mono_s:
        call.ring_unit(now)
    if call.unit_due_s <= now.mono_s:
        call.note(EntryKind.NOT_CALLED_BACK, now, call.unit_id)
        call.finish(now)
    if call.end_due_s <= now.mono_s:
        call.finish(now)
    call.do(*call.telling.due(call.situation, now))


def owner_is(call: Conversation, owner: str, board: Switchboard, now: Moment) -> None:
    """Bring a call to whoever has its incident now; where nobody has, to everybody."""
    if owner == call.owner:
        return
    call.owner = owner
    if call.is_kept_by(owner):
        return
    if call.keepers and owner:
        hand_over(call, call.keepers[0].name, owner, board, now)
    elif not call.keepers and (call.unit is not None or call.routing.is_running):
        call.follow(call.routing.begin(owner, now), now)


def hand_over(call: Conversation, replaced: str, operator: str, board: Switchboard, now: Moment) -> None:
    """Ring an operator, at every bell, to take another's place; one who is rung for that already goes on ringing."""
    if any(party.name == operator and party.keeps for party in call.parties.values()):
        return
    if operator in board.rung():
        call.note(EntryKind.WAS_BUSY, now, operator)
        return
    group = board.new_name()
    for address in board.bells_of(operator):
        party = Party.that_replaces(board.new_name(), address, replaced, now)
        party.name, party.kind, party.group, party.takes_incident = operator, PartKind.OPERATOR, group, True
        call.ring(party)


def ring_if_free(call: Conversation, party: Party, board: Switchboard, now: Moment) -> None:
    """Ring somebody an operator asks for; one who is rung already is busy."""
    if party.who in board.rung():
        call.note(EntryKind.WAS_BUSY, now, party.name)
    else:
        call.ring(party)
