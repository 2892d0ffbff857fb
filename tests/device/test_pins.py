"""The list of pins as the program reads it: every row is read, every mistake is named."""

import pytest

from device.config import Contact
from device.pins import Function, Kind, Level, Pin, PinListError, Pull, load_pins, parse_pins

HEADER = "name,kind,bcm,physical,pull,active,contact,function,note\n"


def test_a_row_becomes_a_pin() -> None:
    assert parse_pins(HEADER + "cord,input,23,16,up,low,normally_open,trigger,Terminal W1.\n") == (
        Pin(
            name="cord",
            kind=Kind.INPUT,
            bcm=23,
            physical=16,
            pull=Pull.UP,
            active=Level.LOW,
            contact=Contact.NORMALLY_OPEN,
            function=Function.TRIGGER,
            note="Terminal W1.",
        ),
    )


def test_an_empty_cell_is_nothing() -> None:
    (pin,) = parse_pins(HEADER + "light,output,12,32,,high,,light,\n")
    assert (pin.pull, pin.contact, pin.note) == (None, None, "")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Cord,input,23,16,up,low,normally_open,trigger,", "line 2, name:"),
        ("cord,inputs,23,16,up,low,normally_open,trigger,", "line 2, kind:"),
        ("cord,input,28,16,up,low,normally_open,trigger,", "line 2, bcm:"),
        ("cord,input,23,41,up,low,normally_open,trigger,", "line 2, physical:"),
        ("cord,input,23,16,sideways,low,normally_open,trigger,", "line 2, pull:"),
        ("cord,input,23,16,up,5 V,normally_open,trigger,", "line 2, active:"),
        ("cord,input,23,16,up,low,open,trigger,", "line 2, contact:"),
        ("cord,input,23,16,up,low,normally_open,alarm,", "line 2, function:"),
        ("cord,input,23,16,up,low,normally_open,trigger,one,two", "line 2, cells beyond the last column:"),
        ("cord,input,23", "line 2, physical:"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_column(row: str, told: str) -> None:
    with pytest.raises(PinListError, match=told):
        parse_pins(f"{HEADER}{row}\n")


def test_every_mistake_is_named() -> None:
    with pytest.raises(PinListError) as told:
        parse_pins(HEADER + "a,input,99,16,up,low,,trigger,\nb,input,23,99,up,low,,trigger,\n")
    assert [line.split(":")[0] for line in str(told.value).splitlines()] == [
        "hardware/pins.csv line 2, bcm",
        "hardware/pins.csv line 3, physical",
    ]


@pytest.mark.parametrize("text", ["", HEADER])
def test_a_list_without_a_pin_is_refused(text: str) -> None:
    with pytest.raises(PinListError, match="lists no pin"):
        parse_pins(text)


def test_the_program_finds_the_list_of_the_hardware() -> None:
    assert {pin.function for pin in load_pins()} >= {Function.TRIGGER, Function.CANCEL, Function.LIGHT}
