"""What the driver does next: setting the modem up step by step, and who hears what it says.

Rules: one thread calls it. The modem is set up anew whenever its port opens or it says that it started; a step that
fails is tried again. A SIM that went away may come back as another one. A modem that is silent twice is opened again.
What cannot be done now is refused at once, with the reason: whoever asked has other paths.
"""

import logging
import math
import time
from collections.abc import Callable
from enum import IntEnum

from device.adapters.modem.at import answers, commands
from device.adapters.modem.at.codes import (
    MessageArrived,
    MessageStored,
    Readiness,
    ReadinessSeen,
    RegistrationSeen,
    SimSeen,
    StorageFull,
    TimeSeen,
    Unsolicited,
)
from device.adapters.modem.at.commands import Command, plain
from device.adapters.modem.at.dialogue import Reply
from device.adapters.modem.at.facts import SimState
from device.adapters.modem.calls import Calls
from device.adapters.modem.events import (
    CallEnd,
    CallEnded,
    ModemEvent,
    ModemFound,
    ModemLost,
    ModemReady,
    NetworkTimeHeard,
    OperatorsFound,
    PowerWeak,
    SimChanged,
    StorageFilled,
    TextFailed,
)
from device.adapters.modem.network import LOOK_EVERY_S, Network
from device.adapters.modem.profiles import BASICS, PLAIN, identify, profile_of
from device.adapters.modem.refusal import Ask, granted
from device.adapters.modem.settings import ModemSettings
from device.adapters.modem.sim import TriedPins, look_at_sim, unlock
from device.adapters.modem.texts import Texts
from device.ports import AdapterError, PermanentAdapterError, TransientAdapterError

log = logging.getLogger(__name__)

RETRY_S = 2.0
SIM_RETRY_S = 15.0
READ_ALL_EVERY_S = 600.0
MOST_SILENCES = 2
STORAGES = ("SM", "ME")
"""Where texts are kept: the SIM, or what a modem without room on it has."""


class Stage(IntEnum):
    """How far the modem is; each has a step of its own to the next."""

    LOST = 0
    OPEN = 1
    IDENTIFIED = 2
    UNLOCKED = 3
    READY = 4


class Driver:
    """One modem's affairs."""

    def __init__(
        self,
        settings: ModemSettings,
        ask: Ask,
        reopen: Callable[[str], None],
        report: Callable[[ModemEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take how the modem is asked, and how its port is opened anew."""
        self._settings = settings
        self._port_ask = ask
        self._reopen = reopen
        self._report = report
        self._clock = clock
        self._profile = PLAIN
        self._tried_pins = TriedPins(settings.tried_pins)
        self._texts = Texts(self._ask, report, clock)
        self.calls = Calls(self._ask, report, PLAIN, settings.callers, clock)
        self._network = Network(self._ask, report, PLAIN)
        self._sim: SimChanged | None = None
        self._silences = 0
        self._stage = Stage.LOST
        self._step_at_s = self._read_all_at_s = math.inf

    @property
    def due_s(self) -> float:
        """When something is to be done next, on the clock that was given."""
        texts_s = self._clock() if self._stage is Stage.READY and self._texts.has_waiting else math.inf
        return min(self._step_at_s, texts_s, self.calls.next_look_s)

    def act_in_time(self) -> None:
        """Do what is due. Raises AdapterError; then it is due again a little later."""
        now_s = self._clock()
        if now_s >= self.calls.next_look_s:
            self.calls.look()
        if self._stage is Stage.READY:
            self._texts.send_next()
        if now_s >= self._step_at_s:
            self._step_at_s = now_s + RETRY_S
            self._step()

    # --- what is asked of the modem ---

    def send_text(self, ticket: int, recipient: str, text: str) -> None:
        """Send a text, or say at once why not."""
        if self._stage is Stage.READY:
            self._texts.take(ticket, recipient, text)
        else:
            self._report(TextFailed(ticket, self._why_not(), is_lasting=False))

    def forget(self, key: int) -> None:
        """Delete a received text from the SIM. Raises AdapterError."""
        self._texts.forget(key)

    def dial(self, call: int, numbers: tuple[str, ...], ring_s: float) -> None:
        """Call these numbers, or say at once why not."""
        if self._stage >= Stage.UNLOCKED:
            self.calls.dial(call, numbers, ring_s)
        else:
            log.warning("no call: %s", self._why_not())
            self._report(CallEnded(call, CallEnd.MODEM_LOST, was_answered=False))

    def look_now(self) -> None:
        """Look at the network without waiting for the time."""
        if self._stage is Stage.READY:
            self._step_at_s = self._clock()

    def scan(self) -> None:
        """List the operators in reach; that takes minutes, in which nothing else is done."""
        found = self._ask(commands.OPERATORS).lines if self._stage >= Stage.UNLOCKED else ()
        self._report(OperatorsFound(answers.operators(found)))

    # --- what the port says ---

    def opened(self) -> None:
        """The port can be asked: set the modem up."""
        self._silences = 0
        self._enter(Stage.OPEN)

    def closed(self, error: AdapterError) -> None:
        """The port cannot be asked."""
        self._leave(error, Stage.LOST)
        self._step_at_s = math.inf
        self._report(ModemLost(str(error), isinstance(error, PermanentAdapterError)))

    def hear(self, said: Unsolicited) -> None:
        """Take what the modem says unasked. Raises AdapterError."""
        if isinstance(said, ReadinessSeen):
            self._hear_readiness(said.readiness)
        elif isinstance(said, SimSeen):
            self._hear_sim(said.state)
        elif isinstance(said, RegistrationSeen):
            self._network.registered(said.registration)
        elif isinstance(said, TimeSeen):
            self._report(NetworkTimeHeard(said.time))
        elif isinstance(said, MessageStored | MessageArrived | StorageFull):
            self._hear_text(said)
        else:
            self.calls.heard(said)

    def _hear_readiness(self, readiness: Readiness) -> None:
        if readiness is Readiness.POWER_LOW:
            self._report(PowerWeak())
        elif readiness is Readiness.MESSAGES_USABLE and self._stage is Stage.UNLOCKED:
            self._step_at_s = self._clock()
        elif readiness in (Readiness.STARTED, Readiness.GOING_DOWN) and self._stage > Stage.OPEN:
            error = TransientAdapterError(f"the modem on {self._settings.port} says that it {readiness}")
            self._leave(error, Stage.OPEN)
            self._report(ModemLost(str(error), is_lasting=False))

    def _hear_sim(self, state: SimState) -> None:
        if self._stage < Stage.IDENTIFIED:
            return
        if state is not SimState.READY:
            self._sim_lost(state)
        elif self._stage is Stage.IDENTIFIED:
            self._step_at_s = self._clock()

    def _hear_text(self, said: MessageStored | MessageArrived | StorageFull) -> None:
        if isinstance(said, MessageArrived):
            self._texts.arrived(said.pdu)
        elif isinstance(said, StorageFull):
            self._report(StorageFilled())
        elif self._stage is Stage.READY and not said.is_report:
            self._texts.read_one(said.index)

    # --- step by step ---

    def _enter(self, stage: Stage) -> None:
        self._stage = stage
        self._step_at_s = self._clock()

    def _leave(self, error: AdapterError, stage: Stage) -> None:
        """Everything that the modem did is over; it may come back with another SIM."""
        self.calls.lost()
        self._texts.give_up(error)
        self._texts.forget_card()
        self._network.forget()
        self._sim = None
        self._enter(stage)

    def _sim_lost(self, state: SimState) -> None:
        self._tell_sim(SimChanged(state))
        self._texts.give_up(TransientAdapterError(f"the SIM is {state}"))
        self._texts.forget_card()
        self._network.forget()
        self._enter(Stage.IDENTIFIED)

    def _step(self) -> None:
        steps = {
            Stage.OPEN: self._identify,
            Stage.IDENTIFIED: self._unlock,
            Stage.UNLOCKED: self._prepare_texts,
            Stage.READY: self._look,
        }
        steps[self._stage]()

    def _identify(self) -> None:
        granted(self._ask, commands.PING)
        granted(self._ask, plain("ATE0"))
        for command in (commands.HANG_UP, *BASICS):  # a call that nobody knows of must not stay in the room
            self._ask(command)
        identity = identify(self._ask)
        self._profile = profile_of(identity.manufacturer, identity.model)
        for command in self._profile.setup:
            self._ask(command)
        self.calls.profile = self._profile
        self._network = Network(self._ask, self._report, self._profile)
        self._report(ModemFound(identity))
        self._enter(Stage.IDENTIFIED)

    def _unlock(self) -> None:
        state = look_at_sim(self._ask)
        refusal = None
        if state is SimState.PIN_NEEDED:
            refusal = unlock(self._ask, self._profile, self._settings.pin, self._tried_pins)
            state = look_at_sim(self._ask) if refusal is None else state
        self._tell_sim(SimChanged(state, refusal))
        if state is SimState.READY:
            self._enter(Stage.UNLOCKED)
        elif state is not SimState.BUSY:
            self._step_at_s = self._clock() + SIM_RETRY_S

    def _prepare_texts(self) -> None:
        granted(self._ask, plain("AT+CMGF=0"))
        any(self._ask(commands.keep_messages_in(storage)).is_ok for storage in STORAGES)
        granted(self._ask, plain("AT+CNMI=2,1,0,1,0"))
        self._texts.read_all()
        self._read_all_at_s = self._clock() + READ_ALL_EVERY_S
        self._enter(Stage.READY)
        self._report(ModemReady())

    def _look(self) -> None:
        state = look_at_sim(self._ask)
        if state is not SimState.READY:
            self._sim_lost(state)
            return
        self._network.look()
        if self._clock() >= self._read_all_at_s:
            self._read_all_at_s = self._clock() + READ_ALL_EVERY_S
            self._texts.read_all()
        self._step_at_s = self._clock() + LOOK_EVERY_S

    def _ask(self, command: Command) -> Reply:
        try:
            reply = self._port_ask(command)
        except TransientAdapterError as error:
            self._silences += 1
            if self._silences == MOST_SILENCES:
                self._silences = 0
                self._reopen(str(error))
            raise
        self._silences = 0
        return reply

    def _tell_sim(self, news: SimChanged) -> None:
        if news != self._sim:
            self._sim = news
            self._report(news)

    def _why_not(self) -> str:
        if self._stage <= Stage.OPEN:
            return f"the modem on {self._settings.port} does not answer: is it plugged in and powered?"
        if self._sim is not None and self._sim.state is not SimState.READY:
            return f"the SIM is not usable: {self._sim.refusal or self._sim.state}"
        return "the modem is just being set up"
