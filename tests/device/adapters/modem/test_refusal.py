"""A refusal says what to do, and whether asking again may help."""

import pytest

from device.adapters.modem.at.commands import SIM, send_pdu
from device.adapters.modem.at.dialogue import Outcome, Reply
from device.adapters.modem.refusal import equipment_error, granted, refusal
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply((), Outcome.EQUIPMENT_ERROR, "10"), PermanentAdapterError, "put one in"),
        (Reply((), Outcome.EQUIPMENT_ERROR, "SIM PIN required"), PermanentAdapterError, "waits for its PIN"),
        (Reply((), Outcome.EQUIPMENT_ERROR, "14"), TransientAdapterError, "busy"),
        (Reply((), Outcome.MESSAGE_ERROR, "331"), TransientAdapterError, "no network here"),
        (Reply((), Outcome.MESSAGE_ERROR, "1"), PermanentAdapterError, "correct it"),
        (Reply((), Outcome.MESSAGE_ERROR, "9999"), TransientAdapterError, "asked again"),
        (Reply((), Outcome.MESSAGE_ERROR, "what?"), TransientAdapterError, "asked again"),
        (Reply((), Outcome.ERROR), TransientAdapterError, "asked again"),
    ],
)
def test_what_is_refused_is_said_in_words(reply: Reply, kind: type[AdapterError], words: str) -> None:
    error = refusal(send_pdu("00", 1), reply)
    assert isinstance(error, kind)
    assert "AT+CMGS=1" in str(error)
    assert words in str(error)
    with pytest.raises(kind):
        granted(lambda _: reply, SIM)


def test_numbers_and_words_are_the_same_error() -> None:
    assert equipment_error(Reply((), Outcome.EQUIPMENT_ERROR, "16")) == 16
    assert equipment_error(Reply((), Outcome.EQUIPMENT_ERROR, "incorrect password")) == 16
    assert equipment_error(Reply((), Outcome.MESSAGE_ERROR, "16")) is None
