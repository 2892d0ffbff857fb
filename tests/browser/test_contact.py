"""The centre goes and comes back: the pages say so, in red, and need nobody to begin again."""

import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hub.app import free_port
from tests.browser.conftest import Sit
from tests.browser.seat import Seat
from tests.console_centre import Centre, running
from tests.faults.wire import Fault, Wire

LOST = "No contact with the centre"
NOISE = "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"


def test_pages_come_back_by_themselves_after_a_restart(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    seat.bear(NOISE)
    page, other = seat.open("/"), seat.open("/homes")
    seat.start_shift(page)
    first = centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    centre.stop()
    for tab in (page, other):
        expect(tab.locator(".bar.lost")).to_contain_text(LOST)
        expect(tab.locator("#contact-text")).to_have_text("No contact")
    expect(page.locator("#alarm-bar")).to_contain_text("Anna Izdomāta")  # what was known stays in sight

    centre.start()
    second = centre.press(centre.add_home(2, "Eino Keksitty", "Satukatu 2 B, Taruala"))
    for tab in (page, other):
        expect(tab.locator(".bar.lost")).to_have_count(0)
        expect(tab.locator("#contact-text")).to_have_text("On shift: mara")
        expect(tab.locator("#alarm-bar")).to_contain_text("+1 more waits")
    page.keyboard.press("a")  # the session is the same, and so is the page
    expect(page.locator(".chip.state")).to_have_text("You have it")
    kept = centre.reader.incident(first.incident_id)
    assert kept is not None
    assert kept.owner == "mara"
    expect(page.locator("#alarm-bar")).to_contain_text("Eino Keksitty")
    assert second.incident_id != first.incident_id


@pytest.mark.parametrize("fault", [Fault.HALF_OPEN, Fault.DROPPING])
def test_a_line_that_falls_silent_is_noticed_though_nothing_closed_it(
    browser: Browser, tmp_path: Path, fault: Fault
) -> None:
    with ExitStack() as stack:
        port = free_port("127.0.0.1")
        wire = stack.enter_context(Wire(port))
        centre = stack.enter_context(running(tmp_path, port=port, public_url=f"http://127.0.0.1:{wire.port}"))
        centre.add_operator("mara")
        home = centre.add_home(1, "Anna Izdomāta", "Izdomu iela 1, Pasakas")
        seat = stack.enter_context(Seat(browser.new_context(), centre, "mara"))
        seat.bear(NOISE)
        page = seat.open("/")
        seat.start_shift(page)
        wire.be(fault)
        centre.press(home)
        expect(page.locator(".bar.lost")).to_contain_text(LOST)
        expect(page.locator("html")).to_have_attribute("data-ringing", "lost")
        expect(page.locator("html")).to_have_attribute("data-rings", "true")
        expect(page).to_have_title(re.compile("NO CONTACT"))
        wire.be(Fault.WHOLE)
        expect(page.locator("#alarm-bar")).to_contain_text("Anna Izdomāta")
        expect(page.locator(".bar.lost")).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("data-ringing", "alarm")


def test_an_act_without_contact_says_that_it_was_not_done(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    seat.bear(NOISE)
    page = seat.open("/")
    raised = centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    centre.stop()
    page.keyboard.press("a")
    expect(page.locator(".message.bad")).to_contain_text("it was not done")
    centre.start()
    kept = centre.reader.incident(raised.incident_id)
    assert kept is not None
    assert kept.state == "raised"


def test_who_is_signed_out_elsewhere_is_told_on_every_page(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    seat.bear("401")
    page, other = seat.open("/"), seat.open("/homes")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("Password")).to_be_visible()
    expect(page.locator(".bar.lost")).to_contain_text("You are signed out")
    page.locator(".bar.lost").get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()
