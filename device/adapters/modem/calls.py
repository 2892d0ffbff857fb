"""One voice call at a time: out through a list of numbers, in from those whom the unit answers.

Rules: the modem's list of calls (AT+CLCC) is the truth, read every `POLL_S` while there is one; what comes unasked only
makes it read at once, and says why a call ended. A modem without that list is believed by its codes. A number that
does not answer within the ring time is hung up, and the next one is called. Nobody is answered but the callers that
were named; a caller's number can be forged, so an answered call may speak and command nothing. An unknown caller never
keeps an alarm waiting: dialling ends the ringing.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from device.adapters.modem.at import answers
from device.adapters.modem.at.answers import CallSeen, CallState
from device.adapters.modem.at.codes import (
    CallCause,
    CallerShown,
    CallMissed,
    CallOver,
    Ringing,
    ToneHeard,
    Unsolicited,
    VoiceBegun,
    VoiceOver,
)
from device.adapters.modem.at.commands import ANSWER, CALLS, HANG_UP, HANG_UP_ALL, Command, dial, send_tone
from device.adapters.modem.events import (
    AttemptEnded,
    CallAlerted,
    CallAnswered,
    CallDialled,
    CallEnd,
    CallEnded,
    CallIgnored,
    ModemEvent,
    ToneReceived,
)
from device.adapters.modem.phone_number import ForbiddenNumberError, is_same_line
from device.adapters.modem.profiles import Profile
from device.adapters.modem.refusal import Ask, granted
from device.ports import AdapterError, TransientAdapterError

log = logging.getLogger(__name__)

POLL_S = 0.5
RING_S = 30.0
CALLER_SHOWN_WITHIN_S = 6.0
"""The number comes with the ring, or with the next; without one by then, the caller hides."""
_OURS = (CallEnd.HUNG_UP_HERE, CallEnd.MODEM_LOST)
_ENDS = {
    CallCause.BUSY: CallEnd.BUSY,
    CallCause.NO_ANSWER: CallEnd.NO_ANSWER,
    CallCause.NO_DIALTONE: CallEnd.NO_CONNECTION,
    CallCause.NO_CARRIER: CallEnd.NO_CONNECTION,
}


@dataclass(frozen=True, slots=True)
class Current:
    """The call that there is."""

    call: int
    number: str
    since_s: float
    ring_s: float
    rest: tuple[str, ...] = ()
    is_incoming: bool = False
    is_alerted: bool = False
    is_answered: bool = False
    cause: CallEnd | None = None


@dataclass(slots=True)
class _Ring:
    """Somebody calls."""

    since_s: float
    number: str | None = None
    is_ignored: bool = False


@dataclass(slots=True)
class Calls:
    """The voice calls of one modem. Called by one thread."""

    ask: Ask
    report: Callable[[ModemEvent], None]
    profile: Profile
    callers: tuple[str, ...] = ()
    clock: Callable[[], float] = time.monotonic
    current: Current | None = None
    _last_incoming: int = 0  # counts downwards, so that none is a number that was given to a dialled call
    _ring: _Ring | None = None
    _is_listed: bool = True  # the modem knows AT+CLCC
    _look_at_s: float = math.inf

    @property
    def next_look_s(self) -> float:
        """When `look` is due, never without a call."""
        return self._look_at_s

    # --- what is asked of it ---

    def dial(self, call: int, numbers: tuple[str, ...], ring_s: float = RING_S) -> None:
        """Call the numbers one after another until one answers."""
        if self.current is not None:
            self.report(CallEnded(call, CallEnd.REFUSED, was_answered=False))
            return
        if self._ring is not None:
            self._ring = None
            self._hang_up()
        self._try(Current(call, "", 0.0, ring_s, numbers), CallEnd.REFUSED)

    def hang_up(self) -> None:
        """End the call, and call no further number."""
        if self.current is None:
            return
        self._hang_up()
        self._over(replace(self.current, rest=(), cause=CallEnd.HUNG_UP_HERE))

    def send_tones(self, tones: str) -> None:
        """Send these keys' tones into the call. Raises AdapterError."""
        if self.current is None or not self.current.is_answered:
            raise TransientAdapterError("there is no call to send tones into")
        for tone in tones:
            granted(self.ask, send_tone(tone))

    def lost(self) -> None:
        """The modem went away, and every call with it."""
        self._ring = None
        if self.current is not None:
            self._over(replace(self.current, rest=(), cause=CallEnd.MODEM_LOST), is_modem_there=False)

    # --- what comes ---

    def heard(self, said: Unsolicited) -> None:
        """Take what the modem says of calls."""
        if isinstance(said, Ringing | CallerShown):
            self._rings(said.number if isinstance(said, CallerShown) else None)
        elif isinstance(said, ToneHeard) and self.current is not None:
            self.report(ToneReceived(self.current.call, said.tone))
        elif isinstance(said, CallMissed):
            self._ring = None
        elif isinstance(said, CallOver | VoiceOver | VoiceBegun):
            self._hint(said)

    def look(self) -> None:
        """See how the call stands. Raises AdapterError where the modem does not reply."""
        now_s = self.clock()
        if self.current is not None and self._is_listed:
            self._compare(self.current, self._list())
        current = self.current
        if current is not None and not current.is_answered and now_s - current.since_s >= current.ring_s:
            self._hang_up()
            self._over(replace(current, cause=CallEnd.NO_ANSWER))
        if self._ring is not None and now_s - self._ring.since_s >= CALLER_SHOWN_WITHIN_S:
            self._ignore(self._ring)
        self._schedule()

    # --- out ---

    def _try(self, current: Current, end: CallEnd) -> None:
        """Call the next number that can be called; `end` is why the last one was not reached."""
        for place, number in enumerate(current.rest, start=1):
            problem = self._dial(current.call, number)
            if problem is None:
                self.current = Current(current.call, number, self.clock(), current.ring_s, current.rest[place:])
                self._schedule()
                return
            end = problem
            self.report(AttemptEnded(current.call, number, end))
        self.current = None
        self._schedule()
        self.report(CallEnded(current.call, end, was_answered=False))

    def _dial(self, call: int, number: str) -> CallEnd | None:
        """Return None where the modem is dialling, else why it is not."""
        try:
            command = dial(number)
        except ForbiddenNumberError as error:
            log.error("%s", error)
            return CallEnd.FORBIDDEN
        self.report(CallDialled(call, number))
        try:
            reply = self.ask(command)
        except AdapterError as error:
            log.warning("%s", error)
            return CallEnd.MODEM_LOST
        if reply.is_ok:
            return None
        return CallEnd.REFUSED if reply.cause is None else _ENDS[reply.cause]

    def _compare(self, current: Current, listed: tuple[CallSeen, ...]) -> None:
        """Hold the call against what the modem lists."""
        if not self._is_listed:
            return
        seen = next((call for call in listed if call.is_incoming == current.is_incoming), None)
        if seen is None:
            self._over(current)
        elif seen.state in (CallState.ACTIVE, CallState.HELD):
            self._answered(current)
        elif seen.state is CallState.ALERTING and not current.is_alerted:
            self.current = replace(current, is_alerted=True)
            self.report(CallAlerted(current.call, current.number))

    def _list(self) -> tuple[CallSeen, ...]:
        reply = self.ask(CALLS)
        self._is_listed = reply.is_ok
        return answers.calls(reply.lines)

    def _hint(self, said: CallOver | VoiceOver | VoiceBegun) -> None:
        """Take what a code says of the call; where there is a list, that decides."""
        current = self.current
        if current is None:
            if not isinstance(said, VoiceBegun):
                self._ring = None
            return
        if isinstance(said, CallOver):
            self.current = current = replace(current, cause=_ENDS[said.cause])
        if self._is_listed:
            self._look_at_s = self.clock()
        elif isinstance(said, VoiceBegun):
            self._answered(current)
        else:
            self._over(current)

    def _answered(self, current: Current) -> None:
        if current.is_answered:
            return
        self.current = replace(current, is_answered=True, rest=())
        has_sound = all(map(self._is_granted, self.profile.voice_on))
        self.report(CallAnswered(current.call, current.number, current.is_incoming, has_sound))

    def _over(self, current: Current, *, is_modem_there: bool = True) -> None:
        """The call, or this attempt, is over."""
        self.current = None
        if current.is_answered:
            if is_modem_there:
                for command in self.profile.voice_off:
                    self._is_granted(command)
            end = current.cause if current.cause in _OURS else CallEnd.HUNG_UP_THERE
            self._schedule()
            self.report(CallEnded(current.call, end, was_answered=True))
            return
        end = current.cause or CallEnd.NO_CONNECTION
        self.report(AttemptEnded(current.call, current.number, end))
        self._try(current, end)

    def _hang_up(self) -> None:
        _ = self._is_granted(HANG_UP) or self._is_granted(HANG_UP_ALL)

    def _is_granted(self, command: Command) -> bool:
        try:
            granted(self.ask, command)
        except AdapterError as error:
            log.warning("%s", error)
            return False
        return True

    # --- in ---

    def _rings(self, number: str | None) -> None:
        if self.current is not None:
            return
        if self._ring is None:
            self._ring = _Ring(self.clock())
        if number is None or self._ring.number is not None:
            self._schedule()
            return
        self._ring.number = number
        if any(is_same_line(number, caller) for caller in self.callers):
            self._answer(number)
        else:
            self._ignore(self._ring)

    def _answer(self, number: str) -> None:
        self._ring = None
        if not self._is_granted(ANSWER):
            self.report(CallIgnored(number))
            return
        self._last_incoming -= 1
        self._answered(Current(self._last_incoming, number, self.clock(), RING_S, is_incoming=True))
        self._schedule()

    def _ignore(self, ring: _Ring) -> None:
        if not ring.is_ignored:
            ring.is_ignored = True
            self.report(CallIgnored(ring.number or ""))

    def _schedule(self) -> None:
        if self.current is not None:
            self._look_at_s = self.clock() + POLL_S
        elif self._ring is not None and not self._ring.is_ignored:
            self._look_at_s = self._ring.since_s + CALLER_SHOWN_WITHIN_S
        else:
            self._look_at_s = math.inf
