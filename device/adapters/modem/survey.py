"""What an installer wants to know of a modem in its place: who it is, what it hears, whether it reaches anybody.

Rules: a line is told as soon as it is known; every fault says what to do. The unit must not be running: the port is
opened for one program alone. A text or a call goes out only where a number was given.
"""

import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from device.adapters.modem.at.answers import Signal
from device.adapters.modem.at.facts import SimState
from device.adapters.modem.events import (
    AttemptEnded,
    CallAlerted,
    CallAnswered,
    CallDialled,
    CallEnded,
    ModemEvent,
    ModemFound,
    ModemLost,
    NetworkChanged,
    OperatorsFound,
    SignalMeasured,
    SimChanged,
    TextDelivered,
    TextFailed,
    TextTaken,
)
from device.adapters.modem.modem import Modem
from device.adapters.modem.settings import ModemSettings

FOUND_S, SIM_S, NETWORK_S = 30.0, 40.0, 90.0
TAKEN_S, DELIVERED_S = 70.0, 60.0
SCAN_S, CALL_S, SPEAK_S = 200.0, 120.0, 8.0
LOOK_EVERY_S = 3.0
TEST_TEXT = "Poga: a test text from a unit that is being installed."
GOOD_RSRP_DBM, WEAK_RSRP_DBM = -100, -110
GOOD_RSSI_DBM, WEAK_RSSI_DBM = -85, -100

_Wanted = TypeVar("_Wanted", bound=ModemEvent)


class Verdict(StrEnum):
    """How it stands; also the first word of the line."""

    OK = "OK"
    ATTENTION = "attention"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be tried beside looking."""

    watch_s: float = 0.0
    """How long the signal is measured again and again, for who moves the aerial."""
    scan: bool = False
    text_to: str = ""
    call_to: str = ""


class Survey:
    """One visit to one modem."""

    def __init__(self, settings: ModemSettings, tell: Callable[[str], None]) -> None:
        """Take the modem and where the lines go."""
        self._modem = Modem(settings)
        self._tell = tell
        self._events: queue.SimpleQueue[ModemEvent] = queue.SimpleQueue()
        self._is_well = True
        self._network: NetworkChanged | None = None
        self._signal: SignalMeasured | None = None

    def run(self, wishes: Wishes) -> bool:
        """Look, try what was wished, and return whether all is well."""
        self._modem.start(self._events.put)
        try:
            if self._find() and self._see_sim() and self._see_network():
                self._watch(wishes.watch_s)
                if wishes.scan:
                    self._scan()
                if wishes.text_to:
                    self._text(wishes.text_to)
                if wishes.call_to:
                    self._call(wishes.call_to)
        finally:
            self._modem.stop()
        return self._is_well

    # --- looking ---

    def _find(self) -> bool:
        lost = ""
        for event in self._during(FOUND_S):
            if isinstance(event, ModemFound):
                who = event.identity
                self._say(Verdict.OK, "modem", f"{who.manufacturer} {who.model}, version {who.revision}")
                self._say(Verdict.OK, "profile", who.profile)
                return True
            if isinstance(event, ModemLost):
                lost = event.reason
        return self._say(Verdict.FAULT, "modem", lost or "it does not answer; is this its AT port?")

    def _see_sim(self) -> bool:
        seen: SimChanged | None = None
        for event in self._during(SIM_S):
            if isinstance(event, SimChanged):
                seen = event
                if event.state is SimState.READY:
                    return self._say(Verdict.OK, "SIM", "ready")
                if event.state is not SimState.BUSY:
                    break
        if seen is None:
            return self._say(Verdict.FAULT, "SIM", "the modem says nothing of it; put it in again")
        return self._say(Verdict.FAULT, "SIM", f"{seen.state}; {seen.refusal or 'see that it is put in the right way'}")

    def _see_network(self) -> bool:
        for event in self._during(NETWORK_S, look=True):
            if isinstance(event, SignalMeasured) and self._network is not None and self._network.state.is_usable:
                break
        network = self._network
        if network is None or not network.state.is_usable:
            state = "not known" if network is None else network.state
            return self._say(Verdict.FAULT, "network", f"{state}; try another place, aerial, or provider")
        name = network.operator.name if network.operator else "an operator without a name"
        verdict = Verdict.ATTENTION if network.is_roaming else Verdict.OK
        self._say(verdict, "network", f"{name}, {network.technology}, {network.state}")
        self._say_signal()  # however weak it is: what was wished is tried
        return True

    def _watch(self, watch_s: float) -> None:
        if watch_s > 0:
            for event in self._during(watch_s, look=True):
                if isinstance(event, SignalMeasured):
                    self._say_signal()

    def _scan(self) -> None:
        self._tell("looking for operators, this takes up to three minutes")
        self._modem.scan()
        found = self._wait_for(OperatorsFound, SCAN_S)
        if found is None or not found.found:
            self._say(Verdict.ATTENTION, "operators", "the modem lists none")
            return
        for one in found.found:
            operator = one.operator
            self._say(
                Verdict.OK, "operator", f"{operator.name} ({operator.code}), {operator.technology}, {one.reachable}"
            )

    # --- trying ---

    def _text(self, number: str) -> None:
        ticket = self._modem.send_text(number, TEST_TEXT)
        is_taken = False
        for event in self._during(TAKEN_S + DELIVERED_S):
            if isinstance(event, TextFailed) and event.ticket == ticket:
                self._say(Verdict.FAULT, "text", event.reason)
                return
            if isinstance(event, TextTaken) and event.ticket == ticket:
                is_taken = True
                self._say(Verdict.OK, "text", "the network took it")
            if isinstance(event, TextDelivered) and event.ticket == ticket:
                self._say(Verdict.OK, "text", "the network delivered it")
                return
        if is_taken:
            self._say(Verdict.ATTENTION, "text", "no report of its delivery; see whether it has arrived")
        else:
            self._say(Verdict.FAULT, "text", "the network gave no answer; try again in a better place")

    def _call(self, number: str) -> None:
        call = self._modem.dial((number,))
        hang_up_s = float("inf")
        for event in self._during(CALL_S):
            if isinstance(event, CallAnswered) and event.call == call:
                sound = "" if event.has_sound else ", but its sound is not to be had"
                self._say(Verdict.OK if event.has_sound else Verdict.ATTENTION, "call", f"answered{sound}")
                hang_up_s = time.monotonic() + SPEAK_S
            elif isinstance(event, CallDialled | CallAlerted):
                self._tell("dialling" if isinstance(event, CallDialled) else "it rings there")
            elif isinstance(event, AttemptEnded):
                self._say(Verdict.FAULT, "call", f"{event.end}")
            elif isinstance(event, CallEnded) and event.call == call:
                return
            if time.monotonic() >= hang_up_s:
                hang_up_s = float("inf")
                self._modem.hang_up()
        self._say(Verdict.FAULT, "call", "it came to no end; unplug the modem and plug it in again")

    # --- what comes ---

    def _during(self, seconds: float, *, look: bool = False) -> Iterator[ModemEvent | None]:
        """Yield what comes within this time; None now and then, when nothing does."""
        until_s = time.monotonic() + seconds
        look_at_s = 0.0
        while (now_s := time.monotonic()) < until_s:
            if look and now_s >= look_at_s:
                look_at_s = now_s + LOOK_EVERY_S
                self._modem.look_now()
            try:
                event = self._events.get(timeout=min(0.5, until_s - now_s))
            except queue.Empty:
                yield None
                continue
            if isinstance(event, NetworkChanged):
                self._network = event
            elif isinstance(event, SignalMeasured):
                self._signal = event
            yield event

    def _wait_for(self, kind: type[_Wanted], seconds: float) -> _Wanted | None:
        return next((event for event in self._during(seconds) if isinstance(event, kind)), None)

    def _say_signal(self) -> bool:
        signal = self._signal.signal if self._signal else Signal()
        levels = [f"RSSI {signal.rssi_dbm} dBm" if signal.rssi_dbm is not None else ""]
        levels += [f"RSRP {signal.rsrp_dbm} dBm" if signal.rsrp_dbm is not None else ""]
        levels += [f"RSRQ {signal.rsrq_db:g} dB" if signal.rsrq_db is not None else ""]
        verdict, remark = judge(signal)
        return self._say(verdict, "signal", ", ".join(filter(None, levels)) + remark)

    def _say(self, verdict: Verdict, subject: str, seen: str) -> bool:
        self._tell(f"{verdict:<10} {subject:<10} {seen}")
        self._is_well = self._is_well and verdict is not Verdict.FAULT
        return verdict is not Verdict.FAULT


def judge(signal: Signal) -> tuple[Verdict, str]:
    """Return what a level is good for, and what to do about a weak one."""
    if signal.rsrp_dbm is not None:
        level, good, weak = signal.rsrp_dbm, GOOD_RSRP_DBM, WEAK_RSRP_DBM
    elif signal.rssi_dbm is not None:
        level, good, weak = signal.rssi_dbm, GOOD_RSSI_DBM, WEAK_RSSI_DBM
    else:
        return Verdict.FAULT, "no signal; try another place or aerial"
    if level >= good:
        return Verdict.OK, ": good"
    if level >= weak:
        return Verdict.ATTENTION, ": weak; another place or aerial would be safer"
    return Verdict.FAULT, ": too weak to rely on; try another place or aerial"
