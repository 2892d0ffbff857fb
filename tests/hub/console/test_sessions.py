"""Sessions: found again after a restart, over when they are over, known to this life though the disk is full."""

from dataclasses import dataclass, field

from hub.console.sessions import Sessions
from hub.core.records import Session


@dataclass
class Kept:
    """The part of a reader that sessions need."""

    sessions: dict[str, Session] = field(default_factory=dict)

    def session(self, token_hash: str) -> Session | None:
        return self.sessions.get(token_hash)


def made(kept: Kept) -> Sessions:
    return Sessions(kept, lifetime_s=100.0)  # type: ignore[arg-type]


def test_a_session_is_found_by_its_token_until_it_is_over() -> None:
    sessions = made(Kept())
    token, session = sessions.open("Elza", 0.0)
    assert token not in session.token_hash
    assert sessions.find(token, 99.9) == session
    assert sessions.find(token, 100.0) is None
    assert sessions.find("another", 0.0) is None


def test_another_life_finds_it_in_the_store() -> None:
    kept = Kept()
    token, session = made(kept).open("Elza", 0.0)
    assert made(kept).find(token, 1.0) is None
    kept.sessions[session.token_hash] = session
    assert made(kept).find(token, 1.0) == session


def test_an_ended_session_stays_ended_though_the_store_is_behind() -> None:
    kept = Kept()
    sessions = made(kept)
    token, session = sessions.open("Elza", 0.0)
    kept.sessions[session.token_hash] = session
    ended = sessions.end(session, 5.0)
    assert ended.ended_s == 5.0
    assert sessions.find(token, 6.0) is None


def test_the_other_browsers_of_an_operator() -> None:
    sessions = made(Kept())
    _, here = sessions.open("Elza", 0.0)
    _, there = sessions.open("Elza", 0.0)
    sessions.open("Juris", 0.0)
    sessions.end(sessions.open("Elza", 0.0)[1], 1.0)
    assert sessions.others_of("Elza", spared=here.token_hash) == [there]
    assert sessions.others_of("Elza") == [here, there]
