"""Calls in simulated time: carries them between homes, the centre, and operators' ears, and knows who hears whom.

Rules: it decides nothing; it does what both cores' voice effects say, and reports what a network and two voice engines
would. A side that dies says nothing: the other notices silence. Delays are those of a line that carries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from device.core import effects as fx
from device.core import events as uev
from device.wire.vocabulary import SpeechMode
from hub.core import call_events as cev
from hub.core import effects as hfx
from hub.core.call_records import Browser, Phone, UnitOf

if TYPE_CHECKING:
    from tests.home import Home
    from tests.world import World

HOP_S = 0.01
SILENCE_NOTICED_S = 3.0
SAYING_S = 2.0
SAYS = (SpeechMode.DUPLEX, SpeechMode.LISTEN)
HEARS = (SpeechMode.DUPLEX, SpeechMode.SPEAK)


@dataclass(slots=True)
class Line:
    """A call between a home and the centre: its name at either end, and the room's speech."""

    home: "Home"
    call: str
    leg: str
    life: object
    """The home's core: what happens to a call of an earlier life is nobody's any more."""
    is_answered: bool = False
    mode: SpeechMode = SpeechMode.SILENT
    volume: int = 6


@dataclass
class Exchange:
    """Everything between the ears."""

    world: "World"
    centre_has_voice: bool = False
    lines: dict[str, Line] = field(default_factory=dict)
    """By the centre's leg."""
    browsers: dict[str, str] = field(default_factory=dict)
    """The operators' legs that stand or ring, and whose they are."""
    standing: set[str] = field(default_factory=set)
    bridges: dict[int, tuple[hfx.Part, ...]] = field(default_factory=dict)
    answers_after_s: dict[str, float] = field(default_factory=dict)
    """How soon an operator, or whoever is at a number, answers what rings; who is not here lets it ring."""
    presses_key: set[str] = field(default_factory=set)
    """The numbers where a person answers, and no mailbox."""
    said: list[tuple[float, str, hfx.Words]] = field(default_factory=list)
    _count: int = 0

    # --- who hears whom ---

    def line_of(self, home: "Home") -> Line | None:
        """Return the standing call of a home."""
        return next((line for line in self.lines.values() if line.home is home and line.is_answered), None)

    def heard_by(self, home: "Home") -> list[str]:
        """Return the operators that hear the room."""
        return self._ears(home, SAYS, lambda unit, operator: unit.is_heard and operator.hears)

    def hears(self, home: "Home") -> list[str]:
        """Return the operators that the room hears."""
        return self._ears(home, HEARS, lambda unit, operator: operator.is_heard and unit.hears)

    def _ears(
        self, home: "Home", modes: tuple[SpeechMode, ...], are_linked: Callable[[hfx.Part, hfx.Part], bool]
    ) -> list[str]:
        line = self.line_of(home)
        if line is None or line.mode not in modes:
            return []
        parts = next((parts for parts in self.bridges.values() if line.leg in [part.leg for part in parts]), ())
        units = [part for part in parts if part.leg == line.leg]
        others = [part for part in parts if part.leg in self.standing]
        return sorted(self.browsers[other.leg] for unit in units for other in others if are_linked(unit, other))

    # --- what homes do ---

    def unit_performs(self, home: "Home", effect: fx.Effect) -> None:  # noqa: C901 - a case an effect
        """Do what a unit's core decided."""
        match effect:
            case fx.PlaceCall():
                if self._carries(home):
                    self._later(lambda: self._reach_centre(home, effect))
            case fx.AnswerCall():
                self._stands_soon(self._line(home, effect.call))
            case fx.EndCall():
                if line := self._line(home, effect.call):
                    line.mode = SpeechMode.SILENT
                self._later(lambda: self._unit_ends(home, effect))
            case fx.SetSpeech():
                if line := self._line(home, effect.call):
                    line.mode, line.volume = effect.mode, effect.volume
            case fx.TestSound():
                test = uev.SoundTest(is_heard=True, level_db=-20.0)
                self._later(lambda: home.happen(uev.SoundTested(test)), SAYING_S)
            case _:
                pass

    def home_died(self, home: "Home") -> None:
        """Notice at the centre, by silence, that a home's voice is gone."""
        for line in [line for line in self.lines.values() if line.home is home]:
            self._silence(line, towards_home=False)

    def home_was_cut(self, home: "Home") -> None:
        """Notice at both ends that nothing comes through any more."""
        for line in [line for line in self.lines.values() if line.home is home]:
            self._silence(line, towards_home=False)
            self._silence(line, towards_home=True)

    # --- what the centre does ---

    def centre_performs(self, effect: hfx.Effect) -> None:  # noqa: C901 - a case an effect
        """Do what the centre's core decided."""
        match effect:
            case hfx.Ring(address=Browser(operator=operator)):
                self._ring_browser(effect.leg, operator)
            case hfx.Ring(address=Phone(number=number)) if number in self.answers_after_s:
                self._ring_browser(effect.leg, number)
            case hfx.Ring(address=UnitOf(unit_id=unit_id)):
                self._ring_unit(effect, self.world.homes[unit_id])
            case hfx.Ring():
                self._later(lambda: self._centre_hears(cev.LegEnded(effect.leg, 404)))
            case hfx.AnswerCall():
                self._stands_soon(self.lines.get(effect.leg))
            case hfx.RefuseCall() | hfx.EndCall():
                status = effect.status if isinstance(effect, hfx.RefuseCall) else 200
                self._later(lambda: self._centre_ends(effect.leg, status))
            case hfx.Bridge():
                self.bridges[effect.conversation] = effect.parts
                if not effect.parts:
                    del self.bridges[effect.conversation]
            case hfx.Say():
                self.said.append((self.world.now_s, effect.leg, effect.words))
                if self.browsers.get(effect.leg) in self.presses_key:
                    self._later(lambda: self._centre_hears(cev.KeyHeard(effect.leg, "1")), SAYING_S / 2)
                self._later(lambda: self._centre_hears(cev.SayingEnded(effect.saying, is_complete=True)), SAYING_S)
            case _:
                pass

    def start_centre_voice(self) -> None:
        """Give the centre a voice."""
        if self.world.centre is not None:
            self.centre_has_voice = True
            self._centre_hears(cev.VoiceStarted("test"))

    def lose_centre_voice(self) -> None:
        """Take the centre's voice: its legs are gone, and whoever was in them hears silence."""
        self.centre_has_voice = False
        self.browsers.clear()
        self.standing.clear()
        self.bridges.clear()
        for line in list(self.lines.values()):
            self._silence(line, towards_home=True)
        if self.world.centre is not None:
            self.world.centre_happen(cev.VoiceLost("killed"))

    def hang_up_everything(self) -> None:
        """Hang up as a centre does that is stopped in good order."""
        for leg in list(self.lines):
            line = self.lines.pop(leg)
            self._home_hears(line, uev.CallEnded(line.call, 200, "hung up", is_silence=False))

    def close_browser(self, leg: str) -> None:
        """Let an operator's page die: its leg is over."""
        del self.browsers[leg]
        self.standing.discard(leg)
        self._centre_hears(cev.LegEnded(leg, 0, "gone"))

    # --- helpers ---

    def _later(self, act: Callable[[], None], delay_s: float = HOP_S) -> None:
        self.world.after(delay_s, act)

    def _carries(self, home: "Home") -> bool:
        return home.line_is_whole and self.centre_has_voice

    def _centre_hears(self, event: cev.CallEvent) -> None:
        if self.centre_has_voice:
            self.world.centre_happen(event)

    def _home_hears(self, line: Line, event: uev.Event) -> None:
        if line.home.core is line.life and line.home.has_voice:
            line.home.happen(event)

    def _line(self, home: "Home", call: str) -> Line | None:
        return next((line for line in self.lines.values() if line.home is home and line.call == call), None)

    def _new_leg(self) -> str:
        self._count += 1
        return f"sip-{self._count}"

    def _reach_centre(self, home: "Home", effect: fx.PlaceCall) -> None:
        if not self._carries(home) or home.core is None:
            return
        leg = self._new_leg()
        self.lines[leg] = Line(home, effect.call, leg, home.core)
        home.happen(uev.CallProgressed(effect.call, 100))
        self._centre_hears(cev.CallArrived(leg, home.unit_id, home.unit_id, effect.alarm, effect.call_id))

    def _ring_unit(self, effect: hfx.Ring, home: "Home") -> None:
        if not self._carries(home) or home.core is None or not home.has_voice:
            self._later(lambda: self._centre_hears(cev.LegEnded(effect.leg, 408)), SILENCE_NOTICED_S)
            return
        line = self.lines[effect.leg] = Line(home, f"in-{effect.leg}", effect.leg, home.core)
        self._later(lambda: self._home_hears(line, uev.CallArrived(line.call, effect.purpose, is_from_centre=True)))

    def _ring_browser(self, leg: str, operator: str) -> None:
        self.browsers[leg] = operator
        self._later(lambda: self._centre_hears(cev.LegRinging(leg)))
        if operator in self.answers_after_s:
            self._later(lambda: self._browser_answers(leg), self.answers_after_s[operator])

    def _browser_answers(self, leg: str) -> None:
        if leg in self.browsers:
            self.standing.add(leg)
            self._centre_hears(cev.LegAnswered(leg))
            self._centre_hears(cev.LegHeard(leg))

    def _stands_soon(self, line: Line | None) -> None:
        if line is not None:
            self._later(lambda: self._stands(line))

    def _stands(self, line: Line) -> None:
        """Let a call be answered, and sound come through, both ways."""
        if self.lines.get(line.leg) is not line or not self._carries(line.home):
            return
        line.is_answered = True
        self._home_hears(line, uev.CallAnswered(line.call))
        self._home_hears(line, uev.CallHeard(line.call))
        self._centre_hears(cev.LegAnswered(line.leg))
        self._centre_hears(cev.LegHeard(line.leg))

    def _unit_ends(self, home: "Home", effect: fx.EndCall) -> None:
        line = self._line(home, effect.call)
        if line is None:
            return
        del self.lines[line.leg]
        status = 200 if line.is_answered else effect.status
        self._home_hears(line, uev.CallEnded(line.call, status, "ended here", is_silence=False))
        if home.line_is_whole:
            self._centre_hears(cev.LegEnded(line.leg, status, "ended there"))

    def _centre_ends(self, leg: str, status: int) -> None:
        line = self.lines.pop(leg, None)
        if line is not None and line.home.line_is_whole:
            self._home_hears(line, uev.CallEnded(line.call, status, "ended there", is_silence=False))
        if line is not None or leg in self.browsers:
            self.browsers.pop(leg, None)
            self.standing.discard(leg)
            self._centre_hears(cev.LegEnded(leg, status, "ended here"))

    def _silence(self, line: Line, towards_home: bool) -> None:
        """Let one end find out that the other is gone."""

        def notice() -> None:
            if towards_home:
                self._home_hears(line, uev.CallEnded(line.call, 0, "no sound", is_silence=True))
            else:
                self._centre_hears(cev.LegEnded(line.leg, 0, "no sound", is_silence=True))

        self.lines.pop(line.leg, None)
        self._later(notice, SILENCE_NOTICED_S)
