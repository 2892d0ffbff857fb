"""The unit's door of voice: what the core asks for reaches the engine, what the engine says reaches the core."""

import pytest

from device.adapters.voice import Voice, VoiceSettings
from device.adapters.voice.adapter import build_of
from device.core import effects
from device.core import events as ev
from device.core.effects import (
    OF_VOICE,
    AnswerCall,
    EndCall,
    Indicate,
    Light,
    PlaceCall,
    SetSpeech,
)
from device.ports import Adapter
from device.voice import messages as engine
from device.voice.messages import ROOM, Link
from device.wire.messages import MessageKey
from device.wire.vocabulary import CallPurpose, SpeechMode
from tests.device.adapters.voice.played_engine import LOOPBACK, STARTED, TARGETS, House, PlayedEngine

ALARM = MessageKey(epoch="0123456789abcdef", seq=7)
PLACED = PlaceCall("out-1", 0, ALARM)


def arrived(**more: object) -> engine.LegArrived:
    given = {
        "leg": "in-1",
        "from_user": "centre",
        "from_host": "127.0.0.1",
        "to_user": "poga-0001",
        "protocol": engine.Protocol.UDP,
        "source": "127.0.0.1:5060",
    }
    return engine.LegArrived.model_validate(given | more)


def stand(house: House, call: str = "out-1") -> None:
    """Have a call that is answered."""
    house.voice.perform(PlaceCall(call, 0, ALARM))
    house.engine.say(engine.LegAnswered(leg=call))


# --- the engine's life ---


def test_it_performs_all_that_is_of_voice() -> None:
    door: Adapter = House().voice
    assert set(door.performs) == set(OF_VOICE)
    with pytest.raises(TypeError, match="voice does not perform Indicate"):
        door.perform(Indicate(Light.STEADY))


def test_an_engine_that_starts_is_told_with_what_it_can_do(house: House) -> None:
    told = house.told(ev.VoiceStarted)
    assert told.build == build_of(STARTED)
    assert told.build == "PJSIP 2.17 (own build): 256 legs, sound cards, codecs opus, G722, TLS 1.2 and 1.3"
    assert house.told(ev.SoundFound).name == "a card"


def test_without_an_engine_the_unit_lives_and_says_so_once() -> None:
    house = House()
    settings = VoiceSettings(engine.Settings(user="poga-0001", transports=(LOOPBACK,)), TARGETS)
    voice = Voice(settings, house._make, lambda: "pjsua2 is not installed")
    voice.start(house.events)
    voice.perform(PLACED)
    voice.perform(AnswerCall("in-1"))
    voice.perform(effects.TestSound())
    voice.stop()
    assert not house.engines[-1].is_started
    assert [event for event in house.events.all if isinstance(event, ev.VoiceLost)] == [
        ev.VoiceLost("pjsua2 is not installed")
    ]
    assert house.told(ev.CallEnded).call == "out-1"
    assert not house.told(ev.SoundTested).test.is_heard


def test_an_engine_that_is_lost_takes_every_call_along_and_nothing_more_is_said_of_them(house: House) -> None:
    stand(house)
    house.voice.perform(SetSpeech("out-1", SpeechMode.DUPLEX, 6))
    house.engine.lose("it hung")
    assert house.told(ev.VoiceLost).reason == "it hung"
    before = len(house.engine.heard.all)
    for effect in (EndCall("out-1"), SetSpeech("out-1", SpeechMode.SPEAK, 6), AnswerCall("out-1")):
        house.voice.perform(effect)
    house.engine.say(engine.LegEnded(leg="out-1", status=0, reason="", by=engine.EndedBy.US))
    assert len(house.engine.heard.all) == before
    assert not [event for event in house.events.all if isinstance(event, ev.CallEnded)]


def test_an_engine_that_cannot_start_is_told_once_and_its_recovery_too() -> None:
    house = House()
    house.voice.start(house.events)
    for _ in range(3):
        house.engine.lose("cert_file cannot be read")
    house.engine.begin()
    house.engine.lose("killed")
    house.voice.stop()
    told = [event for event in house.events.all if isinstance(event, ev.VoiceLost | ev.VoiceStarted)]
    assert [type(event) for event in told] == [ev.VoiceLost, ev.VoiceStarted, ev.VoiceLost]


def test_no_link_of_an_old_engine_is_left_in_a_new_one(house: House) -> None:
    stand(house)
    house.voice.perform(SetSpeech("out-1", SpeechMode.DUPLEX, 6))
    house.engine.lose()
    house.engine.begin()
    stand(house, "out-2")
    house.voice.perform(SetSpeech("out-2", SpeechMode.LISTEN, 6))
    assert house.engine.linked() == (Link(source=ROOM, sink="out-2"),)


def test_after_the_end_nothing_is_told(house: House) -> None:
    house.voice.stop()
    before = len(house.events.all)
    house.engine.lose()
    assert house.engine.is_stopped
    assert len(house.events.all) == before


# --- calls that the unit places ---


def test_a_call_goes_to_its_target_and_says_what_it_is_about(house: House) -> None:
    house.voice.perform(PLACED)
    house.voice.perform(PlaceCall("out-2", 1, None, "call-9"))
    assert house.engine.all(engine.PlaceCall) == [
        engine.PlaceCall(leg="out-1", uri=TARGETS[0].uri, headers={"Poga-Alarm": str(ALARM)}, srtp=TARGETS[0].srtp),
        engine.PlaceCall(leg="out-2", uri=TARGETS[1].uri, headers={"Poga-Call": "call-9"}, srtp=TARGETS[1].srtp),
    ]


def test_what_becomes_of_a_call_is_told(house: House) -> None:
    house.voice.perform(PLACED)
    before = len(house.events.all)
    for said in (
        engine.LegProgressed(leg="out-1", status=100),
        engine.LegAnswered(leg="out-1", codec="opus"),
        engine.LegHeard(leg="out-1"),
        engine.LegHeld(leg="out-1", is_held=True),
        engine.DigitHeard(leg="out-1", digit="4"),
        engine.LegEnded(leg="out-1", status=200, reason="OK", by=engine.EndedBy.SILENCE),
        engine.LegEnded(leg="out-1", status=200, reason="OK", by=engine.EndedBy.THEM),
    ):
        house.engine.say(said)
    assert house.events.all[before:] == [
        ev.CallProgressed("out-1", 100),
        ev.CallAnswered("out-1"),
        ev.CallHeard("out-1"),
        ev.KeyHeard("out-1", "4"),
        ev.CallEnded("out-1", 200, "OK", is_silence=True),
    ]


def test_a_call_that_cannot_be_placed_is_over(house: House) -> None:
    house.voice.perform(PLACED)
    house.engine.say(engine.CommandFailed(command="place_call", subject="out-1", reason="the engine does not run"))
    assert house.told(ev.CallEnded) == ev.CallEnded("out-1", 0, "the engine does not run", is_silence=False)


def test_another_command_that_fails_ends_no_call(house: House) -> None:
    stand(house)
    house.engine.say(engine.CommandFailed(command="end_leg", subject="out-1", reason="no"))
    assert not [event for event in house.events.all if isinstance(event, ev.CallEnded)]


def test_a_call_is_ended_with_the_status_that_fits(house: House) -> None:
    stand(house)
    house.voice.perform(EndCall("out-1", 486))
    assert house.engine.all(engine.EndLeg) == [engine.EndLeg(leg="out-1", status=486)]


# --- calls that arrive ---


@pytest.mark.parametrize("is_from_centre", [True, False])
def test_a_call_that_arrives_is_told_whoever_calls(house: House, is_from_centre: bool) -> None:
    house.engine.arrive("in-1")
    house.engine.say(arrived(source="127.0.0.1:5060" if is_from_centre else "192.0.2.1:5060"))
    told = house.told(ev.CallArrived)
    assert told == ev.CallArrived("in-1", CallPurpose.SPEAK, is_from_centre)
    house.voice.perform(AnswerCall("in-1") if is_from_centre else EndCall("in-1"))
    answer = engine.AnswerLeg(leg="in-1") if is_from_centre else engine.EndLeg(leg="in-1", status=603)
    assert house.engine.heard.all[-1] == answer


def test_an_announcement_is_told_as_such(house: House) -> None:
    house.engine.arrive("in-1")
    house.engine.say(arrived(headers={"Poga-Purpose": "announce"}))
    assert house.told(ev.CallArrived).purpose is CallPurpose.ANNOUNCE


# --- who hears whom ---


def test_an_answered_call_is_silent_until_it_is_said_who_hears_whom(house: House) -> None:
    stand(house)
    assert house.engine.linked() == ()


@pytest.mark.parametrize(
    ("mode", "links"),
    [
        (SpeechMode.DUPLEX, {(ROOM, "out-1"), ("out-1", ROOM)}),
        (SpeechMode.LISTEN, {(ROOM, "out-1")}),
        (SpeechMode.SPEAK, {("out-1", ROOM)}),
        (SpeechMode.SILENT, set()),
    ],
)
def test_every_mode_opens_what_it_says(house: House, mode: SpeechMode, links: set[tuple[str, str]]) -> None:
    stand(house)
    house.voice.perform(SetSpeech("out-1", mode, 6))
    assert {(link.source, link.sink) for link in house.engine.linked()} == links
    assert all(link.gain == 1 for link in house.engine.linked())
    house.engine.say(engine.LegEnded(leg="out-1", status=200, reason="", by=engine.EndedBy.THEM))
    assert house.engine.linked() == ()


def test_the_volume_is_the_rooms_loudspeaker_alone(house: House) -> None:
    stand(house)
    gains = []
    for volume in (0, 6, 10):
        house.voice.perform(SetSpeech("out-1", SpeechMode.DUPLEX, volume))
        gains.append({link.source: link.gain for link in house.engine.linked()})
    assert [gain[ROOM] for gain in gains] == [1, 1, 1]
    assert [gain["out-1"] for gain in gains] == pytest.approx([0.126, 1, 3.981])


# --- the sound of the room ---


def test_a_sound_device_that_comes_and_goes_is_told(house: House) -> None:
    house.engine.say(engine.SoundLost(reason="it was unplugged"))
    assert not house.voice.room.has_sound()
    house.engine.say(engine.SoundFound(name="a card"))
    house.engine.say(engine.SoundFound(name="a card"))  # it was only opened in another way
    assert house.voice.room.has_sound()
    told = [event for event in house.events.all if isinstance(event, ev.SoundLost | ev.SoundFound)]
    assert told == [ev.SoundFound("a card"), ev.SoundLost("it was unplugged"), ev.SoundFound("a card")]


def test_a_build_that_knows_no_sound_cards_has_lost_the_room(house: House) -> None:
    house.engine.say(engine.CommandFailed(command="set_sound", subject="", reason="this build knows no sound cards"))
    assert house.told(ev.SoundLost).reason == "this build knows no sound cards"


def test_a_mistake_in_the_door_does_not_end_the_thread_that_reads(house: House) -> None:
    def fail(event: ev.Event) -> None:
        raise ZeroDivisionError

    house.voice._report = fail
    house.engine.say(engine.SoundLost(reason="gone"))
    house.voice._report = house.events
    house.engine.say(engine.SoundFound(name="another"))
    house.events.wait(ev.SoundFound("another"))


def test_the_engine_is_what_the_settings_say(house: House) -> None:
    assert isinstance(house.engine, PlayedEngine)
    assert house.engine.settings.user == "poga-0001"
    assert house.engine.is_started
