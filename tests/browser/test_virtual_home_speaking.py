"""The virtual home's page as ear and mouth, in a real Chromium: what is said there is heard here, by content."""

import math
import tempfile
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from device.prompts import manifest
from device.voice.client import engine_problem
from device.wire.messages import EndCall, SetSpeech
from device.wire.vocabulary import SpeechMode
from tests.browser.chromium import PROGRAM, SWITCHES
from tests.browser.house import House, built, no_violations
from tests.device.voice.party import IS_HEARD
from tests.speech.called_centre import CENTRE_HZ, called_centre
from tests.waiting import until

needs_sound = pytest.mark.skipif(not (manifest.AUDIO / "manifest.json").exists(), reason="`make prompts` was not run")

MICROPHONE_HZ = 440
EARS = """
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (to, ...rest) {
      if (to === this.context.destination && this.numberOfInputs === 0) {
        window.ears = new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 });
        connect.call(this, window.ears);
      }
      return connect.call(this, to, ...rest);
    };
"""
"""Overhears what the page's loudspeaker says."""
LOUDEST = """
    () => {
      if (!window.ears) return [0, -1000];
      const levels = new Float32Array(ears.frequencyBinCount);
      ears.getFloatFrequencyData(levels);
      const at = levels.reduce((best, level, place) => (level > levels[best] ? place : best), 0);
      return [(at * ears.context.sampleRate) / ears.fftSize, Math.max(levels[at], -1000)];
    }
"""
HEARD_DB = -50.0


@dataclass(frozen=True)
class Peak:
    """The loudest tone of what the page's loudspeaker says just now."""

    hz: float
    level_db: float

    def is_tone(self, hz: float) -> bool:
        return self.level_db > HEARD_DB and abs(self.hz - hz) < 20


def loudest(page: Page) -> Peak:
    return Peak(*page.evaluate(LOUDEST))


def microphone_file(path: Path, hz: float) -> Path:
    """Write what the browser's microphone hears: a tone in bursts, for a steady one is taken for noise."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        samples = (math.sin(2 * math.pi * hz * place / 48_000) for place in range(4 * 48_000))
        bursts = (round(12_000 * sample) if place // 9_600 % 2 == 0 else 0 for place, sample in enumerate(samples))
        file.writeframes(array("h", bursts).tobytes())
    return path


@contextmanager
def speaking(playwright: Playwright, microphone: Path) -> Iterator[Browser]:
    """Run a browser that has a microphone, and lets every page use it."""
    switches = (*SWITCHES, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    hears = f"--use-file-for-fake-audio-capture={microphone}"
    browser = playwright.chromium.launch(executable_path=PROGRAM, args=[*switches, hears])
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture
def house(browser: Browser, tmp_path: Path) -> Iterator[House]:
    """A house without a voice engine, and a browser without a microphone."""
    with built(browser, tmp_path) as house:
        yield house
        house.leave()


@needs_sound
def test_the_unit_is_heard_when_somebody_asks_for_it(house: House) -> None:
    page = house.visit(script=EARS)
    expect(page.locator("#words")).to_have_text("I am ready.")
    button = page.get_by_role("button", name="Let me speak and hear")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#voice-state")).to_contain_text("Nobody hears you")  # this browser has no microphone
    house.home.act("press", trigger="button", down=True)
    until(lambda: loudest(page).level_db > HEARD_DB, "the words sound")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#voice-state")).to_be_hidden()
    assert house.complaints == []


def test_a_page_says_that_it_hears_no_more(house: House) -> None:
    page = house.visit()
    page.get_by_role("button", name="Let me speak and hear").click()
    expect(page.locator("#voice-state")).to_contain_text("You hear the room")
    house.home.end()
    expect(page.locator("#voice-state")).to_contain_text("has stopped")


@pytest.mark.skipif(engine_problem() is not None, reason=str(engine_problem()))
def test_home_and_centre_speak_with_each_other(playwright: Playwright, tmp_path: Path) -> None:
    """From the page's microphone to the centre's ear and back, by content: each says a tone of its own."""
    with (
        speaking(playwright, microphone_file(tmp_path / "microphone.wav", MICROPHONE_HZ)) as browser,
        tempfile.TemporaryDirectory(prefix="poga-") as short,
        called_centre(Path(short)) as called,
        built(browser, tmp_path, calls=(called.uri,)) as house,
    ):
        page = house.visit(script=EARS)
        page.get_by_role("button", name="Let me speak and hear").click()
        expect(page.locator("#voice-state")).to_contain_text("your microphone is the unit's")
        until(lambda: house.home.state["call"]["has_voice"], "the unit has a voice")
        expect(page.locator("#call")).to_be_hidden()

        house.home.act("press", trigger="button", down=True)
        house.centre.wait_for("alarm_raised")
        house.home.act("press", trigger="button", down=False)
        called.answer()
        expect(page.get_by_text("The centre has answered")).to_be_visible()
        expect(page.get_by_text("The microphone is open")).to_be_visible()
        expect(page.get_by_text("The centre is heard in the room")).to_be_visible()
        called.mouth.hears(MICROPHONE_HZ)
        until(lambda: loudest(page).is_tone(CENTRE_HZ), "the page hears the centre")
        no_violations(page)

        mode = SetSpeech(mode=SpeechMode.SPEAK)
        house.centre.order(mode)
        expect(page.get_by_text("The microphone is open")).to_be_hidden()
        until(lambda: called.mouth.strength(MICROPHONE_HZ) < IS_HEARD, "the centre hears nothing")
        house.centre.order(EndCall())
        expect(page.locator("#call")).to_be_hidden()
        assert house.complaints == []
        page.context.close()
