"""Browsers through the real WebRTC process: sound both ways by its content, and what is told when something ends."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.adapters.voice.webrtc import messages as ms
from hub.adapters.voice.webrtc.client import Browsers, LegEvent
from hub.adapters.voice.webrtc.headset import Headset
from hub.ports import SpeechRefusedError
from tests.hub.adapters.voice.engine_point import EnginePoint
from tests.hub.adapters.voice.operators_browser import RATE_HZ, operators_browser
from tests.hub.adapters.voice.tones import loudest
from tests.waiting import Heard, until

ROOM_HZ, OPERATOR_HZ, NOBODY_HZ = 700.0, 440.0, 1_900.0
CLEAR, NOTHING = 0.5, 0.05


@pytest.fixture
def told() -> Heard[LegEvent]:
    return Heard()


@pytest.fixture
def browsers(told: Heard[LegEvent]) -> Iterator[Browsers]:
    browsers = Browsers(ms.Settings(silence_limit_s=1.0), told)
    browsers.start()
    until(lambda: browsers.is_running, "the process has started")
    yield browsers
    browsers.stop()


@pytest.fixture
def point(tmp_path: Path) -> Iterator[EnginePoint]:
    with EnginePoint(tmp_path / "point", ROOM_HZ) as point:
        yield point


@pytest.fixture
def browser() -> Iterator[Headset]:
    with operators_browser(OPERATOR_HZ) as browser:
        yield browser


def answering(browsers: Browsers, leg: str, point: EnginePoint) -> Callable[[str], str]:
    return lambda offer: browsers.answer(leg, offer, point.path)


def gone(told: Heard[LegEvent]) -> ms.BrowserGone:
    event = told.wait_for(ms.BrowserGone)
    assert isinstance(event, ms.BrowserGone)
    return event


def test_room_and_operator_hear_each_other(
    browsers: Browsers, told: Heard[LegEvent], point: EnginePoint, browser: Headset
) -> None:
    browser.call(answering(browsers, "b1", point))
    told.wait(ms.BrowserConnected(leg="b1"))
    told.wait(ms.BrowserHeard(leg="b1"))
    until(lambda: loudest(point.heard(), OPERATOR_HZ) > CLEAR, "the room hears the operator")
    until(lambda: loudest(browser.heard(), ROOM_HZ, RATE_HZ) > CLEAR, "the operator hears the room")
    assert loudest(point.heard(), NOBODY_HZ) < NOTHING
    assert loudest(browser.heard(), NOBODY_HZ, RATE_HZ) < NOTHING


def test_a_browser_that_hangs_up_is_gone_at_once(
    browsers: Browsers, told: Heard[LegEvent], point: EnginePoint, browser: Headset
) -> None:
    browser.call(answering(browsers, "b1", point))
    told.wait_for(ms.BrowserHeard)
    browser.hang_up()
    assert (gone(told).leg, gone(told).is_silence) == ("b1", False)


def test_a_browser_that_just_stops_sending_is_gone_by_its_silence(
    browsers: Browsers, told: Heard[LegEvent], point: EnginePoint, browser: Headset
) -> None:
    browser.call(answering(browsers, "b1", point))
    told.wait_for(ms.BrowserHeard)
    browser.fall_silent()
    assert gone(told).is_silence


def test_of_a_browser_that_was_ended_nothing_more_is_told(
    browsers: Browsers, told: Heard[LegEvent], point: EnginePoint, browser: Headset
) -> None:
    browser.call(answering(browsers, "b1", point))
    told.wait_for(ms.BrowserHeard)
    browsers.end("b1")
    frames = point.heard_frames
    until(lambda: point.heard_frames - frames < 60 and not _grows(point), "the browser sends no more")
    assert not [event for event in told.all if isinstance(event, ms.BrowserGone)]


def _grows(point: EnginePoint) -> bool:
    before = point.heard_frames
    try:
        until(lambda: point.heard_frames > before, "a frame", within_s=0.3)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("offer", ["", "hello", "v=0\r\n", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"])
def test_an_offer_that_is_none_is_refused_and_the_process_lives_on(
    browsers: Browsers, point: EnginePoint, browser: Headset, offer: str
) -> None:
    with pytest.raises(SpeechRefusedError, match="offer"):
        browsers.answer("b1", offer, point.path)
    browser.call(answering(browsers, "b2", point))


def test_an_endless_offer_is_refused(browsers: Browsers, point: EnginePoint) -> None:
    with pytest.raises(SpeechRefusedError, match="longer than 65536"):
        browsers.answer("b1", "v" * 65_537, point.path)


def test_a_killed_process_ends_its_legs_and_is_back_for_the_next(
    browsers: Browsers, told: Heard[LegEvent], point: EnginePoint, browser: Headset
) -> None:
    browser.call(answering(browsers, "b1", point))
    told.wait_for(ms.BrowserHeard)
    killed = browsers.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert "lost" in gone(told).reason
    until(lambda: browsers.is_running and browsers.pid != killed, "another process runs")
    with operators_browser(OPERATOR_HZ) as again:
        again.call(answering(browsers, "b2", point))
        told.wait(ms.BrowserHeard(leg="b2"))


def test_a_process_that_stands_still_is_replaced(browsers: Browsers) -> None:
    frozen = browsers.pid
    assert frozen is not None
    os.kill(frozen, signal.SIGSTOP)
    until(lambda: browsers.is_running and browsers.pid != frozen, "another process runs")


def test_where_no_process_runs_an_offer_is_refused_at_once(point: EnginePoint) -> None:
    never_started = Browsers(ms.Settings(), lambda _: None)
    with pytest.raises(SpeechRefusedError, match="not running"):
        never_started.answer("b1", "v=0", point.path)
    never_started.stop()
