"""The outbox's promises, as the runtime sees them."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from device.adapters.outbox import Limits, Loaded, Outbox
from device.adapters.outbox.troubles import Trouble
from device.core.effects import Forget, Indicate, Light, LoadWaiting, SaveAlarm, Store
from device.core.events import OutboxFailed, OutboxRead, OutboxRecovered, OutboxTrimmed, WaitingLoaded
from device.core.timings import WINDOW
from device.ports import Adapter, PermanentAdapterError, TransientAdapterError
from device.wire.messages import UnknownBody
from device.wire.vocabulary import Rung
from tests.device.adapters.outbox.material import (
    DEADLINE_S,
    Beats,
    Ears,
    alarm,
    event,
    joined,
    key,
    message,
    record,
    seqs,
    wait_until,
)

Opener = Callable[..., Outbox]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold every write up, as a card does that has stopped answering."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


def after_a_cut(path: Path, to: Path) -> Path:
    """Return a copy of the open file and its log: what a power cut leaves."""
    shutil.copytree(path.parent, to, ignore=shutil.ignore_patterns("*-shm"))
    return to / path.name


def test_it_is_an_adapter(outbox_at: Opener) -> None:
    adapter: Adapter = outbox_at()
    assert adapter.name == "outbox"
    assert adapter.performs == (Store, Forget, SaveAlarm, LoadWaiting)


def test_a_new_outbox_holds_nothing(outbox_at: Opener) -> None:
    assert outbox_at().load() == Loaded((), more=False, open_alarm=None)


def test_an_alarm_waits_through_a_restart(outbox_at: Opener) -> None:
    first = outbox_at()
    first.load()
    first.perform(Store(event(1)))
    first.perform(Store(alarm(2), record(2)))
    first.stop()
    again = outbox_at().load()
    assert again == Loaded((alarm(2), event(1)), more=False, open_alarm=record(2))


def test_what_perform_has_stored_survives_a_power_cut(outbox_at: Opener, path: Path, tmp_path: Path) -> None:
    outbox = outbox_at()
    outbox.start(Ears().report)
    outbox.perform(Store(alarm(1), record(1)))
    cut = after_a_cut(path, tmp_path / "one")
    assert outbox_at(at=cut).load() == Loaded((alarm(1),), open_alarm=record(1))
    outbox.perform(Forget((key(1),)))
    outbox.perform(SaveAlarm(record(1, Rung.ANSWERED)))
    cut = after_a_cut(path, tmp_path / "two")
    assert outbox_at(at=cut).load() == Loaded(open_alarm=record(1, Rung.ANSWERED)), "acts are done in order"


def test_a_body_of_tomorrow_comes_back_whole(outbox_at: Opener) -> None:
    strange = message(1, UnknownBody.model_validate({"kind": "fall_seen", "height_m": 1.5}))
    outbox = outbox_at()
    outbox.load()
    outbox.perform(Store(strange))
    outbox.stop()
    assert outbox_at().load().waiting == (strange,)


def test_the_start_takes_every_alarm_and_one_window_of_events(outbox_at: Opener) -> None:
    first, ears = outbox_at(), Ears()
    first.start(ears.report)
    for seq in range(1, WINDOW + 3):
        first.perform(Store(event(seq)))
    for seq in range(200, 203):
        first.perform(Store(alarm(seq)))
    first.stop()
    second = outbox_at()
    loaded = second.load()
    assert seqs(loaded.waiting) == [200, 201, 202, *range(1, WINDOW + 1)]
    assert loaded.more
    second.start(ears.report)
    second.perform(Forget(tuple(key(seq) for seq in range(1, WINDOW + 1))))
    second.perform(LoadWaiting(WINDOW))
    rest = ears.wait_for(WaitingLoaded)
    assert seqs(rest.messages) == [200, 201, 202, WINDOW + 1, WINDOW + 2]
    assert not rest.more


def test_a_trimmed_outbox_says_so(outbox_at: Opener) -> None:
    outbox, ears = outbox_at(Limits(max_messages=4, trim_at_once=2, max_alarms=2, patience_s=30)), Ears()
    outbox.start(ears.report)
    for seq in range(1, 6):
        outbox.perform(Store(event(seq)))
    assert ears.all_of(OutboxTrimmed) == [OutboxTrimmed(2)]
    for one in (alarm(11), joined(12), alarm(13)):
        outbox.perform(Store(one))
    outbox.perform(LoadWaiting(9))
    assert [one.key.seq for one in ears.wait_for(WaitingLoaded).messages][:2] == [11, 13]


def test_events_too_old_are_let_go_and_that_is_said(outbox_at: Opener) -> None:
    outbox, ears = outbox_at(Limits(max_age_s=60.0, patience_s=30)), Ears()
    outbox.load()
    outbox.perform(Store(event(1, mono_s=0.0)))
    outbox.stop()
    outbox = outbox_at(Limits(max_age_s=60.0, patience_s=30))
    outbox.start(ears.report)
    outbox.perform(Store(event(2, mono_s=61.0)))
    assert ears.wait_for(OutboxTrimmed) == OutboxTrimmed(1)


def test_the_depth_is_reported_as_it_changes(outbox_at: Opener) -> None:
    outbox, ears = outbox_at(), Ears()
    outbox.start(ears.report)
    ears.wait_for(OutboxRead, lambda read: read.depth == 0)
    outbox.perform(Store(event(1)))
    outbox.perform(Store(alarm(2)))
    ears.wait_for(OutboxRead, lambda read: read.depth == 2)
    outbox.perform(Forget((key(1),)))
    ears.wait_for(OutboxRead, lambda read: read.depth == 1)


def test_a_broken_file_is_told_once_the_runtime_listens(outbox_at: Opener, path: Path) -> None:
    path.write_bytes(b"")
    outbox, ears = outbox_at(), Ears()
    assert outbox.load() == Loaded()
    outbox.start(ears.report)
    failed = ears.wait_for(OutboxFailed)
    assert failed.put_aside
    assert failed.reason.startswith("put aside: empty")
    outbox.perform(Store(alarm(1)))
    assert len(ears.all_of(OutboxFailed)) == 1


def test_a_file_that_breaks_while_it_is_open_does_not_refuse_the_alarm(outbox_at: Opener, path: Path) -> None:
    outbox, ears = outbox_at(), Ears()
    outbox.start(ears.report)
    outbox.perform(Store(alarm(1), record(1)))
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA writable_schema = ON")
        other.execute("UPDATE sqlite_master SET rootpage = 9999 WHERE name = 'idx_waiting_epoch_seq'")
        other.execute("PRAGMA schema_version = 99")
    outbox.perform(Store(alarm(2)))
    assert [failed.put_aside for failed in ears.all_of(OutboxFailed)] == [True]
    outbox.stop()
    assert outbox_at().load() == Loaded((alarm(1), alarm(2)), open_alarm=record(1)), "what waited is saved as well"


def test_a_card_that_hangs_does_not_hold_the_alarm_back(outbox_at: Opener, path: Path) -> None:
    limits = Limits(patience_s=0.1, busy_timeout_s=600.0, load_patience_s=30)
    outbox, ears = outbox_at(limits), Ears()
    outbox.load()
    outbox.start(ears.report)
    with locked(path):
        for seq in range(1, 4):
            with pytest.raises(TransientAdapterError, match="the disk did not answer within"):
                outbox.perform(Store(alarm(seq)))
        with pytest.raises(TransientAdapterError):
            outbox.perform(SaveAlarm(record(1)))
        outbox.perform(Forget((key(2),)))
        assert [failed.put_aside for failed in ears.all_of(OutboxFailed)] == [False]
        assert ears.all_of(OutboxRecovered) == []
    ears.wait_for(OutboxRecovered)
    outbox.perform(LoadWaiting(9))
    assert seqs(ears.wait_for(WaitingLoaded).messages) == [1, 3], "what came late was stored all the same, in order"
    assert len(ears.all_of(OutboxRecovered)) == 1


def test_a_card_known_to_hang_is_not_waited_for_again(outbox_at: Opener, path: Path) -> None:
    """Else each of the alarm's acts would wait: the card comes back after a while, only so that the test ends."""
    outbox = outbox_at(Limits(patience_s=1e6, busy_timeout_s=1e6, load_patience_s=30))
    outbox.load()
    other = sqlite3.connect(path, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    card_comes_back = threading.Timer(DEADLINE_S, other.rollback)
    card_comes_back.start()
    outbox.perform(Forget((key(1),)))
    wait_until(outbox._writer._tasks.empty, "the thread hangs in it")
    outbox._writer.troubles.begin(Trouble.STALLED, "it hangs")
    with pytest.raises(TransientAdapterError):
        outbox.perform(Store(alarm(1)))
    card_comes_back.cancel()
    card_comes_back.join()
    other.rollback()
    other.close()


def test_a_card_that_hangs_fills_no_memory(outbox_at: Opener, path: Path) -> None:
    outbox, ears = outbox_at(Limits(patience_s=0.1, busy_timeout_s=600.0, load_patience_s=30, max_queued=5)), Ears()
    outbox.load()
    outbox.start(ears.report)
    with locked(path):
        for seq in range(1, 20):
            with pytest.raises(TransientAdapterError):
                outbox.perform(Store(alarm(seq)))
        with pytest.raises(TransientAdapterError, match="5 acts wait for the disk already"):
            outbox.perform(Store(alarm(20)))
        outbox.perform(LoadWaiting(9))
    assert len(ears.wait_for(WaitingLoaded).messages) <= 7, "who asks for what waits gets an answer even so"


def test_its_pulse_stops_while_the_card_hangs(outbox_at: Opener, path: Path) -> None:
    beats = Beats()
    outbox = outbox_at(Limits(patience_s=3.0, busy_timeout_s=600.0, load_patience_s=30), beats=beats)
    outbox.load()
    with locked(path):
        before = len(beats.parts)
        with pytest.raises(TransientAdapterError):
            outbox.perform(Store(alarm(1)))  # waits for longer than two beats
        assert len(beats.parts) <= before + 1
    assert set(beats.parts) == {"outbox"}


def test_a_card_that_hangs_at_the_start_does_not_hold_the_program_back(outbox_at: Opener, path: Path) -> None:
    first = outbox_at()
    first.load()
    first.perform(Store(alarm(1)))
    first.stop()
    outbox, ears = outbox_at(Limits(load_patience_s=0.1, busy_timeout_s=600.0)), Ears()
    with locked(path):
        assert outbox.load() == Loaded()
        outbox.start(ears.report)
        assert "did not answer" in ears.wait_for(OutboxFailed).reason
    assert seqs(ears.wait_for(WaitingLoaded).messages) == [1]
    ears.wait_for(OutboxRecovered)


def test_it_is_closed_once_and_tells_nothing_afterwards(outbox_at: Opener, path: Path) -> None:
    outbox, ears = outbox_at(), Ears()
    outbox.start(ears.report)
    outbox.perform(Forget((key(1),)))
    outbox.stop()
    heard = len(ears.heard)
    outbox.stop()
    with pytest.raises(PermanentAdapterError, match="closed"):
        outbox.perform(Store(alarm(1)))
    assert len(ears.heard) == heard
    assert not path.with_name("outbox.db-wal").exists()


def test_one_that_was_never_opened_can_be_closed(outbox_at: Opener, path: Path) -> None:
    outbox_at().stop()
    assert not path.exists()


def test_it_does_its_own_work_only(outbox_at: Opener) -> None:
    with pytest.raises(PermanentAdapterError, match="Indicate is not for the outbox"):
        outbox_at().perform(Indicate(Light.DARK))
