"""One simulated modem: its SIM, its storage, its call, and everything that can go wrong with it.

Rules: scripts and people change its attributes and call its methods from any thread; the network's lock is held
wherever it is changed or speaks. What it says goes through `say`, so that every fault acts on everything.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from device.adapters.modem.simulator.interpreter import Interpreter
from device.adapters.modem.simulator.kinds import Kind
from device.adapters.modem.simulator.network import MobileNetwork
from device.adapters.modem.simulator.pdu import octets_without_centre
from device.adapters.modem.simulator.terminal import Terminal

SLOTS = 20
ALL_TRIES = 3
UNREAD, READ = 0, 1
_REPORT_TYPE, _TYPE_BITS = 2, 0x03


@dataclass(slots=True)
class Slot:
    """A place of the storage."""

    pdu: str
    status: int = UNREAD


@dataclass(slots=True)
class Settings:
    """What the other side has set since the last start."""

    echo: bool = True
    verbose_errors: int = 0
    shows_caller: bool = False
    is_pdu: bool = True
    storage: str = "SM"
    new_messages: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    registration: dict[str, int] = field(default_factory=lambda: {"CREG": 0, "CGREG": 0, "CEREG": 0})
    operator_format: int = 0
    character_set: str = "GSM"


@dataclass(slots=True)
class Faults:
    """What goes wrong from now on."""

    is_silent: bool = False
    """Takes everything and says nothing."""
    late_s: float = 0.0
    """Says everything so much later."""
    dribbles: bool = False
    """Every byte comes alone."""
    resets_at: str = ""
    """A command that begins so makes it start anew, in the middle of its reply."""
    in_the_middle: deque[bytes] = field(default_factory=deque)
    """Said between a reply's lines and its end, one with each reply."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Command -> the refusal that it gets, e.g. `CMGS` -> `+CMS ERROR: 38`."""


class SimulatedModem:
    """A modem in a network, at the end of a cable."""

    def __init__(
        self,
        network: MobileNetwork,
        link: Path,
        number: str,
        kind: Kind = Kind.SIM7600,
        *,
        pin: str = "",
        has_sim: bool = True,
    ) -> None:
        """Take its network, the name of its port, and its number (invented, please)."""
        self.network = network
        self.number = number
        self.traits = kind.value
        self.pin = pin
        self.tries = ALL_TRIES
        self.has_sim = has_sim
        self.is_locked = bool(pin)
        self.card = f"8937100000{number.removeprefix('+')[-9:]:0>9}"
        self.level = 20
        """As AT+CSQ counts: 0 to 31, 99 for none."""
        self.rsrp = 60
        """As AT+CESQ counts: -141 dBm and so many."""
        self.registration = 1
        self.operator = ("Poga Mobile", "Poga", "00101")
        self.clock = '"26/03/01,12:00:00+08"'
        self.settings = Settings()
        self.faults = Faults()
        self.storages: dict[str, dict[int, Slot]] = {"SM": {}, "ME": {}}
        self._interpreter = Interpreter(self)
        self._late: deque[tuple[float, bytes]] = deque()
        self._terminal = Terminal(link, self._heard, self._tick)
        with network.lock:
            network.modems.append(self)

    # --- for scripts and people ---

    @property
    def path(self) -> str:
        """Where its port is."""
        return str(self._terminal.link)

    def plug(self) -> None:
        """Plug it in: it starts."""
        self._terminal.plug()
        with self.network.lock:
            self._start()

    def unplug(self) -> None:
        """Take the cable and the power away."""
        self._drop_call()
        self._terminal.unplug()

    def restart(self) -> None:
        """It starts anew by itself; the cable stays."""
        self._drop_call()
        with self.network.lock:
            self._start()

    def remove_sim(self) -> None:
        """Take the SIM out."""
        with self.network.lock:
            self.has_sim = False
            self.is_locked = bool(self.pin)
            self.say(self.traits.sim_lost)
            self.register(0)

    def insert_sim(self) -> None:
        """Put the SIM in."""
        with self.network.lock:
            self.has_sim = True
            self.say("+CPIN: SIM PIN" if self.is_locked else self.traits.sim_found)
            self.register(1)

    def register(self, state: int) -> None:
        """Let the network know it, or not, as 27.007 counts: 1 home, 2 searching, 3 denied, 5 roaming."""
        with self.network.lock:
            self.registration = state
            for name, mode in self.settings.registration.items():
                if mode and (name != "CEREG" or self.traits.has_lte):
                    self.say(f"+{name}: {state}{self.place if mode > 1 else ''}")

    def garble(self, noise: bytes) -> None:
        """Send these bytes, whatever they are."""
        self._send(noise)

    @property
    def slots(self) -> dict[int, Slot]:
        """What lies in the storage that is chosen."""
        return self.storages[self.settings.storage]

    # --- for the network ---

    @property
    def is_usable(self) -> bool:
        """Whether its SIM can be used."""
        return self.has_sim and not self.is_locked

    @property
    def is_registered(self) -> bool:
        """Whether the network can reach it."""
        return self._terminal.is_plugged and self.is_usable and self.registration in (1, 5)

    @property
    def place(self) -> str:
        """Where it is registered, as the long form of a registration says it."""
        return f',"00C3","0003F2A7",{7 if self.traits.has_lte else 0}' if self.is_registered else ""

    def receive(self, pdu: str) -> bool:
        """Take a text or a report; return whether it did."""
        if not self.is_registered:
            return False
        is_report = int(pdu[2 + 2 * int(pdu[:2], 16) :][:2], 16) & _TYPE_BITS == _REPORT_TYPE
        _, messages, _, reports, _ = self.settings.new_messages
        if is_report:
            if reports == 1:
                self.say(f"+CDS: {octets_without_centre(pdu)}\r\n{pdu}")
            return True
        if messages == 2:  # noqa: PLR2004 - straight to the other side
            self.say(f"+CMT: ,{octets_without_centre(pdu)}\r\n{pdu}")
            return True
        index = next((place for place in range(1, SLOTS + 1) if place not in self.slots), None)
        if index is None:
            return False
        self.slots[index] = Slot(pdu)
        if messages == 1:
            self.say(f'+CMTI: "{self.settings.storage}",{index}')
        return True

    def ring(self, caller: str) -> None:
        """Somebody calls."""
        self.say("RING")
        if self.settings.shows_caller:
            self.say(f'+CLIP: "{caller}",{145 if caller.startswith("+") else 129},"",0,"",0')

    def voice_began(self) -> None:
        """The call stands."""
        if self.traits.tells_voice:
            self.say("VOICE CALL: BEGIN")

    def voice_ended(self, word: str, *, was_active: bool, is_by_us: bool) -> None:
        """The call is over."""
        if self.traits.tells_voice and was_active:
            self.say("VOICE CALL: END: 000012")
        if not is_by_us:
            self.say(word)

    def tone_heard(self, tone: str) -> None:
        """The other side pressed a key."""
        self.say(self.traits.tone_code.format(ord(tone) if self.traits.tones_as_codes else tone))

    # --- what it says ---

    def say(self, line: str) -> None:
        """Send a line."""
        self._send(f"\r\n{line}\r\n".encode())

    def send(self, data: bytes) -> None:
        """Send bytes that are no line: an echo, a prompt."""
        self._send(data)

    def _send(self, data: bytes) -> None:
        if self.faults.is_silent:
            return
        if self.faults.late_s or self._late:
            self._late.append((time.monotonic() + self.faults.late_s, data))
            return
        for piece in [bytes([byte]) for byte in data] if self.faults.dribbles else [data]:
            self._terminal.write(piece)

    def _start(self) -> None:
        self.settings = Settings()
        self._interpreter = Interpreter(self)
        self._late.clear()
        self.is_locked = bool(self.pin)
        for line in self.traits.start if self.is_usable else self.traits.start[:1]:
            self.say(line)

    def _drop_call(self) -> None:
        with self.network.lock:
            call = self.network.call_of(self)
            if call is not None:
                self.network.end(call, by=self)

    def _heard(self, data: bytes) -> None:
        with self.network.lock:
            self._interpreter.feed(data)

    def _tick(self) -> None:
        with self.network.lock:
            while self._late and self._late[0][0] <= time.monotonic():
                self._terminal.write(self._late.popleft()[1])
            self.network.move_calls()
            self.network.carry()
