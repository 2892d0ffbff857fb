"""The centre's store: alarms and everything else that matters in one SQLite file, heartbeats in another.

How it is built, from the door inwards: `opening` puts the parts together; `main` commits records, `heartbeats` keeps
what units last said, `reader` answers the console, `upkeep` makes backups and tells of trouble. Below them: `snapshot`
is what a new life begins with; `tables` turns records into rows and back, `search` folds texts; `pool` lends read-only
connections; `mending` replaces a broken file, with `backups` and `integrity`; `migrations` brings a file up to date by
`steps`, the schema (SCHEMA.md tells its meaning); `reserve` is room for a full disk; `troubles`, `places` and
`connections` are the ground.
"""

from hub.adapters.store.backups import Backup, list_backups, restore
from hub.adapters.store.heartbeats import HeartbeatRow, HeartbeatStore
from hub.adapters.store.main import MainStore
from hub.adapters.store.migrations import StoreFromTheFutureError
from hub.adapters.store.opening import OpenStore, open_store
from hub.adapters.store.places import Places
from hub.adapters.store.reader import SqliteReader

__all__ = [
    "Backup",
    "HeartbeatRow",
    "HeartbeatStore",
    "MainStore",
    "OpenStore",
    "Places",
    "SqliteReader",
    "StoreFromTheFutureError",
    "list_backups",
    "open_store",
    "restore",
]
