"""What the console reads."""

import sqlite3
import threading
from pathlib import Path

import pytest

from device.wire.messages import Heartbeat
from hub.adapters.store import OpenStore, Places
from hub.core.call_records import Announcement, CallList, Organisation
from hub.core.records import Client, IncidentKind, IncidentState, Operator, Premises, Record, Unit
from hub.ports import HomeView, PermanentAdapterError
from tests.hub.adapters.store import samples

OTHER_HOME = Premises(2, "Kalna iela 7, Cēsis (invented)")
OTHER_CLIENT = Client(2, 2, "Алёна Образцова (invented)", phone="+371 2000 0002", language="ru")
OTHER_UNIT = Unit("unit-2", premises_id=2)
SPARE_UNIT = Unit("unit-3", "on the shelf")
REGISTER: tuple[Record, ...] = (
    samples.HOME,
    samples.CLIENT,
    samples.UNIT,
    OTHER_HOME,
    OTHER_CLIENT,
    OTHER_UNIT,
    SPARE_UNIT,
)


def found(store: OpenStore, search: str) -> list[str]:
    return [home.unit.unit_id for home in store.reader.homes(search)]


def test_incidents_are_read_open_and_closed(store: OpenStore) -> None:
    closed = [samples.incident(number, IncidentState.CLOSED) for number in (1, 2, 4)]
    open_ones = [samples.incident(3), samples.incident(5, IncidentState.ACCEPTED)]
    store.main.save([*open_ones, *closed])
    assert store.reader.open_incidents() == open_ones
    assert store.reader.closed_incidents() == closed[::-1]
    assert store.reader.closed_incidents(limit=1) == [closed[2]]
    assert store.reader.closed_incidents(before_id=4) == [closed[1], closed[0]]
    assert store.reader.incident(4) == closed[2]
    assert store.reader.incident(6) is None


def test_a_timeline_and_the_orders_are_read_in_order(store: OpenStore) -> None:
    entries = [samples.entry(1, number) for number in (1, 2, 10)]
    orders = [samples.order(f"c0-{number}") for number in (9, 10)]
    store.main.save([*entries[::-1], samples.entry(2), *orders, samples.order("c0-11", incident_id=2)])
    assert store.reader.timeline(1) == entries
    assert store.reader.orders(1) == orders


def test_a_units_incidents_are_its_own_and_those_of_many_it_is_one_of(store: OpenStore) -> None:
    own, others = samples.incident(1), samples.incident(3, unit_id="unit-9")
    store.main.save([own, samples.CLOSED, others])
    assert store.reader.incidents_of("unit-1") == [samples.CLOSED, own]
    assert store.reader.incidents_of("unit-1", limit=1) == [samples.CLOSED]
    assert samples.CLOSED.kind is IncidentKind.MANY_SILENT


def test_a_units_messages_are_read_newest_first(store: OpenStore) -> None:
    store.main.save([samples.event_message(seq) for seq in (3, 1, 2)])
    store.main.save([samples.event_message(1, "unit-2")])
    assert [record.message.key.seq for record in store.reader.messages("unit-1", limit=2)] == [2, 1]


def test_a_home_is_the_unit_its_premises_and_who_lives_there(store: OpenStore) -> None:
    second = Client(3, 1, "Jānis Paraugs (invented)")
    store.main.save([*REGISTER, second])
    assert store.reader.home("unit-1") == HomeView(samples.UNIT, samples.HOME, (samples.CLIENT, second))
    assert store.reader.home("unit-3") == HomeView(SPARE_UNIT, None, ())
    assert store.reader.home("unit-4") is None
    assert store.reader.premises(2) == OTHER_HOME
    assert store.reader.premises(3) is None
    assert store.reader.all_premises() == [samples.HOME, OTHER_HOME]
    assert store.reader.client(2) == OTHER_CLIENT
    assert store.reader.client(9) is None


@pytest.mark.parametrize(
    ("search", "units"),
    [
        ("", ["unit-1", "unit-2", "unit-3"]),
        ("   ", ["unit-1", "unit-2", "unit-3"]),
        ("unit-2", ["unit-2"]),
        ("SHELF", ["unit-3"]),
        ("abelu", ["unit-1"]),
        ("ĀBEĻU zanna", ["unit-1"]),
        ("dzeks hard bed", ["unit-1"]),
        ("алена", ["unit-2"]),
        ("kalna zanna", []),
        ("2000 0002", ["unit-2"]),
        ("+37120000002", ["unit-2"]),
        ("2000-0001", ["unit-1"]),
        ("iela", ["unit-1", "unit-2"]),
        ("100%", []),
        ("_", []),
        ("'", []),
    ],
)
def test_homes_are_found_by_every_word(store: OpenStore, search: str, units: list[str]) -> None:
    store.main.save(REGISTER)
    assert found(store, search) == units


def test_homes_are_limited_and_a_long_search_is_cut(store: OpenStore) -> None:
    store.main.save(REGISTER)
    assert len(store.reader.homes(limit=2)) == 2
    assert found(store, "unit " * 2_000) == ["unit-1", "unit-2", "unit-3"]


def test_what_was_edited_is_found_by_its_new_text_alone(store: OpenStore) -> None:
    store.main.save(REGISTER)
    store.main.save([Client(1, 1, "Ilze Paraugs (invented)")])
    assert found(store, "ilze") == ["unit-1"]
    assert found(store, "zanna") == []


def test_a_new_id_is_never_given_twice(store: OpenStore) -> None:
    store.main.save([samples.HOME])
    assert [store.reader.next_id("premises") for _ in range(2)] == [2, 3]
    assert store.reader.next_id("clients") == 1
    store.main.save([Premises(8, "Kalna iela 8 (invented)")])
    assert store.reader.next_id("premises") == 9
    with pytest.raises(ValueError, match="units"):
        store.reader.next_id("units")


def test_operators_and_sessions_are_read(store: OpenStore) -> None:
    second = Operator("aija", "x", is_active=False)
    store.main.save([samples.OPERATOR, second, samples.SESSION])
    assert store.reader.operators() == [second, samples.OPERATOR]
    assert store.reader.operator("anna") == samples.OPERATOR
    assert store.reader.operator("nobody") is None
    assert store.reader.session("5e55") == samples.SESSION
    assert store.reader.session("other") is None


def test_rows_are_counted(store: OpenStore) -> None:
    store.main.save(samples.ALL)
    store.heartbeats.save([samples.heartbeat()])
    counts = store.reader.counts()
    assert (counts["messages"], counts["incidents"], counts["last_heartbeat"], counts["history"]) == (2, 2, 1, 1)
    assert len(counts) == 18


def test_heartbeats_are_decoded_and_one_that_cannot_be_is_left_out(store: OpenStore) -> None:
    store.heartbeats.save([samples.heartbeat(), samples.Row("unit-2", 1.0, b"{}")])
    (last,) = store.reader.last_heartbeats().values()
    assert (last.unit_id, last.heard_s, last.heartbeat.uptime_s) == ("unit-1", samples.NOW_S, 10.0)
    assert isinstance(last.heartbeat, Heartbeat)
    assert store.reader.last_heartbeat("unit-1") == last
    assert store.reader.last_heartbeat("unit-2") is None
    assert store.reader.last_heartbeat("unit-3") is None


def test_a_console_lives_without_heartbeats(store: OpenStore, folder: Path) -> None:
    Places(folder).heartbeats.unlink()
    assert store.reader.last_heartbeats() == {}
    assert store.reader.last_heartbeat("unit-1") is None
    assert store.reader.heartbeat_history("unit-1") == []
    assert "history" not in store.reader.counts()


def test_a_missing_main_file_is_an_error_of_the_port(store: OpenStore, folder: Path) -> None:
    Places(folder).main.unlink()
    with pytest.raises(PermanentAdapterError, match=r"poga\.sqlite"):
        store.reader.open_incidents()


def test_nothing_can_be_written_through_it(store: OpenStore) -> None:
    with pytest.raises(PermanentAdapterError, match="readonly"), store.reader._main.reading() as connection:
        connection.execute("DELETE FROM incidents")


def test_readers_see_each_commit_whole_from_any_thread(store: OpenStore) -> None:
    """While one thread commits pairs, four others never see half of one."""
    odd: list[int] = []
    is_done = threading.Event()

    def look() -> None:
        while not is_done.is_set():
            count = len(store.reader.open_incidents())
            if count % 2:
                odd.append(count)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 101, 2):
        store.main.save([samples.incident(number), samples.incident(number + 1)])
    is_done.set()
    for thread in threads:
        thread.join()
    assert odd == []
    assert len(store.reader.open_incidents()) == 100


def test_the_reader_holds_no_lock_on_the_writer(store: OpenStore) -> None:
    store.main.save(samples.press(1))
    with store.reader._main.reading() as connection:
        connection.execute("SELECT * FROM incidents").fetchone()
        store.main.save(samples.press(2))
        assert connection.execute("SELECT count(*) FROM incidents").fetchone() == (1,)
    assert len(store.reader.open_incidents()) == 2
    assert sqlite3.threadsafety == 3, "connections go from thread to thread"


def test_the_sessions_of_an_operator_are_those_that_nobody_ended(store: OpenStore) -> None:
    old, new = samples.session("a"), samples.session("b", opened_s=samples.NOW_S + 1)
    store.main.save([samples.SESSION, old, new, samples.session("c", operator="boris")])
    assert store.reader.sessions_of("anna") == [new, old]
    assert store.reader.sessions_of("nobody") == []


def test_call_lists_come_in_the_order_in_which_they_are_tried(store: OpenStore) -> None:
    store.main.save([samples.CALL_LIST])
    last = CallList(store.reader.next_id("call_lists"), "Duty phones", place=0, is_escalation=True)
    first = CallList(store.reader.next_id("call_lists"), "Night shift", place=1)
    store.main.save([last, first])
    assert [each.name for each in store.reader.call_lists()] == ["Night shift", "Day shift", "Duty phones"]


def test_rules_hold_where_nobody_has_made_any(store: OpenStore) -> None:
    assert store.reader.organisation() == Organisation()
    store.main.save([samples.RULES])
    assert store.reader.organisation() == samples.RULES


def test_what_belongs_to_calls_is_read(store: OpenStore) -> None:
    withdrawn = Announcement("fire", "lv", "Ejiet ārā.", is_active=False)
    store.main.save([samples.LEG, samples.RECORDING, samples.LISTENING, samples.LISTENING, samples.ANNOUNCEMENT])
    store.main.save([withdrawn])
    assert store.reader.call_legs(1) == [samples.LEG]
    assert store.reader.recordings(1) == [samples.RECORDING]
    assert store.reader.recording("1") == samples.RECORDING
    assert store.reader.recording("2") is None
    assert store.reader.listenings("1") == [samples.LISTENING]
    assert store.reader.announcements() == [samples.ANNOUNCEMENT]
