"""What a message means: new or a repetition, on time or late.

A message is known by (unit_id, epoch, seq). What was taken is remembered as "all up to n, and these beyond", so that
memory stays small however many messages there were, and a repetition is known as such after any restart of either side.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from device.wire.messages import Message, MessageKey
from hub.core import timings


@dataclass(slots=True)
class SeenSeqs:
    """The sequence numbers taken of one epoch: 1 to `up_to`, and those `beyond` it."""

    up_to: int = 0
    beyond: set[int] = field(default_factory=set)

    def has(self, seq: int) -> bool:
        """Tell whether `seq` was taken."""
        return seq <= self.up_to or seq in self.beyond

    def take(self, seq: int) -> None:
        """Note `seq`."""
        self.beyond.add(seq)
        while self.up_to + 1 in self.beyond:
            self.up_to += 1
            self.beyond.discard(self.up_to)


class Ingest:
    """Every message key the centre has taken, of the last epochs of each unit."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._seen: dict[str, OrderedDict[str, SeenSeqs]] = {}

    def begin(self, seen: dict[str, dict[str, SeenSeqs]]) -> None:
        """Take over what earlier lives have seen."""
        self._seen = {unit_id: OrderedDict(epochs) for unit_id, epochs in seen.items()}

    def has_seen(self, unit_id: str, key: MessageKey) -> bool:
        """Tell whether this message was taken before."""
        seqs = self._seen.get(unit_id, OrderedDict()).get(key.epoch)
        return seqs is not None and seqs.has(key.seq)

    def take(self, unit_id: str, key: MessageKey) -> bool:
        """Note a message; return whether it is new."""
        if self.has_seen(unit_id, key):
            return False
        epochs = self._seen.setdefault(unit_id, OrderedDict())
        epochs.setdefault(key.epoch, SeenSeqs()).take(key.seq)
        if len(epochs) > timings.EPOCHS_REMEMBERED:
            epochs.popitem(last=False)
        return True


def is_late(message: Message) -> bool:
    """Tell whether it happened long ago; an unknown age (the unit was off in between) counts as late."""
    return message.age_s is None or message.age_s > timings.LATE_AFTER_S


def happened_s(message: Message, received_s: float) -> float | None:
    """Return when it happened by the centre's clock, None where the unit cannot know any more."""
    return None if message.age_s is None else received_s - message.age_s
