"""What may be asked of a modem: nothing that would be two commands, and no secret in a log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.at import commands
from device.adapters.modem.at.commands import Command, quoted
from device.adapters.modem.events import CallIgnored, TextReceived
from device.ports import PermanentAdapterError


@given(st.text())
def test_a_command_is_one_line_of_plain_letters_or_refused(text: str) -> None:
    try:
        sent = Command(text).sent
    except PermanentAdapterError:
        return
    assert sent.endswith(b"\r")
    assert not set(sent[:-1]) & set(b"\r\n\x1a\x1b")


@pytest.mark.parametrize("text", ['a"b', "a\r", "ā", '";+CFUN=0;"'])
def test_a_string_parameter_ends_where_it_should(text: str) -> None:
    with pytest.raises(PermanentAdapterError, match="no quotes"):
        quoted(text)


def test_a_string_parameter_is_quoted() -> None:
    assert quoted("SM") == '"SM"'
    assert commands.keep_messages_in("ME").text == 'AT+CPMS="ME","ME","ME"'


def test_a_pin_is_in_no_log_and_in_no_error() -> None:
    command = commands.enter_pin("4711")
    assert command.sent == b'AT+CPIN="4711"\r'
    assert "4711" not in command.shown
    for wrong in ("4711x", "47", "471147114", "४७११"):
        with pytest.raises(PermanentAdapterError) as caught:
            commands.enter_pin(wrong)
        assert wrong not in str(caught.value)


def test_whom_a_unit_calls_is_in_no_log() -> None:
    assert commands.dial("+37120000001").shown == "ATD..."
    assert "2000" not in f"{TextReceived(1, '+37120000001', 'private', None)!r} {CallIgnored('+37120000001')!r}"
    assert "private" not in repr(TextReceived(1, "+37120000001", "private", None))


def test_a_tone_is_one_key() -> None:
    assert commands.send_tone("#").text == "AT+VTS=#"
    for wrong in ("", "12", "x", ";"):
        with pytest.raises(PermanentAdapterError, match="no tone"):
            commands.send_tone(wrong)


def test_a_text_goes_out_with_its_length_and_its_end() -> None:
    command = commands.send_pdu("0011", 1)
    assert (command.text, command.body) == ("AT+CMGS=1", b"0011\x1a")
