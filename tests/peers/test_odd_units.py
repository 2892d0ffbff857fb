"""Units call the engine, and have bad days: what it tells of each, and that it bears them all.

Rules: the unit's own verdict counts too: it has played its scenario to the end.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.voice.messages import (
    AnswerLeg,
    DigitHeard,
    EndedBy,
    EndLeg,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegHeard,
    LegHeld,
    Protocol,
)
from tests.mosquitto import LOOPBACK
from tests.peers import odd_units as units
from tests.peers.engine import RunningEngine
from tests.peers.rtp import RATE_HZ, RtpPort
from tests.peers.scenario import Scenario
from tests.peers.sipp import Sipp
from tests.peers.sound import LONG_ENOUGH_S, Phrase, Sound, SpokenFiles, assert_says
from tests.waiting import until

UNIT, ALARM = "unit-0001", "4711:42"


@contextmanager
def unit(engine: RunningEngine, folder: Path, plays: Scenario, media: RtpPort) -> Iterator[Sipp]:
    """Let a unit call the engine."""
    with Sipp(folder, plays, engine.address, user=UNIT, alarm=ALARM, media=media.port) as calling:
        yield calling


def arrived(engine: RunningEngine, calls_before: int) -> str:
    """Return the leg of the call that comes now."""
    return engine.wait(LegArrived, count=calls_before + 1).leg


@pytest.fixture
def before(engine: RunningEngine) -> int:
    """How many calls had come before the test."""
    return len(engine.heard(LegArrived))


def test_who_calls_and_why_is_told_and_each_hears_the_other(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, before: int
) -> None:
    with unit(engine, tmp_path, units.SPEAKS, media) as calling:
        call = engine.wait(LegArrived, count=before + 1)
        assert (call.from_user, call.to_user, call.protocol) == (UNIT, "alarm", Protocol.UDP)
        assert call.headers["Poga-Alarm"] == ALARM
        assert call.source == f"{LOOPBACK}:{calling.port}"
        assert not call.names
        engine.send(AnswerLeg(leg=call.leg))
        engine.wait(LegAnswered, call.leg)
        engine.converse(call.leg, spoken_files[Phrase.QUESTION, 2 * RATE_HZ][0])
        media.speak(calling.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, call.leg)
        assert_says(engine.wait_for_sound(call.leg, LONG_ENOUGH_S), Phrase.NUMBERS, spoken_files)
        assert_says(Sound(RATE_HZ, media.samples), Phrase.QUESTION, spoken_files)
        engine.send(EndLeg(leg=call.leg))
        assert engine.wait(LegEnded, call.leg).by is EndedBy.US
        calling.wait()
        engine.be_silent(call.leg)


def test_a_unit_that_hangs_up_has_ended_the_leg(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, before: int
) -> None:
    with unit(engine, tmp_path, units.SPEAKS_AND_HANGS_UP, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        media.speak(calling.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        assert engine.wait(LegEnded, leg).by is EndedBy.THEM
        calling.wait()


@pytest.mark.parametrize("status", [403, 480, 486, 503, 603])
def test_a_refusal_carries_its_status(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int, status: int
) -> None:
    with unit(engine, tmp_path, units.is_refused(status), media) as calling:
        leg = arrived(engine, before)
        engine.send(EndLeg(leg=leg, status=status))
        assert engine.wait(LegEnded, leg).by is EndedBy.US
        calling.wait()


def test_a_unit_may_give_up_while_it_rings(engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int) -> None:
    with unit(engine, tmp_path, units.CANCELS, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg, status=180))
        ended = engine.wait(LegEnded, leg)
        assert (ended.status, ended.by) == (487, EndedBy.THEM)
        calling.wait()


def test_cancelling_what_was_answered_ends_nothing(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int
) -> None:
    with unit(engine, tmp_path, units.CANCELS_TOO_LATE, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        engine.wait(LegAnswered, leg)
        assert engine.wait(LegEnded, leg).by is EndedBy.THEM
        calling.wait()


def test_a_call_that_comes_four_times_is_one(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int
) -> None:
    with unit(engine, tmp_path, units.REPEATS_ITS_CALL, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg, status=180))
        until(lambda: calling.messages.count("INVITE sip:") == 4, "it has called four times")
        engine.send(AnswerLeg(leg=leg))
        engine.wait(LegAnswered, leg)
        engine.send(EndLeg(leg=leg))
        calling.wait()
    assert len(engine.heard(LegArrived)) == before + 1


def test_a_call_may_describe_its_sound_late(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, before: int
) -> None:
    with unit(engine, tmp_path, units.DESCRIBES_ITS_SOUND_LATE, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        engine.wait(LegAnswered, leg)
        media.speak(calling.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, leg)
        until(lambda: media.packets > 0, "it hears us")
        engine.send(EndLeg(leg=leg))
        calling.wait()


def test_an_answer_that_is_never_confirmed_can_be_taken_back(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("an answer is repeated for 32 s before BYE may be said: --long")
    with unit(engine, tmp_path, units.NEVER_CONFIRMS, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        until(lambda: calling.messages.count("SIP/2.0 200 OK") > 1, "the answer comes again")
        engine.send(EndLeg(leg=leg))
        assert engine.wait(LegEnded, leg).by is EndedBy.US
        calling.wait()
    assert not engine.heard(LegAnswered, leg)


def test_who_holds_may_be_silent_and_is_heard_again(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, before: int
) -> None:
    with unit(engine, tmp_path, units.HOLDS, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        media.speak(calling.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        assert engine.wait(LegHeld, leg).is_held
        media.be_silent()
        assert not engine.wait(LegHeld, leg, count=2).is_held
        engine.send(EndLeg(leg=leg))
        assert engine.wait(LegEnded, leg).by is EndedBy.US
        calling.wait()


def test_a_unit_that_vanishes_is_missed(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, before: int
) -> None:
    with unit(engine, tmp_path, units.SPEAKS, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        media.speak(calling.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, leg)
    media.be_silent()
    assert engine.wait(LegEnded, leg).by is EndedBy.SILENCE


def test_keys_of_a_unit_are_heard(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, spoken_files: SpokenFiles, before: int
) -> None:
    with unit(engine, tmp_path, units.SPEAKS, media) as calling:
        leg = arrived(engine, before)
        engine.send(AnswerLeg(leg=leg))
        engine.wait(LegAnswered, leg)
        media.speak(calling.sound_port(), spoken_files[Phrase.NUMBERS, RATE_HZ][1].samples)
        engine.wait(LegHeard, leg)
        media.press(calling.sound_port(), "5#", calling.keys_kind())
        engine.wait(DigitHeard, leg, count=2)
        engine.send(EndLeg(leg=leg))
        calling.wait()
    assert [event.digit for event in engine.heard(DigitHeard, leg)] == ["5", "#"]


# --- what is no call ----------------------------------------------------------------------------------------------


def test_what_describes_nothing_is_refused(engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int) -> None:
    with unit(engine, tmp_path, units.talks_nonsense(400), media) as calling:
        calling.wait()
    assert len(engine.heard(LegArrived)) == before


@pytest.mark.parametrize(
    "plays", [units.ASKS, units.ENDS_WHAT_IS_NOT, units.SAYS_WHAT_NOBODY_KNOWS], ids=lambda plays: plays.about
)
def test_what_is_no_call_is_answered_and_is_none(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int, plays: Scenario
) -> None:
    with unit(engine, tmp_path, plays, media) as calling:
        calling.wait()
    assert len(engine.heard(LegArrived)) == before


def test_seven_thousand_bytes_arrive_whole(engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int) -> None:
    if not engine.started.is_own_build:
        pytest.skip("PyPI's PJSIP cuts it at 4,000 bytes: make pjsua2")
    with unit(engine, tmp_path, units.HAS_HUGE_HEADERS, media) as calling:
        call = engine.wait(LegArrived, count=before + 1)
        assert call.headers["Poga-Alarm"] == ALARM
        assert call.headers["X-Filler-26"] == "abcdefghij" * 22
        engine.send(AnswerLeg(leg=call.leg))
        engine.wait(LegAnswered, call.leg)
        engine.send(EndLeg(leg=call.leg))
        calling.wait()


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\r\n\r\n",
        b"\x00" * 1200,
        b"INVITE",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"INVITE sip:alarm SIP/2.0\r\n" + b"Via: " * 900,
    ],
    ids=["nothing", "a keep-alive", "zeroes", "a word", "an answer to nobody", "no end"],
)
def test_what_is_not_sip_is_borne(
    engine: RunningEngine, tmp_path: Path, media: RtpPort, before: int, datagram: bytes
) -> None:
    host, port = engine.address.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for _ in range(20):
            stranger.sendto(datagram, (host, int(port)))
    with unit(engine, tmp_path, units.ASKS, media) as calling:
        calling.wait()
    assert len(engine.heard(LegArrived)) == before
