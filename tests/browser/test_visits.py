"""From page to page without leaving: what lives on does, and what is another console is loaded whole."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.console_centre import Centre

STAYS = "window.stays"


def test_the_page_stays_while_its_content_changes(centre: Centre, home: str, sit: Sit) -> None:
    page = begun(sit().open("/"))
    page.get_by_role("link", name="Homes", exact=True).click()
    expect(page).to_have_url(re.compile("/homes$"))
    expect(page).to_have_title("Homes · Poga")
    expect(page.get_by_role("link", name="Homes", exact=True)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Queue")).not_to_have_attribute("aria-current", "page")
    expect(page.locator("#announce")).to_have_text("Homes · Poga")
    page.get_by_role("searchbox").fill("Anna")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/homes\?search=Anna$"))
    page.get_by_role("link", name="Anna Izdomāta").click()
    expect(page.locator("#closed")).to_contain_text("There is none yet.")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("Anna")
    page.go_back()
    page.go_back()
    expect(page.get_by_text("Nothing is open.")).to_be_visible()
    raised = centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".chip.state")).to_have_text("You have it")
    assert page.url.endswith(f"#{raised.incident_id}")
    assert page.evaluate(STAYS)


def test_a_form_is_kept_or_shown_again_with_what_is_wrong(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    seat.bear("422")
    page = begun(seat.open("/new-home"))
    page.get_by_label("Unit's number").fill("no such number!")
    page.get_by_label("Address").fill("Izdomu iela 9")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".error.whole")).to_be_focused()
    expect(page).to_have_url(re.compile("/new-home$"))
    page.get_by_label("Unit's number").fill("unit-009")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile(r"/homes/unit-009\?saved=1$"))
    expect(page.get_by_role("heading", name="Izdomu iela 9")).to_be_visible()
    assert page.evaluate(STAYS)


def test_keys_of_a_page_that_was_left_do_nothing(centre: Centre, home: str, sit: Sit) -> None:
    page = begun(sit().open("/"))
    centre.press(home)
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".chip.state")).to_have_text("You have it")
    page.get_by_role("link", name="Units", exact=True).click()
    expect(page).to_have_title("Units · Poga")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).not_to_contain_text("Next incident")


def test_without_contact_the_page_stays_and_says_so(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    seat.bear("Failed to load resource")
    page = begun(seat.open("/homes"))
    page.route("**/units", lambda route: route.abort())
    page.get_by_role("link", name="Units", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("this page cannot be shown now")
    expect(page).to_have_title("Homes · Poga")
    assert page.evaluate(STAYS)


def test_another_language_is_another_console(sit: Sit) -> None:
    page = begun(sit().open("/profile"))
    page.get_by_label("Language of the console").select_option("fi")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "fi")
    assert not page.evaluate(STAYS)


def test_whoever_is_signed_out_is_led_to_the_door(centre: Centre, sit: Sit) -> None:
    seat = sit()
    seat.bear("401|403")
    page = begun(seat.open("/homes"))
    seat.context.clear_cookies()
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?next=/history"))


def begun(page: Page) -> Page:
    page.evaluate(f"{STAYS} = true")
    return page
