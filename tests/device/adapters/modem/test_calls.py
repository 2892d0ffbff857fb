"""Calls on modems as odd as there are: without a list of calls, with late codes, with words for answers."""

from typing import Any

import pytest

from device.adapters.modem.at.codes import (
    CallCause,
    CallerShown,
    CallMissed,
    CallOver,
    Ringing,
    ToneHeard,
    VoiceBegun,
    VoiceOver,
)
from device.adapters.modem.calls import CALLER_SHOWN_WITHIN_S, POLL_S, Calls
from device.adapters.modem.events import (
    AttemptEnded,
    CallAlerted,
    CallAnswered,
    CallDialled,
    CallEnd,
    CallEnded,
    CallIgnored,
    ModemEvent,
    ToneReceived,
)
from device.adapters.modem.profiles import PLAIN, SIM7600
from device.ports import AdapterError
from tests.device.adapters.modem.rig import CENTRE, HOME, STRANGER
from tests.device.adapters.modem.scripted import ScriptedModem, lines, no_call, refused


@pytest.fixture
def modem() -> ScriptedModem:
    return ScriptedModem()


@pytest.fixture
def events() -> list[ModemEvent]:
    return []


@pytest.fixture
def calls(modem: ScriptedModem, events: list[ModemEvent]) -> Calls:
    return Calls(modem.ask, events.append, SIM7600, (CENTRE,), modem.clock)


def look(calls: Calls, modem: ScriptedModem, seconds: float = POLL_S) -> None:
    modem.now_s += seconds
    calls.look()


def kinds(events: list[ModemEvent]) -> list[Any]:
    return [type(event) for event in events]


def stands(modem: ScriptedModem, state: int | None, *, is_incoming: bool = False) -> None:
    shown = lines() if state is None else lines(f'+CLCC: 1,{int(is_incoming)},{state},0,0,"{CENTRE}",145')
    modem.answers["AT+CLCC"] = shown


def test_a_call_from_its_first_tone_to_its_end(calls: Calls, modem: ScriptedModem, events: list[ModemEvent]) -> None:
    stands(modem, 2)
    calls.dial(1, (CENTRE, STRANGER))
    look(calls, modem)
    stands(modem, 3)
    look(calls, modem)
    look(calls, modem)
    stands(modem, 0)
    look(calls, modem)
    assert modem.asked[-1] == "AT+CPCMREG=1"
    calls.heard(ToneHeard("5"))
    stands(modem, None)
    calls.heard(CallOver(CallCause.NO_CARRIER))
    look(calls, modem, 0.0)
    assert modem.asked[-1] == "AT+CPCMREG=0"
    assert events == [
        CallDialled(1, CENTRE),
        CallAlerted(1, CENTRE),
        CallAnswered(1, CENTRE, is_incoming=False, has_sound=True),
        ToneReceived(1, "5"),
        CallEnded(1, CallEnd.HUNG_UP_THERE, was_answered=True),
    ]
    assert f"ATD{STRANGER};" not in modem.asked  # an answered call was the last one


def test_a_late_end_of_the_last_attempt_does_not_end_the_next(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    modem.answers[f"ATD{CENTRE}"] = no_call(CallCause.BUSY)
    stands(modem, 2)
    calls.dial(1, (CENTRE, STRANGER))
    calls.heard(VoiceOver())
    calls.heard(CallOver(CallCause.NO_CARRIER))
    look(calls, modem, 0.0)
    assert calls.current is not None
    assert calls.current.number == STRANGER
    stands(modem, 0)
    look(calls, modem)
    assert isinstance(events[-1], CallAnswered)


@pytest.mark.parametrize("cause", list(CallCause))
def test_a_modem_that_answers_dialling_with_the_end_itself(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent], cause: CallCause
) -> None:
    modem.answers["ATD"] = no_call(cause)
    calls.dial(1, (CENTRE,))
    assert kinds(events) == [CallDialled, AttemptEnded, CallEnded]
    assert calls.current is None


def test_a_modem_without_a_list_of_calls_is_believed_by_its_codes(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    modem.answers["AT+CLCC"] = refused(4)
    calls.dial(1, (CENTRE,))
    look(calls, modem)
    calls.heard(VoiceBegun())
    calls.heard(VoiceOver())
    assert kinds(events) == [CallDialled, CallAnswered, CallEnded]
    calls.dial(2, (CENTRE, STRANGER))
    look(calls, modem)
    calls.heard(CallOver(CallCause.BUSY))
    calls.heard(CallOver(CallCause.NO_ANSWER))
    assert [event.end for event in events if isinstance(event, AttemptEnded)] == [CallEnd.BUSY, CallEnd.NO_ANSWER]
    assert events[-1] == CallEnded(2, CallEnd.NO_ANSWER, was_answered=False)


def test_who_does_not_answer_in_time_is_hung_up_and_the_next_one_called(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    stands(modem, 3)
    modem.answers["AT+CHUP"] = refused(4)
    calls.dial(1, (CENTRE, STRANGER), ring_s=10.0)
    look(calls, modem, 10.0)
    assert modem.asked[-3:] == ["AT+CHUP", "ATH", f"ATD{STRANGER};"]
    assert AttemptEnded(1, CENTRE, CallEnd.NO_ANSWER) in events
    assert calls.next_look_s == modem.now_s + POLL_S


def test_without_its_sound_an_answered_call_says_so(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    modem.answers["AT+CPCMREG"] = refused(4)
    stands(modem, 0)
    calls.dial(1, (CENTRE,))
    look(calls, modem)
    assert events[-1] == CallAnswered(1, CENTRE, is_incoming=False, has_sound=False)


def test_a_second_call_is_refused_while_one_stands(calls: Calls, events: list[ModemEvent]) -> None:
    calls.dial(1, (CENTRE,))
    calls.dial(2, (STRANGER,))
    assert events[-1] == CallEnded(2, CallEnd.REFUSED, was_answered=False)
    assert calls.current is not None
    assert calls.current.call == 1


def test_without_numbers_there_is_no_call(calls: Calls, events: list[ModemEvent]) -> None:
    calls.dial(1, ())
    assert events == [CallEnded(1, CallEnd.REFUSED, was_answered=False)]


def test_hanging_up_while_it_rings_calls_nobody_else(calls: Calls, events: list[ModemEvent]) -> None:
    calls.dial(1, (CENTRE, STRANGER))
    calls.hang_up()
    assert events[-2:] == [
        AttemptEnded(1, CENTRE, CallEnd.HUNG_UP_HERE),
        CallEnded(1, CallEnd.HUNG_UP_HERE, was_answered=False),
    ]
    calls.hang_up()
    assert len(events) == 3


def test_the_centre_is_answered_when_its_number_is_known(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    calls.heard(Ringing())
    assert "ATA" not in modem.asked
    calls.heard(CallerShown(CENTRE.removeprefix("+371")))
    assert "ATA" in modem.asked
    assert kinds(events) == [CallAnswered]
    stands(modem, 0, is_incoming=True)
    look(calls, modem)
    stands(modem, None)
    look(calls, modem)
    assert kinds(events) == [CallAnswered, CallEnded]


@pytest.mark.parametrize("number", [STRANGER, ""])
def test_nobody_else_is_answered_and_it_is_told_once(
    calls: Calls, modem: ScriptedModem, events: list[ModemEvent], number: str
) -> None:
    for _ in range(3):
        calls.heard(Ringing())
        calls.heard(CallerShown(number))
        look(calls, modem)
    assert events == [CallIgnored(number)]
    assert "ATA" not in modem.asked
    calls.heard(CallMissed())
    calls.heard(Ringing())
    look(calls, modem, CALLER_SHOWN_WITHIN_S)
    assert events == [CallIgnored(number), CallIgnored("")]


def test_a_caller_who_gave_up_is_not_answered(calls: Calls, modem: ScriptedModem, events: list[ModemEvent]) -> None:
    modem.answers["ATA"] = no_call(CallCause.NO_CARRIER)
    calls.heard(Ringing())
    calls.heard(CallerShown(CENTRE))
    assert events == [CallIgnored(CENTRE)]
    assert calls.current is None


def test_a_strangers_ringing_ends_when_an_alarm_calls(calls: Calls, modem: ScriptedModem) -> None:
    calls.heard(Ringing())
    calls.dial(1, (HOME,))
    assert modem.asked == ["AT+CHUP", f"ATD{HOME};"]


def test_the_modem_goes_and_with_it_the_call(calls: Calls, modem: ScriptedModem, events: list[ModemEvent]) -> None:
    calls.dial(1, (CENTRE, STRANGER))
    modem.is_silent = True
    calls.lost()
    assert events[-1] == CallEnded(1, CallEnd.MODEM_LOST, was_answered=False)
    calls.lost()
    assert len(events) == 3


def test_tones_need_a_call(calls: Calls, modem: ScriptedModem) -> None:
    with pytest.raises(AdapterError, match="no call"):
        calls.send_tones("1")
    stands(modem, 0)
    calls.dial(1, (CENTRE,))
    look(calls, modem)
    calls.send_tones("1#")
    assert modem.asked[-2:] == ["AT+VTS=1", "AT+VTS=#"]


def test_a_plain_modems_sound_needs_nothing(modem: ScriptedModem, events: list[ModemEvent]) -> None:
    calls = Calls(modem.ask, events.append, PLAIN, (), modem.clock)
    stands(modem, 0)
    calls.dial(1, (CENTRE,))
    look(calls, modem)
    assert events[-1] == CallAnswered(1, CENTRE, is_incoming=False, has_sound=True)
