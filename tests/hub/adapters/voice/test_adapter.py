"""The centre's door of voice, whole: real engines and real WebRTC around it; sound is known by its tone."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.voice import messages as vm
from device.wire.messages import MessageKey
from hub.adapters.voice.adapter import Voice
from hub.adapters.voice.webrtc.headset import Headset
from hub.core import call_events as ce
from hub.core.effects import (
    AnswerCall,
    Bridge,
    EndCall,
    Part,
    Prompt,
    RecordCall,
    RefuseCall,
    Say,
    Spoken,
    StopRecording,
    StopSaying,
    Text,
)
from tests.certificates import Authority, Certificate
from tests.device.voice.party import Mouth, Party, needs_pjsua2, parties
from tests.hub.adapters.voice.operators_browser import RATE_HZ, operators_browser
from tests.hub.adapters.voice.spoken_centre import SpokenCentre, open_door, settings
from tests.hub.adapters.voice.tones import channel, loudest
from tests.waiting import until

pytestmark = needs_pjsua2

ROOM_HZ, OPERATOR_HZ, CARER_HZ = 700, 440, 1_100
CLEAR, NOTHING = 0.05, 0.01


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[SpokenCentre]:
    with open_door(Voice(settings(tmp_path))) as centre:
        centre.wait(ce.VoiceStarted)
        until(lambda: centre.voice._browsers.is_running, "browsers can be answered")
        yield centre


@pytest.fixture
def unit() -> Iterator[Party]:
    with parties(Party("home-17")) as (unit,):
        yield unit


@pytest.fixture
def room(unit: Party, tmp_path: Path) -> Mouth:
    room = unit.open_mouth("room-of-17", tmp_path / "room", ROOM_HZ)
    unit.link(("room-of-17", "call-0"), ("call-0", "room-of-17"), ("room-of-17", "call-1"), ("call-1", "room-of-17"))
    return room


@pytest.fixture
def browser() -> Iterator[Headset]:
    with operators_browser(OPERATOR_HZ) as browser:
        yield browser


def hears(browser: Headset, hz: int) -> None:
    until(lambda: loudest(browser.heard(), hz, RATE_HZ) > CLEAR, f"the operator hears {hz} Hz")


def does_not_hear(browser: Headset, hz: int) -> None:
    until(lambda: loudest(browser.heard(), hz, RATE_HZ) < NOTHING, f"the operator does not hear {hz} Hz any more")


def killed(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_a_unit_says_who_it_is_and_what_it_calls_about(centre: SpokenCentre, unit: Party) -> None:
    centre.take_call(unit, Poga_Alarm="0a1b2c3d4e5f6071:7", Poga_Call="life-3")
    arrived = centre.wait(ce.CallArrived)
    assert (arrived.unit_id, arrived.call_id) == ("home-17", "life-3")
    assert arrived.alarm == MessageKey(epoch="0a1b2c3d4e5f6071", seq=7)


def test_a_stranger_is_nobody_and_refused(centre: SpokenCentre) -> None:
    with parties(Party("+37120000001")) as (stranger,):
        stranger.tell(vm.PlaceCall(leg="call", uri=centre.uri))
        arrived = centre.wait(ce.CallArrived)
        assert arrived.unit_id is None
        centre.voice.perform(RefuseCall(arrived.leg, 403))
        assert stranger.wait(vm.LegEnded).status == 403
        centre.wait(ce.LegEnded, leg=arrived.leg)


def test_room_and_browser_hear_each_other_until_the_operator_hangs_up(
    centre: SpokenCentre, unit: Party, room: Mouth, browser: Headset
) -> None:
    leg = centre.take_call(unit)
    centre.answer_in(browser, "b1")
    centre.bridge(leg, "b1")
    room.hears(OPERATOR_HZ)
    hears(browser, ROOM_HZ)
    browser.hang_up()
    ended = centre.wait(ce.LegEnded, leg="b1")
    assert not ended.is_silence
    centre.voice.perform(EndCall(leg))
    centre.wait(ce.LegEnded, leg=leg)
    unit.wait(vm.LegEnded)


def test_on_hold_nobody_hears_the_other(centre: SpokenCentre, unit: Party, room: Mouth, browser: Headset) -> None:
    leg = centre.take_call(unit)
    centre.answer_in(browser, "b1")
    centre.bridge(leg, "b1")
    hears(browser, ROOM_HZ)
    centre.voice.perform(Bridge(1, (Part(leg, hears=False, is_heard=False), Part("b1"))))
    does_not_hear(browser, ROOM_HZ)
    centre.bridge(leg, "b1")
    hears(browser, ROOM_HZ)


def test_a_carers_phone_joins_and_presses_a_key(
    centre: SpokenCentre, unit: Party, room: Mouth, browser: Headset, tmp_path: Path
) -> None:
    leg = centre.take_call(unit)
    centre.answer_in(browser, "b1")
    with parties(Party("carer")) as (carer,):
        carers = carer.open_mouth("mouth", tmp_path / "carer", CARER_HZ)
        centre.ring_phone("p1", carer)
        called = carer.wait(vm.LegArrived)
        carer.tell(vm.AnswerLeg(leg=called.leg, status=180))
        centre.wait(ce.LegRinging, leg="p1")
        carer.tell(vm.AnswerLeg(leg=called.leg))
        carer.link(("mouth", called.leg), (called.leg, "mouth"))
        centre.wait(ce.LegAnswered, leg="p1")
        carer.tell(vm.SendDigits(leg=called.leg, digits="1"))
        centre.wait(ce.KeyHeard, leg="p1", key="1")
        centre.bridge(leg, "b1", "p1")
        room.hears(CARER_HZ)
        hears(browser, CARER_HZ)
        carers.hears(ROOM_HZ)
        carers.hears(OPERATOR_HZ)
        carer.tell(vm.EndLeg(leg=called.leg))
        centre.wait(ce.LegEnded, leg="p1")


def test_a_phone_that_is_busy_has_ended_with_its_status(centre: SpokenCentre) -> None:
    with parties(Party("carer")) as (carer,):
        centre.ring_phone("p1", carer)
        carer.tell(vm.EndLeg(leg=carer.wait(vm.LegArrived).leg, status=486))
        assert centre.wait(ce.LegEnded, leg="p1").status == 486


def test_prompts_and_texts_are_said_to_the_end_and_can_be_stopped(
    centre: SpokenCentre, unit: Party, room: Mouth
) -> None:
    leg = centre.take_call(unit)
    centre.voice.perform(Say("s1", leg, Spoken((Prompt.RECORDED, Prompt.ANSWERED), "lv")))
    assert centre.wait(ce.SayingEnded, saying="s1").is_complete
    centre.voice.perform(Say("s2", leg, Text("Lifts nedarbojas.", "lv")))
    assert centre.wait(ce.SayingEnded, saying="s2").is_complete
    centre.voice.perform(Say("s3", leg, Spoken((Prompt.GREETING,), "fi")))
    centre.voice.perform(StopSaying("s3"))
    assert not centre.wait(ce.SayingEnded, saying="s3").is_complete
    centre.voice.perform(Say("s4", leg, Text("Nobody waits for this.", "en")))
    centre.voice.perform(StopSaying("s4"))
    assert not centre.wait(ce.SayingEnded, saying="s4").is_complete
    assert centre.count(ce.SayingEnded) == 4


def test_a_saying_ends_with_its_leg(centre: SpokenCentre, unit: Party) -> None:
    leg = centre.take_call(unit)
    centre.voice.perform(Say("s1", leg, Spoken((Prompt.GREETING,), "ru")))
    unit.tell(vm.EndLeg(leg="call-0"))
    centre.wait(ce.LegEnded, leg=leg)
    assert not centre.wait(ce.SayingEnded, saying="s1").is_complete


def test_a_call_is_recorded_the_room_on_the_left_everybody_else_on_the_right(
    centre: SpokenCentre, unit: Party, room: Mouth, browser: Headset
) -> None:
    leg = centre.take_call(unit)
    centre.answer_in(browser, "b1")
    centre.bridge(leg, "b1")
    centre.voice.perform(RecordCall(1, "life-1", 1, leg))
    path = centre.voice._archive.path_of("life-1")
    until(lambda: path.exists() and path.stat().st_size > 3 * 64_000, "three seconds are recorded")
    centre.voice.perform(StopRecording("life-1"))
    recorded = centre.wait(ce.RecordingEnded, recording_id="life-1")
    assert recorded.seconds >= 3
    with closing(centre.voice.recordings.open(recorded.file)) as sound:
        stereo = b"".join(sound.read(44))
    left, right = channel(stereo, 0), channel(stereo, 1)
    assert (loudest(left, ROOM_HZ) > CLEAR, loudest(left, OPERATOR_HZ) < NOTHING) == (True, True)
    assert (loudest(right, OPERATOR_HZ) > CLEAR, loudest(right, ROOM_HZ) < NOTHING) == (True, True)


def test_a_killed_engine_loses_its_calls_and_is_back_for_the_next(
    centre: SpokenCentre, unit: Party, room: Mouth, browser: Headset
) -> None:
    leg = centre.take_call(unit)
    centre.answer_in(browser, "b1")
    centre.bridge(leg, "b1")
    engine = centre.voice._engine
    killed(engine.pid)  # type: ignore[attr-defined]
    centre.wait(ce.VoiceLost)
    centre.wait(ce.VoiceStarted, 2)
    assert unit.wait(vm.LegEnded, leg="call-0").by is vm.EndedBy.SILENCE
    again = centre.take_call(unit)
    with operators_browser(OPERATOR_HZ) as another:
        centre.answer_in(another, "b2")
        centre.bridge(again, "b2")
        room.hears(OPERATOR_HZ)
        hears(another, ROOM_HZ)
    assert not [event for event in centre.heard.all if isinstance(event, ce.LegEnded) and event.leg in (leg, "b1")]


def test_killed_webrtc_ends_the_browsers_leg_and_the_unit_stays(
    centre: SpokenCentre, unit: Party, room: Mouth, browser: Headset
) -> None:
    leg = centre.take_call(unit)
    centre.answer_in(browser, "b1")
    centre.bridge(leg, "b1")
    killed(centre.voice._browsers.pid)
    centre.wait(ce.LegEnded, leg="b1")
    until(lambda: centre.voice._browsers.is_running, "browsers can be answered again")
    with operators_browser(OPERATOR_HZ) as again:
        centre.answer_in(again, "b2")
        centre.bridge(leg, "b2")
        room.hears(OPERATOR_HZ)
        hears(again, ROOM_HZ)


def test_a_unit_that_falls_silent_has_ended_by_silence(centre: SpokenCentre) -> None:
    with parties(Party("home-18")) as (unit,):
        leg = centre.take_call(unit)
        killed(unit.engine.pid)
        assert centre.wait(ce.LegEnded, leg=leg).is_silence


def test_over_tls_a_unit_is_whom_its_certificate_names_and_its_sound_is_encrypted(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path, "authority")
    own = authority.issue("centre")
    door = Voice(settings(tmp_path, None, _tls(authority, own)))
    certificate = authority.issue("unit", "DNS:home-17")
    units = [Party(unit, _tls(authority, certificate)) for unit in ("home-17", "home-18")]
    with open_door(door) as centre, parties(*units):
        centre.wait(ce.VoiceStarted)
        for unit in units:
            unit.tell(vm.PlaceCall(leg="call", uri=f"{centre.uri};transport=tls", srtp=vm.Srtp.MANDATORY))
        arrived = [centre.wait(ce.CallArrived, number) for number in (1, 2)]
        assert {call.caller.split("@")[0]: call.unit_id for call in arrived} == {"home-17": "home-17", "home-18": None}
        for call in arrived:
            centre.voice.perform(AnswerCall(call.leg))
        assert all(unit.wait(vm.LegAnswered).is_encrypted for unit in units)


def _tls(authority: Authority, own: Certificate) -> vm.Transport:
    return vm.Transport(
        protocol=vm.Protocol.TLS,
        cert_file=own.cert,
        key_file=own.key,
        ca_file=authority.cert,
        srtp=vm.Srtp.MANDATORY,
    )
