"""What the centre of a simulated world has committed."""

from dataclasses import dataclass, field

from device.wire import messages as wire
from hub.core import events as hev
from hub.core.ingest import SeenSeqs
from hub.core.records import (
    Incident,
    IncidentState,
    OrderRecord,
    OrderState,
    ReceivedMessage,
    Record,
    TimelineEntry,
    Unit,
)


@dataclass(slots=True)
class CentreStore:
    """What the centre has committed."""

    messages: dict[tuple[str, wire.MessageKey], ReceivedMessage] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)
    timeline: list[TimelineEntry] = field(default_factory=list)
    orders: dict[str, OrderRecord] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    others: list[Record] = field(default_factory=list)

    def save(self, record: Record) -> None:
        """Commit one record."""
        match record:
            case ReceivedMessage():
                assert (record.unit_id, record.message.key) not in self.messages, "a message was committed twice"
                self.messages[record.unit_id, record.message.key] = record
            case Incident():
                self.incidents[record.incident_id] = record
            case TimelineEntry():
                self.timeline.append(record)
            case OrderRecord():
                self.orders[record.command_id] = record
            case Unit():
                self.units[record.unit_id] = record
            case _:
                self.others.append(record)

    def snapshot(self) -> hev.Snapshot:
        """Return what a new life of the centre begins with."""
        seen: dict[str, dict[str, SeenSeqs]] = {}
        for unit_id, key in self.messages:
            seen.setdefault(unit_id, {}).setdefault(key.epoch, SeenSeqs()).take(key.seq)
        return hev.Snapshot(
            units=tuple(self.units.values()),
            incidents=tuple(i for i in self.incidents.values() if i.state is not IncidentState.CLOSED),
            orders=tuple(order for order in self.orders.values() if order.state is OrderState.WAITING),
            seen=seen,
            last_incident_id=max(self.incidents, default=0),
        )
