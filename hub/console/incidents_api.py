"""The incidents as JSON: what is open and closed, and what an operator can do with one.

Every act goes to the core and waits for its word: 409 with the problem and the owner says why it was not done.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from hub.console.answers import RefusedError, done
from hub.console.auth import SignedIn, Visitor, signed_in
from hub.console.call_views import LegOut, RecordingOut
from hub.console.parts import Parts, PartsOf
from hub.console.recordings_api import may_hear
from hub.console.register import FormIn, Lines
from hub.console.views import EntryOut, HealthOut, IncidentOut, OrderOut, View, ladder_of
from hub.console.wording import ALARM_OUTCOMES, FAULT_OUTCOMES
from hub.core.effects import Problem, Reply
from hub.core.events import Act
from hub.core.records import Incident, Outcome, TimelineEntry
from hub.ports import AdapterError

router = APIRouter(prefix="/api/incidents", tags=["incidents"], dependencies=[Depends(signed_in)])

CHOSEN_BY_PEOPLE = frozenset((*ALARM_OUTCOMES, *FAULT_OUTCOMES))
Done = dict[str, bool]


class NoteIn(FormIn):
    """A note."""

    text: Lines = Field(min_length=1, max_length=2000)


class ClosingIn(FormIn):
    """How it ended."""

    outcome: Outcome | None = None
    text: Lines = Field(default="", max_length=2000)


class IncidentDetail(View):
    """All that an operator needs while handling an incident."""

    incident: IncidentOut
    timeline: tuple[EntryOut, ...]
    orders: tuple[OrderOut, ...] = ()
    health: HealthOut | None = None
    legs: tuple[LegOut, ...] = ()
    recordings: tuple[RecordingOut, ...] = ()


@router.get("")
async def open_incidents(parts: PartsOf) -> list[IncidentOut]:
    """Return what is open: alarms first, and of each urgency the one that has waited longest."""
    return parts.live.board.incidents()


@router.get("/closed")
def closed_incidents(
    parts: PartsOf,
    before: Annotated[int | None, Query(ge=1)] = None,
    unit: Annotated[str, Query(max_length=32)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[IncidentOut]:
    """Return what is closed, newest first; of one unit also what is open."""
    reader = parts.reader
    found = reader.incidents_of(unit, limit) if unit else reader.closed_incidents(limit, before)
    return [_view(parts, incident, reader.timeline(incident.incident_id)) for incident in found]


@router.get("/{incident_id}")
async def incident(incident_id: int, visitor: SignedIn, parts: PartsOf) -> IncidentDetail:
    """Return all about one incident. What is open is shown though the store may not have it yet."""
    board = parts.live.board
    shown, entries = board.incident(incident_id), board.entries(incident_id)
    return await run_in_threadpool(_detail, parts, visitor, incident_id, (shown, entries))


@router.post("/{incident_id}/accept")
async def accept(incident_id: int, visitor: SignedIn, parts: PartsOf) -> Done:
    """Take it: the first wins."""
    return done(await parts.line.act(visitor.operator.name, incident_id, Act.ACCEPT))


@router.post("/{incident_id}/take-over")
async def take_over(incident_id: int, visitor: SignedIn, parts: PartsOf) -> Done:
    """Take it from whoever has it."""
    return done(await parts.line.act(visitor.operator.name, incident_id, Act.TAKE_OVER))


@router.post("/{incident_id}/release")
async def release(incident_id: int, visitor: SignedIn, parts: PartsOf) -> Done:
    """Give it back to everybody."""
    return done(await parts.line.act(visitor.operator.name, incident_id, Act.RELEASE))


@router.post("/{incident_id}/note")
async def note(incident_id: int, written: NoteIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """Write something down."""
    return done(await parts.line.act(visitor.operator.name, incident_id, Act.NOTE, written.text))


@router.post("/{incident_id}/close")
async def close(incident_id: int, ending: ClosingIn, visitor: SignedIn, parts: PartsOf) -> Done:
    """End it."""
    if ending.outcome not in CHOSEN_BY_PEOPLE:
        raise RefusedError(Reply("", Problem.NO_OUTCOME))
    return done(await parts.line.act(visitor.operator.name, incident_id, Act.CLOSE, ending.text, ending.outcome))


def _detail(
    parts: Parts, visitor: Visitor, incident_id: int, on_board: tuple[IncidentOut | None, tuple[TimelineEntry, ...]]
) -> IncidentDetail:
    shown, shown_entries = on_board
    try:
        return _read(parts, visitor, incident_id, shown, shown_entries)
    except AdapterError:  # the screens go on though the store does not
        if shown is None:
            raise
        return IncidentDetail(incident=shown, timeline=tuple(map(EntryOut.of, shown_entries)))


def _read(
    parts: Parts,
    visitor: Visitor,
    incident_id: int,
    shown: IncidentOut | None,
    shown_entries: tuple[TimelineEntry, ...],
) -> IncidentDetail:
    reader = parts.reader
    entries = {entry.number: entry for entry in (*reader.timeline(incident_id), *shown_entries)}
    timeline = [entries[number] for number in sorted(entries)]
    if shown is None:
        kept = reader.incident(incident_id)
        if kept is None:
            raise RefusedError(Reply("", Problem.NO_SUCH_INCIDENT))
        shown = _view(parts, kept, timeline)
    last = reader.last_heartbeat(shown.unit_id) if shown.unit_id else None
    is_theirs = may_hear(visitor, shown.owner)
    return IncidentDetail(
        incident=shown,
        timeline=tuple(map(EntryOut.of, timeline)),
        orders=tuple(map(OrderOut.of, reader.orders(incident_id))),
        health=HealthOut.of(last) if last else None,
        legs=tuple(map(LegOut.of, reader.call_legs(incident_id))),
        recordings=tuple(
            RecordingOut.of(one, reader.listenings(one.recording_id), is_theirs)
            for one in reader.recordings(incident_id)
        ),
    )


def _view(parts: Parts, found: Incident, timeline: list[TimelineEntry]) -> IncidentOut:
    home = parts.reader.home(found.unit_id) if found.unit_id else None
    return IncidentOut.of(found, ladder_of(timeline), home)
