"""What the centre keeps: records whose personal and secret parts stand in no log line."""

from hub.core import events as ev
from hub.core.call_events import SpeechActed
from hub.core.call_records import CallLeg, CallList, Member, MemberKind, PartKind, Phone
from hub.core.call_view import CallState, CallView, PartState, PartView
from hub.core.effects import Ring, Save, Say, ShowCall, Text
from hub.core.records import Client, EntryKind, Operator, Premises, Session, TimelineEntry, UnreadableMessage
from hub.core.speech_acts import Add, Announce


def test_nothing_personal_or_secret_stands_in_a_log_line() -> None:
    canary = "canary-4711"
    records = (
        Client(1, 1, canary, canary, notes=canary),
        Premises(1, canary, canary, canary),
        Operator("anna", canary),
        Session(canary, "anna", 0, 1),
        TimelineEntry(1, 1, 0, EntryKind.NOTE, canary, canary),
        CallLeg("leg", 1, PartKind.PHONE, 0, canary, canary),
        CallList(1, "day", (Member(MemberKind.PHONE, "duty", canary),)),
        UnreadableMessage("t", canary.encode(), "p", "d", 0),
    )
    events = (
        ev.RecordsEdited("r", records),
        ev.OperatorActed("r", "anna", 1, ev.Act.NOTE, canary),
        SpeechActed("r", "anna", 1, Add(Phone(canary, canary))),
        SpeechActed("r", "anna", 1, Announce(canary, "lv", canary)),
    )
    effects = (
        *(Save(record) for record in records),
        Ring("leg", Phone(canary, canary), 1),
        Say("saying", "leg", Text(canary, "lv")),
        ShowCall(
            CallView(
                1,
                1,
                "home-1",
                CallState.SPEAKING,
                0,
                saying=canary,
                parts=(PartView("leg", PartKind.PHONE, PartState.SPEAKING, 0, canary, canary),),
            )
        ),
    )
    assert canary not in repr(events) + repr(effects)
