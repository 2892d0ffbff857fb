"""The SIM: what stands in the way of its use, and its PIN.

Rules: a PIN that a SIM refused is never given to it again, after a restart neither: that it is tried is noted in a file
before (not the PIN: a hash), that it was refused after; a right one leaves no note. The last try before the SIM locks
itself is never used, it belongs to a person. A try that a crash cut off is not counted where the SIM says that it still
has all its tries.
"""

import hashlib
import json
import logging
import os
from enum import StrEnum
from pathlib import Path

from device.adapters.modem.at import answers
from device.adapters.modem.at.commands import SIM, enter_pin
from device.adapters.modem.at.facts import SimState
from device.adapters.modem.events import PinRefusal
from device.adapters.modem.profiles import Profile
from device.adapters.modem.refusal import (
    NO_SIM,
    PIN_NEEDED,
    PUK_NEEDED,
    SIM_BUSY,
    SIM_FAILED,
    WRONG_PIN,
    Ask,
    equipment_error,
    refusal,
)
from device.ports import PermanentAdapterError

log = logging.getLogger(__name__)

ALL_TRIES, LAST_TRY = 3, 1
MOST_NOTES = 20
_STATES = {
    NO_SIM: SimState.ABSENT,
    PIN_NEEDED: SimState.PIN_NEEDED,
    PUK_NEEDED: SimState.PUK_NEEDED,
    SIM_FAILED: SimState.FAILED,
    SIM_BUSY: SimState.BUSY,
}


class Trial(StrEnum):
    """What is known of a PIN that was given to a SIM."""

    BEGUN = "begun"
    REFUSED = "refused"


class TriedPins:
    """Which PINs were tried and not found right; in memory alone where there is no file."""

    def __init__(self, file: Path | None) -> None:
        """Take the file; it need not be there yet."""
        self._file = file
        self._notes = self._read()

    def find(self, card: str, pin: str) -> Trial | None:
        """Return how this PIN's trial on this SIM ended, None where there was none, or it was right."""
        return self._notes.get(_note(card, pin))

    def note(self, card: str, pin: str, trial: Trial | None) -> None:
        """Keep how far this PIN's trial is. Raises PermanentAdapterError where that cannot be kept."""
        self._notes.pop(_note(card, pin), None)
        if trial is not None:
            self._notes[_note(card, pin)] = trial
        while len(self._notes) > MOST_NOTES:
            del self._notes[next(iter(self._notes))]
        try:
            self._write()
        except OSError as error:
            raise PermanentAdapterError(
                f"{self._file} cannot be written ({error}), so no PIN is tried: see to the disk"
            ) from error

    def _read(self) -> dict[str, Trial]:
        if self._file is None:
            return {}
        try:
            found = json.loads(self._file.read_text())
            return {str(note): Trial(trial) for note, trial in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            log.warning("%s cannot be read, which PINs were tried is not known: %s", self._file, error)
            return {}

    def _write(self) -> None:
        if self._file is None:
            return
        new = self._file.with_suffix(".new")
        with new.open("w") as stream:
            json.dump(self._notes, stream)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self._file)


def look_at_sim(ask: Ask) -> SimState:
    """Return the SIM's state. Raises AdapterError where the modem does not say it."""
    reply = ask(SIM)
    state = answers.sim(reply.lines) if reply.is_ok else _STATES.get(equipment_error(reply) or 0)
    if state is None:
        raise refusal(SIM, reply)
    return state


def unlock(ask: Ask, profile: Profile, pin: str | None, tried: TriedPins) -> PinRefusal | None:
    """Give the SIM its PIN where that is safe; return why it was not given or not taken. Raises AdapterError."""
    if not pin:
        return PinRefusal.NOT_SET
    try:
        command = enter_pin(pin)
    except PermanentAdapterError:
        return PinRefusal.MALFORMED
    card, tries = card_number(ask, profile), tries_left(ask, profile)
    if tries is not None and tries <= LAST_TRY:
        return PinRefusal.TRIES_LEFT
    trial = tried.find(card, pin)
    if trial is Trial.REFUSED or (trial is Trial.BEGUN and tries != ALL_TRIES):
        return PinRefusal.WRONG
    tried.note(card, pin, Trial.BEGUN)
    reply = ask(command)
    if equipment_error(reply) in (WRONG_PIN, PUK_NEEDED):
        tried.note(card, pin, Trial.REFUSED)
        return PinRefusal.WRONG
    if reply.is_ok or equipment_error(reply) in (SIM_BUSY, SIM_FAILED):  # right, or not looked at
        tried.note(card, pin, None)
    if not reply.is_ok:
        raise refusal(command, reply)
    return None


def card_number(ask: Ask, profile: Profile) -> str:
    """Return the number that is printed on the SIM, empty where the modem does not say it."""
    reply = ask(profile.card)
    return "".join(filter(str.isdigit, answers.text(reply.lines))) if reply.is_ok else ""


def tries_left(ask: Ask, profile: Profile) -> int | None:
    """Return how often a PIN may still be tried, None where the modem does not say it."""
    reply = ask(profile.pin_tries) if profile.pin_tries else None
    return answers.first_number(reply.lines, profile.pin_tries_place) if reply and reply.is_ok else None


def _note(card: str, pin: str) -> str:
    """Return what stands for the two. It only keeps a PIN from being read by chance: four digits are soon guessed."""
    return hashlib.blake2b(f"{card}:{pin}".encode(), digest_size=16, person=b"poga-sim").hexdigest()
