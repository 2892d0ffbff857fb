"""Who is signed in: a random token in the browser, only its hash in the store.

What this life has opened or seen is remembered as well: with a full disk operators can still sign in and out.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import replace

from hub.core.records import Session
from hub.ports import StoreReader

MOST_REMEMBERED = 10_000


class Sessions:
    """The sessions of this and earlier lives. Times are Unix seconds."""

    def __init__(self, reader: StoreReader, lifetime_s: float) -> None:
        """Begin with what the store has."""
        self._reader = reader
        self._lifetime_s = lifetime_s
        self._remembered: OrderedDict[str, Session] = OrderedDict()

    def open(self, operator: str, now_s: float) -> tuple[str, Session]:
        """Return a new token for the browser, and the record to keep."""
        token = secrets.token_urlsafe(32)
        session = Session(_hash(token), operator, now_s, now_s + self._lifetime_s)
        self._remember(session)
        return token, session

    def find(self, token: str, now_s: float) -> Session | None:
        """Return the session of a token, None where there is none or it is over."""
        token_hash = _hash(token)
        session = self._remembered.get(token_hash) or self._reader.session(token_hash)
        if session is None:
            return None
        self._remember(session)
        is_over = session.ended_s is not None or now_s >= session.expires_s
        return None if is_over else session

    def end(self, session: Session, now_s: float) -> Session:
        """End a session; return the record to keep."""
        ended = replace(session, ended_s=now_s)
        self._remember(ended)
        return ended

    def others_of(self, operator: str, spared: str = "") -> list[Session]:
        """Return the open sessions of an operator that this life knows, but the one with the hash `spared`."""
        return [
            session
            for session in list(self._remembered.values())
            if session.operator == operator and session.ended_s is None and session.token_hash != spared
        ]

    def _remember(self, session: Session) -> None:
        self._remembered[session.token_hash] = session
        self._remembered.move_to_end(session.token_hash)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
