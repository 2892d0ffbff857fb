"""What every story begins with, and how it looks at a home and at the operators' screens."""

from device.core.effects import Light, Prompt
from device.wire.messages import MessageKey
from hub.core.effects import Reply
from hub.core.events import Act
from hub.core.records import EntryKind, Incident, IncidentKind, Outcome
from tests.home import Home
from tests.world import World

AT_ONCE_S = 0.1
"""Within this a message goes there and its answer comes back, on a line that carries."""


def scene(homes: int = 1) -> World:
    """Return a world in which everything works, with anna on shift."""
    return World(homes=homes).start()


def home_of(world: World, number: int = 1) -> Home:
    """Return a home."""
    return world.homes[f"home-{number}"]


def alarm_of(world: World, number: int = 1) -> Incident:
    """Return the one open alarm of a home."""
    (incident,) = [one for one in world.incidents(only_open=True) if one.unit_id == f"home-{number}"]
    return incident


def accepted(world: World, number: int = 1) -> Incident:
    """Let a client press and anna accept; return the incident."""
    home_of(world, number).press()
    world.run_for(AT_ONCE_S)
    world.accept(alarm_of(world, number).incident_id)
    world.run_for(AT_ONCE_S)
    return alarm_of(world, number)


def shines(home: Home) -> Light:
    """Return how the home's light shines now."""
    return home.light


def last_words(home: Home) -> Prompt:
    """Return what was said last in the home."""
    return home.said[-1][1]


def said_since(home: Home, since_s: float) -> list[Prompt]:
    """Return what was said in the home since a moment."""
    return [prompt for at_s, prompt in home.said if at_s >= since_s]


def timeline(world: World, incident_id: int) -> list[EntryKind]:
    """Return what an incident's timeline says."""
    return [entry.kind for entry in world.store.timeline if entry.incident_id == incident_id]


def relayed(world: World, incident_id: int) -> list[float]:
    """Return when the outside was told of an incident."""
    return [at_s for at_s, incident, _ in world.relayed if incident.incident_id == incident_id]


def silent(world: World) -> list[str]:
    """Return who is called silent, alone or among many."""
    alone = [incident.unit_id for incident in world.incidents(IncidentKind.SILENT, only_open=True)]
    among = [incident.units for incident in world.incidents(IncidentKind.MANY_SILENT, only_open=True)]
    return sorted([*alone, *(unit_id for units in among for unit_id in units)])


def waiting(home: Home) -> list[MessageKey]:
    """Return what the home's disk still holds."""
    return list(home.disk.waiting)


def freeze_centre(world: World) -> None:
    """Let the centre die without a last will: its broker goes on handing out its last word."""
    world.centre = None
    world.centre_is_connected = False


def act(world: World, incident: Incident, what: Act, operator: str = "anna") -> Reply:
    """Let an operator act, and return the reply."""
    reply = world.act(incident.incident_id, what, operator, Outcome.HELPED, "words")
    assert reply is not None
    return reply
