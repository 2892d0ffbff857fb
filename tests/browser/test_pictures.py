"""The console as the READMEs show it: an alarm that nobody has yet, and one that somebody has.

With POGA_SCREENSHOTS set, the pictures are taken anew (a palette of 256 colours makes them small).
"""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from hub.core import events as ev
from tests.browser.conftest import Sit
from tests.browser.evening import act
from tests.console_centre import Centre

SCREENSHOTS = Path(__file__).parent / "screenshots"
WIDTH, HEIGHT = 1280, 800
Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_alarm_that_nobody_has_yet(centre: Centre, sit: Sit, scheme: Scheme) -> None:
    furnish(centre)
    seat = sit("mara", color_scheme=scheme, viewport={"width": WIDTH, "height": HEIGHT})
    page = seat.open("/")
    seat.start_shift(page)
    centre.stick("unit-003", "kitchen button")
    mine = centre.press("unit-002", "bedroom").incident_id
    act(centre, mine, ev.Act.ACCEPT, by="mara")
    centre.press("unit-001", "bathroom pull cord", age_s=1.0)
    expect(page.locator("#alarm-bar")).to_contain_text("Alarm: bathroom pull cord")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("#chosen")).to_contain_text("Anna Izdomāta")
    expect(page.locator("#chosen .ladder .next")).to_have_text("Answerednot yet")
    expect(page.locator("html")).to_have_attribute("data-ringing", "alarm")
    take(page, f"console-alarm-{scheme}")


def test_an_alarm_that_somebody_has(centre: Centre, sit: Sit) -> None:
    furnish(centre)
    incident = centre.press("unit-001", "bathroom pull cord", age_s=1.0).incident_id
    act(centre, incident, ev.Act.ACCEPT, by="mara")
    act(centre, incident, ev.Act.NOTE, "She slipped, and sits on the edge of the bath. Nothing hurts.", by="mara")
    act(centre, incident, ev.Act.NOTE, "The neighbour at door 0 goes over with the key.", by="mara")
    seat = sit("mara", viewport={"width": WIDTH, "height": HEIGHT})
    page = seat.open(f"/incidents/{incident}")
    seat.start_shift(page)
    expect(page.locator(".ladder li.done")).to_have_count(4)
    expect(page.locator(".entry.note .written")).to_have_count(2)
    take(page, "console-incident-light")


def furnish(centre: Centre) -> None:
    """Write invented homes into the register, with units that are well."""
    centre.add_home(
        1, "Anna Izdomāta", "Izdomu iela 1, dzīvoklis 1, Pasakas", key="Invented neighbour, door 0",
        notes="Hears badly on the left. Walks with a frame.", stands="hall, by the door",
    )  # fmt: skip
    centre.add_home(2, "Eino Keksitty", "Satukatu 2 B, Taruala", language="fi", stands="bedroom")
    centre.add_home(3, "Astrid Påhittad", "Sagovägen 3, Diktby", language="sv", stands="kitchen")
    for unit_id in ("unit-001", "unit-002", "unit-003"):
        centre.beat(unit_id, ago_s=8.0)


def take(page: Page, name: str) -> None:
    """Keep a picture for the READMEs."""
    if "POGA_SCREENSHOTS" not in os.environ:
        return
    page.mouse.move(WIDTH / 2, HEIGHT - 1)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
