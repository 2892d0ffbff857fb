"""Every page on a busy evening: nothing keeps anybody out, nothing is cut off, whatever the screen and its light.

Each page is opened once and stays open for all that is looked at on it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from hub.core import timings
from tests.browser.conftest import Sit
from tests.browser.evening import Evening, fill
from tests.browser.seat import Seat
from tests.centre_voice import FakeVoice
from tests.console_centre import Centre, running

DESK: ViewportSize = {"width": 1280, "height": 900}
PAGES = {
    "queue": "/",
    "an alarm": "/incidents/{raised}",
    "my alarm": "/incidents/{mine}",
    "a stranger's alarm": "/incidents/{stranger}",
    "another's alarm": "/incidents/{others}",
    "what is over": "/incidents/{closed}",
    "homes": "/homes",
    "no homes": "/homes?search=nothing",
    "a home": "/homes/{unit_id}",
    "new home": "/new-home",
    "units": "/units",
    "history": "/history",
    "unreadable": "/unreadable",
    "calls": "/calls",
    "announcements": "/announcements",
    "operators": "/operators",
    "profile": "/profile",
    "not there": "/homes/unit-000",
}
every_page = pytest.mark.parametrize("name", PAGES)
axe = Axe()


class Gallery:
    """The pages, each in a tab of its own."""

    def __init__(self, seat: Seat, evening: Evening) -> None:
        self._seat = seat
        self._evening = evening
        self._pages: dict[str, Page] = {}

    def show(self, name: str) -> Page:
        if name not in self._pages:
            places = {slot: getattr(self._evening, slot) for slot in Evening.__slots__}
            page = self._pages[name] = self._seat.open(PAGES[name].format(**places))
            page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
        page = self._pages[name]
        page.bring_to_front()
        page.set_viewport_size(DESK)
        return page


@pytest.fixture(scope="module")
def gallery(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    with ExitStack() as stack:
        # Nobody is on shift here: what somebody has stays theirs for as long as it is looked at.
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(timings, "OWNER_LOST_AFTER_S", 86_400.0)
        centre = stack.enter_context(running(tmp_path_factory.mktemp("evening"), voice=FakeVoice()))
        evening = fill(centre)
        seat = stack.enter_context(Seat(browser.new_context(viewport=DESK), centre, "mara"))
        seat.bear("404|422")  # a page that is not there, a form that is not taken
        yield Gallery(seat, evening)


@every_page
def test_nothing_on_a_page_keeps_anybody_out(gallery: Gallery, name: str) -> None:
    look_closely(gallery.show(name))


@every_page
@pytest.mark.parametrize("width", [320, 640], ids=["narrow", "twice as large"])
def test_a_page_fits_every_screen(gallery: Gallery, name: str, width: int) -> None:
    """A desk of 1280 pixels has 640 left when everything is twice as large."""
    fits(gallery.show(name), width)


OPENED = {"?": "help", "c": "closing", "t": "taking over", "i": "inviting", "x": "handing over", "p": "announcing"}


@pytest.mark.parametrize("key", OPENED, ids=OPENED.values())
def test_what_opens_over_a_page_keeps_nobody_out_either(gallery: Gallery, key: str) -> None:
    page = gallery.show("another's alarm" if key == "t" else "my alarm")
    expect(page.locator("#call-bar")).to_be_visible()
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    look_closely(page)
    page.set_viewport_size({"width": 320, "height": 512})
    assert page.get_by_role("dialog").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_door_is_open_to_everybody(centre: Centre, sit: Sit) -> None:
    seat = sit("")
    seat.bear("401|403")
    page = seat.open("/sign-in")
    look_closely(page)
    page.get_by_label("Name").fill("mara")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error.whole")).to_contain_text("wrong")
    look_closely(page)
    fits(page, 320)


def test_the_first_door_is_open_to_everybody(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path) as nobody, Seat(browser.new_context(), nobody, "") as seat:
        seat.bear("401")
        page = seat.open("/first")
        look_closely(page)
        fits(page, 320)


def test_a_form_that_is_not_taken_keeps_nobody_out(gallery: Gallery) -> None:
    page = gallery.show("new home")
    page.get_by_label("Unit's number").fill("no such number!")
    page.get_by_label("Address").fill("Izdomu iela 9")
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".field.wrong")).not_to_have_count(0)
    expect(page.locator(".error.whole")).to_be_focused()
    look_closely(page)
    fits(page, 320)


def look_closely(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        no_violations(page)


def fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 512})
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide(page)


def no_violations(page: Page) -> None:
    results = axe.run(page)
    assert results.violations_count == 0, results.generate_report()


def wide(page: Page) -> list[str]:
    """Return what reaches beyond the screen."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)"
        ".map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`)"
    )
    return found
