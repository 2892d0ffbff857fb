"""Every file an earlier release has left can be opened, and nothing in it is lost.

`tests/databases/` holds a dump of both files for every release that changed them, as `Connection.iterdump` writes it;
a dump is never edited once released.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hub.adapters.store import OpenStore, Places, open_store
from hub.adapters.store.migrations import HEARTBEATS, MAIN, applied, open_main
from hub.adapters.store.tables import TABLES
from hub.core.events import Snapshot
from hub.core.ingest import SeenSeqs
from hub.ports import HomeView
from tests.hub.adapters.store import samples

ROOT = Path(__file__).parents[4]
DUMPS = ROOT / "tests" / "databases"
SCHEMA_DOCUMENT = ROOT / "hub" / "adapters" / "store" / "SCHEMA.md"
DUMPED = ("v1.sql", "v2.sql")


def load(dump: Path, path: Path) -> None:
    """Make a file of a dump."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text())


def schema(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows}


def columns(path: Path) -> dict[str, list[str]]:
    """Return the columns of every table of ours."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%'")
        return {
            table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for (table,) in list(tables)
        }


@pytest.mark.parametrize("dump", DUMPED)
def test_an_old_store_opens_with_everything_in_it(folder: Path, dump: str) -> None:
    folder.mkdir()
    load(DUMPS / dump, Places(folder).main)
    load(DUMPS / "heartbeats_v1.sql", Places(folder).heartbeats)
    with closing(open_store(folder, wall=lambda: samples.NOW_S)) as store:
        assert store.trouble is None
        has_calls = dump != "v1.sql"
        assert store.main.load_snapshot() == Snapshot(
            units=(samples.UNIT,),
            incidents=(samples.incident(1),),
            orders=(samples.order(),),
            seen={"unit-1": {samples.EPOCH: SeenSeqs(up_to=2)}},
            last_incident_id=2,
            clients=(samples.CLIENT,),
            operators=(samples.OPERATOR,),
            call_lists=(samples.CALL_LIST,) if has_calls else (),
            organisations=(samples.RULES,) if has_calls else (),
            recordings=(samples.RECORDING,) if has_calls else (),
        )
        reader = store.reader
        assert reader.home("unit-1") == HomeView(samples.UNIT, samples.HOME, (samples.CLIENT,))
        assert [home.unit.unit_id for home in reader.homes("abelu zanna 2000 0001")] == ["unit-1"]
        assert reader.closed_incidents() == [samples.CLOSED]
        assert reader.timeline(1) == [samples.entry(1)]
        assert reader.messages("unit-1") == [samples.event_message(2), samples.alarm_message(1)]
        assert reader.orders(1) == [samples.order()]
        assert reader.unreadable() == [samples.unreadable()]
        assert reader.operators() == [samples.OPERATOR]
        assert reader.session("5e55") == samples.SESSION
        assert reader.call_legs(1) == ([samples.LEG] if has_calls else [])
        assert reader.listenings("1") == ([samples.LISTENING] if has_calls else [])
        assert reader.announcements() == ([samples.ANNOUNCEMENT] if has_calls else [])
        assert [row.heard_s for row in reader.heartbeat_history("unit-1")] == [samples.NOW_S]
        store.main.save(samples.press(3))
        store.heartbeats.save([samples.heartbeat(samples.NOW_S + 30)])


@pytest.mark.parametrize("dump", DUMPED)
def test_an_old_file_ends_with_the_schema_of_a_new_one(tmp_path: Path, dump: str) -> None:
    load(DUMPS / dump, tmp_path / "old")
    open_main(tmp_path / "old").close()
    open_main(tmp_path / "new").close()
    assert schema(tmp_path / "old") == schema(tmp_path / "new")


def test_every_dump_is_opened_by_a_test() -> None:
    assert {path.name for path in DUMPS.glob("*.sql")} == {*DUMPED, "heartbeats_v1.sql"}


def test_steps_are_applied_once_and_counted(store: OpenStore, folder: Path) -> None:
    for path, steps in ((Places(folder).main, MAIN), (Places(folder).heartbeats, HEARTBEATS)):
        with closing(sqlite3.connect(path)) as connection:
            names = applied(connection, steps)
            assert names
            assert all(re.fullmatch(r"[mh]\d{3}_[a-z_]+", name) for name in names)


def test_every_record_has_its_columns(store: OpenStore, folder: Path) -> None:
    there = columns(Places(folder).main)
    for table in TABLES.values():
        assert set(there[table.name]) - {"id"} == {*table.columns, *table.derived}, table.name


def test_the_document_tells_of_every_table_and_column_and_of_no_other(store: OpenStore, folder: Path) -> None:
    told: dict[str, list[str]] = {}
    for line in SCHEMA_DOCUMENT.read_text().splitlines():
        if line.startswith("### "):
            told[line.removeprefix("### ")] = []
        elif told and (column := re.match(r"- `(\w+)`: \S", line)):
            told[list(told)[-1]].append(column[1])
    assert told == {**columns(Places(folder).main), **columns(Places(folder).heartbeats)}


def test_references_that_hold_pass_the_check(store: OpenStore, folder: Path) -> None:
    store.main.save(samples.ALL)
    with closing(sqlite3.connect(Places(folder).main)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_is_read_often_is_read_through_an_index(store: OpenStore, folder: Path) -> None:
    often = {
        "SELECT unit_id, epoch, count(*), max(seq), min(id) FROM messages GROUP BY unit_id, epoch": "COVERING INDEX",
        "SELECT seq FROM messages WHERE unit_id = ? AND epoch = ? ORDER BY seq": "COVERING INDEX",
        "SELECT * FROM messages WHERE unit_id = ? ORDER BY id DESC LIMIT 1": "messages_by_unit",
        "SELECT * FROM incidents WHERE state <> 'closed' ORDER BY incident_id": "incidents_open",
        "SELECT * FROM orders WHERE state = 'waiting' ORDER BY id": "orders_waiting",
        "SELECT * FROM orders WHERE incident_id = ? ORDER BY id": "orders_by_incident",
        "SELECT * FROM call_legs WHERE incident_id = ? ORDER BY id": "call_legs_by_incident",
        "SELECT * FROM recordings WHERE incident_id = ? ORDER BY recording_id": "recordings_by_incident",
        "SELECT * FROM recordings WHERE deleted_s IS NULL": "recordings_kept",
        "SELECT * FROM listenings WHERE recording_id = ? ORDER BY at_s, operator": "PRIMARY KEY",
    }
    with closing(sqlite3.connect(Places(folder).main)) as connection:
        for query, index in often.items():
            cells = [1] * query.count("?")
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", cells))
            assert index in plan, plan
            assert "TEMP B-TREE" not in plan, plan
