"""A modem's refusals in words, by what helps: ask again later, or see to it.

Rules: numbers are 27.007's (9.2) and 27.005's (3.2.5); a modem that says words instead is believed word by word. What
is not in the tables may be asked again.
"""

from collections.abc import Callable

from device.adapters.modem.at.commands import Command
from device.adapters.modem.at.dialogue import Outcome, Reply
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError

Ask = Callable[[Command], Reply]
"""Gives a command and returns the reply. Raises TransientAdapterError where there is none."""

NO_SIM, PIN_NEEDED, PUK_NEEDED, SIM_FAILED, SIM_BUSY, WRONG_PIN = 10, 11, 12, 13, 14, 16

_EQUIPMENT = {
    3: "it is not allowed now",
    4: "the modem does not know this",
    NO_SIM: "there is no SIM: put one in",
    PIN_NEEDED: "the SIM waits for its PIN",
    PUK_NEEDED: "the SIM is locked: unlock it with its PUK in a telephone",
    SIM_FAILED: "the SIM failed: put it in again, or another one",
    SIM_BUSY: "the SIM is busy",
    15: "this is the wrong SIM",
    WRONG_PIN: "the SIM refused the PIN",
    17: "the SIM waits for its PIN2",
    20: "the storage is full",
    22: "not found",
    30: "no network here",
    31: "the network did not answer in time",
    32: "the network allows emergency calls only",
}
_MESSAGE = {
    1: "nobody has this number: correct it",
    8: "the network bars texts from this SIM: ask its provider",
    10: "the network bars calls and texts to this number: ask the provider",
    21: "the network refused the text",
    28: "the recipient is not known there: correct the number",
    29: "the network refused the service: ask the SIM's provider",
    30: "the SIM is not known to the network: ask its provider",
    38: "the network is out of order",
    41: "the network failed for a moment",
    42: "the network has too much to do",
    47: "the network has no room",
    50: "texts are not part of this SIM's contract: ask its provider",
    310: "there is no SIM: put one in",
    311: "the SIM waits for its PIN",
    313: "the SIM failed",
    314: "the SIM is busy",
    322: "the storage is full",
    330: "the SIM has no number of its provider's message centre: ask the provider",
    331: "no network here",
    332: "the network did not answer in time",
}
_LASTING_EQUIPMENT = frozenset({NO_SIM, PIN_NEEDED, PUK_NEEDED, 15, WRONG_PIN})
_LASTING_MESSAGE = frozenset({1, 8, 10, 28, 29, 30, 50, 310, 311, 330})
_WORDS = {
    "SIM NOT INSERTED": NO_SIM,
    "SIM PIN REQUIRED": PIN_NEEDED,
    "SIM PUK REQUIRED": PUK_NEEDED,
    "SIM FAILURE": SIM_FAILED,
    "SIM BUSY": SIM_BUSY,
    "INCORRECT PASSWORD": WRONG_PIN,
}


def equipment_error(reply: Reply) -> int | None:
    """Return 27.007's number of a refusal, None where it is none of these."""
    if reply.outcome is not Outcome.EQUIPMENT_ERROR:
        return None
    return int(reply.detail) if _is_number(reply.detail) else _WORDS.get(reply.detail.upper())


def granted(ask: Ask, command: Command) -> Reply:
    """Ask, and return a reply that is no refusal. Raises AdapterError: what the modem refused, and what to do."""
    reply = ask(command)
    if not reply.is_ok:
        raise refusal(command, reply)
    return reply


def refusal(command: Command, reply: Reply) -> AdapterError:
    """Return the error that a refusal is."""
    if reply.outcome is Outcome.EQUIPMENT_ERROR:
        number = equipment_error(reply)
        words, lasting = _EQUIPMENT, _LASTING_EQUIPMENT
    else:
        number = int(reply.detail) if _is_number(reply.detail) else None
        words, lasting = _MESSAGE, _LASTING_MESSAGE
    said = f"{reply.outcome.value} {reply.detail}".strip()
    why = words.get(number or 0, "it may be asked again")
    kind = PermanentAdapterError if number in lasting else TransientAdapterError
    return kind(f"the modem refused {command.shown} ({said}): {why}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004
