"""The virtual home in a real Chromium: by mouse, by keyboard, in every language, without a complaint of axe-core."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from device.prompts.words import Language
from device.wire.messages import AnswerAlarm, ResetAlarm
from tests.browser.house import House, Scheme, built, no_violations
from tests.waiting import until


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
