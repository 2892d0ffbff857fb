"""What waits to be received by the centre: when each message goes out, and when it goes out again.

Rules: stored before sent; forgotten on the centre's receipt alone; repeated without end; alarms before events. At most
`WINDOW` events are under way at once, the rest wait on disk, so memory stays bounded however long the line is dead.
What was dropped is reported by one message at a time: on a full disk the report of a loss would be the next loss.
"""

from collections import OrderedDict
from dataclasses import dataclass

from device.core import timings
from device.core.effects import Effect, Forget, LoadWaiting, Publish, Store
from device.core.moment import Moment
from device.core.outgoing import AlarmRecord, Outgoing
from device.wire.messages import AlarmJoined, Body, EventsLost, MessageKey, TriggerInfo
from device.wire.vocabulary import Urgency


@dataclass(slots=True)
class _UnderWay:
    """A message in memory: when it is due again, since when and how often it was tried; whether the disk has it."""

    message: Outgoing
    due_s: float
    tries: int = 0
    first_try_s: float = 0.0
    is_stored: bool = True


class Transmission:
    """The waiting messages of one life of the program."""

    def __init__(self) -> None:
        """Begin empty, with no way out, until `begin`."""
        self._epoch = "0" * 16
        self._boot_id = ""
        self._last_seq = 0
        self._under_way: OrderedDict[MessageKey, _UnderWay] = OrderedDict()
        self._more_on_disk = False
        self._load_due_s = 0.0
        self._stored_since_asked = False
        self._received: OrderedDict[MessageKey, None] = OrderedDict()
        self._is_open = False
        self._lost = 0
        self._loss_report: MessageKey | None = None

    def begin(self, epoch: str, boot_id: str, waiting: tuple[Outgoing, ...], more: bool, now: Moment) -> None:
        """Start a life: its epoch, and what earlier lives left waiting."""
        self._epoch, self._boot_id, self._more_on_disk = epoch, boot_id, more
        for message in waiting:
            self._take(message, now)

    @property
    def is_open(self) -> bool:
        """Tell whether a path is open."""
        return self._is_open

    def waits_for(self, key: MessageKey) -> bool:
        """Tell whether this message still waits for its receipt, in memory."""
        return key in self._under_way

    @property
    def takes_presses(self) -> bool:
        """Tell whether another press would be news: where so many wait already, it says nothing that they do not."""
        waiting = sum(entry.message.urgency is Urgency.ALARM for entry in self._under_way.values())
        return waiting < timings.ALARMS_WAITING

    def unheard_press(self, alarm: MessageKey) -> TriggerInfo | None:
        """Return the trigger of the last press during `alarm` that the centre has not confirmed."""
        for entry in reversed(self._under_way.values()):
            body = entry.message.body
            if isinstance(body, AlarmJoined) and body.alarm == alarm:
                return body.trigger
        return None

    def next_key(self) -> MessageKey:
        """Return a key never used before."""
        self._last_seq += 1
        return MessageKey(epoch=self._epoch, seq=self._last_seq)

    def submit(
        self,
        body: Body,
        urgency: Urgency,
        now: Moment,
        key: MessageKey | None = None,
        opens: AlarmRecord | None = None,
    ) -> list[Effect]:
        """Store a new message and send it at once where a path is open and the window allows."""
        message = Outgoing(key or self.next_key(), urgency, body, now.mono_s, self._boot_id, now.wall())
        effects: list[Effect] = [Store(message, opens)]
        if urgency is Urgency.EVENT and (self._more_on_disk or self._events_under_way() >= timings.WINDOW):
            self._more_on_disk = self._stored_since_asked = True
            return effects
        self._take(message, now)
        return effects + self._send_due(now)

    def path_opened(self, now: Moment) -> list[Effect]:
        """Send everything at once: the line is there again."""
        self._is_open = True
        return self.send_again(now)

    def path_closed(self) -> None:
        """Stop sending until a path opens."""
        self._is_open = False

    def send_again(self, now: Moment) -> list[Effect]:
        """Make everything due and begin its retries anew."""
        for entry in self._under_way.values():
            entry.due_s, entry.tries = now.mono_s, 0
        return self._send_due(now)

    def received(self, keys: tuple[MessageKey, ...], now: Moment) -> list[Effect]:
        """Forget what the centre has, in memory and on disk."""
        for key in keys:
            self._under_way.pop(key, None)
        self._received.update(dict.fromkeys(keys))
        while len(self._received) > timings.RECEIVED_REMEMBERED:
            self._received.popitem(last=False)
        return [Forget(keys), *self._load_more(now)]

    def news(self, messages: tuple[Outgoing, ...]) -> tuple[Outgoing, ...]:
        """Return what is not under way and was not received: a disk that fails forgets nothing it was told to."""
        return tuple(m for m in messages if m.key not in self._under_way and m.key not in self._received)

    def loaded(self, messages: tuple[Outgoing, ...], more: bool, now: Moment) -> list[Effect]:
        """Take what the outbox read from disk, as far as it is news and there is room; have it forget what is not."""
        news = self.news(messages)
        stale = tuple(message.key for message in messages if message.key in self._received)
        events = [message for message in news if message.urgency is Urgency.EVENT]
        room = max(0, timings.WINDOW - self._events_under_way())
        for message in (*(m for m in news if m.urgency is Urgency.ALARM), *events[:room]):
            self._take(message, now)
        # The answer may not know of what came after the question.
        self._more_on_disk = more or self._stored_since_asked or len(events) > room
        self._load_due_s = now.mono_s + (0.0 if news else timings.LOAD_AGAIN_AFTER_S)
        return [*([Forget(stale)] if stale else []), *self._send_due(now)]

    def store_failed(self, message: Outgoing, now: Moment) -> list[Effect]:
        """Keep a message in memory that the disk did not take; the oldest event goes when memory is full."""
        if message.key in self._received:
            return []
        entry = self._under_way.get(message.key)
        if entry is not None:
            entry.is_stored = False
            return []
        self._take(message, now, is_stored=False)
        if len(self._under_way) > timings.HELD_IN_MEMORY:
            self._drop_oldest_event()
        return self._send_due(now)

    def disk_was_replaced(self) -> list[Effect]:
        """Store everything that memory holds: the new file may lack it."""
        for entry in self._under_way.values():
            entry.is_stored = False
        return self.store_again()

    def store_again(self) -> list[Effect]:
        """Store what only memory holds: the disk works again."""
        effects: list[Effect] = []
        for entry in self._under_way.values():
            if not entry.is_stored:
                entry.is_stored = True
                effects.append(Store(entry.message))
        return effects

    def lose(self, count: int) -> None:
        """Note that waiting messages were dropped."""
        self._lost += count

    def report_losses(self, now: Moment) -> list[Effect]:
        """Say how many were dropped, unless the centre has yet to confirm what was said the last time."""
        if not self._lost or self._loss_report in self._under_way:
            return []
        body, self._lost = EventsLost(count=self._lost), 0
        report = Outgoing(self.next_key(), Urgency.EVENT, body, now.mono_s, self._boot_id, now.wall())
        self._loss_report = report.key
        self._take(report, now)
        return [Store(report), *self._send_due(now)]

    def next_deadline(self) -> float | None:
        """Return when the next message is due; while no path is open, the next alarm."""
        due = [entry.due_s for entry in self._under_way.values() if self._may_go(entry)]
        if self._is_open and self._has_room_for_more():
            due.append(self._load_due_s)
        return min(due, default=None)

    def deadline_reached(self, now: Moment) -> list[Effect]:
        """Send what is due, and ask for more where the disk still owes an answer."""
        return self._send_due(now) + (self._load_more(now) if self._is_open else [])

    def _take(self, message: Outgoing, now: Moment, is_stored: bool = True) -> None:
        self._under_way[message.key] = _UnderWay(message, now.mono_s, is_stored=is_stored)

    def _send_due(self, now: Moment) -> list[Effect]:
        due = [entry for entry in self._under_way.values() if self._may_go(entry) and entry.due_s <= now.mono_s]
        due.sort(key=lambda entry: entry.message.urgency is not Urgency.ALARM)
        for entry in due:
            if entry.tries == 0:
                entry.first_try_s = now.mono_s
            entry.tries += 1
            entry.due_s = now.mono_s + retry_delay_s(entry.tries, now.mono_s - entry.first_try_s)
        return [Publish(entry.message.urgency, entry.message.as_sent(now, self._boot_id)) for entry in due]

    def _may_go(self, entry: _UnderWay) -> bool:
        """Tell whether a message may be sent now. An alarm always: a door that is asked for it tries harder to open."""
        return self._is_open or entry.message.urgency is Urgency.ALARM

    def _has_room_for_more(self) -> bool:
        return self._more_on_disk and self._events_under_way() <= timings.WINDOW // 2

    def _load_more(self, now: Moment) -> list[Effect]:
        if not self._has_room_for_more() or now.mono_s < self._load_due_s:
            return []
        self._load_due_s = now.mono_s + timings.LOAD_AGAIN_AFTER_S
        self._stored_since_asked = False
        return [LoadWaiting(timings.WINDOW)]

    def _events_under_way(self) -> int:
        return sum(entry.message.urgency is Urgency.EVENT for entry in self._under_way.values())

    def _drop_oldest_event(self) -> None:
        for key, entry in self._under_way.items():
            if entry.message.urgency is Urgency.EVENT and key != self._loss_report:
                del self._under_way[key]
                self.lose(1)
                return


def retry_delay_s(tries: int, elapsed_s: float) -> float:
    """Return how long to wait after the `tries`-th sending, `elapsed_s` after the first."""
    if tries <= len(timings.FIRST_RETRIES_S):
        return timings.FIRST_RETRIES_S[tries - 1]
    if elapsed_s < timings.STEADY_RETRY_FOR_S:
        return timings.STEADY_RETRY_S
    return timings.SLOW_RETRY_S
