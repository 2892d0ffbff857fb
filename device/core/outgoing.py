"""What waits to be received by the centre, and the record of an open alarm: what the outbox keeps."""

from dataclasses import dataclass

from device.core.moment import Moment
from device.wire.messages import Body, Message, MessageKey, WallTime
from device.wire.vocabulary import Rung, Urgency


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as kept until its receipt. `mono_s` counts within the machine's boot `boot_id`."""

    key: MessageKey
    urgency: Urgency
    body: Body
    mono_s: float
    boot_id: str
    wall: WallTime

    def as_sent(self, now: Moment, boot_id: str) -> Message:
        """Return the message as it goes out now; its age is unknown where the machine was off in between."""
        age_s = max(0.0, round(now.mono_s - self.mono_s, 3)) if self.boot_id == boot_id else None
        return Message(key=self.key, age_s=age_s, wall=self.wall, body=self.body)


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """The open alarm, kept so that a restart in the middle of it goes on with it.

    `rung` is None within the pre-alarm: the press is known, its message is not sent yet.
    """

    key: MessageKey
    rung: Rung | None
    trigger_id: str
