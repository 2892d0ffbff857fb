"""Takes the pictures of the READMEs anew, from a running demo: `make pictures`, or `python -m tests.browser.pictures`.

Rules: a picture shows what runs, nothing is drawn into it; each is a PNG of at most 200 kB.
"""

import base64
import io
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from hub.demo.home import RemoteHome
from hub.demo.stage import Choice, Stage, staged
from tests.browser.chromium import launched, with_microphone
from tests.browser.room import microphone_file
from tests.waiting import GENEROUS_S, until

FOLDER = Path(__file__).parent / "screenshots"
LARGEST = 200_000
COLOURS = 256
ROUNDS = 4
"""A palette is found in so many steps; with fewer, flat ground takes on the colour of something else."""

DESK: ViewportSize = {"width": 1280, "height": 800}
WALL: ViewportSize = {"width": 1000, "height": 760}
WHOLE_HOME: ViewportSize = {"width": 1180, "height": 1060}
SHARP = 2
"""What is shown smaller than it is taken stays sharp."""

NOTES = (
    "She slipped, and sits on the edge of the bath. Nothing hurts.",
    "The neighbour at door 0 goes over with the key.",
)
SIDE_BY_SIDE = """<!doctype html>
<style>
  body {{ margin: 0; height: 100vh; position: relative; overflow: hidden; background: #c9d6de; }}
  img {{ position: absolute; border-radius: 14px;
    box-shadow: 0 1px 4px rgb(16 32 44 / 30%), 0 14px 36px rgb(16 32 44 / 30%); }}
  .console {{ left: 40px; top: 40px; width: 1216px; }}
  .home {{ right: 40px; bottom: 40px; width: 680px; }}
</style>
<img class="console" src="{console}"><img class="home" src="{home}">
"""
SOME_SECONDS = re.compile("0:(0[5-9]|[1-5])")
CANVAS: ViewportSize = {"width": 1560, "height": 940}
IS_LIT = "Number(document.getElementById('wall').style.getPropertyValue('--shine')) > 0.9"


def main() -> int:
    """Take every picture; return the exit code."""
    FOLDER.mkdir(exist_ok=True)
    with ExitStack() as stack:
        stage = stack.enter_context(staged(Choice(units=3)))
        homes = [stack.enter_context(RemoteHome(home.unit_id, home.url)) for home in stage.homes]
        for home in homes:
            if not home.wait_until_ready(GENEROUS_S):
                raise SystemExit(f"{home.unit_id} does not hear its centre")
        browser = stack.enter_context(_browser())
        _Session(browser, stage, homes).take_all()
    too_large = [path for path in sorted(FOLDER.glob("*.png")) if path.stat().st_size > LARGEST]
    for path in too_large:
        print(f"{path.name} is too large: {path.stat().st_size} bytes")
    return int(bool(too_large))


@dataclass(frozen=True, slots=True)
class _Session:
    """One sitting: an evening with an alarm that is taken, a home without mains, and an alarm that comes in."""

    browser: Browser
    stage: Stage
    homes: list[RemoteHome]

    def take_all(self) -> None:
        """Play the evening, and take each picture in its moment."""
        console = self._console()
        wall = self._page(self.stage.homes[0].url, WALL)
        self._let_it_be_an_evening(console)
        self.homes[0].press("pull_cord")
        expect(console.locator("#alarm-bar")).to_contain_text("Anna Izdomāta")
        console.keyboard.press("k")
        console.keyboard.press("k")
        expect(console.locator("#chosen .who strong")).to_have_text("Anna Izdomāta")
        expect(wall.locator("li.is-reached").nth(1)).to_be_visible()
        expect(console.locator(".message")).to_have_count(0)
        expect(console.locator("#alarm-bar .since")).to_have_text(SOME_SECONDS)
        _keep(_shot(console), "console-alarm-light")
        _keep(self._composed(_shot(console, SHARP), _lit(wall)), "readme")
        console.emulate_media(color_scheme="dark")
        _keep(_shot(console), "console-alarm-dark")
        console.emulate_media(color_scheme="light")
        self._answer(console)

    def _let_it_be_an_evening(self, console: Page) -> None:
        httpx.post(f"{self.stage.homes[2].url}api/mains", json={"on": False}).raise_for_status()
        self.homes[1].press("button")
        expect(console.locator("#alarm-bar")).to_contain_text("Eino Keksitty")
        console.keyboard.press("a")
        expect(console.locator(".group.mine .row")).to_have_count(1)
        expect(console.locator("#call-bar .standing")).to_have_text("You can speak")
        expect(console.locator("#lists")).to_contain_text("Astrid Påhittad")

    def _answer(self, console: Page) -> None:
        home = self._page(self.stage.homes[0].url, WHOLE_HOME)
        console.keyboard.press("a")
        expect(console.locator("#call-bar")).to_contain_text("Anna Izdomāta")
        expect(console.locator("#call-bar .standing")).to_have_text("You can speak")
        expect(home.locator("li.is-reached").nth(3)).to_be_visible()
        expect(home.locator("#waiting")).to_have_text("0")
        _keep(_shot(home), "virtual-home-alarm-light")
        console.locator("#call-bar .what").click()
        expect(console.locator("#chosen.alone h2")).to_be_visible()
        for number, note in enumerate(NOTES, start=1):
            console.get_by_label("Note").fill(note)
            console.get_by_role("button", name="Save the note").click()
            expect(console.locator(".entry.note")).to_have_count(number)
        console.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        expect(console.locator(".ladder li.done")).to_have_count(5)
        _keep(_shot(console), "incident")

    def _console(self) -> Page:
        page = self._page(self.stage.console_url, DESK)
        page.get_by_label("Name").fill(self.stage.operator)
        page.get_by_label("Password").fill(self.stage.password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Start shift").click()
        expect(page.locator("#contact-text")).to_contain_text(self.stage.operator)
        return page

    def _page(self, url: str, viewport: ViewportSize) -> Page:
        context = self.browser.new_context(color_scheme="light", viewport=viewport, device_scale_factor=SHARP)
        page = context.new_page()
        page.goto(url)
        return page

    def _composed(self, console: bytes, home: bytes) -> bytes:
        page = self._page("about:blank", CANVAS)
        page.set_content(SIDE_BY_SIDE.format(console=_as_address(console), home=_as_address(home)))
        return _shot(page)


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=GENEROUS_S * 1000)
        with TemporaryDirectory() as folder:
            browser = launched(playwright, *with_microphone(microphone_file(Path(folder, "microphone.wav"))))
            yield browser
            browser.close()


def _shot(page: Page, scale: int = 1) -> bytes:
    page.mouse.move(0, 0)
    return page.screenshot(scale="device" if scale == SHARP else "css", animations="disabled")


def _lit(wall: Page) -> bytes:
    """Return the wall as it is in a moment when the calling lamp shines, before and after the picture."""
    while True:
        until(lambda: bool(wall.evaluate(IS_LIT)), "the lamp shines")
        png = _shot(wall, SHARP)
        if wall.evaluate(IS_LIT):
            return png


def _as_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _keep(png: bytes, name: str) -> None:
    """Write a picture with a palette, which makes it small."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    palette = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=ROUNDS)
    small = picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    path = FOLDER / f"{name}.png"
    small.save(path, optimize=True)
    print(f"{path.name} {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
