"""Who is told next when nobody answers: the steps of each priority.

Every step rings all consoles harder and tells the relays. After the last step the repetition goes on for ever: an alarm
that nobody takes is never quiet.
"""

from hub.core.moment import NEVER
from hub.core.records import Priority
from hub.core.timings import Timings


def step_after_s(priority: Priority, level: int, timings: Timings) -> float:
    """Return how long after opening (level 0) or after the step before (level n) the next step is due."""
    match priority:
        case Priority.ALARM:
            return _after(timings.alarm_steps_s, timings.alarm_repeat_s, level)
        case Priority.URGENT:
            return _after(timings.fault_steps_s, timings.fault_repeat_s, level)
        case Priority.NOTICE:  # pragma: no branch - the last priority
            return NEVER


def _after(steps_s: tuple[float, ...], repeat_s: float, level: int) -> float:
    if level >= len(steps_s):
        return repeat_s
    return steps_s[level] - (steps_s[level - 1] if level else 0.0)
