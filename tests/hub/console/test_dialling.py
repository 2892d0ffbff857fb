"""What can be dialled, however it is written down."""

import pytest
from pydantic import TypeAdapter, ValidationError

from hub.console.dialling import Dialled

DIALLED: TypeAdapter[str] = TypeAdapter(Dialled)


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("", ""),
        ("+371 2000 0001", "+37120000001"),
        (" (020) 00-00.1/2 ", "020000012"),
        ("+371\u00a02000\u00a00001", "+37120000001"),
        ("sip:mara@phones.example", "sip:mara@phones.example"),
        ("sips:4711@192.0.2.7:5061", "sips:4711@192.0.2.7:5061"),
        ("sip:mara@phones.example;transport=tls", "sip:mara@phones.example;transport=tls"),
    ],
)
def test_a_number_is_kept_as_it_is_called(written: str, called: str) -> None:
    assert DIALLED.validate_python(written) == called


@pytest.mark.parametrize(
    "written",
    [
        "12",
        "+",
        "+371 2000 0001 extension 4",
        "1" * 16,
        "tel:+37120000001",
        "sip:mara",
        "sip:mara@phones.example;lr;method=BYE",
        "sip:mara@phones.example\r\nRoute: <sip:elsewhere.example>",
        "sip:a b@phones.example",
        "sip:" + "m" * 200 + "@phones.example",
    ],
)
def test_what_is_neither_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        DIALLED.validate_python(written)
