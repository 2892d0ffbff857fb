"""Calls that change while they last: sound that moves, being on hold, keys that are pressed.

Rules: as with odd phones, the phone's own verdict counts too.
"""

from pathlib import Path

import pytest

from device.voice.messages import DigitHeard, HoldLeg, LegAnswered, LegHeard, LegHeld, SendDigits
from tests.peers import odd_phones as phones
from tests.peers.engine import RunningEngine
from tests.peers.rtp import RATE_HZ, RtpPort
from tests.peers.scenario import Scenario
from tests.peers.sipp import Sipp
from tests.peers.sound import LONG_ENOUGH_S, Phrase, Sound, SpokenFiles, assert_says
from tests.waiting import until


@pytest.mark.parametrize("plays", [phones.MOVES_ITS_SOUND, phones.REFRESHES], ids=lambda plays: plays.about)
def test_sound_follows_the_phone(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, plays: Scenario
) -> None:
    with RtpPort() as elsewhere, Sipp(tmp_path, plays, media=media.port, elsewhere=elsewhere.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegAnswered, leg)
        engine.converse(leg, spoken_files[Phrase.QUESTION, 2 * RATE_HZ][0])
        until(lambda: elsewhere.packets > 0, "sound comes where it is wanted now")
        elsewhere.speak(phone.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        elsewhere.wait_for_sound(LONG_ENOUGH_S)
        assert_says(engine.wait_for_sound(leg, LONG_ENOUGH_S), Phrase.NUMBERS, spoken_files)
        assert_says(Sound(RATE_HZ, elsewhere.samples), Phrase.QUESTION, spoken_files)
        engine.hang_up(leg)
        phone.wait()
        engine.be_silent(leg)
    assert len(engine.heard(LegAnswered, leg)) == 1


def test_who_holds_may_be_silent_and_is_heard_again(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles
) -> None:
    with Sipp(tmp_path, phones.HOLDS, media=media.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegAnswered, leg)
        media.speak(phone.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, leg)
        assert engine.wait(LegHeld, leg).is_held
        media.be_silent()
        assert not engine.wait(LegHeld, leg, count=2).is_held
        engine.converse(leg, spoken_files[Phrase.QUESTION, 2 * RATE_HZ][0])
        media.speak(phone.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        assert_says(engine.wait_for_sound(leg, LONG_ENOUGH_S), Phrase.NUMBERS, spoken_files)
        engine.hang_up(leg)
        phone.wait()
        engine.be_silent(leg)


def test_a_phone_is_held_and_taken_back(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles
) -> None:
    with Sipp(tmp_path, phones.IS_HELD, media=media.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegAnswered, leg)
        media.speak(phone.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, leg)
        engine.send(HoldLeg(leg=leg, is_held=True))
        until(lambda: "a=sendonly" in phone.messages, "it is held")
        engine.send(HoldLeg(leg=leg, is_held=False))
        until(lambda: phone.messages.count("INVITE sip:odd") == 3, "it is taken back")
        engine.converse(leg, spoken_files[Phrase.QUESTION, 2 * RATE_HZ][0])
        assert_says(engine.wait_for_sound(leg, LONG_ENOUGH_S), Phrase.NUMBERS, spoken_files)
        assert_says(Sound(RATE_HZ, media.samples), Phrase.QUESTION, spoken_files)
        engine.hang_up(leg)
        phone.wait()
        engine.be_silent(leg)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_keys_are_heard_by_rfc_4733(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles
) -> None:
    with Sipp(tmp_path, phones.ANSWERS_AT_ONCE, media=media.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegAnswered, leg)
        media.speak(phone.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, leg)
        media.press(phone.sound_port(), "0479*#", phone.keys_kind())
        engine.wait(DigitHeard, leg, count=6)
        engine.hang_up(leg)
        phone.wait()
    assert "".join(event.digit for event in engine.heard(DigitHeard, leg)) == "0479*#"


def test_keys_are_heard_by_info(engine: RunningEngine, tmp_path: Path, media: RtpPort) -> None:
    with Sipp(tmp_path, phones.PRESSES_BY_INFO, media=media.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(DigitHeard, leg, count=2)
        engine.hang_up(leg)
        phone.wait()
    assert "".join(event.digit for event in engine.heard(DigitHeard, leg)) == "70"


def test_keys_are_pressed_by_rfc_4733(engine: RunningEngine, tmp_path: Path, media: RtpPort) -> None:
    with Sipp(tmp_path, phones.ANSWERS_AT_ONCE, media=media.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegAnswered, leg)
        engine.send(SendDigits(leg=leg, digits="147#"))
        until(lambda: len(media.keys) == 4, "four keys come")
        assert media.keys == "147#"
        engine.hang_up(leg)
        phone.wait()


def test_keys_are_pressed_by_info_where_it_must_be(engine: RunningEngine, tmp_path: Path, media: RtpPort) -> None:
    with Sipp(tmp_path, phones.KNOWS_KEYS_BY_INFO_ALONE, media=media.port) as phone:
        leg = engine.call(phone.uri)
        engine.wait(LegAnswered, leg)
        engine.send(SendDigits(leg=leg, digits="14"))
        until(lambda: phone.messages.count("INFO sip:") == 2, "two keys come")
        engine.hang_up(leg)
        phone.wait()
    assert not media.keys
