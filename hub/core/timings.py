"""Every duration the centre's decisions use, in seconds, and every bound, in pieces. Settings may change some."""

from dataclasses import dataclass

BEAT_S = 20.0
"""How often the centre renews its own state; units call it lost after 50 s."""
LATE_AFTER_S = 300.0
"""A message that happened longer ago is shown as late."""
MANY_WITHIN_S = 60.0
MANY_SHARE = 0.2
MANY_LEAST = 5
"""More than this share of the units, and at least this many, silent within the time, are one incident."""
STILL_SO_AFTER_S = 4 * 3600.0
"""A silent unit, or a fault, whose incident somebody closed by hand is raised again after this, if it is so still."""
GATHERED_FOR_S = 0.5
"""When many units go silent, or come back, the next look at them comes after this: they change one incident at once."""
OWNER_LOST_AFTER_S = 60.0
SECOND_PRESS_UNSEEN_AFTER_S = 30.0
"""An accepted alarm in which the client presses again goes back to everybody when its operator does nothing."""
STRANGE_ALARM_AFTER_S = 20.0
"""A unit shows an alarm whose message has not come: after this it is raised from the heartbeat."""
FAULT_UNCONFIRMED_AFTER_S = 60.0
"""A fault that is open for this long and missing in a heartbeat is over."""
BROKER_FAULT_AFTER_S = 30.0
BROKER_STABLE_AFTER_S = 30.0
BROKER_FLAPS = 3
BROKER_FLAPS_WITHIN_S = 120.0
"""A connection lost this often within the time is a fault, however soon it comes back each time: nobody is judged."""
ORDER_RETRIES_S = (2.0, 4.0, 8.0, 15.0, 30.0)
ORDER_SLOW_RETRY_S = 60.0
EPOCHS_REMEMBERED = 256
"""Lives of one unit whose messages are known as repetitions; more than it can have left waiting."""

EVERYBODY_RINGS_S = 30.0
"""How long every operator on shift is rung at once."""
OWNER_RINGS_S = 15.0
"""How long a call is kept for the operator who has its incident, before others are rung again."""
OWNER_COMES_WITHIN_S = 30.0
"""As long, where that operator can be rung nowhere yet."""
CONFIRMED_WITHIN_S = 15.0
"""Who answers a telephone that a mailbox might answer must have pressed the key by then."""
ROUND_LEAST_S = 5.0
"""A round of a waiting call in which everybody is busy is not followed by the next one sooner."""


@dataclass(frozen=True, slots=True)
class Timings:
    """The durations an organisation may set."""

    no_console_after_s: float = 30.0
    alarm_steps_s: tuple[float, ...] = (30.0, 60.0, 120.0)
    alarm_repeat_s: float = 60.0
    fault_steps_s: tuple[float, ...] = (120.0, 600.0)
    fault_repeat_s: float = 3600.0
