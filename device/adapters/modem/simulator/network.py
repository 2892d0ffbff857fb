"""A mobile network: texts and calls between simulated modems, and with people outside who behave as they are told.

Rules: one lock for everything, so that what one modem does is whole before another one sees it. A text for a modem that
is away waits, as in a real message centre. Who has no number here and was not given a manner is nobody.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from device.adapters.modem.phone_number import is_same_line
from device.adapters.modem.simulator.pdu import Submitted, delivered, plain_text, status_report

if TYPE_CHECKING:
    from device.adapters.modem.simulator.modem import SimulatedModem

RING_EVERY_S = 1.0


class Manner(Enum):
    """How somebody outside takes a call."""

    ANSWERS = "answers"
    BUSY = "is busy"
    LETS_RING = "lets it ring"
    UNREACHABLE = "cannot be reached"


class Stand(Enum):
    """Where a call stands, seen from outside."""

    DIALLING = 2
    ALERTING = 3
    ACTIVE = 0


@dataclass(slots=True)
class NetworkCall:
    """A call between two lines; a line without a modem is somebody outside."""

    caller: "SimulatedModem | None"
    callee: "SimulatedModem | None"
    caller_number: str
    callee_number: str
    stand: Stand = Stand.DIALLING
    rang_at_s: float = 0.0
    tones: list[str] = field(default_factory=list)
    """What the modem's side has pressed."""

    def number_for(self, modem: "SimulatedModem") -> str:
        """Return who is on the other side."""
        return self.callee_number if modem is self.caller else self.caller_number


class MobileNetwork:
    """The network of one country, all its numbers invented."""

    def __init__(self) -> None:
        """Begin with nobody in it."""
        self.lock = threading.RLock()
        self.modems: list[SimulatedModem] = []
        self.manners: dict[str, Manner] = {}
        self.texts: list[tuple[str, str, str]] = []
        """Every text that was submitted: sender, recipient, text."""
        self.loses_texts = False
        self.calls: list[NetworkCall] = []
        self._waiting: deque[tuple[SimulatedModem, str]] = deque()
        self._reference = 0

    def find(self, number: str) -> "SimulatedModem | None":
        """Return whose number this is."""
        return next((modem for modem in self.modems if is_same_line(modem.number, number)), None)

    # --- texts ---

    def submit(self, sender: "SimulatedModem", submitted: Submitted) -> int:
        """Take a text from a modem; return its reference."""
        self._reference = self._reference % 255 + 1
        self.texts.append((sender.number, submitted.recipient, submitted.text))
        if not self.loses_texts:
            recipient = self.find(submitted.recipient)
            if recipient is not None:
                self._waiting.append((recipient, delivered(sender.number, submitted, time.time())))
            if submitted.wants_report and (recipient is not None or submitted.recipient in self.manners):
                self._waiting.append((sender, status_report(self._reference, submitted.recipient, time.time())))
        return self._reference

    def text_from_outside(self, sender: str, recipient: str, text: str) -> None:
        """Send a short text to a modem from somebody outside."""
        with self.lock:
            modem = self.find(recipient)
            assert modem is not None, f"no modem has the number {recipient}"  # noqa: S101 - the test's own mistake
            self.pdu_from_outside(modem, plain_text(sender, text, time.time()))

    def pdu_from_outside(self, recipient: "SimulatedModem", pdu: str) -> None:
        """Bring these octets to a modem, whatever they are."""
        with self.lock:
            self._waiting.append((recipient, pdu))

    def carry(self) -> None:
        """Bring the texts that wait to modems that can take them."""
        for _ in range(len(self._waiting)):
            recipient, pdu = self._waiting.popleft()
            if not recipient.receive(pdu):
                self._waiting.append((recipient, pdu))

    # --- calls ---

    def call_of(self, modem: "SimulatedModem") -> NetworkCall | None:
        """Return the call that this modem is in."""
        return next((call for call in self.calls if modem in (call.caller, call.callee)), None)

    def dial(self, caller: "SimulatedModem", number: str) -> None:
        """Begin a call; what becomes of it is told to the caller a moment later."""
        self.calls.append(NetworkCall(caller, self.find(number), caller.number, number))

    def call_from_outside(self, caller: str, number: str) -> NetworkCall:
        """Let somebody outside call a modem; an empty number is a hidden one."""
        with self.lock:
            call = NetworkCall(None, self.find(number), caller, number)
            self.calls.append(call)
            return call

    def answer(self, call: NetworkCall) -> None:
        """The callee takes the call."""
        with self.lock:
            call.stand = Stand.ACTIVE
            for modem in (call.caller, call.callee):
                if modem is not None:
                    modem.voice_began()

    def end(self, call: NetworkCall, word: str = "NO CARRIER", by: "SimulatedModem | None" = None) -> None:
        """End a call; `word` is what the other side's modem says."""
        with self.lock:
            if call not in self.calls:
                return
            self.calls.remove(call)
            for modem in (call.caller, call.callee):
                if modem is not None:
                    modem.voice_ended(word, was_active=call.stand is Stand.ACTIVE, is_by_us=modem is by)

    def press(self, call: NetworkCall, tone: str, by: "SimulatedModem | None" = None) -> None:
        """Somebody presses a key in the call."""
        with self.lock:
            other = call.callee if by is call.caller else call.caller
            if by is not None:
                call.tones.append(tone)
            if other is not None:
                other.tone_heard(tone)

    def move_calls(self) -> None:
        """Let every call go one step further."""
        for call in list(self.calls):
            if call.stand is Stand.DIALLING:
                self._begin(call)
            elif call.stand is Stand.ALERTING:
                self._ring(call)

    def _begin(self, call: NetworkCall) -> None:
        manner = self.manners.get(call.callee_number)
        busy = call.callee is not None and any(
            call.callee in (other.caller, other.callee) for other in self.calls if other is not call
        )
        if manner is Manner.BUSY or busy:
            self.end(call, "BUSY")
        elif manner in (None, Manner.UNREACHABLE) and (call.callee is None or not call.callee.is_registered):
            self.end(call)
        else:
            call.stand = Stand.ALERTING

    def _ring(self, call: NetworkCall) -> None:
        if call.callee is None:
            if self.manners.get(call.callee_number) is Manner.ANSWERS:
                self.answer(call)
        elif time.monotonic() - call.rang_at_s >= RING_EVERY_S:
            call.rang_at_s = time.monotonic()
            call.callee.ring(call.caller_number)
