"""The centre's voice, played: legs ring, stand and end as a test says; what the core does with them is checked.

Rules, checked everywhere: no leg and no saying is named twice, nothing is done with a leg that was never there, a
bridge holds only legs that stand, nobody is rung at one bell twice at once. Every leg and every saying ends exactly
once, as the real adapter promises; after the voice is lost nothing ends any more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from device.wire.messages import MessageKey
from hub.core import call_events as cev
from hub.core import effects as fx
from hub.core.call_records import Address, Browser, Phone, UnitOf
from hub.core.call_view import CallState, CallView

OK, BUSY, UNAVAILABLE, DECLINED = 200, 486, 480, 603


@dataclass(slots=True)
class PlayedLeg:
    """A leg as the adapter has it."""

    leg: str
    address: Address | None
    incident_id: int = 0
    is_answered: bool = False


@dataclass
class PlayedVoice:
    """Performs the effects of voice; `report` hands the core what comes of them."""

    report: Callable[[cev.CallEvent], object]
    legs: dict[str, PlayedLeg] = field(default_factory=dict)
    sayings: dict[str, fx.Say] = field(default_factory=dict)
    said: list[fx.Say] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    bridges: dict[int, tuple[fx.Part, ...]] = field(default_factory=dict)
    recordings: dict[str, fx.RecordCall] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    views: dict[int, CallView] = field(default_factory=dict)
    on_ring: Callable[[fx.Ring], None] = lambda ring: None
    """What somebody who is rung does about it."""
    _names: set[str] = field(default_factory=set)
    _coming: list[cev.CallEvent] = field(default_factory=list)
    _is_delivering: bool = False
    _count: int = 0

    # --- what the core has done ---

    def perform(self, effect: fx.Effect) -> None:  # noqa: C901, PLR0912 - a case an effect
        """Do it."""
        match effect:
            case fx.Ring():
                self._ring(effect)
            case fx.AnswerCall():
                self._coming += [cev.LegAnswered(effect.leg), cev.LegHeard(effect.leg)]
                self.legs[effect.leg].is_answered = True
            case fx.RefuseCall():
                self.refused.append((effect.leg, effect.status))
                self._end(effect.leg, effect.status)
            case fx.EndCall():
                self._end(effect.leg, OK)
            case fx.Bridge():
                for part in effect.parts:
                    assert self.legs[part.leg].is_answered, f"{part.leg} is bridged and does not stand"
                self.bridges[effect.conversation] = effect.parts
            case fx.Say():
                self._be_new(effect.saying)
                assert self.legs[effect.leg].is_answered, "said to nobody"
                self.sayings[effect.saying] = effect
                self.said.append(effect)
            case fx.StopSaying():
                self._say_no_more(effect.saying, is_complete=False)
            case fx.RecordCall():
                assert effect.unit_leg in self.legs
                self.recordings[effect.recording_id] = effect
            case fx.StopRecording():
                del self.recordings[effect.recording_id]
                file = f"{effect.recording_id}.sound"
                self._coming.append(cev.RecordingEnded(effect.recording_id, file, 12.5, "key-1"))
            case fx.DeleteRecording():
                self.deleted.append(effect.recording_id)
                self._coming.append(cev.RecordingDeleted(effect.recording_id))
            case fx.ShowCall():
                self.views[effect.call.conversation] = effect.call
                if effect.call.state is CallState.ENDED:
                    del self.views[effect.call.conversation]
            case _:
                pass

    def deliver(self) -> None:
        """Hand the core what has come of it all, one thing after the other."""
        if self._is_delivering:
            return
        self._is_delivering = True
        while self._coming:
            self.report(self._coming.pop(0))
        self._is_delivering = False

    # --- what others do ---

    def start(self) -> "PlayedVoice":
        """Let the voice begin."""
        self._happen(cev.VoiceStarted("played"))
        return self

    def lose(self) -> None:
        """Kill the voice: every leg and saying is gone."""
        self.legs.clear()
        self.sayings.clear()
        self.bridges.clear()
        self.recordings.clear()
        self._coming.clear()
        self._happen(cev.VoiceLost("killed"))

    def call(self, unit_id: str | None, alarm: MessageKey | None = None, call_id: str = "") -> str:
        """Let somebody call; return the leg."""
        self._count += 1
        leg = f"in-{self._count}"
        self._be_new(leg)
        self.legs[leg] = PlayedLeg(leg, None)
        self._happen(cev.CallArrived(leg, unit_id, f"sip:{unit_id or 'nobody'}@127.0.0.1", alarm, call_id))
        return leg

    def answer(self, leg: str) -> None:
        """Let whoever is rung answer."""
        self.legs[leg].is_answered = True
        self._happen(cev.LegRinging(leg), cev.LegAnswered(leg), cev.LegHeard(leg))

    def end(self, leg: str, status: int = OK, is_silence: bool = False) -> None:
        """Let the other party hang up, refuse, or be gone."""
        self._end(leg, status, is_silence)
        self.deliver()

    def press(self, leg: str, key: str) -> None:
        """Let the other party press a key."""
        self._happen(cev.KeyHeard(leg, key))

    def finish_saying(self, is_complete: bool = True) -> None:
        """Let all that is said now come to its end."""
        for saying in list(self.sayings):
            self._say_no_more(saying, is_complete)
        self.deliver()

    # --- what is so ---

    def bell(self, who: str) -> str:
        """Return the leg that rings in an operator's browser, or at a number."""
        (leg,) = [one.leg for one in self.legs.values() if _rings(one, who) and not one.is_answered]
        return leg

    def ringing(self) -> list[str]:
        """Return who is rung now."""
        return sorted(_called(one) for one in self.legs.values() if one.address and not one.is_answered)

    def in_call(self) -> list[str]:
        """Return who stands in a call, by name; units that called by the name of their leg."""
        return sorted(_called(one) for one in self.legs.values() if one.is_answered)

    def prompts(self) -> list[fx.Prompt]:
        """Return every prompt that was said, in order."""
        return [prompt for say in self.said if isinstance(say.words, fx.Spoken) for prompt in say.words.prompts]

    def hears(self, listener: str, speaker: str) -> bool:
        """Tell whether one leg hears another, as the bridges are now."""
        for parts in self.bridges.values():
            by_leg = {part.leg: part for part in parts}
            if listener in by_leg and speaker in by_leg:
                return by_leg[listener].hears and by_leg[speaker].is_heard and by_leg[speaker].gain > 0
        return False

    def view(self) -> CallView:
        """Return the one call that is shown."""
        (view,) = self.views.values()
        return view

    def _ring(self, effect: fx.Ring) -> None:
        self._be_new(effect.leg)
        ringing = [one.address for one in self.legs.values() if not one.is_answered]
        assert effect.address not in ringing, f"{effect.address} is rung twice"
        self.legs[effect.leg] = PlayedLeg(effect.leg, effect.address, effect.incident_id)
        if isinstance(effect.address, UnitOf):
            self._end(effect.leg, 404)
        self.on_ring(effect)

    def _end(self, leg: str, status: int, is_silence: bool = False) -> None:
        if self.legs.pop(leg, None) is None:
            return
        for saying in [saying for saying, say in self.sayings.items() if say.leg == leg]:
            self._say_no_more(saying, is_complete=False)
        self.bridges = {
            number: tuple(part for part in parts if part.leg != leg) for number, parts in self.bridges.items()
        }
        self._coming.append(cev.LegEnded(leg, status, "", is_silence))

    def _say_no_more(self, saying: str, is_complete: bool) -> None:
        if self.sayings.pop(saying, None) is not None:
            self._coming.append(cev.SayingEnded(saying, is_complete))

    def _be_new(self, name: str) -> None:
        assert name not in self._names, f"{name} is named twice"
        self._names.add(name)

    def _happen(self, *events: cev.CallEvent) -> None:
        self._coming += events
        self.deliver()


def _rings(leg: PlayedLeg, who: str) -> bool:
    match leg.address:
        case Browser():
            return leg.address.operator == who
        case Phone():
            return leg.address.number == who
        case _:
            return False


def _called(leg: PlayedLeg) -> str:
    match leg.address:
        case Browser():
            return leg.address.operator
        case Phone():
            return leg.address.number
        case UnitOf():
            return leg.address.unit_id
        case None:
            return leg.leg
