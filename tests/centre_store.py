"""What the centre of a simulated world has committed."""

from dataclasses import dataclass, field

from device.wire import messages as wire
from hub.core import events as hev
from hub.core.call_records import CallLeg, CallList, Organisation, Recording
from hub.core.ingest import SeenSeqs
from hub.core.records import (
    Client,
    Incident,
    IncidentState,
    Operator,
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
    clients: dict[int, Client] = field(default_factory=dict)
    operators: dict[str, Operator] = field(default_factory=dict)
    call_lists: dict[int, CallList] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    legs: dict[str, CallLeg] = field(default_factory=dict)
    others: list[Record] = field(default_factory=list)

    def save(self, record: Record) -> None:  # noqa: C901 - a case a record
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
            case Client():
                self.clients[record.client_id] = record
            case Operator():
                self.operators[record.name] = record
            case CallList():
                self.call_lists[record.list_id] = record
            case Organisation():
                self.organisations[record.organisation] = record
            case Recording():
                self.recordings[record.recording_id] = record
            case CallLeg():
                self.legs[record.leg] = record
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
            clients=tuple(self.clients.values()),
            operators=tuple(self.operators.values()),
            call_lists=tuple(self.call_lists.values()),
            organisations=tuple(self.organisations.values()),
            recordings=tuple(one for one in self.recordings.values() if one.deleted_s is None),
        )
