"""Each failure is told once, and its end once."""

from device.adapters.outbox.troubles import Trouble, Troubles
from device.core.events import Event, OutboxFailed, OutboxRecovered


def test_the_first_trouble_is_told_and_the_end_of_the_last() -> None:
    told: list[Event] = []
    troubles = Troubles(told.append)
    troubles.begin(Trouble.NO_RESERVE, "full")
    troubles.begin(Trouble.NO_RESERVE, "full still")
    troubles.begin(Trouble.NO_FILE, "gone as well")
    assert told == [OutboxFailed("full", put_aside=False)]
    troubles.end(Trouble.NO_RESERVE)
    troubles.end(Trouble.STALLED)
    assert len(told) == 1
    troubles.end(Trouble.NO_FILE)
    troubles.end(Trouble.NO_FILE)
    assert told[1:] == [OutboxRecovered()]


def test_a_missing_reserve_holds_nothing_up() -> None:
    troubles = Troubles(lambda _: None)
    troubles.begin(Trouble.NO_RESERVE, "full")
    assert troubles.has(Trouble.NO_RESERVE)
    assert not troubles.hold_up()
    troubles.begin(Trouble.STALLED, "slow")
    assert troubles.hold_up()


def test_a_reason_fits_into_a_message() -> None:
    told: list[Event] = []
    Troubles(told.append).begin(Trouble.NO_FILE, "x" * 5_000)
    assert isinstance(told[0], OutboxFailed)
    assert len(told[0].reason) == 200
