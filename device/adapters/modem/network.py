"""The modem's network: where it is registered, whose network it is, how strong it is, what time it says it is.

Rules: looked at every `LOOK_EVERY_S`, which is the modem's sign of life too; what the modem says unasked is believed
at once. Changes are reported once; levels with every look.
"""

from collections.abc import Callable

from device.adapters.modem.at import answers
from device.adapters.modem.at.answers import Operator, Signal
from device.adapters.modem.at.commands import (
    CIRCUIT_REGISTRATION,
    CLOCK,
    LTE_REGISTRATION,
    OPERATOR,
    PACKET_REGISTRATION,
    SIGNAL,
    SIGNAL_EXTENDED,
    Command,
)
from device.adapters.modem.at.facts import Domain, Registering, Registration, Technology
from device.adapters.modem.events import ModemEvent, NetworkChanged, NetworkTimeHeard, SignalMeasured
from device.adapters.modem.profiles import Profile
from device.adapters.modem.refusal import Ask

LOOK_EVERY_S = 45.0
_QUESTIONS: dict[Domain, Command] = {
    Domain.CIRCUIT: CIRCUIT_REGISTRATION,
    Domain.PACKET: PACKET_REGISTRATION,
    Domain.LTE: LTE_REGISTRATION,
}
_BETTER = (
    Registering.HOME,
    Registering.ROAMING,
    Registering.SEARCHING,
    Registering.DENIED,
    Registering.EMERGENCY_ONLY,
    Registering.UNKNOWN,
    Registering.IDLE,
)


class Network:
    """What is known of the network, and what of it is news."""

    def __init__(self, ask: Ask, report: Callable[[ModemEvent], None], profile: Profile) -> None:
        """Begin knowing nothing."""
        self._ask = ask
        self._report = report
        self._profile = profile
        self._registrations: dict[Domain, Registration] = {}
        self._operator: Operator | None = None
        self._told: NetworkChanged | None = None

    @property
    def is_usable(self) -> bool:
        """Whether a text can be sent."""
        return _best(self._registrations).is_usable

    def look(self) -> None:
        """Ask for everything. Raises AdapterError where the modem does not reply."""
        for domain, question in _QUESTIONS.items():
            if domain is Domain.LTE and not self._profile.has_lte:
                continue
            seen = answers.registered(self._ask(question).lines, domain)
            if seen is not None:
                self._registrations[domain] = seen
        self._operator = answers.operator(self._ask(OPERATOR).lines)
        self._tell()
        self._report(SignalMeasured(self.signal()))
        time = answers.clock(self._ask(CLOCK).lines)
        if time is not None:
            self._report(NetworkTimeHeard(time))

    def signal(self) -> Signal:
        """Return what is heard of the cell. Raises AdapterError where the modem does not reply."""
        extended = answers.extended_signal(self._ask(SIGNAL_EXTENDED).lines) if self._profile.has_lte else None
        plain = answers.signal(self._ask(SIGNAL).lines) or Signal()
        if extended is None:
            return plain
        return Signal(plain.rssi_dbm or extended.rssi_dbm, extended.rsrp_dbm, extended.rsrq_db)

    def registered(self, seen: Registration) -> None:
        """Take what the modem said unasked."""
        self._registrations[seen.domain] = seen
        self._tell()

    def forget(self) -> None:
        """The modem or its SIM went away."""
        self._registrations.clear()
        self._operator = None
        self._tell()

    def _tell(self) -> None:
        state = _best(self._registrations)
        technology = _technology(self._registrations, self._operator)
        news = NetworkChanged(state, technology, self._operator if state.is_usable else None)
        if news != self._told:
            self._told = news
            self._report(news)


def _best(registrations: dict[Domain, Registration]) -> Registering:
    """Return the best of the registrations: a text goes over any of them."""
    states = {seen.state for seen in registrations.values()}
    return next((state for state in _BETTER if state in states), Registering.UNKNOWN)


def _technology(registrations: dict[Domain, Registration], operator: Operator | None) -> Technology:
    for seen in registrations.values():
        if seen.state.is_usable and seen.technology is not Technology.UNKNOWN:
            return seen.technology
    return operator.technology if operator else Technology.UNKNOWN
