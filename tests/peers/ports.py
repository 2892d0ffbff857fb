"""Ports for programs that have to be told which to use.

Rules: from below what the system gives to everybody who asks for any port, so that nobody takes one meanwhile.
"""

import itertools
import os
import socket

from tests.mosquitto import LOOPBACK

FIRST, COUNT = 16_000, 8_000
_next = itertools.count(os.getpid() * 16)
"""Workers that run beside each other begin at different ports."""


def free_port(in_a_row: int = 1) -> int:
    """Return a port that is free for UDP and TCP, with as many that follow it."""
    while True:
        port = FIRST + next(_next) * in_a_row % COUNT
        if all(_is_free(port + more) for more in range(in_a_row)):
            return port


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                return False
    return True
