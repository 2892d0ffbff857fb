"""Node-RED (npm) with its SQLite node: what many would build a small centre with.

Rules: a flow of three nodes (`mqtt in`, a function that names the statement's parameters, `sqlite`), a row for every
unit, as in our own file for heartbeats; it does not look into what it stores, and counts how often it stored. Nothing
is limited or slowed; the editor is off, and nothing leaves the machine.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.wire import topics
from device.wire.topics import Leaf
from tests.bench.broker import Door
from tests.bench.child import Child
from tests.bench.peers.cache import installed
from tests.mosquitto import free_port

VERSION = "4.1.15"
SQLITE_NODE_VERSION = "1.1.1"
BUSY_S = 30.0

_SCHEMA = """
    CREATE TABLE last_heartbeat (unit_id TEXT PRIMARY KEY, heard_s REAL, payload TEXT, times INTEGER) WITHOUT ROWID
"""
_SAVE = """
    INSERT INTO last_heartbeat (unit_id, heard_s, payload, times) VALUES ($unit_id, $heard_s, $payload, 1)
    ON CONFLICT (unit_id) DO UPDATE SET heard_s = excluded.heard_s, payload = excluded.payload, times = times + 1
"""
_PARAMETERS = """
    msg.params = {$unit_id: msg.topic.split("/")[2], $heard_s: Date.now() / 1000, $payload: msg.payload};
    return msg;
"""
_SETTINGS = """
module.exports = {
    uiHost: "127.0.0.1", uiPort: %d, httpAdminRoot: false, httpNodeRoot: false, credentialSecret: false,
    telemetry: {enabled: false, updateNotification: false}, logging: {console: {level: "info"}},
};
"""


@dataclass(frozen=True, slots=True)
class NodeRed:
    """A running flow."""

    child: Child
    database: Path

    def committed(self) -> int:
        """Return how many heartbeats it has committed."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=BUSY_S)) as connection:
            (times,) = connection.execute("SELECT coalesce(sum(times), 0) FROM last_heartbeat").fetchone()
        return int(times)


@contextlib.contextmanager
def running_node_red(folder: Path, door: Door, qos: int, with_wal: bool) -> Iterator[NodeRed]:
    """Run the flow; `with_wal`: the file in WAL mode and synchronous=NORMAL, as our own. Raises PeerMissingError."""
    packages = (f"node-red@{VERSION}", f"node-red-node-sqlite@{SQLITE_NODE_VERSION}")
    home = installed("node-red", VERSION, ["npm", "install", "--no-audit", "--no-fund", *packages])
    folder.mkdir(parents=True)
    database = folder / "heartbeats.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(_SCHEMA)
        if with_wal:
            connection.execute("PRAGMA journal_mode = WAL")  # stays with the file
        connection.commit()
    flows = folder / "flows.json"
    flows.write_text(json.dumps(_flows(door, database, qos, with_wal)), encoding="utf-8")
    credentials = {"broker": {"user": door.username, "password": door.password}}
    (folder / "flows_cred.json").write_text(json.dumps(credentials), encoding="utf-8")
    (folder / "settings.js").write_text(_SETTINGS % free_port(), encoding="utf-8")
    (folder / "node_modules").symlink_to(home / "node_modules")
    program = home / "node_modules" / "node-red" / "red.js"
    command = ["node", str(program), "--userDir", str(folder), "--settings", str(folder / "settings.js"), str(flows)]
    log = folder / "node-red.log"
    log.touch()
    with Child("Node-RED", command, log) as child:
        child.wait_until(lambda: "Connected to broker" in log.read_text(errors="replace"), "it is connected")
        yield NodeRed(child, database)


def _flows(door: Door, database: Path, qos: int, with_wal: bool) -> list[dict[str, Any]]:
    flow: list[dict[str, Any]] = [
        {"id": "tab", "type": "tab", "label": "heartbeats"},
        {
            "id": "broker",
            "type": "mqtt-broker",
            "broker": door.host,
            "port": str(door.port),
            "protocolVersion": "5",
            "autoConnect": True,
            "cleansession": True,
            "keepalive": "60",
        },
        {"id": "database", "type": "sqlitedb", "db": str(database), "mode": "RWC"},
        {
            "id": "in",
            "z": "tab",
            "type": "mqtt in",
            "topic": topics.all_units(Leaf.HEARTBEAT),
            "qos": str(qos),
            "datatype": "utf8",
            "broker": "broker",
            "wires": [["parameters"]],
        },
        {"id": "parameters", "z": "tab", "type": "function", "func": _PARAMETERS, "outputs": 1, "wires": [["save"]]},
        {
            "id": "save",
            "z": "tab",
            "type": "sqlite",
            "mydb": "database",
            "sqlquery": "prepared",
            "sql": _SAVE,
            "wires": [[]],
        },
    ]
    if with_wal:
        flow += [
            {"id": "once", "z": "tab", "type": "inject", "once": True, "onceDelay": 0.1, "wires": [["normal"]]},
            {
                "id": "normal",
                "z": "tab",
                "type": "sqlite",
                "mydb": "database",
                "sqlquery": "fixed",
                "sql": "PRAGMA synchronous = NORMAL",
                "wires": [[]],
            },
        ]
    return flow
