"""What the main file knew when the program starts: quick also where it holds a million messages.

Rules: message keys are counted by epoch in the index alone; only an epoch with gaps is read key by key.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from hub.adapters.store.tables import (
    CALL_LISTS,
    CLIENTS,
    INCIDENTS,
    OPERATORS,
    ORDERS,
    ORGANISATIONS,
    RECORDINGS,
    UNITS,
)
from hub.core import timings
from hub.core.events import Snapshot
from hub.core.ingest import SeenSeqs

_EPOCHS = """
    SELECT unit_id, epoch, count(*), max(seq), min(id) FROM messages
    GROUP BY unit_id, epoch
"""
_SEQS = "SELECT seq FROM messages WHERE unit_id = ? AND epoch = ? ORDER BY seq"


def read_snapshot(connection: sqlite3.Connection) -> Snapshot:
    """Return everything a new life of the centre begins with. Raises sqlite3.Error."""
    connection.execute("BEGIN")
    (last_id,) = connection.execute("SELECT coalesce(max(incident_id), 0) FROM incidents").fetchone()
    open_incidents = connection.execute(INCIDENTS.select("WHERE t.state <> 'closed' ORDER BY t.incident_id"))
    waiting = connection.execute(ORDERS.select("WHERE t.state = 'waiting' ORDER BY t.id"))
    snapshot = Snapshot(
        units=tuple(UNITS.records(connection.execute(UNITS.select("ORDER BY t.unit_id")))),
        incidents=tuple(INCIDENTS.records(open_incidents)),
        orders=tuple(ORDERS.records(waiting)),
        seen=dict(_seen(connection)),
        last_incident_id=last_id,
        clients=tuple(CLIENTS.records(connection.execute(CLIENTS.select("ORDER BY t.client_id")))),
        operators=tuple(OPERATORS.records(connection.execute(OPERATORS.select("ORDER BY t.name")))),
        call_lists=tuple(CALL_LISTS.records(connection.execute(CALL_LISTS.select("ORDER BY t.list_id")))),
        organisations=tuple(ORGANISATIONS.records(connection.execute(ORGANISATIONS.select()))),
        recordings=tuple(RECORDINGS.records(connection.execute(RECORDINGS.select("WHERE t.deleted_s IS NULL")))),
    )
    connection.execute("COMMIT")
    return snapshot


def _seen(connection: sqlite3.Connection) -> Iterator[tuple[str, dict[str, SeenSeqs]]]:
    """Yield every unit with its last epochs, oldest first."""
    for unit_id, group in groupby(connection.execute(_EPOCHS), key=itemgetter(0)):
        epochs = sorted(group, key=itemgetter(4))[-timings.EPOCHS_REMEMBERED :]
        yield unit_id, {epoch: _seqs(connection, unit_id, epoch, count, last) for _, epoch, count, last, _ in epochs}


def _seqs(connection: sqlite3.Connection, unit_id: str, epoch: str, count: int, last: int) -> SeenSeqs:
    if count == last:  # 1 to n without a gap
        return SeenSeqs(up_to=last)
    seqs = SeenSeqs()
    for (seq,) in connection.execute(_SEQS, (unit_id, epoch)):
        seqs.take(seq)
    return seqs
