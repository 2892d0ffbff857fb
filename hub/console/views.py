"""What browsers get to see: records as JSON. Times are Unix seconds; codes stay codes, the page has their words."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from device.wire.messages import Heartbeat
from hub.console.ladder import Ladder
from hub.core.records import (
    EntryKind,
    Incident,
    IncidentKind,
    IncidentState,
    OrderRecord,
    OrderState,
    Outcome,
    Priority,
    TimelineEntry,
)
from hub.ports import HomeView, LastHeartbeat

MOST_UNITS_NAMED = 50


class View(BaseModel):
    """Immutable JSON."""

    model_config = ConfigDict(frozen=True)


class ClientOut(View):
    """A person at a home."""

    client_id: int
    name: str
    phone: str
    language: str
    notes: str


class HomeOut(View):
    """Where a unit stands, and who lives there."""

    unit_id: str
    unit_name: str
    is_in_service: bool
    premises_id: int | None = None
    address: str = ""
    key_location: str = ""
    notes: str = ""
    clients: tuple[ClientOut, ...] = ()

    @classmethod
    def of(cls, home: HomeView) -> "HomeOut":
        """Return a home as browsers see it."""
        premises = home.premises
        return cls(
            unit_id=home.unit.unit_id,
            unit_name=home.unit.name,
            is_in_service=home.unit.is_in_service,
            premises_id=premises.premises_id if premises else None,
            address=premises.address if premises else "",
            key_location=premises.key_location if premises else "",
            notes=premises.notes if premises else "",
            clients=tuple(
                ClientOut(
                    client_id=client.client_id,
                    name=client.name,
                    phone=client.phone,
                    language=client.language,
                    notes=client.notes,
                )
                for client in home.clients
            ),
        )


class IncidentOut(View):
    """An incident as the queue shows it. `home` is None where the register has none, or is still being asked.

    `entries` counts the lines of its timeline: a browser that shows it reads it again when there are more.
    """

    incident_id: int
    kind: IncidentKind
    priority: Priority
    state: IncidentState
    unit_id: str
    subject: str
    detail: str
    is_known_unit: bool
    is_late: bool
    owner: str
    level: int
    entries: int
    opened_s: float
    pressed_s: float | None
    accepted_s: float | None
    told_s: float | None
    speaking_s: float | None
    closed_s: float | None
    outcome: Outcome | None
    presses_again: int
    last_press_s: float | None
    cancelled_s: float | None
    units: tuple[str, ...]
    unit_count: int
    home: HomeOut | None
    home_is_read: bool

    @classmethod
    def of(cls, incident: Incident, ladder: Ladder, home: HomeView | None, home_is_read: bool = True) -> "IncidentOut":
        """Return an incident as browsers see it."""
        return cls(
            incident_id=incident.incident_id,
            kind=incident.kind,
            priority=incident.priority,
            state=incident.state,
            unit_id=incident.unit_id,
            subject=incident.subject,
            detail=incident.detail,
            is_known_unit=incident.is_known_unit,
            is_late=incident.is_late,
            owner=incident.owner,
            level=incident.level,
            entries=incident.entries,
            opened_s=incident.opened_s,
            pressed_s=incident.pressed_s,
            accepted_s=incident.accepted_s,
            told_s=ladder.told_s,
            speaking_s=ladder.speaking_s,
            closed_s=incident.closed_s,
            outcome=incident.outcome,
            presses_again=ladder.presses_again,
            last_press_s=ladder.last_press_s,
            cancelled_s=ladder.cancelled_s,
            units=incident.units[:MOST_UNITS_NAMED],
            unit_count=len(incident.units),
            home=HomeOut.of(home) if home else None,
            home_is_read=home_is_read,
        )


class EntryOut(View):
    """One line of a timeline."""

    number: int
    at_s: float
    kind: EntryKind
    actor: str
    text: str
    age_s: float | None

    @classmethod
    def of(cls, entry: TimelineEntry) -> "EntryOut":
        """Return a line as browsers see it."""
        return cls(
            number=entry.number,
            at_s=entry.at_s,
            kind=entry.kind,
            actor=entry.actor,
            text=entry.text,
            age_s=entry.age_s,
        )


class OrderOut(View):
    """An order to a unit, and what became of it."""

    kind: str
    state: OrderState
    issued_s: float
    detail: str

    @classmethod
    def of(cls, order: OrderRecord) -> "OrderOut":
        """Return an order as browsers see it."""
        return cls(kind=order.order.kind, state=order.state, issued_s=order.issued_s, detail=order.detail)


class HealthOut(View):
    """A unit's last heartbeat, and when it was heard."""

    heard_s: float
    heartbeat: Heartbeat

    @classmethod
    def of(cls, last: LastHeartbeat) -> "HealthOut":
        """Return a heartbeat as browsers see it."""
        return cls(heard_s=last.heard_s, heartbeat=last.heartbeat)


class UnitOut(View):
    """A unit of the register with its home and its health."""

    home: HomeOut
    reporting_time_s: float
    heartbeat_s: float
    health: HealthOut | None


def ladder_of(entries: Iterable[TimelineEntry]) -> Ladder:
    """Return the rungs of a whole timeline."""
    ladder = Ladder()
    for entry in entries:
        ladder = ladder.after(entry)
    return ladder
