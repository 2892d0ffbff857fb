"""Many tabs, one operator: every tab shows the alarm, one of them rings, and the centre is asked by one stream."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.seat import Seat
from tests.console_centre import Centre
from tests.waiting import until

TABS = ("/", "/homes", "/units", "/history", "/") * 4
COUNT_SOUNDS = """
window.sounds = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.sounds += 1; return start.apply(this, when); };
"""
SOUNDS = "window.sounds"


def test_twenty_tabs_show_the_alarm_over_one_stream_and_one_rings(centre: Centre, home: str, sit: Sit) -> None:
    seat = sit()
    tabs = open_tabs(seat)
    assert len(centre.console._parts.live.streams) == 1  # type: ignore[union-attr]
    for tab in (tabs[3], tabs[7]):
        seat.start_shift(tab)
    raised = centre.press(home)
    for tab in tabs:
        expect(tab.locator("#alarm-bar")).to_contain_text("Anna Izdomāta")
    expect(tabs[3].locator("html")).to_have_attribute("data-rings", "true")
    assert [rings(tab) for tab in tabs] == [tab is tabs[3] for tab in tabs]
    until(lambda: tabs[3].evaluate(SOUNDS) > 0, "the alarm is heard")
    assert sum(tab.evaluate(SOUNDS) > 0 for tab in tabs) == 2  # tab 7 has played that its shift begins
    assert len(centre.console._parts.live.streams) == 1  # type: ignore[union-attr]

    tabs[3].close()
    expect(tabs[7].locator("html")).to_have_attribute("data-rings", "true")
    tabs[11].bring_to_front()
    tabs[11].keyboard.press("a")
    for tab in tabs:
        if not tab.is_closed():
            expect(tab.locator("#alarm-bar")).to_be_hidden()
            expect(tab.locator("html")).to_have_attribute("data-ringing", "none")
    kept = centre.reader.incident(raised.incident_id)
    assert kept is not None
    assert kept.owner == "mara"


def open_tabs(seat: Seat) -> list[Page]:
    """Open them all, then wait until each lives."""
    seat.context.add_init_script(COUNT_SOUNDS)
    tabs = [seat.context.new_page() for _ in TABS]
    for tab, path in zip(tabs, TABS, strict=True):
        tab.goto(seat.url + path, wait_until="commit")
    for tab in tabs:
        expect(tab.locator("#contact")).to_have_attribute("data-state", "live")
    return tabs


def rings(tab: Page) -> bool:
    return tab.locator("html").get_attribute("data-rings") == "true"
