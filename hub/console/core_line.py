"""The console's line to the core: an event goes out, its `Reply` comes back after the commit.

Nothing is changed by the console itself; who was first is decided where all events meet.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from hub.core import events as ev
from hub.core.call_events import SpeechActed
from hub.core.effects import Reply
from hub.core.records import Outcome, Record
from hub.core.speech_acts import SpeechAct
from hub.ports import Report


class NoReplyError(Exception):
    """The core has not answered in time: nobody knows whether it was done."""


class CoreLine:
    """Asks the core, from the console's loop."""

    def __init__(self, reply_within_s: float) -> None:
        """Begin without a line; `open` gives it one."""
        self._reply_within_s = reply_within_s
        self._report: Report | None = None
        self._waiting: dict[str, asyncio.Future[Reply]] = {}

    def open(self, report: Report) -> None:
        """Take the way to the core."""
        self._report = report

    def close(self) -> None:
        """Say nothing to the core any more."""
        self._report = None

    def tell(self, event: ev.Event) -> None:
        """Hand the core an event that has no reply."""
        if self._report is not None:
            self._report(event)

    async def act(
        self, operator: str, incident_id: int, act: ev.Act, text: str = "", outcome: Outcome | None = None
    ) -> Reply:
        """Do something with an incident. Raises NoReplyError."""
        return await self._ask(lambda request: ev.OperatorActed(request, operator, incident_id, act, text, outcome))

    async def speak(self, operator: str, incident_id: int, act: SpeechAct) -> Reply:
        """Ask something of an incident's call. Raises NoReplyError."""
        return await self._ask(lambda request: SpeechActed(request, operator, incident_id, act))

    async def edit(self, *records: Record) -> Reply:
        """Have records kept. Raises NoReplyError."""
        return await self._ask(lambda request: ev.RecordsEdited(request, records))

    def answered(self, reply: Reply) -> None:
        """Take a reply; one that nobody waits for any more is dropped."""
        future = self._waiting.get(reply.request_id)
        if future is not None and not future.done():
            future.set_result(reply)

    async def _ask(self, event_of: Callable[[str], ev.Event]) -> Reply:
        request_id = secrets.token_hex(8)
        future = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = future
        try:
            self.tell(event_of(request_id))
            return await _within(future, self._reply_within_s)
        finally:
            del self._waiting[request_id]


async def _within(reply: Awaitable[Reply], seconds: float) -> Reply:
    try:
        return await asyncio.wait_for(reply, seconds)
    except TimeoutError:
        raise NoReplyError(f"the centre's core has not answered within {seconds:g} s") from None
