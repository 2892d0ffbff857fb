"""A wrong PIN is never tried twice, whatever happens in between; and nobody locks a SIM."""

import json
from pathlib import Path

import pytest

from device.adapters.modem.at.commands import Command
from device.adapters.modem.at.dialogue import Outcome, Reply
from device.adapters.modem.events import PinRefusal
from device.adapters.modem.profiles import SIM7600
from device.adapters.modem.sim import Trial, TriedPins, unlock
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError


class Card:
    """A SIM that counts, behind a modem that may not say how far it has counted."""

    def __init__(self, pin: str, *, tells_tries: bool = True) -> None:
        self.pin = pin
        self.tries = 3
        self.given: list[str] = []
        self.tells_tries = tells_tries
        self.dies = False

    def ask(self, command: Command) -> Reply:
        if command == SIM7600.pin_tries:
            lines = (f"+SPIC: {self.tries},10,0,10",) if self.tells_tries else ()
            return Reply(lines, Outcome.OK if lines else Outcome.ERROR)
        if command == SIM7600.card:
            return Reply(("+ICCID: 8937100000000000001",), Outcome.OK)
        pin = command.text.partition('"')[2].rstrip('"')
        self.given.append(pin)
        if self.dies:
            raise TransientAdapterError("the power went")
        if pin == self.pin:
            self.tries = 3
            return Reply((), Outcome.OK)
        self.tries -= 1
        return Reply((), Outcome.EQUIPMENT_ERROR, "16")


@pytest.mark.parametrize("tells_tries", [True, False])
def test_a_wrong_pin_is_given_once_however_often_the_unit_starts(tmp_path: Path, tells_tries: bool) -> None:
    card, file = Card("1234", tells_tries=tells_tries), tmp_path / "pins"
    for _ in range(5):
        assert unlock(card.ask, SIM7600, "0000", TriedPins(file)) is PinRefusal.WRONG
    card.tries = 3  # somebody put it right in a telephone
    assert unlock(card.ask, SIM7600, "0000", TriedPins(file)) is PinRefusal.WRONG
    assert card.given == ["0000"]
    assert unlock(card.ask, SIM7600, "1234", TriedPins(file)) is None
    assert unlock(card.ask, SIM7600, "1234", TriedPins(file)) is None


def test_the_pin_is_noted_before_it_is_given_and_stands_nowhere(tmp_path: Path) -> None:
    card, file = Card("1234"), tmp_path / "pins"
    card.dies = True
    with pytest.raises(TransientAdapterError):
        unlock(card.ask, SIM7600, "1234", TriedPins(file))
    assert list(json.loads(file.read_text()).values()) == [Trial.BEGUN]
    assert "1234" not in file.read_text()


def test_a_try_that_a_crash_cut_off_is_repeated_only_if_the_sim_did_not_count_it(tmp_path: Path) -> None:
    for tells_tries, left, expected in ((True, 3, None), (True, 2, PinRefusal.WRONG), (False, 3, PinRefusal.WRONG)):
        card, file = Card("1234", tells_tries=tells_tries), tmp_path / f"{tells_tries}{left}"
        card.dies = True
        with pytest.raises(AdapterError):
            unlock(card.ask, SIM7600, "1234", TriedPins(file))
        card.dies, card.tries = False, left
        assert unlock(card.ask, SIM7600, "1234", TriedPins(file)) is expected


def test_two_wrong_pins_leave_the_last_try_to_a_person(tmp_path: Path) -> None:
    card, file = Card("1234"), tmp_path / "pins"
    for pin in ("0000", "1111"):
        assert unlock(card.ask, SIM7600, pin, TriedPins(file)) is PinRefusal.WRONG
    assert unlock(card.ask, SIM7600, "1234", TriedPins(file)) is PinRefusal.TRIES_LEFT
    assert card.tries == 1


def test_where_no_note_can_be_kept_no_pin_is_given(tmp_path: Path) -> None:
    card = Card("1234")
    with pytest.raises(PermanentAdapterError, match="no PIN is tried"):
        unlock(card.ask, SIM7600, "1234", TriedPins(tmp_path / "missing" / "pins"))
    assert card.given == []


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": "perhaps"}', "\x00"])
def test_notes_that_cannot_be_read_are_begun_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "pins"
    file.write_text(content)
    assert unlock(Card("1234").ask, SIM7600, "1234", TriedPins(file)) is None
    assert json.loads(file.read_text()) == {}
