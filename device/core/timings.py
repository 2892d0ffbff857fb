"""Every duration the unit's decisions use, in seconds, and every bound, in pieces."""

FIRST_RETRIES_S = (2.0, 4.0, 8.0)
STEADY_RETRY_S = 10.0
STEADY_RETRY_FOR_S = 120.0
SLOW_RETRY_S = 60.0

HEARTBEAT_S = 30.0
CENTRE_SILENT_AFTER_S = 50.0
"""The centre renews its state every 20 s; two missed renewals and a bit. Keeps `no centre` within 60 s."""
PATH_FAULT_AFTER_S = 30.0
"""A path that comes back sooner was a hiccup: no message, no words."""
MAINS_FAULT_AFTER_S = 8.0
STUCK_AFTER_S = 60.0
BATTERY_LOW_PERCENT = 20.0
BATTERY_OK_PERCENT = 30.0

CENTRE_GRACE_S = 10.0
"""A centre that says it is gone may only be restarting."""

WORDS_APART_S = 4.0
"""What is said, and what waits to be said after it."""
WORDS_OFTEN_FOR_S = 300.0
WORDS_SELDOM_S = 120.0
"""Words that were repeated for a while come only so often, until something changes or somebody presses."""

LOAD_AGAIN_AFTER_S = 30.0
"""The outbox was asked for more and has not answered: ask again."""

WINDOW = 64
"""Events on their way at once; the rest wait in the outbox file."""
HELD_IN_MEMORY = 1_000
"""Messages kept in memory while the outbox cannot hold them."""
ALARMS_WAITING = 64
"""Presses that wait to be received; a further one would say nothing new."""
RECEIVED_REMEMBERED = 256
"""Receipts kept in mind, for a disk that cannot forget."""
COMMANDS_REMEMBERED = 64
LAST_WORDS_REMEMBERED = 8
"""The last beats heard of centres that a path was lost to; as many as a unit may have centres."""
