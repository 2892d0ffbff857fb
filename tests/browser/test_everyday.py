"""A browser as people have it: tabs that nobody looks at, and no sound before somebody has touched the page."""

import re

from playwright.sync_api import Page, expect

from tests.browser.seat import Seat
from tests.console_centre import Centre
from tests.waiting import until

ALARM = re.compile("1 ALARM")
SILENT = "You are on shift, but this browser may not sound: press any key, or click here."


def test_a_tab_behind_another_shows_and_rings(centre: Centre, home: str, everyday_seat: Seat) -> None:
    behind = everyday_seat.open("/")
    everyday_seat.start_shift(behind)
    front = everyday_seat.open("/homes")
    front.bring_to_front()
    assert is_hidden(behind)
    raised = centre.press(home)
    expect(behind).to_have_title(ALARM)
    expect(front).to_have_title(ALARM)
    expect(behind.locator("#favicon")).to_have_attribute("href", re.compile("icon-alarm"))
    expect(behind.locator("#announce-alarm")).to_contain_text("Anna Izdomāta")
    expect(behind.locator("html")).to_have_attribute("data-rings", "true")
    expect(front.locator("html")).to_have_attribute("data-rings", "false")
    assert is_hidden(behind)
    front.close()
    other = everyday_seat.context.new_page()
    other.goto("about:blank")
    assert is_hidden(behind)
    everyday_seat.go(other, f"/incidents/{raised.incident_id}")
    other.keyboard.press("a")
    expect(behind.locator("html")).to_have_attribute("data-ringing", "none")
    expect(behind).to_have_title("Queue · Poga")


def test_a_page_that_may_not_sound_says_so_until_it_is_touched(centre: Centre, home: str, everyday_seat: Seat) -> None:
    everyday_seat.bear("AudioContext was not allowed to start")
    page = everyday_seat.open("/")
    expect(page.locator("#bars")).to_have_text("You are not on shift: alarms are shown, but they do not ring here.")
    everyday_seat.start_shift(page)
    expect(page.locator("#bars")).to_be_empty()
    everyday_seat.go(page, "/")  # typed into the address bar: the browser has heard no touch of the new page
    expect(page.locator("#bars")).to_have_text(SILENT)
    assert centre.console._parts is not None
    live = centre.console._parts.live
    until(lambda: live.on_shift == (), "nobody is on shift who does not hear")
    centre.press(home)
    expect(page.locator("html")).to_have_attribute("data-ringing", "alarm")
    expect(page.locator("html")).to_have_attribute("data-rings", "false")
    page.keyboard.press("Tab")
    expect(page.locator("#bars")).to_be_empty()
    expect(page.locator("html")).to_have_attribute("data-rings", "true")


def is_hidden(page: Page) -> bool:
    return bool(page.evaluate("document.visibilityState") == "hidden")
