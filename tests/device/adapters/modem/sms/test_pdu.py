"""Texts out and in: published messages of others, what the network makes of ours, and any octets at all.

Sources: [D] dreamfabric.com/sms, "SMS and the PDU format" (its example numbers); [G] python-gsmmodem's test_pdu.py;
[A] amro.blogspot.com 2007/09, "receiving an SMS status report message"; [N] developer.nokia.com discussion 13037.
"""

import contextlib
import warnings
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.adapters.modem.phone_number import ForbiddenNumberError
from device.adapters.modem.simulator.pdu import delivered, octets_without_centre, read_submitted
from device.adapters.modem.sms.fields import UnreadablePduError
from device.adapters.modem.sms.parts import Parts
from device.adapters.modem.sms.pdu import Delivery, DeliveryReport, IncomingText, Part, read_incoming, write_text

TO = "+37120000001"
LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua.Ut enim ad minim veniam, quinostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo "
    "consequat.Duis aute irure dolor in reprehenderit in voluptate velit esse cillum doloe eu fugiat nulla pariatur."
    "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum"
)
LOREM_PARTS = (  # [G]
    (
        "986F79B90D4AC3E7F53688FC66BFE5A0799A0E0AB7CB741668FC76CFCB637A995E9783C2E4343C3D4F8FD3EE33A8CC4ED359A079990C22BF4"
        "1E5747DDE7E9341F4721BFE9683D2EE719A9C26D7DD74509D0E6287C56F791954A683C86FF65B5E06B5C36777181466A7E3F5B0AB4A0795DDE"
        "936284C06B5D3EE741B642FBBD3E1360B14AFA7DD"
    ),
    (
        "DE73BABC4E0695F165F9384D0FD3D36F37A8CE6687DBE337881D16BFE5E939C89D9EA741753A28CC4EC7EB6938A88C0795C3A0F1BBDD7E93DF"
        "A0F1DB3D2FC7EB61BA8B584FCF41E13ABD0C4ACBEBF23288FC66BFE5A0B41B242FC3E56574D94D2ECBD37450DA0DB2BFD975383D4C2F83EC65"
        "769A0E2ACFE765D038CD66D7DB20F29BFD2E83CA"
    ),
    (
        "EA2073FD9C0ED341EE3A9B1D06C1C3F274985E97BB8AF871194E2FD7E5A079DA4D07BDC7E370791CA683C675789A1CA687E920F7DB0D82CBDF"
        "6972D94D6781E675371D947683C675363C0C8AD7D3A0B7D99C1EA7C32072795E96D7DD7450FBCD66A7E9A0B03BDD06A5C9A0F29C0E6287C56F"
        "79BD0D"
    ),
)


def at(*values: int, hours: int) -> float:
    year, month, day, hour, minute, second = values
    zone = timezone(timedelta(hours=hours))
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).timestamp()


# --- in ---


@pytest.mark.parametrize(
    ("pdu", "message"),
    [
        (  # [D]
            "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37",
            IncomingText("27838890001", "hellohello", datetime(1999, 3, 29, 13, 16, 59, tzinfo=UTC).timestamp()),
        ),
        (  # [G]
            "06917228195339040B917228214365F700003130805120618005D4F29C2E03",
            IncomingText("+27821234567", "Test2", at(2013, 3, 8, 15, 2, 16, hours=2)),
        ),
        (  # [G]
            (
                "07915892000000F0040B915892214365F700007040213252242331493A283D0795C3F33C88FE06C9CB6132885EC6D341EDF27C1E3E"
                "97E7207B3A0C0A5241E377BB1D7693E72E"
            ),
            IncomingText(
                "+85291234567",
                "It is easy to read text messages via AT commands.",
                at(2007, 4, 12, 23, 25, 42, hours=8),
            ),
        ),
        (  # [G]
            "06917228195339040B917228214365F70000313062315352800A800D8A5E98D337A910",
            IncomingText("+27821234567", "@{tést}!", at(2013, 3, 26, 13, 35, 25, hours=2)),
        ),
        (  # [N]
            "07910201956905F0040B910201014160F3000820219130521580040628062A",
            IncomingText("+20101014063", "\u0628\u062a", at(2002, 12, 19, 3, 25, 51, hours=2)),
        ),
        (  # [G]: the first of a series of one
            (
                "0591721891F1400781721881F800003160526104848059050003C30101916536FB1DCABEEB2074D85E064941B19CAB060319A5C522"
                "289C96D3D3ED32286C0FA7D96131BBEC024941B19CAB0603DDD36C36A88C87A7E565D0DB0D82C55EB0DB4B068BCD5C20"
            ),
            IncomingText(
                "2781188",
                "Hello!You have R 19.50 FREE airtime available. R 19.50 will expire on 01/07/2013. ",
                at(2013, 6, 25, 16, 40, 48, hours=2),
                Part(0xC3, 1, 1),
            ),
        ),
    ],
)
def test_published_texts_are_read(pdu: str, message: IncomingText) -> None:
    assert read_incoming(pdu) == message


@pytest.mark.parametrize(
    ("pdu", "report"),
    [
        (  # [G]
            "0006D60B911326880736F4111011719551401110117195714000",
            DeliveryReport(214, "+31628870634", Delivery.DELIVERED, 0),
        ),
        (  # [A], with the empty service centre that a modem puts before it
            "0006000B910221815716F2709021510121807090215101718000",
            DeliveryReport(0, "+20121875612", Delivery.DELIVERED, 0),
        ),
        (
            "0006D60B911326880736F4111011719551401110117195714030",
            DeliveryReport(214, "+31628870634", Delivery.ON_ITS_WAY, 0x30),
        ),
        (
            "0006D60B911326880736F4111011719551401110117195714041",
            DeliveryReport(214, "+31628870634", Delivery.FAILED, 0x41),
        ),
    ],
)
def test_published_reports_are_read(pdu: str, report: DeliveryReport) -> None:
    assert read_incoming(pdu) == report


@pytest.mark.parametrize("pdu", ["", "00", "07", "0004", "zz", "0007000B91", "000B0100"])
def test_what_is_no_message_is_refused_in_words(pdu: str) -> None:
    with pytest.raises(UnreadablePduError):
        read_incoming(pdu)


@given(st.binary(max_size=200))
@example(bytes.fromhex("0044"))
def test_any_octets_are_a_message_or_refused(octets: bytes) -> None:
    with contextlib.suppress(UnreadablePduError):
        read_incoming(octets.hex())


# --- out ---


def test_published_texts_are_written() -> None:
    (part,) = write_text("+46708251358", "hellohello", wants_report=False, validity_min=4 * 24 * 60)  # [D]
    assert part.hex == "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
    assert part.octets == 23
    (part,) = write_text("+27820001111", "Hello World!", wants_report=False)  # [G], which gives no validity
    assert part.hex == "0011000B917228001011F10000A7" + "0CC8329BFD065DDF72363904"
    (part,) = write_text("+34616585119", "あ叶葉", wants_report=False)  # [G]
    assert part.hex == "0011000B914316565811F90008A7" + "06304253F68449"


def test_a_published_long_text_is_written() -> None:
    parts = write_text("+15125551234", LOREM, series=0, wants_report=False)
    for number, (part, data) in enumerate(zip(parts, LOREM_PARTS, strict=True), start=1):
        length = "8C" if number == 3 else "A0"
        assert part.hex == f"0051000B915121551532F40000A7{length}0500030003{number:02d}{data}"


@pytest.mark.parametrize("number", ["112", "+112", "00112", "911", "113", "0113", "1122", "", "poga", "*31#112"])
def test_no_text_goes_to_an_emergency_service(number: str) -> None:
    with pytest.raises(ForbiddenNumberError):
        write_text(number, "help")


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 10"):
        write_text(TO, "x" * 1_531)


@given(st.text(max_size=400), st.integers(0, 300))
@example("€" * 153, 0)
@example("😀" * 70, 1)
@example("", 0)
def test_what_is_written_reaches_the_other_side_whole(text: str, series: int) -> None:
    written = write_text(TO, text, series=series)
    joined: str | None = None
    parts = Parts()
    for part in written:
        assert part.octets <= 12 + 2 + 140 + 10
        submitted = read_submitted(part.hex)
        assert submitted.recipient == TO
        pdu = delivered("+37120000002", submitted, 1_772_359_200)
        assert octets_without_centre(pdu) * 2 < len(pdu)
        message = read_incoming(pdu)
        assert isinstance(message, IncomingText)
        assert (message.sender, message.sent_at_s) == ("+37120000002", 1_772_359_200)
        if message.part is None:
            joined = message.text
        else:
            whole = parts.add(message, message.part, (), 0.0)
            joined = whole.text if whole else None
    assert joined == text.encode("utf-16-be", errors="replace").decode("utf-16-be")


# --- beside another's library, which shares none of our mistakes ---


@pytest.fixture(scope="module")
def another() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, where it is compiled for the first time
        module: ModuleType = pytest.importorskip("gsmmodem.pdu", reason="python-gsmmodem-new is not installed")
    return module


# Not tried: what it cannot read (pairs of surrogates) or write (ÿ, control characters), and where its table has ` for
# the standard's §.
WRITABLE = st.text(
    st.characters(max_codepoint=0xD7FF, exclude_characters="`§ÿ", exclude_categories=["Cc"]), min_size=1, max_size=300
)


@given(WRITABLE, st.integers(0, 255))
def test_another_library_reads_what_we_write(another: ModuleType, text: str, series: int) -> None:
    read = [another.decodeSmsPdu(part.hex) for part in write_text(TO, text, series=series)]
    assert {message["number"] for message in read} == {TO}
    assert {message["validity"] for message in read} == {timedelta(days=1)}
    assert "".join(message["text"] for message in read) == text
    if len(read) > 1:
        parts = [message["udh"][0] for message in read]
        assert [(part.reference, part.number) for part in parts] == [(series, n + 1) for n in range(len(read))]


@given(WRITABLE)
def test_we_read_what_another_library_writes(another: ModuleType, text: str) -> None:
    written = another.encodeSmsSubmitPdu(TO, text, reference=0)
    read = [read_submitted(bytes(part.data).hex()) for part in written]
    assert {message.recipient for message in read} == {TO}
    assert "".join(message.text for message in read) == text
