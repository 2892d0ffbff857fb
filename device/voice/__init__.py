"""The voice engine: PJSIP's conference bridge and its call legs, in a process of its own; unit and centre both run it.

It decides nothing. It is told by `messages` which legs to open, what to play and who hears whom, and says what happens.
Everything that is known to wedge a telephone is dealt with here, once.

In the program: `client` keeps the process (`child`) running. In the process: `process` opens the `channel`, and
`engine` does what comes through it, in the one thread that owns PJSIP: `legs` (over `accounts`, at the `endpoint`),
`points` that play, record or are sockets, the room (`sound`), and the `links` between them.
"""
