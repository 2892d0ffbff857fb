"""The virtual home in a real Chromium: by mouse, by keyboard, in every language, without a complaint of axe-core."""

import math
import tempfile
import wave
from array import array
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from device.prompts import manifest
from device.prompts.words import Language
from device.voice.client import engine_problem
from device.wire.messages import AnswerAlarm, EndCall, ResetAlarm, SetSpeech
from device.wire.vocabulary import SpeechMode
from tests.browser.chromium import PROGRAM, SWITCHES
from tests.device.voice.party import IS_HEARD
from tests.mosquitto import RealMosquitto
from tests.played_home import UNIT, Played
from tests.scripted_centre import ScriptedCentre
from tests.speech.called_centre import CENTRE_HZ, called_centre
from tests.waiting import GENEROUS_S, Heard, until

needs_sound = pytest.mark.skipif(not (manifest.AUDIO / "manifest.json").exists(), reason="`make prompts` was not run")
Scheme = Literal["light", "dark"]

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


class House:
    """A virtual home with a scripted centre, and a page on it."""

    def __init__(self, browser: Browser, home: Played, centre: ScriptedCentre) -> None:
        self.home = home
        self.centre = centre
        self.complaints: list[str] = []
        self._browser = browser

    def visit(self, scheme: Scheme = "light") -> Page:
        page = self._browser.new_context(color_scheme=scheme, viewport={"width": 1180, "height": 1060}).new_page()
        page.add_init_script(EARS)
        page.set_default_timeout(GENEROUS_S * 1000)
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.home.ready["url"])
        return page

    def tidy(self) -> None:
        """Leave no page open, nothing pressed or broken, and no alarm."""
        for context in self._browser.contexts:
            context.close()
        for trigger in self.home.state["down"]:
            self.home.act("press", trigger=trigger, down=False)
        self.home.act("network", up=True)
        self.home.act("mains", on=True)
        self.home.act("battery", percent=100)
        for message in self.centre.messages.all:
            if message.body.kind == "alarm_raised":
                self.centre.order(ResetAlarm(alarm=message.key))
        self.home.until_light("steady")
        self.centre.messages = Heard()
        self.complaints.clear()

    def until_down(self, *what: str) -> None:
        until(lambda: self.home.state["down"] == list(what), f"{what} is held")


@contextmanager
def built(
    browser: Browser, folder: Path, language: Language = Language.EN, calls: tuple[str, ...] = ()
) -> Iterator[House]:
    whom = [option for uri in calls for option in ("--call", uri)]
    with (
        RealMosquitto(folder) as broker,
        ScriptedCentre(broker.port, UNIT) as centre,
        closing(Played(folder, broker.port, "--language", language, *whom)) as home,
    ):
        home.until_light("steady")
        yield House(browser, home, centre)


@pytest.fixture(scope="module")
def standing(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    """A house in English, or in the language that a test asks for; it stands for several tests."""
    with built(browser, tmp_path_factory.mktemp("house"), getattr(request, "param", Language.EN)) as house:
        yield house


@pytest.fixture
def house(standing: House) -> Iterator[House]:
    """A house at rest."""
    yield standing
    standing.tidy()


def test_a_press_with_the_mouse_lasts_as_long_as_the_button_is_held(house: House) -> None:
    page = house.visit()
    expect(page.get_by_role("status")).to_have_text("Ready")
    sos = page.get_by_role("button", name="SOS – Help button")
    sos.hover()
    page.mouse.down()
    house.until_down("button")
    alarm = house.centre.wait_for("alarm_raised")
    page.mouse.up()
    house.until_down()
    expect(page.get_by_role("status")).to_have_text("Calling")
    expect(page.locator("li.is-reached")).to_have_count(2)
    house.centre.order(AnswerAlarm(alarm=alarm.key))
    expect(page.get_by_role("status")).to_have_text("An operator has it")
    expect(page.locator("#words")).to_have_text("An operator has your alarm now.")
    house.centre.order(ResetAlarm(alarm=alarm.key))
    expect(page.get_by_role("status")).to_have_text("Ready")
    expect(page.locator("li.is-reached")).to_have_count(4)
    assert house.complaints == []


@pytest.mark.parametrize("key", ["Enter", " "])
def test_everything_can_be_done_by_keyboard(house: House, key: str) -> None:
    page = house.visit()
    pendant = page.get_by_role("button", name="Worn pendant")
    pendant.focus()
    page.keyboard.down(key)
    house.until_down("pendant")
    page.keyboard.up(key)
    house.until_down()
    expect(page.get_by_role("status")).to_contain_text("Can be cancelled for")
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.down(key)
    expect(page.get_by_role("status")).to_have_text("Ready")
    page.keyboard.up(key)
    network = page.get_by_role("switch", name="Network")
    network.focus()
    page.keyboard.press(key)
    expect(network).to_have_attribute("aria-checked", "false")
    assert house.home.state["network"] is False
    page.get_by_role("slider", name="Battery").focus()
    page.keyboard.press("Home")
    until(lambda: house.home.state["battery_percent"] == 0, "the battery is empty")
    expect(page.locator("#faults")).to_have_text("battery_low")


def test_a_page_that_is_left_lets_go_of_what_it_held(house: House) -> None:
    page = house.visit()
    page.get_by_role("button", name="Bathroom cord").hover()
    page.mouse.down()
    house.until_down("pull_cord")
    page.evaluate("document.activeElement.blur()")
    house.until_down()


@needs_sound
def test_the_unit_is_heard_when_somebody_asks_for_it(house: House) -> None:
    page = house.visit()
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


def test_a_page_says_that_it_hears_no_more(browser: Browser, tmp_path: Path) -> None:
    with built(browser, tmp_path) as house:
        page = house.visit()
        page.get_by_role("button", name="Let me speak and hear").click()
        expect(page.locator("#voice-state")).to_contain_text("You hear the room")
        house.home.end()
        expect(page.locator("#voice-state")).to_contain_text("has stopped")
        page.context.close()


@pytest.mark.skipif(engine_problem() is not None, reason=str(engine_problem()))
def test_home_and_centre_speak_with_each_other(playwright: Playwright, tmp_path: Path) -> None:
    """From the page's microphone to the centre's ear and back, by content: each says a tone of its own."""
    with (
        speaking(playwright, microphone_file(tmp_path / "microphone.wav", MICROPHONE_HZ)) as browser,
        tempfile.TemporaryDirectory(prefix="poga-") as short,
        called_centre(Path(short)) as called,
        built(browser, tmp_path, calls=(called.uri,)) as house,
    ):
        page = house.visit()
        page.get_by_role("button", name="Let me speak and hear").click()
        expect(page.locator("#voice-state")).to_contain_text("your microphone is the unit's")
        until(lambda: house.home.state["call"]["has_voice"], "the unit has a voice")
        expect(page.locator("#call")).to_be_hidden()

        house.home.act("press", trigger="button", down=True)
        house.home.act("press", trigger="button", down=False)
        called.answer()
        expect(page.get_by_text("The centre has answered")).to_be_visible()
        expect(page.get_by_text("Microphone open: the room is heard")).to_be_visible()
        expect(page.get_by_text("The centre is heard in the room")).to_be_visible()
        called.mouth.hears(MICROPHONE_HZ)
        until(lambda: loudest(page).is_tone(CENTRE_HZ), "the page hears the centre")
        no_violations(page)

        mode = SetSpeech(mode=SpeechMode.SPEAK)
        house.centre.order(mode)
        expect(page.get_by_text("Microphone open: the room is heard")).to_be_hidden()
        until(lambda: called.mouth.strength(MICROPHONE_HZ) < IS_HEARD, "the centre hears nothing")
        house.centre.order(EndCall())
        expect(page.locator("#call")).to_be_hidden()
        assert house.complaints == []
        page.context.close()


def test_two_pages_show_the_same_home(house: House) -> None:
    first, second = house.visit(), house.visit()
    first.get_by_role("switch", name="Mains").click()
    expect(second.get_by_role("switch", name="Mains")).to_have_attribute("aria-checked", "false")


def test_a_home_that_is_gone_is_told(browser: Browser, tmp_path: Path) -> None:
    with built(browser, tmp_path) as house:
        page = house.visit()
        expect(page.get_by_role("status")).to_have_text("Ready")
        expect(page.get_by_role("alert")).to_be_hidden()
        house.home.end()
        expect(page.get_by_role("alert")).to_be_visible()
        page.context.close()


@pytest.mark.parametrize("standing", Language, indirect=True)
def test_the_page_speaks_the_language_of_the_unit(house: House) -> None:
    page = house.visit()
    expect(page.locator("html")).to_have_attribute("lang", house.home.state["language"])
    for place in page.locator("[data-label]").all():
        if place.get_attribute("id") != "lost":
            expect(place).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out_idle_or_in_an_alarm(house: House, scheme: Scheme) -> None:
    page = house.visit(scheme)
    expect(page.get_by_role("status")).to_have_text("Ready")
    no_violations(page)
    house.home.act("press", trigger="button", down=True)
    alarm = house.centre.wait_for("alarm_raised")
    house.home.act("press", trigger="button", down=False)
    house.centre.order(AnswerAlarm(alarm=alarm.key))
    expect(page.locator("#words")).to_have_text("An operator has your alarm now.")
    until(lambda: house.home.state["brightness"] == 1.0, "the lamp shines")
    no_violations(page)


@pytest.mark.parametrize("width", [320, 590, 1180])
def test_it_fits_every_screen(house: House, width: int) -> None:
    page = house.visit()
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.get_by_role("status")).to_have_text("Ready")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def no_violations(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
