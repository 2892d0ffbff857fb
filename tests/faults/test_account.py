"""The account itself: it finds a planted loss, a planted double and a planted stranger, in a real store."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.wire.messages import AlarmJoined, AlarmRaised, Message, MessageKey, TriggerInfo
from device.wire.vocabulary import Urgency
from hub.adapters.store import OpenStore, open_store
from hub.core.records import (
    EntryKind,
    Incident,
    IncidentKind,
    IncidentState,
    Priority,
    ReceivedMessage,
    TimelineEntry,
    UnreadableMessage,
)
from tests.faults.account import Name, Press, Tally, read_truth, settle
from tests.faults.harness import Harness

EPOCH = "00000000000000ab"
TRIGGER = TriggerInfo(trigger_id="button", name="Hallway button", device_type="0004")


def key(seq: int) -> MessageKey:
    return MessageKey(epoch=EPOCH, seq=seq)


def pressed(alarm: int, seq: int | None = None) -> Press:
    return Press("home-1", 0.0, Name("home-1", str(key(alarm)), seq or alarm))


def message(body: AlarmRaised | AlarmJoined, seq: int, incident_id: int) -> ReceivedMessage:
    return ReceivedMessage("home-1", Urgency.ALARM, Message(key=key(seq), body=body), 0.0, True, incident_id)


def raised(alarm: int, incident_id: int) -> tuple[Incident, TimelineEntry, ReceivedMessage]:
    incident = Incident(
        incident_id=incident_id,
        kind=IncidentKind.ALARM,
        priority=Priority.ALARM,
        state=IncidentState.CLOSED,
        opened_s=0.0,
        unit_id="home-1",
        alarms=(key(alarm),),
    )
    entry = TimelineEntry(incident_id, 1, 0.0, EntryKind.RAISED, text=TRIGGER.name)
    return incident, entry, message(AlarmRaised(trigger=TRIGGER, status_code="0010"), alarm, incident_id)


def joined(alarm: int, seq: int, incident_id: int, number: int = 2) -> tuple[TimelineEntry, ReceivedMessage]:
    entry = TimelineEntry(incident_id, number, 0.0, EntryKind.PRESSED_AGAIN, text=TRIGGER.name)
    body = AlarmJoined(alarm=key(alarm), trigger=TRIGGER, status_code="0010")
    return entry, message(body, seq, incident_id)


PRESSES = [pressed(1), pressed(1, 2), pressed(5)]
ON_SCREEN = {1, 2}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    """Return a store in which three presses stand in two incidents."""
    opened = open_store(tmp_path)
    opened.main.save([*raised(1, 1), *joined(1, 2, 1), *raised(5, 2)])
    yield opened
    opened.close()


def account(folder: Path, presses: list[Press] | None = None, on_screen: set[int] | None = None) -> Tally:
    return settle(presses or PRESSES, read_truth(folder / "poga.sqlite"), ON_SCREEN if on_screen is None else on_screen)


def plant(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "poga.sqlite")) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def test_a_clean_account_has_nothing_wrong(store: OpenStore, tmp_path: Path) -> None:
    tally = account(tmp_path)
    assert (tally.pressed, tally.received, tally.shown) == (3, 3, 3)
    tally.check()


@pytest.mark.parametrize("seq", [1, 2, 5])
def test_a_message_that_is_gone_is_missing(seq: int, store: OpenStore, tmp_path: Path) -> None:
    plant(tmp_path, f"DELETE FROM messages WHERE seq = {seq}")
    tally = account(tmp_path)
    assert len(tally.missing) == 1
    assert (tally.received, tally.shown) == (2, 2)
    with pytest.raises(AssertionError, match="missing"):
        tally.check()


def test_a_press_in_no_incident_is_missing(store: OpenStore, tmp_path: Path) -> None:
    plant(tmp_path, "UPDATE incidents SET alarms = '[]' WHERE incident_id = 2")
    assert len(account(tmp_path).missing) == 1


def test_a_press_that_stood_on_no_screen_is_missing(store: OpenStore, tmp_path: Path) -> None:
    tally = account(tmp_path, on_screen={1})
    assert (tally.received, tally.shown, len(tally.missing)) == (3, 2, 1)


def test_a_press_in_two_incidents_is_doubled(store: OpenStore, tmp_path: Path) -> None:
    incident, *_ = raised(5, 3)
    store.main.save([incident])
    assert len(account(tmp_path).doubled) == 1


def test_a_press_told_twice_in_its_incident_is_doubled(store: OpenStore, tmp_path: Path) -> None:
    entry, _ = joined(1, 2, 1, number=3)
    store.main.save([entry])
    assert len(account(tmp_path).doubled) == 1


def test_two_presses_that_became_one_message_are_no_two(store: OpenStore, tmp_path: Path) -> None:
    assert len(account(tmp_path, [*PRESSES, pressed(5)]).doubled) == 1


def test_what_nobody_pressed_is_a_stranger(store: OpenStore, tmp_path: Path) -> None:
    store.main.save(raised(9, 3))
    assert len(account(tmp_path).strangers) == 1
    assert not account(tmp_path, [*PRESSES, Press("home-1", 0.0)]).strangers, "unless a press was cut short"
    assert len(account(tmp_path, [*PRESSES, Press("home-2", 0.0)]).strangers) == 1, "in this home"


def test_an_incident_of_an_alarm_that_nobody_raised_is_a_stranger(store: OpenStore, tmp_path: Path) -> None:
    incident, *_ = raised(9, 3)
    store.main.save([incident])
    assert len(account(tmp_path).strangers) == 1


def test_what_cannot_be_read_is_a_stranger(store: OpenStore, tmp_path: Path) -> None:
    store.main.save([UnreadableMessage("poga/1/home-1/alarm", b"?", "not_json", "", 0.0)])
    assert len(account(tmp_path).strangers) == 1


def test_a_press_at_stake_may_be_missing(store: OpenStore, tmp_path: Path) -> None:
    plant(tmp_path, "DELETE FROM messages WHERE seq = 2")
    risked = dataclasses.replace(PRESSES[1], is_at_stake=True)
    tally = account(tmp_path, [PRESSES[0], risked, PRESSES[2]])
    assert tally.pressed == 2
    assert not tally.missing


def test_a_loss_and_a_lie_planted_behind_real_programs_are_found(tmp_path: Path) -> None:
    with Harness(tmp_path) as harness:
        for _ in range(3):
            harness.press()
            harness.rest()
        harness.tally().check()
        harness.home.accepted_s.pop()
        with pytest.raises(AssertionError, match="told the room"):
            harness.tally()
        harness.home.promised_s.clear()
        harness.centre.stop()
        plant(
            harness.centre.store,
            "DELETE FROM messages WHERE id = (SELECT max(id) FROM messages WHERE kind = 'alarm_raised')",
        )
        tally = harness.tally()
        assert (tally.pressed, len(tally.missing), len(tally.doubled)) == (3, 1, 0)
