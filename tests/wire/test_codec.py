"""Whatever is written is read again; of anything else comes a WireError, and never anything but that."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.wire import codec
from device.wire.codec import WireError, WireProblem
from device.wire.messages import (
    AlarmJoined,
    CentreState,
    Command,
    Heartbeat,
    Message,
    Model,
    Presence,
    Receipt,
    UnknownBody,
    UnknownOrder,
)
from tests.wire.any_message import json_values, messages

TOP_LEVEL: tuple[type[Model], ...] = (Message, Heartbeat, Presence, Receipt, Command, CentreState)
models = st.sampled_from(TOP_LEVEL)
KEY = '{"epoch":"0123456789abcdef","seq":1}'


def problem_of(model: type[Model], payload: bytes) -> WireError:
    with pytest.raises(WireError) as caught:
        codec.decode(model, payload)
    return caught.value


def outcome(model: type[Model], payload: bytes) -> WireProblem | None:
    """The problem, None where the payload is a message."""
    try:
        codec.decode(model, payload)
    except WireError as error:
        return error.problem
    return None


@given(messages)
def test_what_is_written_is_read_again(message: Model) -> None:
    assert codec.decode(type(message), codec.encode(message)) == message


@given(messages)
def test_what_is_written_is_json_in_utf_8_without_what_says_nothing(message: Model) -> None:
    written = json.loads(codec.encode(message).decode("utf-8"))
    assert None not in written.values()


@given(message=messages, extra=json_values)
def test_a_field_of_a_later_version_changes_nothing(message: Model, extra: object) -> None:
    written = json.loads(codec.encode(message))
    later = json.dumps({"a_later_field": extra, **written}).encode()
    assert codec.decode(type(message), later) == message


@given(model=models, payload=st.binary(max_size=300))
def test_of_any_bytes_comes_a_message_or_a_wire_error(model: type[Model], payload: bytes) -> None:
    assert outcome(model, payload) in (None, WireProblem.NOT_JSON, WireProblem.WRONG_SHAPE)


@given(model=models, value=json_values)
def test_of_any_json_comes_a_message_or_a_wire_error(model: type[Model], value: object) -> None:
    assert outcome(model, json.dumps(value).encode()) in (None, WireProblem.WRONG_SHAPE)


@given(data=st.data(), message=messages)
def test_a_message_that_lost_a_part_is_told_by_a_wire_error(data: st.DataObject, message: Model) -> None:
    payload = codec.encode(message)
    cut = data.draw(st.integers(0, len(payload) - 1))
    assert problem_of(type(message), payload[:cut]).problem is WireProblem.NOT_JSON


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (b"", WireProblem.NOT_JSON),
        (b"\xff", WireProblem.NOT_JSON),
        (b"\xef\xbb\xbf{}", WireProblem.NOT_JSON),
        (b"[" * 10_000, WireProblem.NOT_JSON),
        (b'{"key":' + b"9" * 10_000 + b"}", WireProblem.NOT_JSON),
        (b'{"key":"\\ud800"}', WireProblem.NOT_JSON),
        (b"null", WireProblem.WRONG_SHAPE),
        (b"{}", WireProblem.WRONG_SHAPE),
        (f'{{"key":{KEY},"body":7}}'.encode(), WireProblem.WRONG_SHAPE),
        (f'{{"key":{KEY},"body":{{"kind":"alarm_raised"}}}}'.encode(), WireProblem.WRONG_SHAPE),
        (b'{"key":{"epoch":"0123456789ABCDEF","seq":1},"body":{"kind":"x"}}', WireProblem.WRONG_SHAPE),
        (b'{"key":{"epoch":"0123456789abcdef","seq":0},"body":{"kind":"x"}}', WireProblem.WRONG_SHAPE),
        (b" " * (codec.MAX_BYTES + 1), WireProblem.TOO_LARGE),
    ],
)
def test_what_is_wrong_has_a_kind(payload: bytes, problem: WireProblem) -> None:
    error = problem_of(Message, payload)
    assert error.problem is problem
    assert str(error) == f"{problem}: {error.detail}"


def test_the_largest_message_is_read() -> None:
    state = codec.encode(CentreState(alive=True))
    assert codec.decode(CentreState, state + b" " * (codec.MAX_BYTES - len(state))) == CentreState(alive=True)


def test_the_detail_says_where_and_quotes_nothing() -> None:
    secret = "Grandmother's address"
    error = problem_of(Message, f'{{"key":{{"epoch":"{secret}","seq":1}},"body":{{"kind":"x"}}}}'.encode())
    assert error.detail.startswith("key.epoch: ")
    assert secret not in str(error)


@pytest.mark.parametrize("kind", ["door_opened", "", "unknown", "x" * 1000])
def test_a_kind_that_is_not_known_is_kept_whole(kind: str) -> None:
    body = {"kind": kind, "door": {"name": "Front door", "times": [1, None]}}
    message = codec.decode(Message, f'{{"key":{KEY},"body":{json.dumps(body)}}}'.encode())
    assert isinstance(message.body, UnknownBody)
    assert json.loads(codec.encode(message))["body"]["kind"] == kind
    assert message.body.model_extra == {"door": {"name": "Front door", "times": [1, None]}}
    command = codec.decode(Command, json.dumps({"command_id": "c", "order": body}).encode())
    assert isinstance(command.order, UnknownOrder)


@pytest.mark.parametrize("age", ["NaN", "Infinity", "1e999", "-1", '"soon"', "{}"])
@pytest.mark.parametrize("wall", ["null", '{"unix_s":NaN,"quality":"kept"}', '{"unix_s":1,"quality":"perfect"}', "7"])
def test_no_time_however_wrong_hides_an_alarm(age: str, wall: str) -> None:
    trigger = '{"trigger_id":"button","name":"Button","device_type":"0004"}'
    body = f'{{"kind":"alarm_joined","alarm":{KEY},"trigger":{trigger},"status_code":"0010"}}'
    message = codec.decode(Message, f'{{"key":{KEY},"age_s":{age},"wall":{wall},"body":{body}}}'.encode())
    assert isinstance(message.body, AlarmJoined)
    assert (message.age_s, message.wall) == (None, None)
