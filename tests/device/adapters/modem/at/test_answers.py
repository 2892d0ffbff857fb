"""What replies mean: forms from the makers' manuals and records, and anything else without an exception."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.adapters.modem.at import answers
from device.adapters.modem.at.answers import (
    CallSeen,
    CallState,
    FoundOperator,
    Operator,
    Reachable,
    Signal,
    StoredPdu,
)
from device.adapters.modem.at.facts import Domain, Registering, Registration, SimState, Technology


@pytest.mark.parametrize(
    ("line", "level"),
    [("+CSQ: 16,99", -81), ("+CSQ: 0,0", -113), ("+CSQ: 31,99", -51), ("+CSQ: 99,99", None), ("+CSQ: 191,99", -25)],
)
def test_a_signals_level(line: str, level: int | None) -> None:
    assert answers.signal((line,)) == Signal(rssi_dbm=level)


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("+CESQ: 99,99,255,255,20,56", Signal(None, -85, -10.0)),
        ("+CESQ: 30,99,255,255,255,255", Signal(-81, None, None)),
        ("+CESQ: 99,99,40,30,255,255", Signal(-81, None, None)),
    ],
)
def test_a_signals_levels(line: str, signal: Signal) -> None:
    assert answers.extended_signal((line,)) == signal


@pytest.mark.parametrize(
    ("line", "operator"),
    [
        ('+COPS: 0,0,"SGP-M1",7', Operator("SGP-M1", "", Technology.LTE)),
        ('+COPS: 0,2,"26803",0', Operator("", "26803", Technology.GSM)),
        ('+COPS: 0,0,"One, Two"', Operator("One, Two")),
        ("+COPS: 0", None),
    ],
)
def test_whose_network_it_is(line: str, operator: Operator | None) -> None:
    assert answers.operator((line,)) == operator


def test_which_networks_there_are() -> None:
    line = '+COPS: (1,"Orange F","Orange","20801"),(3,"A (B), C","","20820",2),(2,"SFR","SFR","20810",7),,(0-4),(0-2)'
    assert answers.operators((line,)) == (
        FoundOperator(Operator("Orange F", "20801"), Reachable.AVAILABLE),
        FoundOperator(Operator("A (B), C", "20820", Technology.UMTS), Reachable.FORBIDDEN),
        FoundOperator(Operator("SFR", "20810", Technology.LTE), Reachable.CURRENT),
    )


def test_a_registration_that_was_asked_for() -> None:
    assert answers.registered(('+CREG: 2,1,"00A8","5355E8D",7',), Domain.CIRCUIT) == Registration(
        Domain.CIRCUIT, Registering.HOME, 0xA8, 0x5355E8D, Technology.LTE
    )
    assert answers.registered(("+CEREG: 0,3",), Domain.LTE) == Registration(Domain.LTE, Registering.DENIED)
    assert answers.registered(("+CREG: 0,1",), Domain.LTE) is None


@pytest.mark.parametrize(
    ("line", "utc_s"),
    [
        ('+CCLK: "26/03/01,12:00:00+08"', 1_772_359_200),
        ('+CCLK: "26/03/01,10:00:00"', 1_772_359_200),
        ('+CCLK: "80/01/06,07:09:04"', None),
        ('+CCLK: "04/01/01,00:00:00+00"', None),
        ('+CCLK: "26/13/41,12:00:00+08"', None),
        ("+CCLK: ", None),
    ],
)
def test_a_clock_that_was_never_set_is_no_time(line: str, utc_s: float | None) -> None:
    time = answers.clock((line,))
    assert (time.utc_s if time else None) == utc_s


def test_calls_and_no_data_session_among_them() -> None:
    lines = (
        '+CLCC: 1,0,3,0,0,"+37120000001",145',
        "+CLCC: 2,1,4,0,0",
        '+CLCC: 3,1,0,1,0,"",128',  # how an EC25 lists its data session
        "+CLCC: x",
    )
    assert answers.calls(lines) == (
        CallSeen(1, is_incoming=False, state=CallState.ALERTING, number="+37120000001"),
        CallSeen(2, is_incoming=True, state=CallState.INCOMING, number=""),
    )


def test_stored_messages() -> None:
    assert answers.stored(("+CMGL: 3,1,,24", "0791", "+CMGL: 4,0,,30", "0700")) == (
        StoredPdu(3, "0791"),
        StoredPdu(4, "0700"),
    )
    assert answers.stored(("+CMGR: 0,,24", "0791"), 9) == (StoredPdu(9, "0791"),)
    assert answers.stored(("0791",)) == ()


def test_small_things() -> None:
    assert answers.sim(("+CPIN: SIM PIN",)) is SimState.PIN_NEEDED
    assert answers.sim(()) is None
    assert answers.reference(("+CMGS: 14",)) == 14
    assert answers.text(("+CGMR: LE20B03SIM7600M22",)) == "LE20B03SIM7600M22"
    assert answers.text(("EC25",)) == "EC25"
    assert not answers.text(())
    assert answers.first_number(('+QPINC: "SC",3,10',), 1) == 3
    assert answers.storage(('+CPMS: "SM",1,50,"SM",1,50,"SM",1,50',)) == (1, 50)
    assert answers.storage(("+CPMS: 2,20,2,20,2,20",)) == (2, 20)


PREFIXES = ("+CSQ: ", "+CESQ: ", "+COPS: ", "+CREG: ", "+CLCC: ", "+CMGL: ", "+CPMS: ", "")
LINE = st.builds(str.__add__, st.sampled_from(PREFIXES), st.text('0123456789,"()-+ABF', max_size=30))


@given(st.lists(LINE).map(tuple))
@example(("+CSQ: -+0",))
def test_whatever_the_lines_nothing_raises(lines: tuple[str, ...]) -> None:
    for read in (
        answers.signal,
        answers.extended_signal,
        answers.operator,
        answers.operators,
        answers.calls,
        answers.stored,
        answers.clock,
        answers.sim,
        answers.reference,
        answers.storage,
        answers.text,
        answers.first_number,
    ):
        read(lines)
    answers.registered(lines, Domain.CIRCUIT)
