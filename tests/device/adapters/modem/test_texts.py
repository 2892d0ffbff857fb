"""Texts: what became of them is said, and everything that is remembered is bounded."""

from collections.abc import Callable

import pytest

from device.adapters.modem.at.commands import Command
from device.adapters.modem.at.dialogue import Outcome, Reply
from device.adapters.modem.events import ModemEvent, TextDelivered, TextFailed, TextReceived, TextTaken
from device.adapters.modem.simulator.pdu import delivered, plain_text, read_submitted, status_report
from device.adapters.modem.sms.pdu import write_text
from device.adapters.modem.texts import MOST_HANDED_ON, MOST_REPORTS_AWAITED, MOST_WAITING, PARTS_KEPT_S, Texts
from device.ports import TransientAdapterError
from tests.device.adapters.modem.rig import CENTRE, HOME
from tests.device.adapters.modem.scripted import ScriptedModem, lines, refused

LONG = "x" * 400


@pytest.fixture
def modem() -> ScriptedModem:
    modem = ScriptedModem()
    modem.answers["AT+CMGS"] = counting()
    return modem


@pytest.fixture
def events() -> list[ModemEvent]:
    return []


@pytest.fixture
def texts(modem: ScriptedModem, events: list[ModemEvent]) -> Texts:
    return Texts(modem.ask, events.append, modem.clock)


def counting() -> Callable[[Command], Reply]:
    count = iter(range(1, 10_000))
    return lambda _: lines(f"+CMGS: {next(count) % 256}")


def send(texts: Texts, ticket: int, text: str = "x") -> None:
    texts.take(ticket, CENTRE, text)
    while texts.has_waiting:
        texts.send_next()


def report(reference: int, status: int = 0) -> str:
    return status_report(reference, CENTRE, 1_772_359_200, status)


def test_a_long_text_is_delivered_when_its_last_part_is(texts: Texts, events: list[ModemEvent]) -> None:
    texts.take(1, CENTRE, LONG)
    texts.send_next()
    texts.arrived(report(1))  # before the others are sent
    texts.send_next()
    texts.send_next()
    assert events == [TextTaken(1)]
    texts.arrived(report(3))
    assert events == [TextTaken(1)]
    texts.arrived(report(2))
    assert events == [TextTaken(1), TextDelivered(1)]


def test_a_part_that_is_given_up_fails_the_text_once(texts: Texts, events: list[ModemEvent]) -> None:
    send(texts, 1, LONG)
    texts.arrived(report(1, 0x20))  # still trying
    texts.arrived(report(2, 0x41))
    texts.arrived(report(3))
    texts.arrived(report(1))
    assert [type(event) for event in events] == [TextTaken, TextFailed]
    assert "0x41" in str(events[1])


def test_a_refused_part_ends_the_text_and_the_next_one_is_sent(
    texts: Texts, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    modem.answers["AT+CMGS"] = refused(28, Outcome.MESSAGE_ERROR)
    send(texts, 1, LONG)
    modem.answers["AT+CMGS"] = counting()
    send(texts, 2)
    assert [type(event) for event in events] == [TextFailed, TextTaken]
    assert events[0] == TextFailed(1, str(getattr(events[0], "reason", "")), is_lasting=True)
    assert "correct the number" in str(events[0])
    assert sum(text.startswith("AT+CMGS") for text in modem.asked) == 2


def test_reports_of_texts_that_nobody_knows_change_nothing(texts: Texts, events: list[ModemEvent]) -> None:
    texts.arrived(report(77))
    assert events == []


def test_the_line_of_texts_is_bounded_and_told_when_it_is_given_up(texts: Texts, events: list[ModemEvent]) -> None:
    for ticket in range(MOST_WAITING + 1):
        texts.take(ticket, CENTRE, "x")
    assert next(event for event in events if isinstance(event, TextFailed)).ticket == MOST_WAITING
    texts.give_up(TransientAdapterError("gone"))
    assert sum(isinstance(event, TextFailed) for event in events) == MOST_WAITING + 1
    assert not texts.has_waiting


def test_what_is_remembered_is_bounded(texts: Texts) -> None:
    for ticket in range(300):
        send(texts, ticket)
    assert len(texts._awaited) <= MOST_REPORTS_AWAITED
    for number in range(MOST_HANDED_ON + 10):
        texts.arrived(plain_text(HOME, f"{number}", 1_772_359_200))
    assert len(texts._handed_on) <= MOST_HANDED_ON


def test_the_same_place_with_the_same_words_is_handed_on_once(
    texts: Texts, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    pdu = plain_text(HOME, "hello", 1_772_359_200)
    modem.answers["AT+CMGL"] = lines("+CMGL: 4,1,,24", pdu)
    modem.answers["AT+CMGR=4"] = lines("+CMGR: 1,,24", pdu)
    texts.read_one(4)
    texts.read_all()
    assert events == [TextReceived(1, HOME, "hello", 1_772_359_200)]
    assert "AT+CMGD=4" not in modem.asked
    texts.forget(1)
    assert modem.asked[-1] == "AT+CMGD=4"
    texts.forget(1)
    texts.forget(99)
    assert modem.asked.count("AT+CMGD=4") == 1


def test_a_deletion_that_fails_may_be_said_again(texts: Texts, modem: ScriptedModem) -> None:
    modem.answers["AT+CMGR=4"] = lines("+CMGR: 1,,24", plain_text(HOME, "hello", 1_772_359_200))
    texts.read_one(4)
    modem.answers["AT+CMGD"] = refused(314, Outcome.MESSAGE_ERROR)
    with pytest.raises(TransientAdapterError):
        texts.forget(1)
    del modem.answers["AT+CMGD"]
    texts.forget(1)
    assert modem.asked[-2:] == ["AT+CMGD=4", "AT+CMGD=4"]


def test_after_another_sim_nothing_of_the_first_is_deleted(
    texts: Texts, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    modem.answers["AT+CMGR=4"] = lines("+CMGR: 1,,24", plain_text(HOME, "hello", 1_772_359_200))
    texts.read_one(4)
    texts.forget_card()
    texts.forget(1)
    assert not any(text.startswith("AT+CMGD") for text in modem.asked)
    texts.read_one(4)
    assert [event.key for event in events if isinstance(event, TextReceived)] == [1, 2]


def test_a_long_text_that_stays_in_parts_is_handed_on_as_it_is(
    texts: Texts, modem: ScriptedModem, events: list[ModemEvent]
) -> None:
    parts = [delivered(HOME, read_submitted(part.hex), 1_772_359_200) for part in write_text(CENTRE, LONG)]
    modem.answers["AT+CMGL"] = lines("+CMGL: 1,1,,150", parts[0], "+CMGL: 2,1,,100", parts[2])
    texts.read_all()
    assert events == []
    modem.now_s += PARTS_KEPT_S + 1
    texts.read_all()
    assert events == [TextReceived(1, HOME, "x" * (153 + 94), 1_772_359_200, is_whole=False)]
    texts.forget(1)
    assert modem.asked[-2:] == ["AT+CMGD=1", "AT+CMGD=2"]
