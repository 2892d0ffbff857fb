"""The simulated modem's command line: V.250's rules, and any bytes at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.simulator import Kind, MobileNetwork, SimulatedModem
from device.adapters.modem.simulator.interpreter import Interpreter
from device.adapters.modem.simulator.modem import Slot
from tests.device.adapters.modem.rig import CENTRE, HOME


class Unheard(SimulatedModem):
    """A modem without a cable, whose words are kept."""

    said = b""

    def _send(self, data: bytes) -> None:
        self.said += data


def answer(typed: bytes, modem: Unheard | None = None) -> bytes:
    modem = modem or new()
    modem.said = b""
    Interpreter(modem).feed(typed)
    return modem.said


def new(kind: Kind = Kind.SIM7600) -> Unheard:
    modem = Unheard(MobileNetwork(), Path("unplugged"), HOME, kind)
    modem.settings.echo = False
    return modem


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (b"AT\r", b"\r\nOK\r\n"),
        (b"at\r", b"\r\nOK\r\n"),
        (b"AT+CSQ\r", b"\r\n+CSQ: 20,99\r\n\r\nOK\r\n"),
        (b"AT+CSQ;+CFUN?\r", b"\r\n+CSQ: 20,99\r\n\r\n+CFUN: 1\r\n\r\nOK\r\n"),
        (b"ATE0V1\r", b"\r\nOK\r\n"),
        (b"ATQ\x08E0\r", b"\r\nOK\r\n"),
        (b"AT+NONSENSE\r", b"\r\nERROR\r\n"),
        (b"AT+CMEE=1;+NONSENSE;+CSQ\r", b"\r\n+CME ERROR: 4\r\n"),
        (b"AT+CMEE=2;+NONSENSE\r", b"\r\n+CME ERROR: operation not supported\r\n"),
        (b"hello\r", b""),
        (b"A\x1bAT\r", b"\r\nOK\r\n"),
        (b"AT+CMGS=20\r\x1b", b"\r\n> \r\nOK\r\n"),
        (b"AT+CMGS=20\rnonsense\x1a", b"\r\n> \r\n+CMS ERROR: 304\r\n"),
    ],
)
def test_what_is_typed_is_answered(typed: bytes, said: bytes) -> None:
    assert answer(typed) == said


def test_the_echo_is_what_was_typed() -> None:
    modem = new()
    modem.settings.echo = True
    assert answer(b"AT\r", modem) == b"AT\r\r\nOK\r\n"


def test_a_length_that_is_wrong_is_refused_as_real_ones_do() -> None:
    pdu = b"0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
    modem = new()
    modem._terminal.plug = lambda: None  # type: ignore[method-assign]
    assert answer(b"AT+CMGS=22\r" + pdu + b"\x1a", modem).endswith(b"+CMS ERROR: 304\r\n")
    assert answer(b"AT+CMGS=23\r" + pdu + b"\x1a", modem).endswith(b"+CMS ERROR: 331\r\n")  # unplugged: no network


def test_text_mode_shows_a_person_what_came_in() -> None:
    modem = new()
    modem.network.text_from_outside(CENTRE, HOME, "Labdien")
    modem.registration = 1
    _, pdu = modem.network._waiting.popleft()
    modem.slots[1] = Slot(pdu)
    said = answer(b'AT+CMGF=1;+CMGL="ALL"\r', modem)
    assert f'+CMGL: 1,"REC UNREAD","{CENTRE}"'.encode() in said
    assert b"\r\nLabdien\r\n" in said


PIECES = (b"AT", b"+C", b"\r", b"\x1a", b"=", b'"', b"AT+CMGS=1\r", b"ATD")


@given(st.lists(st.binary(max_size=12) | st.sampled_from(PIECES)).map(b"".join))
def test_nothing_that_is_typed_breaks_it(typed: bytes) -> None:
    modem = new()
    answer(typed, modem)
    assert answer(b"\x1b\x1b\rATE0\r", modem).endswith(b"\r\nOK\r\n")
