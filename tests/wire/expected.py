"""What the golden samples say: each file of samples/v1 beside the message it holds.

A sample is the bytes of one message as they went over the wire. Once released it is never edited: units in homes will
send it for many years. What is new gets a new file.
"""

from pathlib import Path

from device.wire.messages import (
    AlarmJoined,
    AlarmRaised,
    AlarmWithdrawn,
    AnswerAlarm,
    CancelPressed,
    CentreState,
    Command,
    CommandDone,
    EndCall,
    EventsLost,
    FaultRaised,
    FaultRestored,
    Heartbeat,
    Message,
    MessageKey,
    Model,
    OpenAlarm,
    PathHealth,
    PlaceCall,
    Presence,
    Receipt,
    RequeueAlarm,
    ResetAlarm,
    SetHeartbeat,
    SetSpeech,
    SoundTested,
    TestSound,
    TriggerInfo,
    UnitStarted,
    UnknownBody,
    UnknownOrder,
    WallTime,
)
from device.wire.vocabulary import (
    CallPurpose,
    ClockQuality,
    CommandOutcome,
    DeviceType,
    FaultCode,
    LocationCode,
    Rung,
    SpeechMode,
    StatusCode,
)

SAMPLES = Path(__file__).parent / "samples" / "v1"

EPOCH = "0123456789abcdef"
KEY = MessageKey(epoch=EPOCH, seq=42)
ALARM = MessageKey(epoch=EPOCH, seq=41)
CORD = TriggerInfo(
    trigger_id="cord",
    name="Bathroom cord",
    device_type=DeviceType.FIXED_TRIGGER,
    location_code=LocationCode.BATHROOM,
)
PENDANT = TriggerInfo(trigger_id="pendant", name="Pendant", device_type=DeviceType.PERSONAL_TRIGGER)
WALL = WallTime(unix_s=1767225600.5, quality=ClockQuality.NETWORK)
MANUAL = StatusCode.MANUAL_ALARM

AS_WE_WRITE_THEM: dict[str, Model] = {
    "alarm_raised": Message(key=KEY, age_s=0.25, wall=WALL, body=AlarmRaised(trigger=CORD, status_code=MANUAL)),
    "alarm_raised_before_the_power_went": Message(key=KEY, body=AlarmRaised(trigger=PENDANT, status_code=MANUAL)),
    "alarm_joined": Message(key=KEY, age_s=3, body=AlarmJoined(alarm=ALARM, trigger=PENDANT, status_code=MANUAL)),
    "alarm_withdrawn": Message(key=KEY, age_s=0, body=AlarmWithdrawn(trigger=CORD)),
    "cancel_pressed": Message(key=KEY, age_s=0, body=CancelPressed(alarm=ALARM)),
    "fault_raised": Message(
        key=KEY,
        age_s=7200.5,
        wall=WallTime(unix_s=946684800, quality=ClockQuality.UNSET),
        body=FaultRaised(
            fault=FaultCode.TRIGGER_HELD,
            status_code=StatusCode.MALFUNCTION,
            urgent=True,
            subject="cord",
            detail="held for 60 s",
        ),
    ),
    "fault_raised_with_a_code_of_a_later_unit": Message(
        key=KEY, age_s=0, body=FaultRaised(fault="roof_leaks", status_code="0999", urgent=False)
    ),
    "fault_restored": Message(
        key=KEY, age_s=0, body=FaultRestored(fault=FaultCode.MAINS_LOST, status_code=StatusCode.MAINS_RESTORED)
    ),
    "unit_started": Message(key=KEY, age_s=1.5, body=UnitStarted(cause="power_on", software="0.1.0")),
    "events_lost": Message(key=KEY, age_s=0, body=EventsLost(count=1250)),
    "command_done": Message(
        key=KEY, age_s=0, body=CommandDone(command_id="7f3a-1", outcome=CommandOutcome.REFUSED, detail="no open alarm")
    ),
    "sound_tested": Message(
        key=KEY,
        age_s=0.5,
        body=SoundTested(
            is_heard=True, level_db=-21.5, delay_ms=84, lowest_hz=250, highest_hz=6800, change_db=-1.25, detail="clear"
        ),
    ),
    "sound_tested_and_not_heard": Message(
        key=KEY, age_s=0, body=SoundTested(is_heard=False, detail="nothing came back")
    ),
    "heartbeat": Heartbeat(
        epoch=EPOCH,
        uptime_s=86400.5,
        interval_s=30,
        software="0.1.0",
        alarm=OpenAlarm(alarm=ALARM, rung=Rung.ANSWERED),
        faults=("mains_lost", "trigger_held:cord"),
        paths=(PathHealth(name="lan", is_up=False), PathHealth(name="mobile", is_up=True)),
        mains=False,
        battery_percent=87.5,
        temperature_c=-3.25,
        disk_free_mb=5120,
        clock=ClockQuality.KEPT,
        outbox_depth=3,
    ),
    "heartbeat_of_a_unit_that_knows_little": Heartbeat(epoch=EPOCH, uptime_s=0, interval_s=30, software="0.1.0"),
    "presence_online": Presence(online=True, epoch=EPOCH),
    "presence_offline": Presence(online=False, epoch=EPOCH),
    "receipt": Receipt(keys=(ALARM, KEY)),
    "command_answer_alarm": Command(command_id="7f3a-1", order=AnswerAlarm(alarm=ALARM)),
    "command_requeue_alarm": Command(command_id="7f3a-2", order=RequeueAlarm(alarm=ALARM)),
    "command_reset_alarm": Command(command_id="7f3a-3", order=ResetAlarm(alarm=ALARM)),
    "command_set_heartbeat": Command(command_id="7f3a-4", order=SetHeartbeat(interval_s=60)),
    "command_place_call": Command(command_id="7f3a-6", order=PlaceCall(call_id="c-17", purpose=CallPurpose.ANNOUNCE)),
    "command_set_speech": Command(command_id="7f3a-7", order=SetSpeech(mode=SpeechMode.LISTEN, volume=8)),
    "command_set_speech_louder": Command(command_id="7f3a-8", order=SetSpeech(volume=10)),
    "command_end_call": Command(command_id="7f3a-9", order=EndCall(alarm=ALARM)),
    "command_end_any_call": Command(command_id="7f3a-10", order=EndCall()),
    "command_test_sound": Command(command_id="7f3a-11", order=TestSound()),
    "centre_alive": CentreState(alive=True, beat=1767225600, interval_s=20),
    "centre_gone": CentreState(alive=False),
}
"""Written again, they come out byte for byte."""

AS_OTHERS_WRITE_THEM: dict[str, Model] = {
    "alarm_raised_by_a_later_unit": Message(key=KEY, age_s=1, body=AlarmRaised(trigger=CORD, status_code=MANUAL)),
    "body_of_an_unknown_kind": Message(
        key=KEY, age_s=0, body=UnknownBody.model_validate({"kind": "door_opened", "door": {"name": "Front door"}})
    ),
    "body_without_a_kind": Message(key=KEY, age_s=0, body=UnknownBody.model_validate({"kind": "unknown", "hint": 1})),
    "order_of_an_unknown_kind": Command(
        command_id="7f3a-5", order=UnknownOrder.model_validate({"kind": "open_door", "seconds": 5})
    ),
    "heartbeat_of_a_later_unit": Heartbeat(epoch=EPOCH, uptime_s=1, interval_s=30, software="9.0.0"),
}
"""With fields and kinds we do not know, and in another order: they are read all the same."""
