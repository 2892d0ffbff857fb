"""Passwords: kept as argon2 hashes, checked in the same time whether the name exists or not.

One check takes 19 MiB (OWASP's least for argon2id); two at a time, so that a wave of tries cannot fill the memory of
the program that receives alarms.
"""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("the password of a name that does not exist")


class Passwords:
    """Hashes and checks passwords, away from the loop."""

    def __init__(self) -> None:
        """Begin with nothing to check."""
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return what the store keeps of a password."""
        async with self._turn:
            return await asyncio.to_thread(_hasher.hash, _settled(password))

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether this is the password. None: there is no such name; it takes as long to say so."""
        async with self._turn:
            is_right = await asyncio.to_thread(_verify, password_hash or _NOBODY, _settled(password))
        return is_right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _settled(password: str) -> str:
    """Return one form for what different keyboards write differently."""
    return unicodedata.normalize("NFKC", password[:LONGEST])
