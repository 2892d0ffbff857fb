"""What a modem answers to each command.

Rules: one function a command, found by its name; lines are returned, refusals raised. What the standard has and this
table has not is refused with error 4, as by a modem that does not know it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from device.adapters.modem.at.fields import at, values

if TYPE_CHECKING:
    from device.adapters.modem.simulator.modem import SimulatedModem

Act = Callable[[], list[str]]


class Operation(Enum):
    """Which of the four forms a command has."""

    RUN = ""
    READ = "?"
    SET = "="
    TEST = "=?"


@dataclass(frozen=True, slots=True)
class Request:
    """One command of a line."""

    name: str
    operation: Operation
    arguments: str

    def number(self, place: int = 0) -> int | None:
        """Return one of its numbers."""
        return at(values(self.arguments), place).number

    def text(self, place: int = 0) -> str:
        """Return one of its strings."""
        return at(values(self.arguments), place).text


@dataclass(frozen=True, slots=True)
class Prompt:
    """The command waits for a text, and then does this with it."""

    name: str
    take: Callable[[str], list[str]]


class Refused(Exception):  # noqa: N818 - not an error of ours
    """The modem refuses; 27.007's number, or with kind CMS 27.005's."""

    def __init__(self, number: int, kind: str = "CME") -> None:
        """Take the number."""
        self.number = number
        self.kind = kind
        self.words = _WORDS.get((kind, number), "unknown error")
        super().__init__(self.words)


NOT_SUPPORTED, NO_SIM, PIN_NEEDED, PUK_NEEDED, WRONG_PIN = 4, 10, 11, 12, 16
_WORDS = {
    ("CME", 3): "operation not allowed",
    ("CME", NOT_SUPPORTED): "operation not supported",
    ("CME", NO_SIM): "SIM not inserted",
    ("CME", PIN_NEEDED): "SIM PIN required",
    ("CME", PUK_NEEDED): "SIM PUK required",
    ("CME", WRONG_PIN): "incorrect password",
    ("CMS", 310): "SIM not inserted",
    ("CMS", 311): "SIM PIN required",
    ("CMS", 302): "Operation not allowed",
    ("CMS", 304): "Invalid PDU mode parameter",
    ("CMS", 321): "Invalid memory index",
    ("CMS", 331): "no network service",
}
Handler = Callable[["SimulatedModem", Request], list[str] | Prompt]
HANDLERS: dict[str, Handler] = {}
GRANTED = frozenset(
    {"Z", "V", "Q", "X", "S", "&F", "&C", "&D", "&W", "&K", "CTZU", "CTZR", "CSMS", "CSMP", "CRC", "CNMA"}
)
"""Settings that are granted and do nothing here."""


def answer(modem: "SimulatedModem", request: Request, table: dict[str, Handler]) -> list[str] | Prompt:
    """Return what the modem says before OK. Raises Refused."""
    traits = modem.traits
    if request.name == traits.card_command:
        need_sim(modem, may_be_locked=True)
        return [f"{traits.card_prefix}{modem.card}"]
    if request.name == traits.tries_command:
        need_sim(modem, may_be_locked=True)
        return [traits.tries_reply.format(tries=modem.tries)]
    handler = table.get(request.name)
    if handler is not None:
        return handler(modem, request)
    if request.name in GRANTED or request.name in traits.switches:
        return []
    raise Refused(NOT_SUPPORTED)


def handles(table: dict[str, Handler], *names: str) -> Callable[[Handler], Handler]:
    """Name the commands that a function answers."""

    def register(handler: Handler) -> Handler:
        table.update(dict.fromkeys(names, handler))
        return handler

    return register


def need_sim(modem: "SimulatedModem", *, may_be_locked: bool = False, kind: str = "CME") -> None:
    """Refuse without a usable SIM. Raises Refused."""
    offset = 300 if kind == "CMS" else 0
    if not modem.has_sim:
        raise Refused(NO_SIM + offset, kind)
    if modem.is_locked and not may_be_locked:
        raise Refused((PIN_NEEDED if modem.tries else PUK_NEEDED) + offset, kind)


@handles(HANDLERS, "E")
def _echo(modem: "SimulatedModem", request: Request) -> list[str]:
    modem.settings.echo = request.arguments[:1] != "0"
    return []


@handles(HANDLERS, "I")
def _identity(modem: "SimulatedModem", _request: Request) -> list[str]:
    traits = modem.traits
    return [
        f"Manufacturer: {traits.manufacturer}",
        f"Model: {traits.model}",
        f"Revision: {traits.revision.removeprefix('+CGMR: ')}",
        "+GCAP: +CGSM",
    ]


@handles(HANDLERS, "CGMI", "GMI")
def _manufacturer(modem: "SimulatedModem", _request: Request) -> list[str]:
    return [modem.traits.manufacturer]


@handles(HANDLERS, "CGMM", "GMM")
def _model(modem: "SimulatedModem", _request: Request) -> list[str]:
    return [modem.traits.model]


@handles(HANDLERS, "CGMR", "GMR")
def _revision(modem: "SimulatedModem", _request: Request) -> list[str]:
    return [modem.traits.revision]


@handles(HANDLERS, "CGSN", "GSN")
def _serial(_modem: "SimulatedModem", _request: Request) -> list[str]:
    return ["001010000000017"]  # of the test network, nobody's


@handles(HANDLERS, "GCAP")
def _capabilities(_modem: "SimulatedModem", _request: Request) -> list[str]:
    return ["+GCAP: +CGSM"]


@handles(HANDLERS, "CIMI")
def _subscriber(modem: "SimulatedModem", _request: Request) -> list[str]:
    need_sim(modem)
    return ["001010000000001"]


@handles(HANDLERS, "CMEE")
def _errors(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.operation is Operation.READ:
        return [f"+CMEE: {modem.settings.verbose_errors}"]
    modem.settings.verbose_errors = request.number() or 0
    return []


@handles(HANDLERS, "CFUN")
def _functions(_modem: "SimulatedModem", request: Request) -> list[str]:
    return ["+CFUN: 1"] if request.operation is Operation.READ else []


@handles(HANDLERS, "CPIN")
def _pin(modem: "SimulatedModem", request: Request) -> list[str]:
    need_sim(modem, may_be_locked=True)
    if request.operation is Operation.READ:
        if not modem.is_locked:
            return ["+CPIN: READY"]
        return ["+CPIN: SIM PIN" if modem.tries else "+CPIN: SIM PUK"]
    if request.operation is Operation.TEST:
        return []
    if not modem.is_locked:
        raise Refused(3)
    if not modem.tries:
        raise Refused(PUK_NEEDED)
    if request.text() != modem.pin:
        modem.tries -= 1
        raise Refused(WRONG_PIN if modem.tries else PUK_NEEDED)
    modem.tries, modem.is_locked = 3, False
    return ["+CPIN: READY"]


@handles(HANDLERS, "CREG", "CGREG", "CEREG")
def _registration(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.name == "CEREG" and not modem.traits.has_lte:
        raise Refused(NOT_SUPPORTED)
    if request.operation is Operation.TEST:
        return [f"+{request.name}: (0-2)"]
    if request.operation is Operation.SET:
        modem.settings.registration[request.name] = request.number() or 0
        return []
    mode = modem.settings.registration[request.name]
    state = modem.registration if modem.is_usable else 0
    return [f"+{request.name}: {mode},{state}{modem.place if mode > 1 else ''}"]


@handles(HANDLERS, "CGATT")
def _attachment(modem: "SimulatedModem", request: Request) -> list[str]:
    return [f"+CGATT: {int(modem.is_registered)}"] if request.operation is Operation.READ else []


@handles(HANDLERS, "COPS")
def _operator(modem: "SimulatedModem", request: Request) -> list[str]:
    long, short, code = modem.operator
    technology = 7 if modem.traits.has_lte else 0
    if request.operation is Operation.TEST:
        found = f'(2,"{long}","{short}","{code}",{technology}),(3,"Other Mobile","Other","00102",0)'
        return [f"+COPS: {found},,(0-4),(0-2)"]
    if request.operation is Operation.SET:
        if request.number() == 3:  # noqa: PLR2004 - only the format
            modem.settings.operator_format = request.number(1) or 0
        return []
    if not modem.is_registered:
        return ["+COPS: 0"]
    name = (long, short, code)[min(modem.settings.operator_format, 2)]
    return [f'+COPS: 0,{modem.settings.operator_format},"{name}",{technology}']


@handles(HANDLERS, "CSQ")
def _level(modem: "SimulatedModem", request: Request) -> list[str]:
    return ["+CSQ: (0-31,99),(0-7,99)"] if request.operation is Operation.TEST else [f"+CSQ: {modem.level},99"]


@handles(HANDLERS, "CESQ")
def _levels(modem: "SimulatedModem", _request: Request) -> list[str]:
    if not modem.traits.has_lte:
        raise Refused(NOT_SUPPORTED)
    return [f"+CESQ: 99,99,255,255,20,{modem.rsrp}"]


@handles(HANDLERS, "CCLK")
def _clock(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.operation is Operation.SET:
        modem.clock = request.arguments
        return []
    return [f"+CCLK: {modem.clock}"]


@handles(HANDLERS, "CSCS")
def _character_set(modem: "SimulatedModem", request: Request) -> list[str]:
    if request.operation is Operation.TEST:
        return ['+CSCS: ("GSM","UCS2","IRA")']
    if request.operation is Operation.SET:
        modem.settings.character_set = request.text()
        return []
    return [f'+CSCS: "{modem.settings.character_set}"']


@handles(HANDLERS, "CNUM")
def _own_number(modem: "SimulatedModem", _request: Request) -> list[str]:
    need_sim(modem)
    return [f'+CNUM: "","{modem.number}",145']
