"""What a modem and its user say to each other, pure: bytes in, lines, replies and unsolicited codes out.

Rules: no clock, thread or port. `lines` cuts bytes into lines, `dialogue` says which line answers the pending command
and which comes unasked, `unsolicited` and `answers` say what they mean, `commands` says what may be asked, and in
which characters. Whatever bytes come in, nothing here raises; only a command that must not be given does.
"""
