"""The centre's door of voice in a test, with a real engine or a played one, and everything that it reports."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from device.voice import messages as vm
from hub.adapters.voice.adapter import Voice
from hub.adapters.voice.numbers import Directory
from hub.adapters.voice.settings import VoiceSettings
from hub.adapters.voice.webrtc import messages as wm
from hub.adapters.voice.webrtc.headset import Headset
from hub.core import call_events as ce
from hub.core import effects as fx
from hub.core import events as ev
from hub.core.call_records import Browser, Phone
from hub.core.effects import AnswerCall, Bridge, Part, Prompt, Ring, Spoken
from tests.device.voice.party import Party
from tests.waiting import Heard

E = TypeVar("E", bound=ev.Event)
UDP = vm.Transport(protocol=vm.Protocol.UDP)


class PlayedEngine:
    """Runs as soon as it is started, keeps what it is told, and says what a test makes it say."""

    def __init__(self, settings: vm.Settings, report: Callable[[vm.EngineEvent], None]) -> None:
        self.settings = settings
        self.say = report
        self.told: Heard[vm.EngineCommand] = Heard()
        self.is_running = False

    def start(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.is_running = True
        self.say(
            vm.EngineStarted(
                version="2.17",
                is_own_build=True,
                most_legs=256,
                codecs=("opus", "G722"),
                has_sound_cards=False,
                tls="OpenSSL 3",
                addresses=("127.0.0.1:5060",),
            )
        )

    def send(self, command: vm.EngineCommand) -> None:
        self.told(command)

    def stop(self) -> None:
        self.is_running = False


class SpokenCentre:
    """A door, and what came through it."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.heard: Heard[ev.Event] = Heard()

    def wait(self, kind: type[E], count: int = 1, **fields: object) -> E:
        """Return the `count`-th event of a kind with these fields."""

        def is_it(event: ev.Event) -> bool:
            return isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items())

        found = self.heard.wait(is_it, count)
        assert isinstance(found, kind)
        return found

    def count(self, kind: type[ev.Event]) -> int:
        return sum(isinstance(event, kind) for event in self.heard.all)

    @property
    def uri(self) -> str:
        return f"sip:alarm@{self.voice.addresses[0]}"

    def take_call(self, unit: Party, **headers: str) -> str:
        """Let a unit call, and answer; return the leg."""
        before = self.count(ce.CallArrived)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        unit.tell(vm.PlaceCall(leg=f"call-{before}", uri=self.uri, headers=named))
        leg = self.wait(ce.CallArrived, before + 1).leg
        self.voice.perform(AnswerCall(leg))
        self.wait(ce.LegHeard, leg=leg)
        return leg

    def ring_browser(self, leg: str, operator: str = "anna") -> None:
        self.voice.perform(Ring(leg, Browser(operator), incident_id=1))
        self.wait(ce.LegRinging, leg=leg)

    def answer_in(self, browser: Headset, leg: str, operator: str = "anna") -> None:
        """Ring an operator's browser, and let it answer."""
        self.ring_browser(leg, operator)
        browser.call(lambda offer: self.voice.answer(leg, operator, offer))
        self.wait(ce.LegAnswered, leg=leg)
        self.wait(ce.LegHeard, leg=leg)

    def ring_phone(self, leg: str, phone: Party) -> None:
        self.voice.perform(Ring(leg, Phone(phone.uri), incident_id=1))

    def bridge(self, *legs: str) -> None:
        self.voice.perform(Bridge(1, tuple(map(Part, legs))))


class Played(SpokenCentre):
    """A door with a played engine."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice)
        assert isinstance(voice._engine, PlayedEngine)
        self.engine = voice._engine

    def told(self, kind: type[vm.EngineCommand]) -> list[vm.EngineCommand]:
        return [command for command in self.engine.told.all if isinstance(command, kind)]

    def arrives(self, leg: str = "in-1", from_user: str = "home-17") -> None:
        self.engine.say(
            vm.LegArrived(
                leg=leg,
                from_user=from_user,
                from_host="127.0.0.1",
                to_user="alarm",
                protocol=vm.Protocol.UDP,
                source="127.0.0.1:5080",
            )
        )

    def ended(self, leg: str) -> list[ce.LegEnded]:
        return [event for event in self.heard.all if isinstance(event, ce.LegEnded) and event.leg == leg]

    def do(self, *effects: fx.Effect) -> None:
        for effect in effects:
            self.voice.perform(effect)


def over(leg: str, status: int = 200, by: vm.EndedBy = vm.EndedBy.THEM) -> vm.LegEnded:
    return vm.LegEnded(leg=leg, status=status, reason="OK", by=by)


def say(saying: str = "s1", leg: str = "in-1") -> fx.Say:
    return fx.Say(saying, leg, Spoken((Prompt.GREETING, Prompt.LOOKING), "lv"))


def settings(folder: Path, directory: Directory | None = None, *transports: vm.Transport) -> VoiceSettings:
    return VoiceSettings(
        engine=vm.Settings(user="alarm", transports=transports or (UDP,), silence_limit_s=2.0),
        recordings=folder / "recordings",
        keys=folder / "keys",
        directory=directory or Directory(),
        browsers=wm.Settings(silence_limit_s=1.0),
    )


@contextmanager
def open_door(voice: Voice) -> Iterator[SpokenCentre]:
    """Open the door, and close it."""
    centre = SpokenCentre(voice)
    try:
        voice.start(centre.heard)
        yield centre
    finally:
        voice.stop()
