"""The unit's door of voice on a real engine, and a centre's real engine at the other end: what is said is heard."""

import io
import os
import signal
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from device.adapters.voice import Target, Voice, VoiceSettings
from device.core import effects
from device.core import events as ev
from device.core.effects import AnswerCall, EndCall, PlaceCall, SetSpeech
from device.voice.client import VoiceEngine
from device.voice.messages import (
    EndLeg,
    LegAnswered,
    LegEnded,
    Protocol,
    SendDigits,
    Settings,
    Sound,
    SoundKind,
    Srtp,
    Transport,
)
from device.voice.messages import PlaceCall as PlaceLeg
from device.wire.messages import MessageKey
from device.wire.vocabulary import SpeechMode
from tests.device.voice.card import ECHO_FRAMES, NAME, Card
from tests.device.voice.party import IS_HEARD, Mouth, needs_pjsua2, tone
from tests.speech.called_centre import CENTRE_HZ, CalledCentre, called_centre
from tests.waiting import Heard

pytestmark = needs_pjsua2

ROOM_HZ = 440
WORDS_HZ = 700
ALARM = MessageKey(epoch="0123456789abcdef", seq=7)
E = TypeVar("E")


class Unit:
    """A unit's door of voice, and what it reports."""

    def __init__(self, target: str, sound: Sound) -> None:
        self.events: Heard[ev.Event] = Heard()
        engine = Settings(
            user="poga-0001",
            transports=(Transport(protocol=Protocol.UDP, host="127.0.0.1"),),
            sound=sound,
            silence_limit_s=2.0,
        )
        self.voice = Voice(VoiceSettings(engine, (Target(target, Srtp.OFF),)))
        self.voice.start(self.events)

    def told(self, kind: type[E], count: int = 1) -> E:
        event = self.events.wait(lambda event: isinstance(event, kind), count)
        assert isinstance(event, kind)
        return event

    @property
    def pid(self) -> int:
        assert isinstance(self.voice._engine, VoiceEngine)
        pid = self.voice._engine.pid
        assert pid is not None
        return pid

    def close(self) -> None:
        self.voice.stop()


class Home(Unit):
    """A unit whose room says a tone, and hears."""

    def __init__(self, target: str, folder: Path) -> None:
        super().__init__(target, Sound(kind=SoundKind.SOCKET, socket=folder / "room"))
        self.told(ev.SoundFound)
        self.room = Mouth(folder / "room", tone(ROOM_HZ, 1.0))

    def close(self) -> None:
        self.room.close()
        super().close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name, for a socket's path is short."""
    with tempfile.TemporaryDirectory(prefix="poga-") as folder:
        yield Path(folder)


@pytest.fixture
def centre(folder: Path) -> Iterator[CalledCentre]:
    with called_centre(folder) as centre:
        yield centre


@pytest.fixture
def unit(centre: CalledCentre, folder: Path) -> Iterator[Home]:
    unit = Home(centre.uri, folder)
    yield unit
    unit.close()


@pytest.fixture
def card(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    """A sound card in a room with an echo: its microphone hears its loudspeaker, half as loud."""
    card = Card(folder)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card.configuration))
    card.plug()
    yield card
    card.unplug()


def call(unit: Home, centre: CalledCentre, name: str = "out-1") -> None:
    unit.voice.perform(PlaceCall(name, 0, ALARM, "call-9"))
    arrived = centre.answer()
    assert arrived.from_user == "poga-0001"
    assert (arrived.headers["Poga-Alarm"], arrived.headers["Poga-Call"]) == (str(ALARM), "call-9")
    unit.events.wait(ev.CallHeard(name))


@pytest.mark.parametrize("mode", SpeechMode)
def test_room_and_centre_hear_each_other_as_the_unit_decides(
    unit: Home, centre: CalledCentre, mode: SpeechMode
) -> None:
    call(unit, centre)
    unit.voice.perform(SetSpeech("out-1", mode, 6))
    # Words of the unit's own show that the links of this mode stand: who hears nothing until then hears nothing.
    unit.voice.room.play(wav(WORDS_HZ), 1.0)
    if mode in (SpeechMode.DUPLEX, SpeechMode.LISTEN):
        centre.mouth.hears(ROOM_HZ)
    if mode in (SpeechMode.DUPLEX, SpeechMode.SPEAK):
        unit.room.hears(CENTRE_HZ)
    unit.room.hears(WORDS_HZ)
    assert (centre.mouth.strength(ROOM_HZ) > IS_HEARD) is (mode in (SpeechMode.DUPLEX, SpeechMode.LISTEN))
    assert (unit.room.strength(CENTRE_HZ) > IS_HEARD) is (mode in (SpeechMode.DUPLEX, SpeechMode.SPEAK))
    unit.voice.perform(EndCall("out-1"))
    assert unit.told(ev.CallEnded).call == "out-1"
    centre.party.wait(LegEnded)


def test_words_are_heard_in_the_room_and_not_at_the_centre(unit: Home, centre: CalledCentre) -> None:
    call(unit, centre)
    unit.voice.perform(SetSpeech("out-1", SpeechMode.LISTEN, 6))
    centre.mouth.hears(ROOM_HZ)
    playing = unit.voice.room.play(wav(WORDS_HZ), 1.0)
    unit.room.hears(WORDS_HZ)
    assert playing.wait()
    assert centre.mouth.strength(WORDS_HZ) < IS_HEARD


def test_keys_are_heard_and_the_end_is_told(unit: Home, centre: CalledCentre) -> None:
    unit.voice.perform(PlaceCall("out-1", 0))
    arrived = centre.answer()
    unit.events.wait(ev.CallHeard("out-1"))
    centre.party.tell(SendDigits(leg=arrived.leg, digits="47"))
    unit.events.wait(ev.KeyHeard("out-1", "7"))
    centre.party.tell(EndLeg(leg=arrived.leg))
    ended = unit.told(ev.CallEnded)
    assert (ended.call, ended.is_silence) == ("out-1", False)


def test_the_centre_can_call_and_is_known_by_where_it_calls_from(unit: Home, centre: CalledCentre) -> None:
    here = unit.told(ev.VoiceStarted)
    assert here.build
    unit.voice.perform(PlaceCall("out-1", 0))
    source = centre.answer().source
    unit.events.wait(ev.CallHeard("out-1"))
    unit.voice.perform(EndCall("out-1"))
    unit.told(ev.CallEnded)
    headers = {"Poga-Purpose": "announce"}
    centre.party.tell(PlaceLeg(leg="back", uri=f"sip:poga-0001@{source}", headers=headers))
    arrived = unit.told(ev.CallArrived)
    assert (arrived.is_from_centre, arrived.purpose) == (True, "announce")
    unit.voice.perform(AnswerCall(arrived.call))
    centre.party.wait(LegAnswered, leg="back")
    unit.voice.perform(SetSpeech(arrived.call, SpeechMode.SPEAK, 6))
    centre.party.link(("mouth", "back"))
    unit.room.hears(CENTRE_HZ)


def test_a_killed_engine_comes_back_and_can_call_at_once(unit: Home, centre: CalledCentre) -> None:
    call(unit, centre)
    unit.voice.perform(SetSpeech("out-1", SpeechMode.DUPLEX, 6))
    centre.mouth.hears(ROOM_HZ)
    os.kill(unit.pid, signal.SIGKILL)
    assert "SIGKILL" in unit.told(ev.VoiceLost).reason
    unit.told(ev.VoiceStarted, 2)
    call(unit, centre, "out-2")
    unit.voice.perform(SetSpeech("out-2", SpeechMode.DUPLEX, 6))
    unit.room.forget()
    unit.room.hears(CENTRE_HZ)
    assert not [event for event in unit.events.all if event == ev.CallEnded("out-1", 0, "", is_silence=False)]


def test_a_room_without_an_echo_hears_no_chirp(unit: Home) -> None:
    """This room says a tone of its own, and nothing of what its loudspeaker says."""
    unit.voice.perform(effects.TestSound())
    test = unit.told(ev.SoundTested).test
    assert not test.is_heard
    assert test.detail == "the chirp was not in what the microphone heard"


@pytest.mark.usefixtures("card")
def test_a_unit_hears_its_own_chirp_though_it_cancels_its_echo() -> None:
    unit = Unit("sip:alarm@127.0.0.1:9", Sound(kind=SoundKind.CARD, name=NAME))
    try:
        unit.events.wait(lambda event: isinstance(event, ev.SoundFound | ev.SoundLost))
        if not unit.voice.room.has_sound():
            pytest.skip("this build of pjsua2 knows no sound cards: make pjsua2")
        unit.voice.perform(effects.TestSound())
        test = unit.told(ev.SoundTested).test
    finally:
        unit.close()
    assert test.is_heard
    assert test.level_db == pytest.approx(-6, abs=3)
    assert test.delay_ms is not None
    assert test.delay_ms > ECHO_FRAMES * 20


def wav(hz: int) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone(hz, 1.0))
    return held.getvalue()
