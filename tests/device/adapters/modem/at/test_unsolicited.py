"""What a modem says unasked, code by code; and whatever else it says, without an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.modem.at.codes import (
    BodyFollows,
    CallerShown,
    CallMissed,
    MessageArrived,
    MessageStored,
    Notice,
    Readiness,
    ReadinessSeen,
    RegistrationSeen,
    Ringing,
    SimSeen,
    Storage,
    StorageFull,
    TimeSeen,
    ToneHeard,
    VoiceBegun,
    VoiceOver,
)
from device.adapters.modem.at.facts import Domain, NetworkTime, Registering, Registration, SimState, Technology
from device.adapters.modem.at.unsolicited import is_always_unsolicited, read_unsolicited

NOON = NetworkTime(1_772_359_200, 120)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("RING", Ringing()),
        ("+CRING: VOICE", Ringing()),
        ("+CRING: REL ASYNC", Ringing(is_voice=False)),
        ('+CLIP: "",128', CallerShown("")),
        ('+CLIP: "+37120000001",145,,,,0', CallerShown("+37120000001")),
        ('+CMTI: "ME",0', MessageStored("ME", 0)),
        ('+CDSI: "SR",7', MessageStored("SR", 7, is_report=True)),
        ("+CMT: ,24", BodyFollows(Storage.MESSAGE)),
        ("+CDS: 25", BodyFollows(Storage.REPORT)),
        ("+CBM: 88", BodyFollows(Storage.BROADCAST)),
        (
            "+CDS: 06000B910221815716F2709021510121807090215101718000",
            MessageArrived(Storage.REPORT, "06000B910221815716F2709021510121807090215101718000"),
        ),
        ("+CREG: 5", RegistrationSeen(Registration(Domain.CIRCUIT, Registering.ROAMING))),
        (
            '+CEREG: 1,"1A2B","01C3D4E5",7',
            RegistrationSeen(Registration(Domain.LTE, Registering.HOME, 0x1A2B, 0x01C3D4E5, Technology.LTE)),
        ),
        ("+CREG: 2,00C3,3F2A", RegistrationSeen(Registration(Domain.CIRCUIT, Registering.SEARCHING, 0xC3, 0x3F2A))),
        ("+CPIN: READY", SimSeen(SimState.READY)),
        ("+CPIN: NOT INSERTED", SimSeen(SimState.ABSENT)),
        ("+CPIN: SIM PUK", SimSeen(SimState.PUK_NEEDED)),
        ("+CPIN: PH-NET PIN", SimSeen(SimState.OTHER_CODE_NEEDED)),
        ("+SIMCARD: NOT AVAILABLE", SimSeen(SimState.ABSENT)),
        ("+QSIMSTAT: 1,0", SimSeen(SimState.ABSENT)),
        ("+QSIMSTAT: 1,1", SimSeen(SimState.BUSY)),
        ("VOICE CALL: BEGIN", VoiceBegun()),
        ("VOICE CALL: END: 000034", VoiceOver()),
        ("VOICE CALL: END", VoiceOver()),
        ("^CONN:1,0", VoiceBegun()),
        ("^CEND:1,12,104,16", VoiceOver()),
        ("MISSED_CALL: 08:48AM +37120000001", CallMissed()),
        ("+RXDTMF: *", ToneHeard("*")),
        ("+DTMF:5", ToneHeard("5")),
        ("+QTONEDET: 35", ToneHeard("#")),
        ('*PSUTTZ: 2026,3,1,10,0,0,"+8",0', TimeSeen(NOON)),
        ('*PSUTTZ: 26/03/01,10:00:00","+08",0', TimeSeen(NOON)),
        ('+CTZE: "+08",0,"2026/03/01,12:00:00"', TimeSeen(NOON)),
        ('+CTZEU: "+08",0,"2026/03/01,10:00:00"', TimeSeen(NOON)),
        ("+QIND: SMS DONE", ReadinessSeen(Readiness.MESSAGES_USABLE)),
        ('+QIND: "smsfull","ME"', StorageFull()),
        ("+SMS FULL", StorageFull()),
        ("^SMMEMFULL: SM", StorageFull()),
        ("*ATREADY: 1", ReadinessSeen(Readiness.STARTED)),
        ("UNDER-VOLTAGE POWER DOWN", ReadinessSeen(Readiness.GOING_DOWN)),
        ("+CTZV: +8,0", Notice("+CTZV: +8,0")),
        ("^MODE:5,4", Notice("^MODE:5,4")),
    ],
)
def test_each_code_is_understood(line: str, meaning: object) -> None:
    assert read_unsolicited(line) == meaning


@pytest.mark.parametrize(
    "line",
    [
        "+CMTI: SM",
        "+RXDTMF: 55",
        "+QTONEDET: 999",
        "+CREG: 99",
        "+QSIMSTAT: 1",
        "+CLIP: 0,1",
        "*PSUTTZ: never",
        "+CTZE: x",
    ],
)
def test_a_code_with_values_that_nobody_knows_means_nothing(line: str) -> None:
    assert read_unsolicited(line) == Notice(line)


@pytest.mark.parametrize("line", ["OK", "+CSQ: 16,99", "+COPS: 0", "EC25", "+CMGS: 3", "+CMGR: 1,,24", "0791"])
def test_what_only_answers_is_not_said_unasked(line: str) -> None:
    assert read_unsolicited(line) is None


@pytest.mark.parametrize("line", ["+CREG: 0,1", '+CREG: 2,1,"00C3","3F2A",7', "+CEREG: 2,10", "+CGREG: 2,5,00C3,3F2A"])
def test_an_answered_registration_is_told_from_a_new_one_by_its_form(line: str) -> None:
    assert not is_always_unsolicited(line)


@given(
    st.sampled_from(
        ["+CREG", "+CLIP", "+CMTI", "+CTZE", "*PSUTTZ", "+QTONEDET", "+CMT", "VOICE CALL", "+QIND", "+CPIN"]
    ),
    st.text(),
)
def test_nothing_raises(prefix: str, rest: str) -> None:
    assert read_unsolicited(f"{prefix}: {rest}") is not None
    read_unsolicited(rest)
    is_always_unsolicited(rest)
