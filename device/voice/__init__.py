"""The voice engine: PJSIP's conference bridge and its call legs, in a process of its own; unit and centre both run it.

It decides nothing. It is told by `messages` which legs to open, what to play and who hears whom, and says what happens.
Everything that is known to wedge a telephone is dealt with here, once.
"""
