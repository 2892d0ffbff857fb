"""Who listens to which recording now: what was noted lets one browser hear one recording for a while.

So it can be wound back and heard in pieces without another note; and no sound is given out before the note is kept.
"""

from collections import OrderedDict

NOTED_FOR_S = 3600.0
MOST_NOTED = 1000


class NotYoursToHearError(Exception):
    """This operator may not listen to this, or the listening was not noted first."""


class Listeners:
    """What was noted lately. Times are Unix seconds."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._until_s: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, session: str, recording_id: str, now_s: float) -> None:
        """Let a browser hear a recording from now on."""
        self._until_s[session, recording_id] = now_s + NOTED_FOR_S
        self._until_s.move_to_end((session, recording_id))
        if len(self._until_s) > MOST_NOTED:
            self._until_s.popitem(last=False)

    def is_noted(self, session: str, recording_id: str, now_s: float) -> bool:
        """Tell whether a browser may hear it now."""
        return now_s < self._until_s.get((session, recording_id), 0.0)
