"""Phones that do what phones do on bad days. Keys: [media] where their sound is, others as said."""

from tests.peers.scenario import (
    FILLER,
    INVITED,
    KEYS,
    NONSENSE,
    Scenario,
    agrees,
    answers,
    asks,
    hears,
    hears_answer,
    scenario,
    sound,
    waits,
)

RINGS = answers(180, "Ringing", last=False)
ANSWERS = answers(200, "OK", sound())
ANSWERED = (RINGS, ANSWERS, hears("ACK"))
HUNG_UP_ON = (hears("BYE"), agrees())
GIVEN_UP = ('<recv request="ACK" optional="true" />', *HUNG_UP_ON)
"""PJSIP ends what it cannot use before it confirms it."""


def asks_anew(number: int, body: str) -> tuple[str, ...]:
    """Describe the call's sound anew, and be agreed with."""
    return (
        asks("INVITE", number, body),
        hears_answer(100, is_certain=False),
        hears_answer(200),
        asks("ACK", number),
    )


def refuses(status: int) -> Scenario:
    """Refuse at once."""
    return scenario(f"Refuses with {status}.", hears("INVITE"), answers(status, "No"), hears("ACK"))


def rings_and_refuses(status: int) -> Scenario:
    """Refuse after a moment."""
    rings = f"Rings, then refuses with {status}."
    return scenario(rings, hears("INVITE"), RINGS, waits(300), answers(status, "No"), hears("ACK"))


REDIRECTS = scenario(
    "Says that the call is to go to port [elsewhere].",
    hears("INVITE"),
    answers(302, "Moved Temporarily").replace(
        "Contact: <sip:odd@[local_ip]:[local_port]>", "Contact: <sip:odd@[local_ip]:[elsewhere]>"
    ),
    hears("ACK"),
)
WANTS_A_PASSWORD = scenario(
    "Wants a password; another INVITE would be unexpected.",
    hears("INVITE"),
    answers(401, "Unauthorized", headers='WWW-Authenticate: Digest realm="odd", nonce="1d5f7c2e", qop="auth"'),
    hears("ACK"),
    waits(1500),
)
IS_DEAD = scenario("Takes what comes and says nothing.", hears("INVITE"), waits(3000))
RINGS_ON = scenario(
    "Rings until it is cancelled.",
    hears("INVITE"),
    answers(100, "Trying", tag="", last=False),
    RINGS,
    hears("CANCEL"),
    agrees(),
    answers(487, "Request Terminated", to="INVITE"),
    hears("ACK"),
)
ANSWERS_WHILE_CANCELLED = scenario(
    "CANCEL and 200 cross: the call stands, and has to be ended by BYE.",
    hears("INVITE"),
    RINGS,
    hears("CANCEL"),
    answers(200, "OK", sound(), to="INVITE"),
    hears("ACK"),
    *HUNG_UP_ON,
)
IGNORES_CANCEL = scenario(
    "Rings, hears CANCEL, and says nothing more.", hears("INVITE"), RINGS, hears("CANCEL"), waits(2000)
)
ANSWERS_AT_ONCE = scenario("Answers at once.", hears("INVITE"), ANSWERS, hears("ACK"), *HUNG_UP_ON)
TRIES_RINGS_ANSWERS = scenario(
    "Tries, rings, answers.",
    hears("INVITE"),
    answers(100, "Trying", tag="", last=False),
    waits(200),
    RINGS,
    waits(200),
    ANSWERS,
    hears("ACK"),
    *HUNG_UP_ON,
)
SPEAKS_BEFORE_IT_ANSWERS = scenario(
    "Its sound comes while it rings; it answers after a second and a half.",
    hears("INVITE"),
    answers(183, "Session Progress", sound(), last=False),
    waits(1500),
    ANSWERS,
    hears("ACK"),
    *HUNG_UP_ON,
)
MOVES_ITS_SOUND = scenario(
    "Moves its sound to port [elsewhere] a second after it has answered.",
    INVITED,
    *ANSWERED,
    waits(1000),
    *asks_anew(101, sound("[elsewhere]", version=2)),
    *HUNG_UP_ON,
)
HOLDS = scenario(
    "Puts the caller on hold for five seconds.",
    INVITED,
    *ANSWERED,
    waits(1500),
    *asks_anew(101, sound(direction="sendonly", version=2)),
    waits(5000),
    *asks_anew(102, sound(version=3)),
    *HUNG_UP_ON,
)
IS_HELD = scenario(
    "Is put on hold, and taken back.",
    hears("INVITE"),
    *ANSWERED,
    hears("INVITE"),
    answers(200, "OK", sound(direction="recvonly", version=2), tag=""),
    hears("ACK"),
    hears("INVITE"),
    answers(200, "OK", sound(version=3), tag=""),
    hears("ACK"),
    *HUNG_UP_ON,
)
REFRESHES = scenario(
    "Refreshes the call by UPDATE, then moves its sound to port [elsewhere] by UPDATE.",
    INVITED,
    *ANSWERED,
    waits(300),
    asks("UPDATE", 101),
    hears_answer(200),
    asks("UPDATE", 102, sound("[elsewhere]", version=2)),
    hears_answer(200),
    *HUNG_UP_ON,
)
HANGS_UP = scenario(
    "Hangs up a second and a half after it has answered.",
    INVITED,
    *ANSWERED,
    waits(1500),
    asks("BYE", 101),
    hears_answer(200),
)
PRESSES_BY_INFO = scenario(
    "Presses 7, then 0, by INFO.",
    INVITED,
    *ANSWERED,
    waits(300),
    asks("INFO", 101, "Signal=7\nDuration=160", "application/dtmf-relay"),
    hears_answer(200),
    asks("INFO", 102, "Signal= 0\nDuration= 160", "application/dtmf-relay"),
    hears_answer(200),
    *HUNG_UP_ON,
)
LOSES_BYE = scenario("Does not answer BYE.", hears("INVITE"), *ANSWERED, hears("BYE"), waits(2000))
REPEATS_ITS_ANSWER = scenario(
    "Says 200 four times, as if ACK were lost, and has each confirmed.",
    hears("INVITE"),
    answers(200, "OK", sound(), last=False),
    hears("ACK"),
    *(answers(200, "OK", sound(), to="INVITE", tag="", last=False), hears("ACK")) * 3,
    *HUNG_UP_ON,
    counts_all=True,
)
ANSWERS_NONSENSE = scenario(
    "Its answer describes nothing.", hears("INVITE"), RINGS, answers(200, "OK", NONSENSE), *GIVEN_UP
)
HAS_ANOTHER_CODEC = scenario(
    "Answers with a codec that was not offered.",
    hears("INVITE"),
    RINGS,
    answers(200, "OK", sound(kinds=("3 GSM/8000", KEYS))),
    *GIVEN_UP,
)
DESCRIBES_NOTHING = scenario("Answers without a description.", hears("INVITE"), RINGS, answers(200, "OK"), *GIVEN_UP)
HAS_HUGE_HEADERS = scenario(
    "Answers in seven thousand bytes.",
    hears("INVITE"),
    RINGS,
    answers(200, "OK", sound(), headers=FILLER),
    hears("ACK"),
    *HUNG_UP_ON,
)
IS_TWO_PHONES = scenario(
    "Two phones behind one number ring, and the second answers.",
    hears("INVITE"),
    answers(180, "Ringing", tag="one", last=False),
    answers(180, "Ringing", tag="two", last=False),
    answers(200, "OK", sound(), tag="two"),
    hears("ACK"),
    *HUNG_UP_ON,
)
ONLY_LISTENS = scenario(
    "Says that it will send no sound.",
    hears("INVITE"),
    RINGS,
    answers(200, "OK", sound(direction="recvonly")),
    hears("ACK"),
    *HUNG_UP_ON,
)
KNOWS_KEYS_BY_INFO_ALONE = scenario(
    "Offers no keys beside its sound, and hears two by INFO.",
    hears("INVITE"),
    answers(200, "OK", sound(kinds=("8 PCMA/8000",))),
    hears("ACK"),
    *(hears("INFO"), agrees()) * 2,
    *HUNG_UP_ON,
)
