"""The file: what it keeps, in which order, and what goes when it is full."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.adapters.outbox.file import OutboxFile
from device.adapters.outbox.limits import Limits
from device.wire.messages import WallTime
from device.wire.vocabulary import ClockQuality, Rung
from tests.device.adapters.outbox.material import alarm, event, joined, key, record, seqs

DAY_S = 86_400.0
Opener = Callable[..., OutboxFile]


@pytest.fixture
def opened(path: Path) -> Iterator[Opener]:
    files: list[OutboxFile] = []

    def open_file(limits: Limits | None = None) -> OutboxFile:
        for file in files:
            file.close()
        files.append(OutboxFile(path, limits or Limits()))
        return files[-1]

    yield open_file
    for file in files:
        file.close()


def test_alarms_come_first_then_events_each_oldest_first(opened: Opener) -> None:
    file = opened()
    for message in (event(1), alarm(4), event(3), alarm(2), event(5)):
        file.store(message)
    assert seqs(file.waiting(64).messages) == [4, 2, 1, 3, 5]


@pytest.mark.parametrize(
    ("limit", "expected", "more"), [(0, [9], True), (2, [9, 1, 2], True), (3, [9, 1, 2, 3], False)]
)
def test_a_window_of_events_and_all_alarms(opened: Opener, limit: int, expected: list[int], more: bool) -> None:
    file = opened()
    for message in (event(1), event(2), event(3), alarm(9)):
        file.store(message)
    waiting = file.waiting(limit)
    assert (seqs(waiting.messages), waiting.more) == (expected, more)


def test_a_message_stored_twice_is_there_once(opened: Opener) -> None:
    file = opened()
    file.store(alarm(1))
    file.store(alarm(1))
    assert seqs(file.waiting(9).messages) == [1]
    assert file.depth == 1


def test_what_is_forgotten_is_gone_for_good(opened: Opener) -> None:
    file = opened()
    for message in (alarm(1), event(2), event(3)):
        file.store(message)
    file.forget([key(1), key(3), key(1), key(77), key(2, epoch="00000000000000bb")])
    assert file.depth == 1
    again = opened()
    assert seqs(again.waiting(9).messages) == [2]
    assert again.depth == 1


def test_the_open_alarm_is_kept_and_let_go(opened: Opener) -> None:
    file = opened()
    assert file.open_alarm() is None
    file.store(alarm(1), record(1))
    assert opened().open_alarm() == record(1)
    file = opened()
    file.save_alarm(record(1, Rung.ANSWERED))
    assert file.open_alarm() == record(1, Rung.ANSWERED)
    file.save_alarm(None)
    assert opened().open_alarm() is None


def test_a_message_and_its_alarm_are_kept_together_or_not_at_all(opened: Opener) -> None:
    file = opened()
    file._db.execute("CREATE TRIGGER no BEFORE INSERT ON open_alarm BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        file.store(alarm(1), record(1))
    assert file.waiting(9).messages == ()
    assert file.depth == 0


def test_a_full_file_lets_the_oldest_events_go(opened: Opener) -> None:
    file = opened(Limits(max_messages=10, trim_at_once=3))
    assert file.store(alarm(1)) == 0
    assert [file.store(event(seq)) for seq in range(2, 11)] == [0] * 9
    assert file.store(event(11)) == 3
    assert seqs(file.waiting(99).messages) == [1, 5, 6, 7, 8, 9, 10, 11]
    assert file.depth == 8
    assert [file.store(event(12)), file.store(event(13))] == [0, 0], "the report of a loss must not be the next loss"


def test_an_alarm_takes_an_events_place(opened: Opener) -> None:
    file = opened(Limits(max_messages=3, trim_at_once=1))
    trimmed = [file.store(message) for message in (event(1), event(2), event(3), alarm(4), alarm(5))]
    assert trimmed == [0, 0, 0, 1, 1]
    assert seqs(file.waiting(9).messages) == [4, 5, 3]


def test_no_alarm_goes_for_an_event(opened: Opener) -> None:
    file = opened(Limits(max_messages=3, trim_at_once=1))
    for seq in range(1, 5):
        assert file.store(alarm(seq)) == 0
    assert file.store(event(5)) == 1
    assert seqs(file.waiting(9).messages) == [1, 2, 3, 4]


def test_alarms_have_a_bound_of_their_own_and_joined_ones_go_first(opened: Opener) -> None:
    file = opened(Limits(max_alarms=3))
    for message in (alarm(1), joined(2), alarm(3)):
        assert file.store(message) == 0
    assert file.store(alarm(4)) == 1
    assert seqs(file.waiting(9).messages) == [1, 3, 4]
    assert file.store(alarm(5)) == 1
    assert seqs(file.waiting(9).messages) == [3, 4, 5]
    assert file.store(joined(6)) == 1
    assert seqs(file.waiting(9).messages) == [3, 4, 5]


def good(unix_s: float) -> WallTime:
    return WallTime(unix_s=unix_s, quality=ClockQuality.NETWORK)


def bad(unix_s: float) -> WallTime:
    return WallTime(unix_s=unix_s, quality=ClockQuality.KEPT)


def test_events_go_by_age_only_where_their_age_is_known(opened: Opener) -> None:
    file = opened()
    now_s = 40 * DAY_S
    for message in (
        event(1, mono_s=1.0, boot_id="this boot", wall=bad(now_s)),  # old by the monotonic clock
        event(2, mono_s=now_s - 1, boot_id="this boot", wall=good(0.0)),  # young by it, whatever the wall says
        event(3, mono_s=now_s, boot_id="an earlier boot", wall=good(1.0)),  # old by two good clocks
        event(4, mono_s=0.0, boot_id="an earlier boot", wall=bad(1.0)),  # nobody knows
        event(5, mono_s=0.0, boot_id="an earlier boot", wall=good(now_s - 29 * DAY_S)),
        alarm(6),  # an alarm is never too old
        event(7, mono_s=now_s, boot_id="this boot", wall=good(now_s)),
    ):
        file.store(message)
    assert file.trim_aged() == 2
    assert seqs(file.waiting(9).messages) == [6, 2, 4, 5, 7]
    assert file.depth == 5


def test_a_clock_that_is_not_good_makes_nothing_old(opened: Opener) -> None:
    file = opened()
    assert file.trim_aged() == 0
    file.store(event(1, boot_id="an earlier boot", wall=good(1.0)))
    file.store(event(2, boot_id="this boot", wall=bad(400 * DAY_S)))
    assert file.trim_aged() == 0


def test_a_row_nobody_can_read_is_dropped_and_counted(opened: Opener) -> None:
    file = opened()
    for message in (alarm(1), event(2), event(3)):
        file.store(message)
    file._db.execute("UPDATE waiting SET body = CAST(x'7bfffe' AS TEXT) WHERE seq = 2")
    waiting = file.waiting(9)
    assert (seqs(waiting.messages), waiting.lost) == ([1, 3], 1)
    assert file.depth == 2
    assert file.waiting(9).lost == 0


def test_rows_nobody_can_read_do_not_fill_the_window(opened: Opener) -> None:
    """A window without a message would never be answered by a receipt, and nobody would ask for the next."""
    file = opened()
    for seq in range(1, 10):
        file.store(event(seq))
    file._db.execute("UPDATE waiting SET body = '' WHERE seq < 8")
    waiting = file.waiting(3)
    assert (seqs(waiting.messages), waiting.more, waiting.lost) == ([8, 9], False, 7)


def test_an_unreadable_row_does_not_hide_the_others_where_it_cannot_be_dropped(opened: Opener) -> None:
    file = opened()
    file.store(alarm(1))
    file.store(event(2))
    file._db.execute("UPDATE waiting SET boot_id = 3 WHERE seq = 2")
    file._db.execute("UPDATE waiting SET body = '' WHERE seq = 2")
    file._db.execute("CREATE TRIGGER no BEFORE DELETE ON waiting BEGIN SELECT RAISE(ABORT, 'no'); END")
    waiting = file.waiting(9)
    assert (seqs(waiting.messages), waiting.lost) == ([1], 0)


def test_an_unreadable_open_alarm_is_none(opened: Opener) -> None:
    file = opened()
    file.save_alarm(record(1))
    file._db.execute("UPDATE open_alarm SET epoch = 'damaged'")
    assert file.open_alarm() is None
