"""Passwords as mosquitto keeps them: `$7$<iterations>$<salt>$<hash>`, PBKDF2 with SHA-512.

Computed here, because starting `mosquitto_passwd` for each of thousands of units takes minutes. The iterations are few,
as that program's are: a unit's password is a long random word, which nobody guesses however fast; and mosquitto
checks all connected units again, in its one thread, whenever a unit is added.
"""

import base64
import hashlib
import os
import re

ITERATIONS = 101
SALT_BYTES = 12
_HASHED = re.compile(r"\$7\$[1-9][0-9]{0,6}\$[A-Za-z0-9+/]+={0,2}\$[A-Za-z0-9+/]+={0,2}")


def hashed(password: str) -> str:
    """Return a password's hash, with a salt of its own each time."""
    salt = os.urandom(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def is_hashed(text: str) -> bool:
    """Tell whether `text` is a hash already."""
    return _HASHED.fullmatch(text) is not None
