"""The unit's durable outbox: what waits for the centre's receipt, and the open alarm, in one SQLite file.

How it is built, from the door inwards: `adapter` speaks with the runtime; `writer` is the one thread that touches the
disk, and mends what can be mended; `file` is SQLite; `aside` moves a broken file away and saves what can be read of it;
`reserve` is the room kept for a full disk; `rows` turns messages into rows and back; `troubles` tells of each failure
once.
"""

from device.adapters.outbox.adapter import Loaded, Outbox
from device.adapters.outbox.limits import Limits

__all__ = ["Limits", "Loaded", "Outbox"]
