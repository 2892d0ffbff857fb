"""Text messages as 3GPP TS 23.040 and 23.038 write them, pure.

Rules: `alphabet` has the characters, `fields` addresses and times, `pdu` the unit's side of the messages, `parts` puts
long ones together again. What cannot be read raises `UnreadablePduError`, and nothing else.
"""
