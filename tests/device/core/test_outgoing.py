"""What waits: its age is told by the machine's own clock, and not guessed where that clock stood still."""

from device.core.moment import Moment
from device.core.outgoing import Outgoing
from device.wire.vocabulary import ClockQuality, Urgency
from tests.device.core.life import BEGAN_S, at, key, raised

WALL = Moment(BEGAN_S, 1_700_000_000.0, ClockQuality.KEPT).wall()
PRESS = Outgoing(key(1), Urgency.ALARM, raised(), BEGAN_S, "boot-1", WALL)


def test_a_message_tells_how_long_ago_it_happened() -> None:
    sent = PRESS.as_sent(at(90), "boot-1")
    assert (sent.key, sent.age_s, sent.wall, sent.body) == (key(1), 90.0, WALL, PRESS.body)


def test_the_age_is_unknown_where_the_machine_was_off_in_between() -> None:
    assert PRESS.as_sent(at(5), "boot-2").age_s is None


def test_an_age_is_never_negative() -> None:
    assert PRESS.as_sent(at(-5), "boot-1").age_s == 0.0
