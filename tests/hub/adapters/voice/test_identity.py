"""Who calls, and who only says so."""

import pytest

from device.voice.messages import LegArrived, Protocol
from device.wire.messages import MessageKey
from hub.adapters.voice.identity import alarm_of, call_id_of, caller_of, unit_of


def call(
    from_user: str = "home-17",
    protocol: Protocol = Protocol.TLS,
    source: str = "192.0.2.7:40000",
    names: tuple[str, ...] = ("home-17",),
    **headers: str,
) -> LegArrived:
    return LegArrived(
        leg="in-1",
        from_user=from_user,
        from_host="units.example",
        to_user="alarm",
        protocol=protocol,
        source=source,
        names=names,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_over_tls_a_unit_is_whom_its_certificate_names() -> None:
    assert unit_of(call()) == "home-17"
    assert unit_of(call(names=("units.example", "home-17"))) == "home-17"


@pytest.mark.parametrize(
    ("from_user", "names"),
    [("home-17", ("home-18",)), ("home-18", ("home-17",)), ("home-17", ()), ("home-17", ("*",)), ("", ("",))],
)
def test_over_tls_nobody_is_somebody_else(from_user: str, names: tuple[str, ...]) -> None:
    assert unit_of(call(from_user, names=names)) is None


@pytest.mark.parametrize("protocol", [Protocol.UDP, Protocol.TCP])
@pytest.mark.parametrize("source", ["127.0.0.1:5080", "[::1]:5080"])
def test_without_tls_this_machine_alone_is_believed(protocol: Protocol, source: str) -> None:
    assert unit_of(call(protocol=protocol, source=source, names=())) == "home-17"


@pytest.mark.parametrize("source", ["192.0.2.7:5060", "", "localhost:5060", "127.0.0.1", "[fe80::1]:5060"])
def test_without_tls_nobody_else_is(source: str) -> None:
    assert unit_of(call(protocol=Protocol.UDP, source=source, names=("home-17",))) is None


@pytest.mark.parametrize("from_user", ["", "no", "Home-17", "../x", "home 17", "x" * 40, "+37120000001"])
def test_what_cannot_name_a_unit_is_none(from_user: str) -> None:
    assert unit_of(call(from_user, Protocol.UDP, "127.0.0.1:5080")) is None


def test_a_call_says_its_alarm_and_its_order() -> None:
    told = call(Poga_Alarm="0a1b2c3d4e5f6071:7", Poga_Call="life-12")
    assert (alarm_of(told), call_id_of(told)) == (MessageKey(epoch="0a1b2c3d4e5f6071", seq=7), "life-12")


@pytest.mark.parametrize(
    "alarm", ["", "7", "0a1b2c3d4e5f6071", "0a1b2c3d4e5f6071:", "0a1b2c3d4e5f6071:0", "0a1b2c3d4e5f6071:x", ":7", "?:7"]
)
def test_what_cannot_be_read_is_passed_over(alarm: str) -> None:
    told = call(Poga_Alarm=alarm, Poga_Call="two words")
    assert (alarm_of(told), call_id_of(told)) == (None, "")


def test_a_person_reads_who_calls() -> None:
    assert caller_of(call()) == "home-17@units.example, tls from 192.0.2.7:40000"
