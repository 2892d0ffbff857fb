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
ORDER_OF_A_CALL_LIVES_S = 60.0
ORDER_TO_TEST_LIVES_S = 600.0
ORDER_TO_UNWATCHED_LIVES_S = 3600.0
"""Orders that are not answered within this have failed; those about alarms, to units in service, are repeated on."""
EPOCHS_REMEMBERED = 256
"""Lives of one unit whose messages are known as repetitions; more than it can have left waiting."""

CLIENT_TOLD_EVERY_S = 20.0
"""Who waits for an operator is told what happens this often."""
GREETING_AFTER_S = 2.0
"""A unit says for so long that its microphone is open; only then it hears."""
ADDED_RINGS_S = 45.0
TRANSFER_RINGS_S = 30.0
"""How long somebody is rung whom an operator calls into a call, or gives it to."""
UNIT_CALLS_WITHIN_S = 45.0
UNIT_CALLED_DIRECTLY_AFTER_S = 6.0
"""A unit that is told to call must have called by then; the centre calls it itself where it has not after a while."""
UNIT_BACK_WITHIN_S = 30.0
"""A lost call is kept open at the centre for as long: the unit calls again by itself."""
LATE_CALL_WITHIN_S = 30.0
"""A call about an alarm that was closed just now is one that crossed the word of it."""
NOBODY_TOLD_FOR_S = 8.0
"""A call that is no alarm, and that nobody takes, ends when the client was told."""
MOST_PARTIES = 6
CALL_ENTRIES_MOST = 300
CALL_LEGS_MOST = 300
"""What an incident's calls write down at most by themselves, however long they go on; what people do is always kept."""
STRANGERS_TOLD_S = (60.0, 300.0, 900.0, 3600.0)
"""How long refused calls are counted before the next line tells of them: ever longer while they go on."""
STRANGERS_AGAIN_AFTER_S = 3600.0
"""Refused calls whose incident somebody closed raise another one after this at the soonest."""
VOICE_FAULT_AFTER_S = 15.0
RECORDINGS_LOOKED_AT_EVERY_S = 3600.0
EVERYBODY_RINGS_S = 30.0
"""How long every operator on shift is rung at once."""
OWNER_RINGS_S = 15.0
"""How long a call is kept for the operator who has its incident, before others are rung again."""
OWNER_AGAIN_AFTER_S = 2.0
"""An operator whose page is gone is rung again after this: it may only be loaded anew."""
OWNER_COMES_WITHIN_S = 30.0
"""As long, where that operator can be rung nowhere yet."""
CONFIRMED_WITHIN_S = 15.0
"""Who answers a telephone that a mailbox might answer must have pressed the key by then."""
ROUNDS_LEAST_S = (2.0, 5.0, 10.0, 20.0)
"""Where nobody can be rung, the next round begins no sooner; whoever is free meanwhile is rung at once."""


@dataclass(frozen=True, slots=True)
class Timings:
    """The durations an organisation may set."""

    no_console_after_s: float = 30.0
    alarm_steps_s: tuple[float, ...] = (30.0, 60.0, 120.0)
    alarm_repeat_s: float = 60.0
    fault_steps_s: tuple[float, ...] = (120.0, 600.0)
    fault_repeat_s: float = 3600.0
