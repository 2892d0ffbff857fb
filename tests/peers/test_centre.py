"""A whole centre between units and phones of other makes: who is rung, who is passed, who hears whom."""

from pathlib import Path

from hub.core import timings
from tests.peers import odd_phones as phones
from tests.peers import odd_units as units
from tests.peers.baresip import Baresip, Line
from tests.peers.centre import UNIT, RunningCentre
from tests.peers.rtp import RATE_HZ, RtpPort
from tests.peers.sipp import Sipp
from tests.peers.sound import LONG_ENOUGH_S, Phrase, Sound, SpokenFiles, assert_says
from tests.waiting import GENEROUS_S, until

ALARM = "0123456789abcdef:42"
KEPT_OPEN_S = timings.UNIT_BACK_WITHIN_S
"""An operator waits for so long for a unit that was lost: it calls again by itself."""


def test_a_stranger_is_refused(tmp_path: Path, media: RtpPort) -> None:
    with (
        RunningCentre(tmp_path, []) as centre,
        Sipp(
            tmp_path / "unit", units.is_refused(403), centre.address, user="unit-9999", alarm=ALARM, media=media.port
        ) as unit,
    ):
        unit.wait()


def test_who_is_busy_is_passed_and_the_next_one_speaks_with_the_room(
    tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles
) -> None:
    line = Line("operator", spoken_files[Phrase.QUESTION, RATE_HZ][0])
    with (
        Sipp(tmp_path / "busy", phones.refuses(486)) as busy,
        Sipp(tmp_path / "gone", phones.refuses(404)) as gone,
        Baresip(tmp_path / "phone", line) as phone,
        RunningCentre(tmp_path, [busy.uri, gone.uri, phone.uri], are_sure=True) as centre,
        Sipp(tmp_path / "unit", units.SPEAKS, centre.address, user=UNIT, alarm=ALARM, media=media.port) as unit,
    ):
        media.speak(unit.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        phone.wait_for("CALL_ESTABLISHED")
        busy.wait()
        gone.wait()
        heard_before = len(media.samples)
        assert_says(phone.wait_for_sound(2 * LONG_ENOUGH_S), Phrase.NUMBERS, spoken_files)
        media.wait_for_sound(LONG_ENOUGH_S)
        assert_says(Sound(RATE_HZ, media.samples[heard_before:]), Phrase.QUESTION, spoken_files)


def test_a_mailbox_does_not_get_the_call(tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles) -> None:
    line = Line("operator", spoken_files[Phrase.QUESTION, RATE_HZ][0])
    with (
        RtpPort() as recorded,
        Sipp(tmp_path / "mailbox", phones.ANSWERS_AT_ONCE, media=recorded.port) as mailbox,
        Baresip(tmp_path / "phone", line) as phone,
        RunningCentre(tmp_path, [mailbox.uri, phone.uri]) as centre,
        Sipp(tmp_path / "unit", units.SPEAKS, centre.address, user=UNIT, alarm=ALARM, media=media.port) as unit,
    ):
        media.speak(unit.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        recorded.speak(mailbox.sound_port(), spoken_files[Phrase.QUESTION, RATE_HZ][1].samples)
        phone.wait_for("CALL_ESTABLISHED")
        mailbox.wait()
        phone.tell("sndcode", "1")
        heard_before = len(media.samples)
        media.wait_for_sound(2 * LONG_ENOUGH_S)
        assert_says(Sound(RATE_HZ, media.samples[heard_before:]), Phrase.QUESTION, spoken_files)


def test_a_unit_that_hangs_up_leaves_nobody_behind(tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles) -> None:
    line = Line("operator", spoken_files[Phrase.QUESTION, RATE_HZ][0])
    with (
        Baresip(tmp_path / "phone", line) as phone,
        RunningCentre(tmp_path, [phone.uri], are_sure=True) as centre,
        Sipp(
            tmp_path / "unit", units.SPEAKS_AND_HANGS_UP, centre.address, user=UNIT, alarm=ALARM, media=media.port
        ) as unit,
    ):
        media.speak(unit.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        phone.wait_for("CALL_ESTABLISHED")
        unit.wait()
        until(lambda: phone.has_said("CALL_CLOSED"), "the phone is hung up on", KEPT_OPEN_S + GENEROUS_S)
