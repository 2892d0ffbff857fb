"""What the outside is told of an incident: enough to look at the console, and nothing about a person.

Rules: no name, address, note or phone ever goes in here; a unit is a serial. A retry carries the same `notice_id`, so
that a receiver can tell it from a new notice.
"""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from hub.core.effects import Relay
from hub.core.records import IncidentKind, Priority

VERSION = 1


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; times in UTC, `link` empty where the console's address is not known."""

    notice_id: str
    incident_id: int
    kind: IncidentKind
    priority: Priority
    unit_id: str
    reason: str
    opened: datetime
    sent: datetime
    link: str

    @property
    def is_alarm(self) -> bool:
        """Tell whether it goes before all others."""
        return self.priority is Priority.ALARM

    def as_json(self) -> bytes:
        """Return it for a program."""
        return json.dumps({"version": VERSION, **asdict(self)}, default=datetime.isoformat).encode()

    def title(self) -> str:
        """Return one line for a person."""
        unit = f" of {self.unit_id}" if self.unit_id else ""
        return f"{self.priority.upper()}: {self.kind}{unit}, incident {self.incident_id}"

    def text(self) -> str:
        """Return a few lines for a person."""
        lines = (self.reason, f"Opened {self.opened:%Y-%m-%d %H:%M:%S} UTC", self.link)
        return "\n".join(line for line in lines if line)


def notice_of(relay: Relay, console_url: str, wall_s: float) -> Notice:
    """Return what is told outside, sent at `wall_s` (Unix seconds)."""
    incident = relay.incident
    return Notice(
        notice_id=uuid.uuid4().hex,
        incident_id=incident.incident_id,
        kind=incident.kind,
        priority=incident.priority,
        unit_id=incident.unit_id,
        reason=relay.reason,
        opened=datetime.fromtimestamp(incident.opened_s, UTC),
        sent=datetime.fromtimestamp(wall_s, UTC),
        link=f"{console_url.rstrip('/')}/incidents/{incident.incident_id}" if console_url else "",
    )
