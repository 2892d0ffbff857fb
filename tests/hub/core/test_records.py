"""What the centre keeps: records whose personal and secret parts stand in no log line."""

from hub.core import events as ev
from hub.core.effects import Save
from hub.core.records import Client, EntryKind, Operator, Premises, Session, TimelineEntry, UnreadableMessage


def test_nothing_personal_or_secret_stands_in_a_log_line() -> None:
    canary = "canary-4711"
    records = (
        Client(1, 1, canary, canary, notes=canary),
        Premises(1, canary, canary, canary),
        Operator("anna", canary),
        Session(canary, "anna", 0, 1),
        TimelineEntry(1, 1, 0, EntryKind.NOTE, "anna", canary),
        UnreadableMessage("t", canary.encode(), "p", "d", 0),
    )
    events = (ev.RecordsEdited("r", records), ev.OperatorActed("r", "anna", 1, ev.Act.NOTE, canary))
    assert canary not in repr(events) + repr([Save(record) for record in records])
