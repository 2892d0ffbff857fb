"""What the runtime asks of every adapter.

Rules: `report` may be called from any thread and returns at once; `perform` and `save` are called by the runtime's
thread alone and raise only `AdapterError`; no adapter knows another, only `app.py` chooses them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from device.wire.messages import Heartbeat
from hub.core.call_records import Announcement, CallLeg, CallList, Listening, Organisation, Recording
from hub.core.effects import Effect
from hub.core.events import Event
from hub.core.records import (
    Client,
    Incident,
    Operator,
    OrderRecord,
    Premises,
    ReceivedMessage,
    Record,
    Session,
    TimelineEntry,
    Unit,
    UnreadableMessage,
)

Report = Callable[[Event], None]


class AdapterError(Exception):
    """A door cannot do what was asked; the text says what, where, and what to do."""


class TransientAdapterError(AdapterError):
    """Asking again later may help."""


class PermanentAdapterError(AdapterError):
    """A person must see to it."""


class Adapter(Protocol):
    """One door to the world: reports events, performs effects."""

    name: str
    performs: tuple[type[Effect], ...]

    def start(self, report: Report) -> None:
        """Open the door; report what comes in from now on. Raises AdapterError."""

    def perform(self, effect: Effect) -> None:
        """Do it, in bounded time. Raises AdapterError."""

    def stop(self) -> None:
        """Close the door; report nothing any more. Never raises, may be called twice."""


class Store(Protocol):
    """Where records become durable."""

    def save(self, records: Sequence[Record]) -> None:
        """Commit all records in one act, in order, or none. Raises AdapterError."""


@dataclass(frozen=True, slots=True)
class LastHeartbeat:
    """A unit's last heartbeat and when it was heard (Unix seconds by the centre's clock)."""

    unit_id: str
    heard_s: float
    heartbeat: Heartbeat


@dataclass(frozen=True, slots=True)
class HomeView:
    """What an operator sees of a home: the unit, where it stands, who lives there."""

    unit: Unit
    premises: Premises | None
    clients: tuple[Client, ...]


class StoreReader(Protocol):
    """What the console reads: committed truth, through read-only connections; callable from any thread."""

    def open_incidents(self) -> list[Incident]:
        """Return every incident that is not closed, oldest first."""

    def closed_incidents(self, limit: int = 100, before_id: int | None = None) -> list[Incident]:
        """Return closed incidents, newest first."""

    def incident(self, incident_id: int) -> Incident | None:
        """Return one incident, open or closed."""

    def timeline(self, incident_id: int) -> list[TimelineEntry]:
        """Return an incident's timeline in order."""

    def orders(self, incident_id: int) -> list[OrderRecord]:
        """Return the orders of an incident, oldest first."""

    def home(self, unit_id: str) -> HomeView | None:
        """Return a unit with its home, None where the register has no such unit."""

    def homes(self, search: str = "", limit: int = 200) -> list[HomeView]:
        """Return homes whose unit, address, client, phone or notes hold every word of `search`."""

    def premises(self, premises_id: int) -> Premises | None:
        """Return a home's premises."""

    def all_premises(self) -> list[Premises]:
        """Return every premises."""

    def client(self, client_id: int) -> Client | None:
        """Return a client."""

    def next_id(self, table: str) -> int:
        """Return an unused id of `premises`, `clients` or `call_lists`."""

    def messages(self, unit_id: str, limit: int = 100) -> list[ReceivedMessage]:
        """Return a unit's last messages, newest first."""

    def unreadable(self, limit: int = 100) -> list[UnreadableMessage]:
        """Return what could not be read, newest first."""

    def incidents_of(self, unit_id: str, limit: int = 20) -> list[Incident]:
        """Return a unit's incidents, newest first."""

    def operator(self, name: str) -> Operator | None:
        """Return an operator."""

    def operators(self) -> list[Operator]:
        """Return every operator by name."""

    def session(self, token_hash: str) -> Session | None:
        """Return a session, ended or not."""

    def sessions_of(self, operator: str) -> list[Session]:
        """Return an operator's sessions that nobody has ended, newest first."""

    def call_lists(self) -> list[CallList]:
        """Return every call list, used or not, in the order in which they are tried; those of the escalation last."""

    def organisation(self, organisation: str = "") -> Organisation:
        """Return an organisation's rules; those that hold without a word where it has none."""

    def call_legs(self, incident_id: int) -> list[CallLeg]:
        """Return the legs of an incident's calls in the order in which they began."""

    def recordings(self, incident_id: int) -> list[Recording]:
        """Return the recordings of an incident, deleted or not."""

    def recording(self, recording_id: str) -> Recording | None:
        """Return one recording."""

    def listenings(self, recording_id: str) -> list[Listening]:
        """Return who has listened to a recording, in order."""

    def announcements(self) -> list[Announcement]:
        """Return the library of announcements by name and language."""

    def last_heartbeat(self, unit_id: str) -> LastHeartbeat | None:
        """Return a unit's last heartbeat."""

    def last_heartbeats(self) -> dict[str, LastHeartbeat]:
        """Return every unit's last heartbeat."""

    def heartbeat_history(self, unit_id: str, limit: int = 200) -> list[LastHeartbeat]:
        """Return a unit's thinned history, newest first."""

    def counts(self) -> dict[str, int]:
        """Return the number of rows by table, for metrics."""


class SpeechRefusedError(Exception):
    """A browser cannot speak on this leg; the text says why."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """Who tells a browser how it is seen from outside (STUN), or passes its sound on (TURN)."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = field(default="", repr=False)


class BrowserSpeech(Protocol):
    """Sound between operators' browsers and calls; from any thread, and it makes the caller wait."""

    def ice_servers(self) -> tuple[IceServer, ...]:
        """Return whom a browser asks for its ways here; nobody, where all are in one network."""

    def answer(self, leg: str, operator: str, offer: str) -> str:
        """Take the leg that rings this operator's browser: to its SDP offer the answer. Raises SpeechRefusedError."""

    def decline(self, leg: str, operator: str) -> None:
        """Refuse the leg that rings this operator's browser; where it does not ring (any more), nothing happens."""


class RecordingLostError(Exception):
    """A recording cannot be heard: gone, damaged, or its key is gone; the text says which."""


class RecordedSound(Protocol):
    """A recording, open for listening: a stereo WAV, left the unit, right everybody else."""

    @property
    def size(self) -> int:
        """Return the bytes of the WAV, its header included."""

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""

    @property
    def is_whole(self) -> bool:
        """Tell whether it was ended in good order; else its last second may be missing."""

    def read(self, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Return the WAV from byte `first` to before `end`, in pieces. Raises RecordingLostError."""

    def close(self) -> None:
        """End listening."""


class Recordings(Protocol):
    """What was recorded; from any thread."""

    def open(self, file: str) -> RecordedSound:
        """Open a recording by the name it was reported under. Raises RecordingLostError."""

    def delete(self, file: str) -> None:
        """Remove a recording for ever; one that is gone already is gone."""
