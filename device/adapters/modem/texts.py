"""Texts out, part by part, with what became of them; texts in, kept on the SIM until somebody else has them.

Rules: the network's `+CMGS` means that it will try, its report that a telephone has it; neither is the centre's
receipt. A text that came in is deleted only when it was `forgotten`, that is, stored by whom it was handed to; what is
still there after a restart is handed on again. Parts that wait for the rest longer than `PARTS_KEPT_S` are handed on as
they are. What cannot be read is deleted, or the SIM would fill with it. Everything that is remembered is bounded.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from device.adapters.modem.at import answers
from device.adapters.modem.at.answers import StoredPdu
from device.adapters.modem.at.commands import MESSAGES, delete_message, read_message, send_pdu
from device.adapters.modem.events import ModemEvent, TextDelivered, TextFailed, TextReceived, TextTaken
from device.adapters.modem.refusal import Ask, granted
from device.adapters.modem.sms.fields import UnreadablePduError
from device.adapters.modem.sms.parts import Parts
from device.adapters.modem.sms.pdu import Delivery, DeliveryReport, IncomingText, OutgoingPdu, read_incoming, write_text
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError

log = logging.getLogger(__name__)

MOST_WAITING, MOST_REPORTS_AWAITED, MOST_HANDED_ON = 50, 200, 500
PARTS_KEPT_S = 24 * 3600.0


@dataclass(slots=True)
class _Outgoing:
    """A text on its way out."""

    ticket: int
    parts: deque[OutgoingPdu]


class Texts:
    """The texts of one modem. Called by one thread."""

    def __init__(
        self, ask: Ask, report: Callable[[ModemEvent], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin with nothing to send and nothing known of the SIM."""
        self._ask = ask
        self._report = report
        self._clock = clock
        self._waiting: deque[_Outgoing] = deque()
        self._awaited: dict[int, int] = {}  # reference -> ticket, oldest first
        self._delivered: set[int] = set()  # tickets of which a part was delivered
        self._series = 0
        self._parts = Parts()
        self._known: dict[int, str] = {}  # index on the SIM -> its PDU, so that it is handed on once
        self._handed_on: dict[int, tuple[int, ...]] = {}  # key -> indexes
        self._last_key = 0

    @property
    def has_waiting(self) -> bool:
        """Whether a part waits to be sent."""
        return bool(self._waiting)

    # --- out ---

    def take(self, ticket: int, recipient: str, text: str) -> None:
        """Take a text that is to be sent; one that cannot be is reported at once."""
        try:
            if len(self._waiting) >= MOST_WAITING:
                raise TransientAdapterError(f"{MOST_WAITING} texts wait to be sent already")
            self._series += 1
            parts = write_text(recipient, text, series=self._series)
        except AdapterError as error:
            self._failed(ticket, error)
        except ValueError as error:
            self._failed(ticket, PermanentAdapterError(str(error)))
        else:
            self._waiting.append(_Outgoing(ticket, deque(parts)))

    def send_next(self) -> None:
        """Send the part that waits longest."""
        if not self._waiting:
            return
        outgoing = self._waiting[0]
        part = outgoing.parts[0]
        try:
            reply = granted(self._ask, send_pdu(part.hex, part.octets))
        except AdapterError as error:
            self._forget_ticket(outgoing.ticket)
            self._failed(outgoing.ticket, error)
            return
        outgoing.parts.popleft()
        reference = answers.reference(reply.lines)
        if reference is not None:
            self._awaited.pop(reference, None)  # the numbers go round at 255
            self._awaited[reference] = outgoing.ticket
        if not outgoing.parts:
            self._waiting.popleft()
            self._report(TextTaken(outgoing.ticket))
            self._tell_delivered(outgoing.ticket)
        while len(self._awaited) > MOST_REPORTS_AWAITED:
            del self._awaited[next(iter(self._awaited))]

    def give_up(self, error: AdapterError) -> None:
        """The modem cannot send any more: say so of every text that waits."""
        while self._waiting:
            self._failed(self._waiting.popleft().ticket, error)

    # --- in ---

    def forget_card(self) -> None:
        """The SIM may be another one when it is seen again: what lies on it is handed on anew then."""
        self._known.clear()
        self._handed_on.clear()
        self._parts = Parts()

    def read_all(self) -> None:
        """Look through the SIM for what was not handed on yet. Raises AdapterError."""
        listed = answers.stored(granted(self._ask, MESSAGES).lines)
        there = {message.index for message in listed}
        self._known = {index: pdu for index, pdu in self._known.items() if index in there}
        for message in listed:
            self._take_stored(message)
        for parts in self._parts.older_than(self._clock() - PARTS_KEPT_S):
            self._hand_on(parts.sender, parts.text, parts.sent_at_s, parts.indexes, is_whole=False)

    def read_one(self, index: int) -> None:
        """Read what was announced at this place of the SIM. Raises AdapterError."""
        for message in answers.stored(granted(self._ask, read_message(index)).lines, index):
            self._take_stored(message)

    def arrived(self, pdu: str) -> None:
        """Take a message that lies nowhere but here."""
        self._take_pdu(pdu, None)

    def forget(self, key: int) -> None:
        """Delete from the SIM what was handed on under this key. Raises AdapterError; may be said again then."""
        indexes = self._handed_on.get(key, ())
        for index in indexes:
            granted(self._ask, delete_message(index))
            self._known.pop(index, None)
        self._handed_on.pop(key, None)

    def _take_stored(self, message: StoredPdu) -> None:
        if self._known.get(message.index) == message.pdu:
            return
        self._known[message.index] = message.pdu
        self._take_pdu(message.pdu, message.index)

    def _take_pdu(self, pdu: str, index: int | None) -> None:
        indexes = () if index is None else (index,)
        try:
            message = read_incoming(pdu)
        except UnreadablePduError as error:
            log.warning("a message of %d octets cannot be read and is deleted: %s", len(pdu) // 2, error)
            self._delete(indexes)
            return
        if isinstance(message, DeliveryReport):
            self._reported(message)
            self._delete(indexes)
        else:
            self._received(message, indexes)

    def _received(self, message: IncomingText, indexes: tuple[int, ...]) -> None:
        if message.part is None:
            self._hand_on(message.sender, message.text, message.sent_at_s, indexes)
            return
        whole = self._parts.add(message, message.part, indexes, self._clock())
        if whole is not None:
            self._hand_on(whole.sender, whole.text, whole.sent_at_s, whole.indexes)

    def _hand_on(
        self, sender: str, text: str, sent_at_s: float | None, indexes: tuple[int, ...], *, is_whole: bool = True
    ) -> None:
        self._last_key += 1
        self._handed_on[self._last_key] = indexes
        if len(self._handed_on) > MOST_HANDED_ON:
            del self._handed_on[next(iter(self._handed_on))]  # still on the SIM, so handed on again after a restart
        self._report(TextReceived(self._last_key, sender, text, sent_at_s, is_whole))

    def _delete(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            reply = self._ask(delete_message(index))
            if reply.is_ok:
                self._known.pop(index, None)

    # --- reports ---

    def _reported(self, report: DeliveryReport) -> None:
        ticket = self._awaited.get(report.reference)
        if ticket is None or report.delivery is Delivery.ON_ITS_WAY:
            return
        del self._awaited[report.reference]
        if report.delivery is Delivery.FAILED:
            self._forget_ticket(ticket)
            self._failed(ticket, TransientAdapterError(f"the network gave the text up (status {report.status:#04x})"))
        else:
            self._delivered.add(ticket)
            self._tell_delivered(ticket)

    def _tell_delivered(self, ticket: int) -> None:
        """Say that a text was delivered, if all its parts were sent and none still waits for its report."""
        is_being_sent = any(outgoing.ticket == ticket for outgoing in self._waiting)
        if ticket in self._delivered and not is_being_sent and ticket not in self._awaited.values():
            self._delivered.discard(ticket)
            self._report(TextDelivered(ticket))

    def _forget_ticket(self, ticket: int) -> None:
        self._delivered.discard(ticket)
        self._awaited = {reference: other for reference, other in self._awaited.items() if other != ticket}
        self._waiting = deque(outgoing for outgoing in self._waiting if outgoing.ticket != ticket)

    def _failed(self, ticket: int, error: AdapterError) -> None:
        self._report(TextFailed(ticket, str(error), isinstance(error, PermanentAdapterError)))
