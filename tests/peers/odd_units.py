"""Units that call as units call on bad days.

Keys: [user] who they are, [alarm] what it is about, [media] the port of their sound, others as said.
"""

from tests.peers.scenario import (
    ALARM,
    FILLER,
    NONSENSE,
    PROVISIONAL,
    THEIRS,
    Scenario,
    agrees,
    calls,
    hears,
    hears_answer,
    scenario,
    sound,
    waits,
)

CALLS = calls("INVITE", 1, sound(), headers=ALARM)
CONFIRMS = calls("ACK", 1, tag=THEIRS)
ANSWERED = (PROVISIONAL, hears_answer(200), CONFIRMS)
HANGS_UP = (calls("BYE", 9, tag=THEIRS), hears_answer(200))
HUNG_UP_ON = (hears("BYE"), agrees())
SAME_BRANCH, CANCELLED_BRANCH = "z9hG4bK-[pid]-same", "z9hG4bK-[pid]-cancelled"


def asks_anew(number: int, body: str) -> tuple[str, ...]:
    """Describe the call's sound anew, and be agreed with."""
    return (
        calls("INVITE", number, body, tag=THEIRS),
        hears_answer(100, is_certain=False),
        hears_answer(200),
        calls("ACK", number, tag=THEIRS),
    )


SPEAKS_AND_HANGS_UP = scenario("Speaks for four seconds, then hangs up.", CALLS, *ANSWERED, waits(4000), *HANGS_UP)
SPEAKS = scenario("Speaks until the other end hangs up.", CALLS, *ANSWERED, *HUNG_UP_ON)
CANCELS = scenario(
    "Gives up while it rings.",
    calls("INVITE", 1, sound(), headers=ALARM, branch=CANCELLED_BRANCH),
    hears_answer(100, is_certain=False),
    hears_answer(180),
    calls("CANCEL", 1, branch=CANCELLED_BRANCH),
    hears_answer(200),
    hears_answer(487),
    calls("ACK", 1, branch=CANCELLED_BRANCH, tag=THEIRS),
)
CANCELS_TOO_LATE = scenario(
    "Cancels when it has been answered, then confirms and hangs up.",
    calls("INVITE", 1, sound(), headers=ALARM, branch=CANCELLED_BRANCH),
    PROVISIONAL,
    hears_answer(200),
    calls("CANCEL", 1, branch=CANCELLED_BRANCH, last=False),
    hears_answer(200),
    CONFIRMS,
    *HANGS_UP,
)
REPEATS_ITS_CALL = scenario(
    "Hears ringing, and sends its INVITE three times more, as over a bad line.",
    calls("INVITE", 1, sound(), headers=ALARM, branch=SAME_BRANCH, last=False),
    hears_answer(100, is_certain=False),
    hears_answer(180),
    *(calls("INVITE", 1, sound(), headers=ALARM, branch=SAME_BRANCH, last=False), hears_answer(180)) * 3,
    hears_answer(200),
    CONFIRMS,
    *HUNG_UP_ON,
    counts_all=True,
)
DESCRIBES_ITS_SOUND_LATE = scenario(
    "Describes its sound when it confirms.",
    calls("INVITE", 1, headers=ALARM),
    PROVISIONAL,
    hears_answer(200),
    calls("ACK", 1, sound(), tag=THEIRS),
    *HUNG_UP_ON,
)
HAS_HUGE_HEADERS = scenario(
    "Calls in seven thousand bytes.", calls("INVITE", 1, sound(), headers=f"{ALARM}\n{FILLER}"), *ANSWERED, *HUNG_UP_ON
)
NEVER_CONFIRMS = scenario("Does not confirm that it was answered.", CALLS, PROVISIONAL, hears_answer(200), *HUNG_UP_ON)
HOLDS = scenario(
    "Puts the other end on hold for five seconds.",
    CALLS,
    *ANSWERED,
    waits(1500),
    *asks_anew(2, sound(direction="sendonly", version=2)),
    waits(5000),
    *asks_anew(3, sound(version=3)),
    *HUNG_UP_ON,
)
ENDS_WHAT_IS_NOT = scenario(
    "Hangs up a call that nobody knows.", calls("BYE", 2, tag=";tag=unknown"), hears_answer(481)
)
ASKS = scenario("Asks what the other end can do.", calls("OPTIONS", 1), hears_answer(200))
SAYS_WHAT_NOBODY_KNOWS = scenario(
    "Says what is no method, and then asks what the other end can do.",
    calls("BANANA", 1, last=False),
    calls("OPTIONS", 2),
    hears_answer(200),
)


def is_refused(status: int) -> Scenario:
    """Call, and be refused."""
    return scenario(f"Is refused with {status}.", CALLS, PROVISIONAL, hears_answer(status), CONFIRMS)


def talks_nonsense(status: int) -> Scenario:
    """Call without describing anything, and be refused."""
    return scenario(
        f"Its call describes nothing, and is refused with {status}.",
        calls("INVITE", 1, NONSENSE),
        hears_answer(100, is_certain=False),
        hears_answer(status),
        CONFIRMS,
    )
