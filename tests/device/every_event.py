"""Every event that there is, filled in: what a journal must bring back as it was."""

from device.core import events as ev
from device.core.outgoing import AlarmRecord, Outgoing
from device.core.triggers import Trigger
from device.wire.messages import (
    AlarmRaised,
    AnswerAlarm,
    Command,
    MessageKey,
    SetHeartbeat,
    UnknownOrder,
    WallTime,
)
from device.wire.vocabulary import CallPurpose, ClockQuality, LocationCode, Rung, StatusCode, Urgency

KEY = MessageKey(epoch="0123456789abcdef", seq=1)
TRIGGERS = (
    Trigger("sos", "Hallway button"),
    Trigger("cord", "Bathroom cord", location_code=LocationCode.BATHROOM, pre_alarm_s=10.0),
)
OUTGOING = Outgoing(
    KEY,
    Urgency.ALARM,
    AlarmRaised(trigger=TRIGGERS[0].info(), status_code=StatusCode.MANUAL_ALARM),
    12.25,
    "boot",
    WallTime(unix_s=1.8e9, quality=ClockQuality.KEPT),
)
STARTED = ev.Started("0123456789abcdef", "boot", ev.StartCause.POWER_ON, "0.1.0")
EVENTS: tuple[ev.Event, ...] = (
    STARTED,
    ev.Started("0123456789abcdef", "boot", ev.StartCause.WATCHDOG, "0.1.0", (OUTGOING,), True, None),
    ev.Started("0123456789abcdef", "b", ev.StartCause.RESTART, "0", (), False, AlarmRecord(KEY, Rung.RECEIVED, "sos")),
    ev.StopRequested(),
    ev.DeadlineReached(),
    ev.TriggerActivated("sos"),
    ev.TriggerReleased("sos"),
    ev.TriggerFoundActive("cord"),
    ev.CancelActivated(),
    ev.ReceiptArrived((KEY, MessageKey(epoch="f" * 16, seq=2**53))),
    ev.CommandArrived(Command(command_id="c1", order=AnswerAlarm(alarm=KEY))),
    ev.CommandArrived(Command(command_id="c2", order=SetHeartbeat(interval_s=30))),
    ev.CommandArrived(Command(command_id="c3", order=UnknownOrder.model_validate({"kind": "sing", "song": "loud"}))),
    ev.MessageUnreadable("poga/1/poga-0001/receipt", "not_json: line 1"),
    ev.PathOpened("internet"),
    ev.PathClosed("internet", "keep alive timeout"),
    ev.CentreHeard(is_alive=True, beat=7),
    ev.WaitingLoaded((OUTGOING,), more=True),
    ev.OutboxTrimmed(3),
    ev.OutboxFailed("disk is full", put_aside=False),
    ev.OutboxRecovered(),
    ev.OutboxRead(4),
    ev.PowerRead(mains=None, battery_percent=55.5),
    ev.HealthRead(temperature_c=48.3, disk_free_mb=None),
    ev.AdapterFailed("outbox", "Store", "disk is full", lasting=True, message=OUTGOING),
    ev.AdapterRecovered("prompts"),
    ev.VoiceStarted("PJSIP 2.17"),
    ev.VoiceLost("killed"),
    ev.CallArrived("in-1", CallPurpose.SPEAK, is_from_centre=True),
    ev.CallProgressed("out-1", 180),
    ev.CallAnswered("out-1"),
    ev.CallHeard("out-1"),
    ev.CallEnded("out-1", 486, "busy", is_silence=False),
    ev.KeyHeard("out-1", "4"),
    ev.SoundLost("unplugged"),
    ev.SoundFound("USB Speakerphone"),
    ev.SoundTested(ev.SoundTest(is_heard=True, level_db=-20.5, delay_ms=80.0, lowest_hz=300.0, highest_hz=7000.0)),
)
