"""A leg bears what phones do that are not ours."""

from collections.abc import Iterator

import pytest

from device.voice.messages import (
    DigitHeard,
    EndedBy,
    EndLeg,
    LegAnswered,
    LegEnded,
    LegHeard,
    LegProgressed,
    PlaceCall,
    SendDigits,
    Srtp,
)
from tests.device.voice.odd_phone import OddPhone
from tests.device.voice.party import Party, needs_pjsua2, parties

pytestmark = needs_pjsua2


@pytest.fixture
def home() -> Iterator[Party]:
    party = Party("unit-7")
    with parties(party):
        yield party


@pytest.fixture
def phone() -> Iterator[OddPhone]:
    with OddPhone() as opened:
        yield opened


def called(home: Party, phone: OddPhone) -> str:
    home.tell(PlaceCall(leg="call", uri=phone.uri, srtp=Srtp.OFF))
    return phone.wait("INVITE")


def test_every_progress_is_told_once(home: Party, phone: OddPhone) -> None:
    invite = called(home, phone)
    for status in (100, 180, 180, 183):
        phone.answer(invite, status)
    phone.answer(invite, 486)
    assert home.wait(LegEnded).status == 486
    progress = [event.status for event in home.heard.all if isinstance(event, LegProgressed)]
    assert progress == [100, 180, 183]


def test_keys_go_by_info_where_the_sound_has_none(home: Party, phone: OddPhone) -> None:
    phone.answer(called(home, phone), 200)
    home.wait(LegAnswered)
    home.tell(SendDigits(leg="call", digits="5#"))
    for key in "5#":
        info = phone.wait("INFO")
        assert f"Signal={key}" in info
        phone.answer(info, 200)


def test_keys_come_by_info(home: Party, phone: OddPhone) -> None:
    phone.answer(called(home, phone), 200)
    home.wait(LegAnswered)
    said = phone.ask("INFO", "Content-Type: application/dtmf-relay", "Signal=7\r\nDuration=160\r\n")
    assert said.startswith("SIP/2.0 200")
    assert home.wait(DigitHeard).digit == "7"


def test_one_that_never_makes_a_sound_is_ended(home: Party, phone: OddPhone) -> None:
    phone.answer(called(home, phone), 200)
    assert home.wait(LegEnded).by is EndedBy.SILENCE
    assert not home.has_said(LegHeard)
    assert phone.wait("BYE")


def test_one_that_falls_silent_is_ended(home: Party, phone: OddPhone) -> None:
    invite = called(home, phone)
    phone.answer(invite, 200)
    home.wait(LegAnswered)
    phone.speak(invite, 10)
    home.wait(LegHeard)
    assert home.wait(LegEnded).by is EndedBy.SILENCE


def test_nobody_is_called_because_the_other_says_so(home: Party, phone: OddPhone) -> None:
    phone.answer(called(home, phone), 200)
    home.wait(LegAnswered)
    with OddPhone() as other:
        said = phone.ask("REFER", f"Refer-To: <{other.uri}>")
        assert said.startswith("SIP/2.0 603")


def test_a_redirection_is_an_end(home: Party, phone: OddPhone) -> None:
    phone.answer(called(home, phone), 302)
    assert home.wait(LegEnded).by is EndedBy.THEM


def test_one_that_says_nothing_is_withdrawn_at_once(home: Party, phone: OddPhone) -> None:
    called(home, phone)
    home.tell(EndLeg(leg="call"))
    assert home.wait(LegEnded).by is EndedBy.US


def test_an_answer_that_crosses_the_withdrawal_is_hung_up(home: Party, phone: OddPhone) -> None:
    invite = called(home, phone)
    phone.answer(invite, 180)
    home.wait(LegProgressed, status=180)
    home.tell(EndLeg(leg="call"))
    cancel = phone.wait("CANCEL")
    phone.answer(invite, 200)
    phone.answer(cancel, 200)
    assert phone.wait("BYE")
    assert not home.has_said(LegAnswered)
