"""The list of pins against the boards: no pin twice, every pin where the list says, and able to do what is asked of it.

The boards are gpiozero's own descriptions of them, each by a revision code that is in use.
"""

from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from device.config import Contact
from device.pins import Function, Kind, Level, Pin, Pull, load_pins

ROOT = Path(__file__).parent.parent.parent
PINS = load_pins()
BOARDS = {"3B+": "a020d3", "4B": "b03115", "5B": "c04170", "Zero2W": "902120"}
INTERFACES = {Function.I2C: "i2c", Function.UART: "uart", Function.I2S: "pcm"}
BUSES = {Function.I2C: {2, 3}, Function.UART: {14, 15}, Function.I2S: {18, 19, 20, 21}}
"""The pins that the buses of every 40-pin header take when the operating system turns them on."""
ADD_ON_MEMORY = {0, 1}
"""Kept for the memory in which an add-on board says what it is."""


@pytest.fixture(params=BOARDS, scope="module")
def board(request: pytest.FixtureRequest) -> MockFactory:
    factory = MockFactory(revision=BOARDS[request.param])
    assert factory.board_info.model == request.param
    return factory


def interfaces(board: MockFactory, pin: Pin) -> frozenset[str]:
    """What the board can connect to the pin."""
    return frozenset(board.board_info.headers["J8"].pins[pin.physical].interfaces)


def test_there_is_one_list() -> None:
    assert (ROOT / "device" / "pins.csv").samefile(ROOT / "hardware" / "pins.csv")


@pytest.mark.parametrize("column", ["name", "bcm", "physical"])
def test_nothing_is_listed_twice(column: str) -> None:
    listed = [getattr(pin, column) for pin in PINS]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.name)
def test_a_pin_is_where_the_list_says(board: MockFactory, pin: Pin) -> None:
    assert board.board_info.headers["J8"].pins[pin.physical].name == f"GPIO{pin.bcm}"


@pytest.mark.parametrize("pin", [pin for pin in PINS if pin.kind is Kind.BUS], ids=lambda pin: pin.name)
def test_a_bus_pin_is_on_its_bus(board: MockFactory, pin: Pin) -> None:
    assert INTERFACES[pin.function] in interfaces(board, pin)


def test_the_buses_are_kept_free() -> None:
    """They stand in the list whole, so that nothing listed twice means nothing in their way."""
    listed = {bus: {pin.bcm for pin in PINS if pin.function is bus} for bus in BUSES}
    assert listed == BUSES


def test_the_light_can_be_dimmed_by_the_board(board: MockFactory) -> None:
    (light,) = (pin for pin in PINS if pin.function is Function.LIGHT)
    assert "pwm" in interfaces(board, light)
    assert light.kind is Kind.OUTPUT


def test_no_pin_of_an_add_on_boards_memory_is_taken() -> None:
    assert not {pin.bcm for pin in PINS} & ADD_ON_MEMORY


def test_every_contact_goes_to_ground_against_a_pull_up() -> None:
    """What `Input` of the triggers takes for granted."""
    contacts = [pin for pin in PINS if pin.function in (Function.TRIGGER, Function.CANCEL)]
    active_levels = {Contact.NORMALLY_OPEN: Level.LOW, Contact.NORMALLY_CLOSED: Level.HIGH}
    for pin in contacts:
        assert pin.contact is not None
        assert (pin.kind, pin.pull, pin.active) == (Kind.INPUT, Pull.UP, active_levels[pin.contact]), pin.name


def test_the_unit_has_what_it_is_made_for() -> None:
    functions = [pin.function for pin in PINS]
    assert functions.count(Function.TRIGGER) == 3
    assert {functions.count(only) for only in (Function.CANCEL, Function.LIGHT, Function.MAINS_GOOD)} == {1}


def test_the_wiring_table_tells_what_the_list_says() -> None:
    readme = (ROOT / "hardware" / "README.md").read_text()
    for pin in PINS:
        assert f"| `{pin.name}` | {pin.physical} | GPIO {pin.bcm} |" in readme
