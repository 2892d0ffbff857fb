"""What a message means: new or a repetition, on time or late.

A message is known by (unit_id, epoch, seq). What was taken is remembered as "all up to n, and these runs beyond", so
that memory grows with the gaps and not with the messages, and a repetition is known as such after any restart of either
side.
"""

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from operator import itemgetter

from device.wire.messages import Message, MessageKey
from hub.core import timings


@dataclass(slots=True)
class SeenSeqs:
    """The sequence numbers taken of one epoch: 1 to `up_to`, and the `runs` (first, last) beyond it, in order."""

    up_to: int = 0
    runs: list[tuple[int, int]] = field(default_factory=list)

    def has(self, seq: int) -> bool:
        """Tell whether `seq` was taken."""
        before = self._runs_from(seq + 1) - 1
        return seq <= self.up_to or (before >= 0 and seq <= self.runs[before][1])

    def take(self, seq: int) -> None:
        """Note `seq`; runs that it joins become one."""
        if self.has(seq):
            return
        first, last, at = seq, seq, self._runs_from(seq)
        if at < len(self.runs) and self.runs[at][0] == seq + 1:
            last = self.runs.pop(at)[1]
        if at > 0 and self.runs[at - 1][1] == seq - 1:
            at -= 1
            first = self.runs.pop(at)[0]
        if first == self.up_to + 1:
            self.up_to = last
        else:
            self.runs.insert(at, (first, last))

    def _runs_from(self, seq: int) -> int:
        """Return the place of the first run that begins at `seq` or later."""
        return bisect_left(self.runs, seq, key=itemgetter(0))


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

    def take(self, unit_id: str, key: MessageKey) -> None:
        """Note a message, when it is decided what it means: one that could not be decided must not pass for known."""
        epochs = self._seen.setdefault(unit_id, OrderedDict())
        epochs.setdefault(key.epoch, SeenSeqs()).take(key.seq)
        if len(epochs) > timings.EPOCHS_REMEMBERED:
            epochs.popitem(last=False)


def is_late(message: Message) -> bool:
    """Tell whether it happened long ago; an unknown age (the unit was off in between) counts as late."""
    return message.age_s is None or message.age_s > timings.LATE_AFTER_S


def happened_s(message: Message, received_s: float) -> float | None:
    """Return when it happened by the centre's clock, None where the unit cannot know any more."""
    return None if message.age_s is None else received_s - message.age_s
