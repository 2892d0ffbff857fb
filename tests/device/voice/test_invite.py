"""Headers and addresses, also those that nobody should send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.voice.invite import address_of, headers_of, host_of, is_header, protocol_of, target_of, user_of
from device.voice.messages import Protocol

INVITE = (
    "INVITE sip:alarm@centre.example:5061;transport=tls SIP/2.0\r\n"
    'From: "Unit, seven" <sip:unit-7@home.example>;tag=1\r\n'
    "pOGA-aLARM: 77:3\r\nSubject: a long\r\n  word\r\nRoute: <sip:a>\r\nRoute: <sip:b>\r\nnonsense\r\n: x\r\n"
    "\r\nPoga-Call: this is no header\r\n"
)


def test_headers_are_found_however_they_are_written() -> None:
    assert headers_of(INVITE) == {
        "From": '"Unit, seven" <sip:unit-7@home.example>;tag=1',
        "Poga-Alarm": "77:3",
        "Subject": "a long word",
        "Route": "<sip:a>, <sip:b>",
    }
    assert target_of(INVITE) == "sip:alarm@centre.example:5061;transport=tls"


@pytest.mark.parametrize(
    ("address", "user", "host"),
    [
        ('"Unit, seven" <sip:unit-7@home.example>;tag=1', "unit-7", "home.example"),
        ("sip:unit%207%2F%C3%A4@127.0.0.1:5060", "unit 7/ä", "127.0.0.1"),
        ("<sips:a:secret@[::1]:5061>", "a", "[::1]"),
        ("sip:centre.example", "", "centre.example"),
        ("tel:+37120000001", "", ""),
        ("", "", ""),
    ],
)
def test_an_address_says_who_and_where(address: str, user: str, host: str) -> None:
    assert (user_of(address), host_of(address)) == (user, host)


@pytest.mark.parametrize(
    ("address", "protocol"),
    [
        ("sip:a@b", Protocol.UDP),
        ("sip:a@b;transport=TLS", Protocol.TLS),
        ("<sip:a@b;lr; Transport = tcp>", Protocol.TCP),
        ("sips:a@b", Protocol.TLS),
    ],
)
def test_an_address_says_what_carries_it(address: str, protocol: Protocol) -> None:
    assert protocol_of(address) is protocol


def test_what_carries_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        protocol_of("sip:a@b;transport=pigeon")


@given(st.text(min_size=1, max_size=40).filter(lambda user: user == user.split(":")[0] and max(user) < "\ud800"))
def test_every_name_comes_through(user: str) -> None:
    assert user_of(address_of(user, "127.0.0.1")) == user


@given(st.text())
def test_nothing_that_is_sent_is_too_much(message: str) -> None:
    headers_of(message)
    target_of(message)
    user_of(message)


@pytest.mark.parametrize(
    ("name", "value"),
    [("Poga-Alarm", "1\r\nRoute: <sip:elsewhere>"), ("Poga Alarm", "1"), ("", "1"), ("A", "b" * 1025), ("A:", "b")],
)
def test_what_would_be_more_than_a_header_is_none(name: str, value: str) -> None:
    assert not is_header(name, value)
    assert is_header("Poga-Alarm", "77:3")
