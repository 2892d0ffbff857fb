"""What browsers hear live, and whether anybody is there to hear it.

A stream begins with a snapshot of all that is open; after any loss a browser starts again with a new one. A ping says
every two seconds that the centre lives. Who is at a console on shift is told to the core whenever that changes.
"""

import asyncio
import time

from hub.console.board import Board
from hub.console.call_views import CallOut
from hub.console.core_line import CoreLine
from hub.console.roster import Roster
from hub.console.settings import ConsoleSettings
from hub.console.streams import Stream, Streams
from hub.console.views import IncidentOut, View
from hub.core.call_view import CallState
from hub.core.effects import Show, ShowCall
from hub.core.events import ConsolesChanged
from hub.core.records import Session
from hub.ports import StoreReader

ROSTER_EVERY_S = 0.5


class Snapshot(View):
    """All that is open, most urgent first; `omitted` are the least urgent beyond what one screen can show."""

    now_s: float
    on_shift: tuple[str, ...]
    incidents: tuple[IncidentOut, ...]
    omitted: int
    calls: tuple[CallOut, ...]


class Ping(View):
    """The centre lives; its clock, and who is on shift."""

    now_s: float
    on_shift: tuple[str, ...]


class Live:
    """The board, the streams and the roster. Belongs to the console's loop."""

    def __init__(self, reader: StoreReader, line: CoreLine, settings: ConsoleSettings) -> None:
        """Begin with nobody there."""
        self.board = Board(reader, self._publish)
        self.streams = Streams(settings.most_streams)
        self._line = line
        self._ping_s = settings.ping_s
        self._roster = Roster(settings.alive_within_s)
        self._on_shift: frozenset[str] = frozenset()
        self._speaking: frozenset[str] = frozenset()
        self._calls: dict[int, CallOut] = {}

    @property
    def on_shift(self) -> tuple[str, ...]:
        """Return who is at a console, by name."""
        return tuple(sorted(self._on_shift))

    def show(self, show: Show) -> None:
        """Show an incident everywhere."""
        self.board.show(show)

    def show_call(self, show: ShowCall) -> None:
        """Show a call everywhere; one that has ended once more."""
        call = CallOut.of(show.call)
        if call.state is CallState.ENDED:
            self._calls.pop(call.conversation, None)
        else:
            self._calls[call.conversation] = call
        self.streams.publish("call", call.model_dump_json())

    def snapshot(self) -> Snapshot:
        """Return all that is open."""
        shown = tuple(self.board.incidents())
        omitted = len(self.board) - len(shown)
        calls = tuple(self._calls.values())
        return Snapshot(now_s=time.time(), on_shift=self.on_shift, incidents=shown, omitted=omitted, calls=calls)

    def open_stream(self, session: Session) -> Stream | None:
        """Open a stream for a browser, None where there are too many."""
        if not self.streams.has_room():
            return None
        self._roster.stream_opened(session.token_hash, session.operator)
        return self.streams.open(session, self.snapshot().model_dump_json())

    def close_stream(self, stream: Stream) -> None:
        """Note that a stream has ended."""
        self.streams.close(stream)
        self._roster.stream_closed(stream.session.token_hash)
        self._tell_roster()

    def alive(self, session: Session, is_on_shift: bool, can_speak: bool) -> bool:
        """Note that somebody hears a browser, or not; return False where it has no stream."""
        is_known = self._roster.alive(session.token_hash, is_on_shift, can_speak, time.monotonic())
        self._tell_roster()
        return is_known

    def end_sessions(self, token_hashes: set[str]) -> None:
        """End the streams of browsers that were signed out."""
        self.streams.end(lambda session: session.token_hash in token_hashes)

    async def run(self) -> None:
        """Ping, watch the roster and look up homes, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ping())
            tasks.create_task(self._watch_roster())
            tasks.create_task(self.board.look_up_homes())

    def close(self) -> None:
        """End every stream."""
        self.streams.end(lambda _: True)
        self.board.close()

    async def _ping(self) -> None:
        while True:
            now_s = time.time()
            self.streams.end(lambda session: now_s >= session.expires_s)  # noqa: B023 - used at once
            self.streams.publish("ping", Ping(now_s=now_s, on_shift=self.on_shift).model_dump_json())
            await asyncio.sleep(self._ping_s)

    async def _watch_roster(self) -> None:
        while True:
            self._tell_roster()
            await asyncio.sleep(ROSTER_EVERY_S)

    def _tell_roster(self) -> None:
        now_s = time.monotonic()
        live, speaking = self._roster.live(now_s), self._roster.speaking(now_s)
        if (live, speaking) != (self._on_shift, self._speaking):
            self._on_shift, self._speaking = live, speaking
            self._line.tell(ConsolesChanged(live, speaking))

    def _publish(self, incident: IncidentOut) -> None:
        self.streams.publish("incident", incident.model_dump_json())
