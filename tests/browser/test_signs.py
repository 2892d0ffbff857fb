"""What an operator sees and hears: each kind of trouble has its own shape, colour, sound and words."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from hub.core import events as ev
from hub.core.records import Unit
from tests.browser.conftest import Sit
from tests.console_centre import Centre
from tests.waiting import until

PLAYED = """
window.played = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.played.push(Math.round(this.frequency.value));
  return start.apply(this, when);
};
"""


def test_a_second_press_in_an_accepted_alarm_cannot_be_missed(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    seat.context.add_init_script(PLAYED)
    page = seat.open("/")
    seat.start_shift(page)
    raised = centre.press(home, "kitchen")
    expect(page.locator("#alarm-bar")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".chip.state")).to_have_text("You have it")
    elsewhere = seat.open("/homes")
    expect(page.locator("html")).to_have_attribute("data-rings", "false")
    page.evaluate("window.played = []")

    centre.press_again(raised, "bathroom")
    for tab in (page, elsewhere):
        expect(tab.locator("#alarm-bar")).to_contain_text("Pressed again · Alarm: kitchen")
        expect(tab.locator("#alarm-bar")).to_contain_text("Anna Izdomāta")
        expect(tab.locator("#announce-alarm")).to_contain_text("Pressed again. Alarm: kitchen")
        expect(tab.locator("html")).to_have_attribute("data-ringing", "again")
        expect(tab).to_have_title(re.compile("Pressed again"))
    for place in (".incident-head", ".row"):
        expect(page.locator(place)).to_contain_text("Pressed 2 times")
    expect(page.locator(".entry.pressed_again")).to_contain_text("Pressed again: bathroom")
    until(lambda: 1319 in page.evaluate("window.played"), "the second press is heard")

    elsewhere.keyboard.press("a")
    for tab in (page, elsewhere):
        expect(tab.locator("#alarm-bar")).to_be_hidden()
        expect(tab.locator("html")).to_have_attribute("data-ringing", "none")
    centre.press_again(raised, "bathroom")
    for tab in (page, elsewhere):
        expect(tab.locator("#alarm-bar")).to_contain_text("Pressed 3 times")


def test_a_second_press_in_an_alarm_of_somebody_else_is_theirs(centre: Centre, home: str, sit: Sit) -> None:
    mine, theirs = sit("mara").open("/"), sit("juris").open("/")
    raised = centre.press(home)
    expect(mine.locator("#alarm-bar")).to_be_visible()
    mine.keyboard.press("a")
    expect(theirs.locator(".chip.state")).to_have_text("mara has it")
    centre.press_again(raised, "bathroom")
    expect(mine.locator("html")).to_have_attribute("data-ringing", "again")
    expect(theirs.locator(".row")).to_contain_text("Pressed 2 times")
    expect(theirs.locator("#alarm-bar")).to_be_hidden()
    expect(theirs.locator("html")).to_have_attribute("data-ringing", "none")


def test_silence_is_a_fault_and_looks_and_sounds_like_none_of_an_alarm(centre: Centre, home: str, sit: Sit) -> None:
    centre.keep(Unit("unit-009", "hall", 1, reporting_time_s=1.0, heartbeat_s=1.0))
    seat = sit()
    seat.context.add_init_script(PLAYED)
    page = seat.open("/")
    seat.start_shift(page)
    page.evaluate("window.played = []")
    centre.runtime.report(ev.BrokerConnected())
    bar = page.locator("#alarm-bar")
    expect(bar).to_contain_text("The unit is silent")
    expect(page.locator("html")).to_have_attribute("data-ringing", "fault")
    expect(page).to_have_title(re.compile("1 fault"))
    fault = signs_of(page)
    page.evaluate("window.played = []")
    centre.press(home)
    expect(bar).to_contain_text("Alarm: kitchen")
    expect(page.locator("html")).to_have_attribute("data-ringing", "alarm")
    expect(page).to_have_title(re.compile("1 ALARM"))
    alarm = signs_of(page)
    assert alarm.shape != fault.shape
    assert alarm.colour != fault.colour
    assert alarm.edge != fault.edge
    assert alarm.tones.isdisjoint(fault.tones)
    expect(page.locator(".row").first).to_have_class(re.compile("alarm"))
    expect(page.locator(".row").last).to_have_class(re.compile("fault"))


@dataclass(frozen=True, slots=True)
class Signs:
    """How the bar and the page's edge look, and which tones are heard."""

    shape: str | None
    colour: str
    edge: str
    tones: frozenset[int]


def signs_of(page: Page) -> Signs:
    bar = page.locator("#alarm-bar")
    until(lambda: page.evaluate("window.played.length") > 2, "it rings")
    return Signs(
        shape=bar.locator("svg.icon path").get_attribute("d"),
        colour=bar.evaluate("(one) => getComputedStyle(one).backgroundColor"),
        edge=page.locator("body").evaluate("(one) => getComputedStyle(one).boxShadow"),
        tones=frozenset(page.evaluate("window.played")),
    )
