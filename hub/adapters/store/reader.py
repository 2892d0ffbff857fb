"""SqliteReader: what the console reads, from both files, from any thread.

Rules: nothing can be changed through it. Every answer is one moment's committed truth. What is unknown of heartbeats
(their file is broken, or not there yet) is missing in the answer and no error: the console must not fail with it.
"""

import json
import logging
import threading
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, TypeVar

from device.wire.codec import WireError, decode
from device.wire.messages import Heartbeat
from hub.adapters.store.places import Places
from hub.adapters.store.pool import ReaderPool
from hub.adapters.store.search import words_of
from hub.adapters.store.tables import (
    ANNOUNCEMENTS,
    CALL_LEGS,
    CALL_LISTS,
    CLIENTS,
    INCIDENTS,
    LISTENINGS,
    MESSAGES,
    OPERATORS,
    ORDERS,
    ORGANISATIONS,
    PREMISES,
    RECORDINGS,
    SESSIONS,
    TABLES,
    TIMELINE,
    UNITS,
    UNREADABLE,
    Table,
)
from hub.core.call_records import Announcement, CallLeg, CallList, Listening, Organisation, Recording
from hub.core.records import (
    Client,
    Incident,
    Operator,
    OrderRecord,
    Premises,
    ReceivedMessage,
    Session,
    TimelineEntry,
    Unit,
    UnreadableMessage,
)
from hub.ports import AdapterError, HomeView, LastHeartbeat

log = logging.getLogger(__name__)

R = TypeVar("R")

WORDS_LOOKED_FOR = 8
HEARTBEAT_TABLES = ("last_heartbeat", "history")

# A word, and its other form: a part of a telephone number is looked for by its digits alone.
_WORD_IS_THERE = """(
    instr(t.search, ?) OR instr(p.search, ?) OR EXISTS (
        SELECT 1 FROM clients AS c
        WHERE c.premises_id = t.premises_id AND (instr(c.search, ?) OR instr(c.search, ?))
    )
)"""
_WITH_UNIT = """
    WHERE t.unit_id = ?1
        OR (t.kind = 'many_silent' AND EXISTS (SELECT 1 FROM json_each(t.units) AS u WHERE u.value = ?1))
    ORDER BY t.incident_id DESC LIMIT ?2
"""


class SqliteReader:
    """Implements hub.ports.StoreReader."""

    def __init__(self, places: Places) -> None:
        """Name the files; nothing is opened yet."""
        self._main = ReaderPool(places.main)
        self._heartbeats = ReaderPool(places.heartbeats)
        self._ids: dict[str, int] = {}
        self._ids_lock = threading.Lock()

    def close(self) -> None:
        """Close every connection; may be called twice."""
        self._main.close()
        self._heartbeats.close()

    # --- incidents ---

    def open_incidents(self) -> list[Incident]:
        """Return every incident that is not closed, oldest first."""
        return self._all(INCIDENTS, "WHERE t.state <> 'closed' ORDER BY t.incident_id")

    def closed_incidents(self, limit: int = 100, before_id: int | None = None) -> list[Incident]:
        """Return closed incidents, newest first."""
        rest = "WHERE t.state = 'closed' AND (?1 IS NULL OR t.incident_id < ?1) ORDER BY t.incident_id DESC LIMIT ?2"
        return self._all(INCIDENTS, rest, before_id, limit)

    def incident(self, incident_id: int) -> Incident | None:
        """Return one incident, open or closed."""
        return self._one(INCIDENTS, "WHERE t.incident_id = ?", incident_id)

    def timeline(self, incident_id: int) -> list[TimelineEntry]:
        """Return an incident's timeline in order."""
        return self._all(TIMELINE, "WHERE t.incident_id = ? ORDER BY t.number", incident_id)

    def orders(self, incident_id: int) -> list[OrderRecord]:
        """Return the orders of an incident, oldest first."""
        return self._all(ORDERS, "WHERE t.incident_id = ? ORDER BY t.id", incident_id)

    def incidents_of(self, unit_id: str, limit: int = 20) -> list[Incident]:
        """Return a unit's incidents, newest first; those of many silent units, too, as long as it is one of them."""
        return self._all(INCIDENTS, _WITH_UNIT, unit_id, limit)

    # --- the register ---

    def home(self, unit_id: str) -> HomeView | None:
        """Return a unit with its home, None where the register has no such unit."""
        homes = self._homes("WHERE t.unit_id = ?", (unit_id,))
        return homes[0] if homes else None

    def homes(self, search: str = "", limit: int = 200) -> list[HomeView]:
        """Return homes whose unit, address, client, phone or notes hold every word of `search`.

        They come by address, units without a home last.
        """
        words = words_of(search)[:WORDS_LOOKED_FOR]
        where = " AND ".join([_WORD_IS_THERE] * len(words)) or "TRUE"
        cells = [cell for word, digits in words for cell in (word, word, word, digits)]
        return self._homes(f"WHERE {where} ORDER BY p.search IS NULL, p.search, t.unit_id LIMIT ?", (*cells, limit))

    def premises(self, premises_id: int) -> Premises | None:
        """Return a home's premises."""
        return self._one(PREMISES, "WHERE t.premises_id = ?", premises_id)

    def all_premises(self) -> list[Premises]:
        """Return every premises, by address."""
        return self._all(PREMISES, "ORDER BY t.search, t.premises_id")

    def client(self, client_id: int) -> Client | None:
        """Return a client."""
        return self._one(CLIENTS, "WHERE t.client_id = ?", client_id)

    def next_id(self, table: str) -> int:
        """Return an unused id of `premises`, `clients` or `call_lists`; never the same twice, saved or not."""
        columns = {PREMISES.name: "premises_id", CLIENTS.name: "client_id", CALL_LISTS.name: "list_id"}
        if table not in columns:
            raise ValueError(f"rows of {table} have no ids that are given here")
        query = f"SELECT coalesce(max({columns[table]}), 0) FROM {table}"  # noqa: S608 - names of the line above
        with self._ids_lock, self._main.reading() as connection:
            (largest,) = connection.execute(query).fetchone()
            self._ids[table] = max(largest, self._ids.get(table, 0)) + 1
            return self._ids[table]

    # --- what units sent ---

    def messages(self, unit_id: str, limit: int = 100) -> list[ReceivedMessage]:
        """Return a unit's last messages, newest first."""
        return self._all(MESSAGES, "WHERE t.unit_id = ? ORDER BY t.id DESC LIMIT ?", unit_id, limit)

    def unreadable(self, limit: int = 100) -> list[UnreadableMessage]:
        """Return what could not be read, newest first."""
        return self._all(UNREADABLE, "ORDER BY t.id DESC LIMIT ?", limit)

    def last_heartbeat(self, unit_id: str) -> LastHeartbeat | None:
        """Return a unit's last heartbeat."""
        query = "SELECT unit_id, heard_s, payload FROM last_heartbeat WHERE unit_id = ?"
        heartbeats = _decoded(self._of_heartbeats(query, unit_id))
        return heartbeats[0] if heartbeats else None

    def last_heartbeats(self) -> dict[str, LastHeartbeat]:
        """Return every unit's last heartbeat."""
        rows = self._of_heartbeats("SELECT unit_id, heard_s, payload FROM last_heartbeat")
        return {heartbeat.unit_id: heartbeat for heartbeat in _decoded(rows)}

    def heartbeat_history(self, unit_id: str, limit: int = 200) -> list[LastHeartbeat]:
        """Return a unit's thinned history, newest first."""
        query = "SELECT unit_id, heard_s, payload FROM history WHERE unit_id = ? ORDER BY id DESC LIMIT ?"
        return _decoded(self._of_heartbeats(query, unit_id, limit))

    # --- people ---

    def operator(self, name: str) -> Operator | None:
        """Return an operator."""
        return self._one(OPERATORS, "WHERE t.name = ?", name)

    def operators(self) -> list[Operator]:
        """Return every operator by name."""
        return self._all(OPERATORS, "ORDER BY t.name")

    def session(self, token_hash: str) -> Session | None:
        """Return a session, ended or not."""
        return self._one(SESSIONS, "WHERE t.token_hash = ?", token_hash)

    def sessions_of(self, operator: str) -> list[Session]:
        """Return an operator's sessions that nobody has ended, newest first."""
        return self._all(SESSIONS, "WHERE t.operator = ? AND t.ended_s IS NULL ORDER BY t.opened_s DESC", operator)

    # --- calls ---

    def call_lists(self) -> list[CallList]:
        """Return every call list, used or not, in the order in which they are tried; those of the escalation last."""
        return self._all(CALL_LISTS, "ORDER BY t.is_escalation, t.place, t.list_id")

    def organisation(self, organisation: str = "") -> Organisation:
        """Return an organisation's rules; those that hold without a word where it has none."""
        rules = self._one(ORGANISATIONS, "WHERE t.organisation = ?", organisation)
        return rules or Organisation(organisation)

    def call_legs(self, incident_id: int) -> list[CallLeg]:
        """Return the legs of an incident's calls in the order in which they began."""
        return self._all(CALL_LEGS, "WHERE t.incident_id = ? ORDER BY t.id", incident_id)

    def recordings(self, incident_id: int) -> list[Recording]:
        """Return the recordings of an incident, deleted or not."""
        return self._all(RECORDINGS, "WHERE t.incident_id = ? ORDER BY t.recording_id", incident_id)

    def recording(self, recording_id: str) -> Recording | None:
        """Return one recording."""
        return self._one(RECORDINGS, "WHERE t.recording_id = ?", recording_id)

    def listenings(self, recording_id: str) -> list[Listening]:
        """Return who has listened to a recording, in order."""
        return self._all(LISTENINGS, "WHERE t.recording_id = ? ORDER BY t.at_s, t.operator", recording_id)

    def announcements(self) -> list[Announcement]:
        """Return the library of announcements by name and language."""
        return self._all(ANNOUNCEMENTS, "WHERE t.is_active ORDER BY t.name, t.language")

    # --- the store itself ---

    def counts(self) -> dict[str, int]:
        """Return the number of rows by table, for metrics."""
        with self._main.reading() as connection:
            counts = {
                table.name: int(connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])  # noqa: S608
                for table in TABLES.values()
            }
        for name in HEARTBEAT_TABLES:
            counts.update((name, int(count)) for (count,) in self._of_heartbeats(f"SELECT count(*) FROM {name}"))  # noqa: S608
        return counts

    # --- helpers ---

    def _all(self, table: Table[R], rest: str, *cells: Any) -> list[R]:
        with self._main.reading() as connection:
            return list(table.records(connection.execute(table.select(rest), cells)))

    def _one(self, table: Table[R], rest: str, *cells: Any) -> R | None:
        records = self._all(table, rest, *cells)
        return records[0] if records else None

    def _homes(self, rest: str, cells: Sequence[Any]) -> list[HomeView]:
        joined = UNITS.select(f"LEFT JOIN premises AS p ON p.premises_id = t.premises_id {rest}")
        with self._main.reading() as connection:
            units = list(UNITS.records(connection.execute(joined, cells)))
            wanted = json.dumps(sorted({unit.premises_id for unit in units if unit.premises_id is not None}))
            lived_in = "WHERE t.premises_id IN (SELECT value FROM json_each(?)) ORDER BY t.premises_id"
            premises = list(PREMISES.records(connection.execute(PREMISES.select(lived_in), (wanted,))))
            clients = list(CLIENTS.records(connection.execute(CLIENTS.select(f"{lived_in}, t.client_id"), (wanted,))))
        return _views(units, premises, clients)

    def _of_heartbeats(self, query: str, *cells: Any) -> list[tuple[Any, ...]]:
        try:
            with self._heartbeats.reading() as connection:
                return connection.execute(query, cells).fetchall()
        except AdapterError as error:
            log.warning("heartbeats cannot be read: %s", error)
            return []


def _views(units: Iterable[Unit], premises: Iterable[Premises], clients: Iterable[Client]) -> list[HomeView]:
    by_id = {one.premises_id: one for one in premises}
    living = {number: tuple(group) for number, group in groupby(clients, key=lambda client: client.premises_id)}
    return [
        HomeView(
            unit=unit,
            premises=None if unit.premises_id is None else by_id.get(unit.premises_id),
            clients=() if unit.premises_id is None else living.get(unit.premises_id, ()),
        )
        for unit in units
    ]


def _decoded(rows: Iterable[tuple[str, float, bytes]]) -> list[LastHeartbeat]:
    """Return the heartbeats that can be read: a payload stands as it came, and an earlier release may have known it."""
    heartbeats: list[LastHeartbeat] = []
    for unit_id, heard_s, payload in rows:
        try:
            heartbeats.append(LastHeartbeat(unit_id, heard_s, decode(Heartbeat, payload)))
        except WireError as error:
            log.warning("a heartbeat of %s cannot be read: %s", unit_id, error)
    return heartbeats
