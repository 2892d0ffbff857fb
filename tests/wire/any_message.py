"""Strategies for every message there can be, within the wire's bounds."""

from hypothesis import strategies as st

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
from device.wire.vocabulary import CallPurpose, ClockQuality, CommandOutcome, FaultCode, Rung, SpeechMode

texts = st.text(st.characters(codec="utf-8"), max_size=64)
details = st.text(st.characters(codec="utf-8"), max_size=256)
code4 = st.from_regex(r"[0-9]{4}", fullmatch=True)
code3 = st.from_regex(r"[0-9]{3}", fullmatch=True)
epochs = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
finite = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=0, allow_infinity=False, exclude_min=True)
not_negative = st.floats(min_value=0, allow_infinity=False)
kinds = texts.filter(lambda kind: "_" not in kind)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
# A field without a value is left out when it is written.
strange_values = json_values.filter(lambda value: value is not None)
strange_fields = st.dictionaries(st.from_regex(r"x_[a-z]{1,8}", fullmatch=True), strange_values, max_size=3)

keys = st.builds(MessageKey, epoch=epochs, seq=st.integers(1, 2**53))
walls = st.builds(WallTime, unix_s=finite, quality=st.sampled_from(ClockQuality))
triggers = st.builds(TriggerInfo, trigger_id=texts, name=texts, device_type=code4, location_code=code3)
faults = st.sampled_from(FaultCode) | texts
unknown_bodies = st.builds(lambda kind, rest: UnknownBody.model_validate({"kind": kind, **rest}), kinds, strange_fields)
bodies = st.one_of(
    st.builds(AlarmRaised, trigger=triggers, status_code=code4),
    st.builds(AlarmJoined, alarm=keys, trigger=triggers, status_code=code4),
    st.builds(AlarmWithdrawn, trigger=triggers),
    st.builds(CancelPressed, alarm=keys),
    st.builds(FaultRaised, fault=faults, status_code=code4, urgent=st.booleans(), subject=texts, detail=details),
    st.builds(FaultRestored, fault=faults, status_code=code4, subject=texts),
    st.builds(UnitStarted, cause=texts, software=texts),
    st.builds(EventsLost, count=st.integers(1, 2**53)),
    st.builds(CommandDone, command_id=texts, outcome=st.sampled_from(CommandOutcome), detail=details),
    st.builds(
        SoundTested,
        is_heard=st.booleans(),
        level_db=st.none() | finite,
        delay_ms=st.none() | finite,
        lowest_hz=st.none() | finite,
        highest_hz=st.none() | finite,
        change_db=st.none() | finite,
        detail=details,
    ),
    unknown_bodies,
)
heartbeats = st.builds(
    Heartbeat,
    epoch=epochs,
    uptime_s=not_negative,
    interval_s=positive,
    software=texts,
    alarm=st.none() | st.builds(OpenAlarm, alarm=keys, rung=st.sampled_from(Rung)),
    faults=st.lists(texts, max_size=4).map(tuple),
    paths=st.lists(st.builds(PathHealth, name=texts, is_up=st.booleans()), max_size=3).map(tuple),
    mains=st.none() | st.booleans(),
    battery_percent=st.none() | st.floats(0, 100),
    temperature_c=st.none() | finite,
    disk_free_mb=st.none() | not_negative,
    clock=st.sampled_from(ClockQuality),
    outbox_depth=st.integers(0, 2**53),
)
unknown_orders = st.builds(
    lambda kind, rest: UnknownOrder.model_validate({"kind": kind, **rest}), kinds, strange_fields
)
orders = st.one_of(
    st.builds(AnswerAlarm, alarm=keys),
    st.builds(RequeueAlarm, alarm=keys),
    st.builds(ResetAlarm, alarm=keys),
    st.builds(SetHeartbeat, interval_s=st.floats(5, 3600)),
    st.builds(PlaceCall, call_id=texts, purpose=st.sampled_from(CallPurpose)),
    st.builds(SetSpeech, mode=st.none() | st.sampled_from(SpeechMode), volume=st.none() | st.integers(0, 10)),
    st.builds(EndCall, alarm=st.none() | keys),
    st.just(TestSound()),
    unknown_orders,
)
messages: st.SearchStrategy[Model] = st.one_of(
    st.builds(Message, key=keys, age_s=st.none() | not_negative, wall=st.none() | walls, body=bodies),
    heartbeats,
    st.builds(Presence, online=st.booleans(), epoch=epochs),
    st.builds(Receipt, keys=st.lists(keys, min_size=1, max_size=5).map(tuple)),
    st.builds(Command, command_id=texts, order=orders),
    st.builds(CentreState, alive=st.booleans(), beat=st.integers(0, 2**53), interval_s=positive),
)
