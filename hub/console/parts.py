"""The parts of the console that its routes use, and how a route gets them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from hub.console.call_book import CallBook
from hub.console.core_line import CoreLine
from hub.console.first_code import FirstCode
from hub.console.listeners import Listeners
from hub.console.live import Live
from hub.console.operators import Operators
from hub.console.passwords import Passwords
from hub.console.register import Register
from hub.console.sessions import Sessions
from hub.console.settings import ConsoleSettings
from hub.console.throttle import Guesses
from hub.ports import BrowserSpeech, Recordings, StoreReader

Measures = Callable[[], Mapping[str, float]]
"""Named numbers for Prometheus; a name that ends in `_total` only grows."""
Checks = Callable[[], Mapping[str, bool]]
"""Named conditions without which the centre does not work."""


@dataclass(slots=True)
class Parts:
    """Everything a route may ask for. `origins` are the pages that may ask the console for something.

    Without `speech` nobody can speak from a browser, without `recordings` nothing that was recorded can be heard.
    """

    settings: ConsoleSettings
    reader: StoreReader
    line: CoreLine
    live: Live
    sessions: Sessions
    register: Register
    operators: Operators
    passwords: Passwords
    call_book: CallBook
    origins: frozenset[str]
    first_code: FirstCode | None = None
    measures: Measures = dict
    checks: Checks = dict
    speech: BrowserSpeech | None = None
    recordings: Recordings | None = None
    listeners: Listeners = field(default_factory=Listeners)
    guesses: Guesses = field(default_factory=Guesses)
    wall_s: Callable[[], float] = time.time

    async def sign_out(self, operator: str, spared: str = "") -> None:
        """Sign an operator out of every browser but the one whose session has the hash `spared`."""
        sessions = self.sessions.others_of(operator, spared)
        ended = [self.sessions.end(session, self.wall_s()) for session in sessions]
        self.live.end_sessions({session.token_hash for session in ended})
        if ended:
            await self.line.edit(*ended)


def parts_of(request: Request) -> Parts:
    """Return the parts of the console that serves this request."""
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(parts_of)]
