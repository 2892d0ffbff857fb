"""The rungs of an incident that its timeline knows and its record does not.

Told the room, spoken with the client, pressed again, cancelled.
"""

from dataclasses import dataclass, replace

from hub.core.records import EntryKind, TimelineEntry

TOLD = "answer_alarm"
TAKEN_BACK = (EntryKind.RELEASED, EntryKind.OWNER_LOST, EntryKind.UNSEEN_PRESS)


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a timeline says so far.

    `told_s`: when the unit confirmed that it shows an operator has the alarm; `speaking_s`: since when somebody at the
    centre and the client could speak for the first time.
    """

    presses_again: int = 0
    last_press_s: float | None = None
    cancelled_s: float | None = None
    told_s: float | None = None
    speaking_s: float | None = None

    def after(self, entry: TimelineEntry) -> "Ladder":
        """Return the rungs with one more line of the timeline."""
        match entry.kind:
            case EntryKind.PRESSED_AGAIN:
                again = self.presses_again + 1
                return replace(self, presses_again=again, last_press_s=entry.at_s - (entry.age_s or 0.0))
            case EntryKind.CANCEL_PRESSED:
                return replace(self, cancelled_s=entry.at_s)
            case EntryKind.ORDER_DONE if entry.text == TOLD:
                return replace(self, told_s=entry.at_s)
            case EntryKind.SPEAKING:
                return replace(self, speaking_s=self.speaking_s or entry.at_s)
            case kind if kind in TAKEN_BACK:
                return replace(self, told_s=None)
            case _:
                return self
