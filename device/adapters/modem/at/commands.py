"""What is asked of a modem: each command with what its reply looks like and how long that may take.

Rules: a command that must not be given cannot be made: no emergency number, no line end inside, no quote in a string.
Texts go out as PDUs, so that a stored message can never look like anything else. Times are the modems' manuals', with
room; a command's time is the longest that its caller waits.
"""

from dataclasses import dataclass, field
from enum import Enum

from device.adapters.modem.phone_number import checked_number
from device.ports import PermanentAdapterError

CTRL_Z = b"\x1a"
ESCAPE = b"\x1b"
QUICK_S = 5.0
SIM_S = 10.0
"""The SIM has a clock of its own."""
CALL_S = 20.0
SMS_S = 60.0
"""The network's answer to a text; what is not there by then is asked for again."""
SCAN_S = 180.0
"""All operators in reach, on all bands."""

TONES = frozenset("0123456789*#ABCD")


class Extra(Enum):
    """Which lines a reply has beside those that begin with its prefixes."""

    NONE = "none"
    TEXT = "text"  # a name, a version
    HEX = "hex"  # a stored message


@dataclass(frozen=True, slots=True)
class Command:
    """A line to a modem. `prefixes` begin its reply's lines; `lines` is how many such there are, None for any."""

    text: str
    prefixes: tuple[str, ...] = ()
    lines: int | None = 1
    extra: Extra = Extra.NONE
    is_call: bool = False
    """Also ended by BUSY, NO ANSWER, NO CARRIER."""
    body: bytes | None = None
    """Sent when the prompt is shown."""
    timeout_s: float = QUICK_S
    is_secret: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what would begin another command, and whatever dials a forbidden number, however it was made."""
        if not self.text.isascii() or not self.text.isprintable():
            raise PermanentAdapterError(
                f"a command to the modem has characters that no modem takes: {self.shown!r}; see the settings"
            )
        if self.text.upper().startswith("ATD"):
            checked_number(self.text[3:].removesuffix(";"))

    @property
    def shown(self) -> str:
        """How it stands in a log: a PIN and a number that is called do not."""
        if self.text.upper().startswith("ATD"):
            return "ATD..."
        return self.text.partition("=")[0] + "=..." if self.is_secret else self.text

    @property
    def sent(self) -> bytes:
        """The bytes for the port."""
        return self.text.encode("ascii") + b"\r"


def plain(text: str, timeout_s: float = QUICK_S) -> Command:
    """Return a command that is only granted or refused."""
    return Command(text, timeout_s=timeout_s)


def reading(name: str, *, suffix: str = "?", lines: int | None = 1, timeout_s: float = QUICK_S) -> Command:
    """Return the question for a value, e.g. `AT+CSQ` for the name CSQ and the suffix ''."""
    return Command(f"AT+{name}{suffix}", (f"+{name}:",), lines=lines, timeout_s=timeout_s)


def quoted(text: str) -> str:
    """Return a string parameter. Raises PermanentAdapterError where it has what would end it."""
    if '"' in text or not text.isascii() or not text.isprintable():
        raise PermanentAdapterError(f"{text!r} cannot be given to a modem: only plain letters and no quotes")
    return f'"{text}"'


PING = plain("AT", 2.0)
IDENTITY = Command("ATI", ("+GCAP:",), lines=None, extra=Extra.TEXT)
MANUFACTURER = Command("AT+CGMI", ("+CGMI:",), lines=None, extra=Extra.TEXT)
MODEL = Command("AT+CGMM", ("+CGMM:",), lines=None, extra=Extra.TEXT)
REVISION = Command("AT+CGMR", ("+CGMR:",), lines=None, extra=Extra.TEXT)
SERIAL = Command("AT+CGSN", ("+CGSN:",), lines=None, extra=Extra.TEXT)
SIM = reading("CPIN", timeout_s=SIM_S)
SIGNAL = reading("CSQ", suffix="")
SIGNAL_EXTENDED = reading("CESQ", suffix="")
OPERATOR = reading("COPS", timeout_s=CALL_S)
OPERATORS = reading("COPS", suffix="=?", timeout_s=SCAN_S)
CIRCUIT_REGISTRATION = reading("CREG")
PACKET_REGISTRATION = reading("CGREG")
LTE_REGISTRATION = reading("CEREG")
CLOCK = reading("CCLK")
CALLS = reading("CLCC", suffix="", lines=None)
MESSAGES = Command("AT+CMGL=4", ("+CMGL:",), lines=None, extra=Extra.HEX, timeout_s=CALL_S)
STORAGE = reading("CPMS")
SERVICE_CENTRE = reading("CSCA")
OWN_NUMBERS = reading("CNUM", suffix="", lines=None)
HANG_UP = plain("AT+CHUP", timeout_s=CALL_S)
HANG_UP_ALL = plain("ATH", timeout_s=CALL_S)
ANSWER = Command("ATA", is_call=True, timeout_s=CALL_S)


def enter_pin(pin: str) -> Command:
    """Return the unlocking of a SIM; a PIN is four to eight digits."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):  # noqa: PLR2004
        raise PermanentAdapterError("a SIM's PIN is four to eight digits: correct the setting (it is not shown here)")
    return Command(f'AT+CPIN="{pin}"', ("+CPIN:",), timeout_s=SIM_S, is_secret=True)


def dial(number: str) -> Command:
    """Return a voice call's beginning. Raises ForbiddenNumberError: no emergency service is ever dialled."""
    return Command(f"ATD{checked_number(number)};", is_call=True, timeout_s=CALL_S)


def send_tone(tone: str) -> Command:
    """Return one DTMF tone into the call that stands."""
    if tone not in TONES:
        raise PermanentAdapterError(f"{tone!r} is no tone: digits, *, # and A to D can be sent")
    return plain(f"AT+VTS={tone}")


def send_pdu(pdu: str, octets: int) -> Command:
    """Return a text's sending; `octets` counts the PDU without its service centre. Its number was checked before."""
    return Command(f"AT+CMGS={octets}", ("+CMGS:",), body=pdu.encode("ascii") + CTRL_Z, timeout_s=SMS_S)


def read_message(index: int) -> Command:
    """Return the reading of a stored text."""
    return Command(f"AT+CMGR={index}", ("+CMGR:",), lines=None, extra=Extra.HEX, timeout_s=SIM_S)


def delete_message(index: int) -> Command:
    """Return the deletion of a stored text."""
    return plain(f"AT+CMGD={index}", timeout_s=SIM_S)


def keep_messages_in(storage: str) -> Command:
    """Return the choice of where texts are kept, for all three uses."""
    name = quoted(storage)
    return Command(f"AT+CPMS={name},{name},{name}", ("+CPMS:",), timeout_s=SIM_S)
