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

PROVISIONAL_WITHIN_S = 4.0
"""A target that says nothing at all for so long is passed over: SIP itself would wait for 32 s."""
SOUND_WITHIN_S = 4.0
"""A call that was answered and stays silent is none."""
CALL_PAUSES_S = (2.0, 5.0, 10.0)
"""After the last target, before the first is called again; the last pause goes on for ever."""
NOTICE_S = 2.0
"""How long the room is told that it can be heard before it can, where nobody has measured the words."""
LONGEST_CALL_S = 3600.0
ANSWERED_BY_ITSELF_FOR_S = 3600.0
"""After an alarm: the centre may call, and is answered."""
VOLUME = 6
LOUDEST = 10

VOICE_STARTS_WITHIN_S = 30.0
VOICE_FAULT_AFTER_S = 10.0
"""A voice that is back sooner was a hiccup; its call is placed again at once all the same."""
VOICE_STEADY_AFTER_S = 5.0
SOUND_TEST_FIRST_S = 3600.0
SOUND_TEST_EVERY_S = 86_400.0
SOUND_TEST_WITHIN_S = 30.0
SOUND_TESTS_REMEMBERED = 7
SOUND_FALLS_DB = 12.0
"""So much softer than it was before: a loudspeaker that is covered, a microphone that is going."""
