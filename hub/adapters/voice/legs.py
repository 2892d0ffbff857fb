"""Every leg: those that came, those that are rung, browsers. Each gets its `LegEnded`, once.

Rules: a leg of the engine has ended when the engine says so, whoever ended it; a browser's when its connection is, or
when it need not ring any more. Belongs to the adapter's lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from device.voice import messages as vm
from device.wire.vocabulary import CallPurpose
from hub.adapters.voice import identity
from hub.adapters.voice.numbers import Directory, NoWay, Way
from hub.adapters.voice.webrtc import messages as wm
from hub.core import call_events as ce
from hub.core.call_records import Browser, Phone, UnitOf
from hub.core.effects import Ring
from hub.ports import Report, SpeechRefusedError

OK, DECLINED, TERMINATED, UNAVAILABLE, TIMED_OUT = 200, 603, 487, 503, 408


class State(Enum):
    """Where a leg stands."""

    RINGING = auto()
    ANSWERING = auto()
    STANDING = auto()


@dataclass(slots=True)
class Leg:
    """One leg; `operator` is whose browser it is, empty for a leg of the engine."""

    operator: str = ""
    state: State = State.RINGING


@dataclass(frozen=True, slots=True)
class Trunk:
    """How calls go by the public network."""

    caller: str = ""
    srtp: vm.Srtp = vm.Srtp.MANDATORY


class Legs:
    """Rings, answers, ends."""

    def __init__(
        self,
        directory: Directory,
        trunk: Trunk,
        send: Callable[[vm.EngineCommand], None],
        end_browser: Callable[[str], None],
        report: Report,
    ) -> None:
        """Begin with none."""
        self._directory = directory
        self._trunk = trunk
        self._send = send
        self._end_browser = end_browser
        self._report = report
        self._legs: dict[str, Leg] = {}

    def __contains__(self, leg: str) -> bool:
        """Tell whether a leg is not over."""
        return leg in self._legs

    # --- what the core wants ---

    def ring(self, ring: Ring, *, browsers_run: bool) -> None:
        """Call somebody."""
        match ring.address:
            case Browser(operator):
                self._legs[ring.leg] = Leg(operator)
                if browsers_run:
                    self._report(ce.LegRinging(ring.leg))
                else:
                    self.over(ring.leg, UNAVAILABLE, "browsers cannot be reached")
            case Phone() as phone:
                self._place(ring.leg, self._directory.phone(phone), {})
            case UnitOf() as unit:
                is_announcement = ring.purpose is CallPurpose.ANNOUNCE
                headers = {identity.PURPOSE_HEADER: ring.purpose.value} if is_announcement else {}
                self._place(ring.leg, self._directory.unit(unit), headers)

    def answer(self, leg: str) -> None:
        """Answer a call that came in."""
        if leg in self._legs:
            self._send(vm.AnswerLeg(leg=leg))

    def end(self, leg: str, status: int = DECLINED) -> None:
        """End a leg, whatever it is doing; one that has ended is left alone."""
        found = self._legs.get(leg)
        if found is None:
            return
        if found.operator:
            self.over(leg, TERMINATED if found.state is State.RINGING else OK, "ended here")
        else:
            self._send(vm.EndLeg(leg=leg, status=status))

    # --- what browsers do ---

    def begin_answer(self, leg: str, operator: str) -> None:
        """Note that an operator's browser takes the leg. Raises SpeechRefusedError."""
        found = self._legs.get(leg)
        if found is None or found.operator != operator:
            raise SpeechRefusedError("it does not ring here (any more)")
        if found.state is not State.RINGING:
            raise SpeechRefusedError("it is answered already")
        found.state = State.ANSWERING

    def rings_again(self, leg: str) -> None:
        """Note that the browser could not take it after all."""
        if leg in self._legs:
            self._legs[leg].state = State.RINGING

    def decline(self, leg: str, operator: str) -> None:
        """Note that an operator does not want the leg that rings."""
        found = self._legs.get(leg)
        if found is not None and found.operator == operator and found.state is State.RINGING:
            self.over(leg, DECLINED, "declined")

    def browser_said(self, event: wm.BrowserConnected | wm.BrowserHeard | wm.BrowserGone) -> None:
        """Take what the WebRTC process says of a leg."""
        if event.leg not in self._legs:
            return
        match event:
            case wm.BrowserConnected():
                self._legs[event.leg].state = State.STANDING
                self._report(ce.LegAnswered(event.leg))
            case wm.BrowserHeard():
                self._report(ce.LegHeard(event.leg))
            case wm.BrowserGone():
                status = TIMED_OUT if event.is_silence else OK
                self.over(event.leg, status, event.reason, is_silence=event.is_silence)

    # --- what the engine says ---

    def arrived(self, event: vm.LegArrived) -> None:
        """Take a call that comes in."""
        self._legs[event.leg] = Leg()
        self._report(
            ce.CallArrived(
                event.leg,
                identity.unit_of(event),
                identity.caller_of(event),
                identity.alarm_of(event),
                identity.call_id_of(event),
            )
        )

    def engine_said(self, event: vm.LegProgressed | vm.LegAnswered | vm.LegHeard | vm.LegEnded) -> None:
        """Take what the engine says of a leg."""
        if event.leg not in self._legs:
            return
        match event:
            case vm.LegProgressed():
                if event.status >= 180:  # noqa: PLR2004 - 100 comes from the next hop, and rings nowhere
                    self._report(ce.LegRinging(event.leg))
            case vm.LegAnswered():
                self._legs[event.leg].state = State.STANDING
                self._report(ce.LegAnswered(event.leg))
            case vm.LegHeard():
                self._report(ce.LegHeard(event.leg))
            case vm.LegEnded():
                self.over(event.leg, event.status, event.reason, is_silence=event.by is vm.EndedBy.SILENCE)

    def over(self, leg: str, status: int, reason: str, *, is_silence: bool = False) -> None:
        """Note that a leg is over, and say so, once."""
        found = self._legs.pop(leg, None)
        if found is None:
            return
        if found.operator and found.state is not State.RINGING:
            self._end_browser(leg)
        self._report(ce.LegEnded(leg, status, reason[:256], is_silence))

    def forget(self) -> None:
        """Let go of everything without a word: the engine is lost, and with it every call."""
        for leg, found in list(self._legs.items()):
            if found.operator and found.state is not State.RINGING:
                self._end_browser(leg)
        self._legs.clear()

    def _place(self, leg: str, way: Way | NoWay, headers: dict[str, str]) -> None:
        self._legs[leg] = Leg()
        if isinstance(way, NoWay):
            self.over(leg, way.status, way.reason)
            return
        caller = self._trunk.caller if way.is_trunk else ""
        srtp = self._trunk.srtp if way.is_trunk else None
        self._send(vm.PlaceCall(leg=leg, uri=way.uri, headers=headers, from_user=caller, srtp=srtp))
