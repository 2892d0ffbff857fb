"""Invented records, one of every type and more, and where tests find them again."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from device.wire import messages as wire
from device.wire.vocabulary import ClockQuality, FaultCode, Urgency
from hub.core import call_records as calls
from hub.core import records as rec

EPOCH = "00000000000000e1"
NOW_S = 1_790_000_000.0
TRIGGER = wire.TriggerInfo(trigger_id="button", name="Big button", device_type="0004", location_code="042")


def key(seq: int, epoch: str = EPOCH) -> wire.MessageKey:
    return wire.MessageKey(epoch=epoch, seq=seq)


def alarm_message(
    seq: int = 1, unit_id: str = "unit-1", incident_id: int = 1, epoch: str = EPOCH
) -> rec.ReceivedMessage:
    body = wire.AlarmRaised(trigger=TRIGGER, status_code="0010")
    wall = wire.WallTime(unix_s=NOW_S - 0.5, quality=ClockQuality.KEPT)
    message = wire.Message(key=key(seq, epoch), age_s=0.25, wall=wall, body=body)
    return rec.ReceivedMessage(unit_id, Urgency.ALARM, message, NOW_S, is_known_unit=True, incident_id=incident_id)


def event_message(seq: int, unit_id: str = "unit-1", epoch: str = EPOCH) -> rec.ReceivedMessage:
    body = wire.FaultRestored(fault=FaultCode.MAINS_LOST, status_code="0086")
    return rec.ReceivedMessage(
        unit_id, Urgency.EVENT, wire.Message(key=key(seq, epoch), body=body), NOW_S, is_known_unit=True
    )


def incident(
    incident_id: int = 1, state: rec.IncidentState = rec.IncidentState.RAISED, unit_id: str = "unit-1"
) -> rec.Incident:
    return rec.Incident(
        incident_id=incident_id,
        kind=rec.IncidentKind.ALARM,
        priority=rec.Priority.ALARM,
        state=state,
        opened_s=NOW_S,
        unit_id=unit_id,
        subject="Big button",
        alarms=(key(1), key(2)),
        entries=1,
        pressed_s=NOW_S - 0.25,
    )


def entry(incident_id: int = 1, number: int = 1) -> rec.TimelineEntry:
    return rec.TimelineEntry(incident_id, number, NOW_S, rec.EntryKind.RAISED, text="Big button", age_s=0.25)


def press(number: int, unit_id: str = "unit-1") -> list[rec.Record]:
    """What one press leaves: its message, its incident and the first line of the timeline."""
    return [alarm_message(number, unit_id, number), incident(number, unit_id=unit_id), entry(number)]


def order(
    command_id: str = "c0-1", state: rec.OrderState = rec.OrderState.WAITING, incident_id: int = 1
) -> rec.OrderRecord:
    return rec.OrderRecord(command_id, "unit-1", incident_id, wire.AnswerAlarm(alarm=key(1)), state, NOW_S)


def session(token_hash: str, operator: str = "anna", opened_s: float = NOW_S) -> rec.Session:
    return rec.Session(token_hash, operator, opened_s, opened_s + 3600.0)


def unreadable(number: int = 1) -> rec.UnreadableMessage:
    return rec.UnreadableMessage("poga/1/unit-1/alarm", b"\xff%d" % number, "not_json", "invalid utf-8", NOW_S + number)


HOME = rec.Premises(1, "Ābeļu iela 1-2, Rīga (invented)", key_location="with the neighbour", notes="Dog: Džeks")
CLIENT = rec.Client(1, 1, "Žanna Paraugs (invented)", phone="+371 2000 0001", language="lv", notes="hard of hearing")
UNIT = rec.Unit("unit-1", "Unit by the bed", premises_id=1, reporting_time_s=120.0, heartbeat_s=40.0)
OPERATOR = rec.Operator("anna", "$argon2id$invented", role="administrator", language="fi")
SESSION = rec.Session("5e55", "anna", NOW_S, NOW_S + 3600.0, ended_s=NOW_S + 60.0)

CLOSED = rec.Incident(
    incident_id=2,
    kind=rec.IncidentKind.MANY_SILENT,
    priority=rec.Priority.URGENT,
    state=rec.IncidentState.CLOSED,
    opened_s=NOW_S,
    detail="a detail",
    is_known_unit=False,
    is_late=True,
    units=("unit-1", "unit-2"),
    owner="anna",
    level=2,
    accepted_s=NOW_S + 1,
    closed_s=NOW_S + 2,
    outcome=rec.Outcome.RESTORED,
)
RULES = calls.Organisation(name="Paraugs Care (invented)", records_calls=True, recordings_kept_days=30)
CALL_LIST = calls.CallList(
    list_id=1,
    name="Day shift",
    members=(
        calls.Member(calls.MemberKind.OPERATOR, "anna"),
        calls.Member(calls.MemberKind.PHONE, "Duty phone (invented)", "+371 2000 0003", is_sure=True),
    ),
    place=2,
    order=calls.CallOrder.ROTATING,
    ring_s=30,
    after=calls.AfterCycle.END,
    languages=("lv", "ru"),
    hours=(calls.Hours((0, 1, 2, 3, 4), 8 * 60, 17 * 60),),
)
LEG = calls.CallLeg(
    leg="c0-1",
    incident_id=1,
    kind=calls.PartKind.OPERATOR,
    began_s=NOW_S,
    name="anna",
    answered_s=NOW_S + 2.0,
    heard_s=NOW_S + 2.5,
    ended_s=NOW_S + 60.0,
    status=200,
    reason="OK",
)
RECORDING = calls.Recording("1", 1, NOW_S, NOW_S + 30 * 86_400.0, file="1.sound", seconds=57.5, key_id="k1")
LISTENING = calls.Listening("1", "anna", NOW_S + 3600.0)
ANNOUNCEMENT = calls.Announcement("doctor", "lv", "Ārsts ir ceļā.")

ALL_OF_FIRST: tuple[rec.Record, ...] = (
    HOME,
    UNIT,
    CLIENT,
    incident(1),
    CLOSED,
    entry(1),
    alarm_message(1),
    event_message(2),
    order(),
    unreadable(),
    OPERATOR,
    SESSION,
)
"""What the store of tests/databases/v1.sql holds."""
ALL: tuple[rec.Record, ...] = (*ALL_OF_FIRST, RULES, CALL_LIST, LEG, RECORDING, LISTENING, ANNOUNCEMENT)
"""One of every type: what the store of tests/databases/v2.sql holds."""


@dataclass(frozen=True)
class Row:
    """A heartbeat as the broker's adapter hands it over."""

    unit_id: str
    heard_s: float
    payload: bytes


def heartbeat(heard_s: float = NOW_S, unit_id: str = "unit-1", **told: object) -> Row:
    fields = {"epoch": EPOCH, "uptime_s": 10.0, "interval_s": 30.0, "software": "0.1.0", "mains": True, **told}
    return Row(unit_id, heard_s, wire.Heartbeat.model_validate(fields).model_dump_json().encode())


def cut_page(path: Path, page: int, size: int = 4096) -> None:
    """Write rubbish over a page of a database, as a failing disk does; no log holds the page any more."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
